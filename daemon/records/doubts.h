#ifndef AYNI_DAEMON_RECORDS_DOUBTS_H
#define AYNI_DAEMON_RECORDS_DOUBTS_H

#include "daemon/records/rules/survey.h"

/*
 * What the catalogue finds in records as they stand, whoever wrote them: its R
 * and W rules, places that the table of territories doesn't have, values that
 * are stricter than their space. They depend on other records, on the
 * catalogue and on today, so they are looked for when somebody asks.
 * What a record alone tells is in views/ already: daemon/records/problem.h.
 */
struct doubts {
    struct check_findings found;
    size_t rules; /* of its type, that were asked */
};

/* Those of one record; of one that is gone none. The record was surveyed with checks. */
AYNI_CHECKED enum ayni_status doubts_of(const struct surveyed *record, struct doubts *doubts);

#endif
