#ifndef AYNI_DAEMON_RECORDS_AUTHORITY_H
#define AYNI_DAEMON_RECORDS_AUTHORITY_H

#include "daemon/records/charter.h"
#include "proto/catalogue.h"
#include "proto/fold.h"

/*
 * Whether values of a role stand in a field whose rule is authority:<role>, and
 * this node's organisation hasn't got it. What it writes there would be kept and never
 * shown: docs/protocol.md, section 4.4. `folded` is that field, of `items`; `field` may be NULL.
 */
bool authority_is_others(const struct charter *charter, const struct ayni_node *own,
                         const struct ayni_catalogue_field *field,
                         const struct ayni_fold_item *items,
                         const struct ayni_folded_field *folded);

#endif
