#ifndef AYNI_DAEMON_RECORDS_LMS_TABLE_H
#define AYNI_DAEMON_RECORDS_LMS_TABLE_H

#include <stdbool.h>

#include "proto/bytes.h"

/*
 * A growth standard: how a measure is distributed among healthy children of one sex, at each day
 * of age or at each millimetre of length, as L (skewness), M (median) and S (variation).
 *
 * Its text (docs/reference-tables.md) is lines of cells with commas between. The first line names
 * the columns; these are read, in any order, and others passed over:
 *
 *   sex                                 1 male, 2 female
 *   age_days, length_cm or height_cm    whole days; centimetres with one decimal
 *   l, m, s                             decimals with up to 5 places; m and s above 0
 *
 * Of each sex there is a row for each day or millimetre from the first to the last.
 */
struct lms {
    double l, m, s;
};

enum { LMS_ROWS_MAX = 4096 }; /* of one sex */

struct lms_column {
    struct lms *rows; /* owned */
    int64_t first;    /* the day or millimetre of rows[0] */
    size_t count;
};

/* All zero is one that has no rows. */
struct lms_table {
    struct lms_column female, male;
};

/*
 * Read one; `line`, if not NULL, is the line that is wrong. Free it in any case.
 *
 *   AYNI_E_INVALID  a column is missing, a cell is no such number, a row is missing or there twice
 *   AYNI_E_LIMIT    more than LMS_ROWS_MAX rows
 */
AYNI_CHECKED enum ayni_status lms_table_read(struct ayni_bytes text, struct lms_table *table,
                                             size_t *line);
/* The row at a day or millimetre; NULL where the table has none. */
const struct lms *lms_table_at(const struct lms_table *table, bool male, int64_t at);
void lms_table_free(struct lms_table *table); /* all zero again */
#define SCOPED_LMS_TABLE __attribute__((cleanup(lms_table_free))) struct lms_table

#endif
