#ifndef AYNI_DAEMON_RECORDS_ERASE_ORDER_H
#define AYNI_DAEMON_RECORDS_ERASE_ORDER_H

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/writing/author.h"

/*
 * An order being made: which versions it names, and the entry that says so. What
 * doesn't fit into one entry is named by others that add to it.
 */
struct erase_draft {
    struct record_key key;
    struct ayni_erase_range *ranges; /* in the order of the encoding */
    size_t range_count;
    size_t versions; /* that are named */
    size_t kept;     /* here, and out of reach */
};

/*
 * Name all versions of a record that are here or known, that an order by
 * `giver` reaches and that no giver of an order has known yet. AYNI_E_NOT_FOUND: there are none.
 */
AYNI_CHECKED enum ayni_status erase_draft_of_record(struct reader *reader,
                                                    const struct record_key *key,
                                                    const struct ayni_node *giver,
                                                    struct erase_draft *draft);
/* The same of versions that the caller lists, struct version_ref. */
AYNI_CHECKED enum ayni_status erase_draft_of_versions(struct reader *reader,
                                                      const struct record_key *key,
                                                      const struct ayni_node *giver,
                                                      const struct version_ref *refs, size_t count,
                                                      struct erase_draft *draft);
void erase_draft_free(struct erase_draft *draft);

/*
 * Write the orders, with all that they add. Texts may be empty; `earlier` is NULL, or
 * for each draft the order that it adds to.
 */
AYNI_CHECKED enum ayni_status erase_drafts_write(struct author *author,
                                                 const struct erase_draft *drafts, size_t count,
                                                 const struct ayni_entry_name *earlier,
                                                 struct ayni_bytes steward,
                                                 struct ayni_bytes reason);

#endif
