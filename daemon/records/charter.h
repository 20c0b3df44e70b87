#ifndef AYNI_DAEMON_RECORDS_CHARTER_H
#define AYNI_DAEMON_RECORDS_CHARTER_H

#include "daemon/records/standing.h"
#include "daemon/store/log.h"
#include "daemon/store/views.h"
#include "proto/crypto.h"

/*
 * How a charter (daemon/records/standing.h) is made: from the versions of the
 * space `registry` and the cuts of all spaces, as views/ names them or, while
 * views/ is behind, as the log has them.
 */

/* Nothing is founded: no members, no types. Holders: one, the caller. */
AYNI_CHECKED enum ayni_status charter_empty(struct charter **charter);

/* Whose charter it is. Lent. */
struct charter_owner {
    bool founded;
    struct ayni_node root;
    struct ayni_node node;
    const struct ayni_signing_key *secret; /* opens the wrapped identity key */
};

/* AYNI_E_MEMORY, AYNI_E_IO, AYNI_E_FULL are the failures of these. */
AYNI_CHECKED enum ayni_status charter_from_views(const struct charter_owner *owner,
                                                 struct views_snapshot *views,
                                                 struct log_snapshot *log,
                                                 struct charter **charter);
AYNI_CHECKED enum ayni_status charter_from_log(const struct charter_owner *owner,
                                               struct log_snapshot *log, struct charter **charter);

/* Whether records of that type in the space `registry` make up the charter; else they are plain
 * records there. */
bool charter_is_of(uint32_t type);
/* Whether one of those records may have that id. False spares looking for it in views/. */
bool charter_may_hold(const struct charter *charter, const struct ayni_record *record);

/*
 * Whether a feed of that author is to be taken: it has a right in the space, or had one. The
 * registry's own feeds come before anything is known of their authors.
 *
 *   AYNI_E_NOT_FOUND  the space isn't known (yet)
 *   AYNI_E_RIGHT      its author has nothing to do there, by this registry
 */
AYNI_CHECKED enum ayni_status charter_check_author(const struct charter *charter,
                                                   const struct ayni_feed_descriptor *descriptor);

/*
 * The rule of a field, an ayni_fold_rule of proto/fold.h; the context is a
 * charter. Types 1 to 99 never wait for a steward: the latest is shown.
 */
struct ayni_merge_rule charter_fold_rule(void *charter, uint32_t type, uint32_t field);

#endif
