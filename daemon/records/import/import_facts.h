#ifndef AYNI_DAEMON_RECORDS_IMPORT_FACTS_H
#define AYNI_DAEMON_RECORDS_IMPORT_FACTS_H

#include "daemon/records/import/import_check.h"

/* What the rules of one draft may ask about. */
struct import_asking {
    const struct import_check *check;
    struct import_reading *reading;
    const struct import_draft *drafts;
    size_t count;
    const struct plan_record *plan; /* of the draft that is checked */
    const struct ayni_bytes *cells;
    struct import_company company;
};

/* The answers: what the row says of its own records goes before what is held. They live as long as
 * `asking`. */
struct check_lookups import_facts_lookups(struct import_asking *asking);

#endif
