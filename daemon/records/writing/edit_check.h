#ifndef AYNI_DAEMON_RECORDS_EDIT_CHECK_H
#define AYNI_DAEMON_RECORDS_EDIT_CHECK_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "daemon/records/records.h"
#include "proto/catalogue.h"

/* A change that a person is about to make, for the rules of the catalogue. */
struct edit_change {
    const struct ayni_catalogue_type *type;
    const struct record_key *key;
    const struct record_state
        *before; /* as it folds now, perhaps deleted; NULL where nothing of it counts */
    const struct ayni_field *fields; /* what is set, ascending */
    size_t count;
    bool english; /* rules speak English, else Spanish */
};

/*
 * AYNI_E_INVALID, or AYNI_E_RIGHT for values stricter than the space, with the first rejection as
 * the complaint. On AYNI_OK what is worth a warning is added to `warnings`.
 */
AYNI_CHECKED enum ayni_status edit_check(const struct records *records, struct reader *reader,
                                         const struct edit_change *change,
                                         struct complaint *complaint, struct complaints *warnings);

#endif
