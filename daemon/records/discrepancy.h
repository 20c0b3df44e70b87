#ifndef AYNI_DAEMON_RECORDS_DISCREPANCY_H
#define AYNI_DAEMON_RECORDS_DISCREPANCY_H

#include "daemon/records/reader.h"

/*
 * What spaces say differently of one record. Each space folds what it holds, so two of
 * them may show two values of one field and neither has a conflict.
 */
enum { DISCREPANCIES_MAX = 64, DISCREPANCY_SPACES_MAX = 16 };

struct discrepancies {
    size_t compared;  /* fields with a value here and in some other space */
    size_t differing; /* of these, with another value in one of them */
    struct discrepancy {
        uint32_t field;
        struct ayni_space other; /* the first space that shows another value */
    } items[DISCREPANCIES_MAX];  /* the first of them */
};

/* Between this record and the others of its type and id. All zero where no other space has it. */
AYNI_CHECKED enum ayni_status discrepancies_of(struct reader *reader,
                                               const struct record_state *state,
                                               struct discrepancies *discrepancies);

#endif
