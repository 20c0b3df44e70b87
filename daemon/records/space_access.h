#ifndef AYNI_DAEMON_RECORDS_SPACE_ACCESS_H
#define AYNI_DAEMON_RECORDS_SPACE_ACCESS_H

#include "daemon/records/complaint.h"
#include "daemon/records/standing.h"

/*
 * Whether this node may write, or read, in a space: by its right there and, in
 * a confidential one, by the keys that it has been given. AYNI_E_RIGHT: it
 * can't, and `complaint` says why.
 */
AYNI_CHECKED enum ayni_status space_access_write(const struct charter *charter,
                                                 const struct ayni_space *space,
                                                 struct complaint *complaint);
/* The same after a write was refused with AYNI_E_RIGHT, which is answered whatever is found now. */
AYNI_CHECKED enum ayni_status space_access_explain(struct standing *standing,
                                                   const struct ayni_space *space,
                                                   struct complaint *complaint);
/* What isn't confidential can be read where it is. */
AYNI_CHECKED enum ayni_status space_access_read(const struct charter *charter,
                                                const struct ayni_space *space,
                                                struct complaint *complaint);

/* It may read the space, and has no key of the epoch that is written under now: the owner's node
 * gives it when it hears of the right. */
bool space_access_awaits_key(const struct charter *charter, const struct ayni_space *space);
/* It is confidential, and the node that owns it was revoked: nobody gives its keys any more. */
bool space_access_is_orphaned(const struct charter *charter, const struct ayni_space *space);
/* Say so, and what to do, without a status. */
void space_access_complain_orphaned(const struct charter *charter, const struct ayni_space *space,
                                    struct complaint *complaint);
bool space_access_relays_any(const struct charter *charter);

#endif
