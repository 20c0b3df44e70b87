#ifndef AYNI_DAEMON_RECORDS_IMPORT_CHECK_H
#define AYNI_DAEMON_RECORDS_IMPORT_CHECK_H

#include "daemon/records/facts.h"
#include "daemon/records/import/import_neighbours.h"
#include "daemon/records/import/import_row.h"
#include "daemon/records/territories.h"

/* The rules of the catalogue over the records of a row; what they ask about others is looked up in
 * the row first, then among what is held. */
struct import_check {
    struct check *check;
    enum ayni_class space_class;
    int64_t today;
    const struct territories *territories; /* for the batch, as are norms and facts */
    const struct norms *norms;
    const char *roles; /* of this node, for the import */
    struct facts *facts;
    const struct import_subjects *subjects; /* of earlier rows */
    struct check_rules **map_rules;         /* of each record of the plan; NULL: it has none */
};

/* Prepare the rules of the map; to be given back once. AYNI_E_INVALID: one is no expression. */
AYNI_CHECKED enum ayni_status import_check_prepare(struct import_check *check,
                                                   const struct import_plan *plan,
                                                   struct complaint *complaint);
void import_check_done(struct import_check *check, const struct import_plan *plan);

/*
 * Whether a draft may be written. `*rejected` with the finding; else up to `max`
 * warnings in `warnings`, `*warning_count` of them. AYNI_E_MEMORY is its failure.
 */
AYNI_CHECKED enum ayni_status
import_check_draft(const struct import_check *check, struct import_reading *reading,
                   const struct import_draft *drafts, size_t index, const struct ayni_bytes *cells,
                   struct import_finding *finding, bool *rejected, struct import_finding *warnings,
                   size_t max, size_t *warning_count);

/* Why a record that must exist was not found: its number is none, or nobody's. */
AYNI_CHECKED enum ayni_status import_check_unknown(const struct import_check *check,
                                                   const struct import_reading *reading,
                                                   const struct import_draft *draft,
                                                   struct import_finding *finding);

#endif
