#ifndef AYNI_DAEMON_RECORDS_SQL_COMPUTED_H
#define AYNI_DAEMON_RECORDS_SQL_COMPUTED_H

#include <sqlite3.h>

#include "daemon/records/reader.h"
#include "daemon/records/rules/growth.h"
#include "daemon/records/rules/haemoglobin.h"
#include "daemon/records/territories.h"
#include "proto/catalogue.h"

/*
 * Columns that nobody writes: computed from what a row holds and what it refers to, when they are
 * asked for. Hidden: they can be named, and aren't part of `*`.
 *
 *   hb_test  adjusted_2017, adjusted_2024   haemoglobin corrected for the altitude, by the rule
 *            class_2017, class_2024         sets HB-2017 and HB-2024, and its class by age
 *   growth   haz, waz, whz, baz, hcz, acz   z-scores by the WHO standards
 * (daemon/records/rules/growth.h) flags                          which of them are hardly possible
 *
 * NULL where what they need isn't there: the altitude, the child's date of birth or sex, the rule
 * set, the reference table.
 */
struct sql_computing;
struct sql_computed;

/* A row whose column is asked for; all is lent. */
struct sql_computed_row {
    struct sql_computing *computing;
    const struct sql_computed *column;
    const struct ayni_catalogue_type *type;
    const struct record_state *state;
};

struct sql_computed {
    const char *type;
    const char *name;
    const char *declared; /* its type, as daemon/records/sql/sql_column.h has them */
    unsigned which;       /* what the function makes of it */
    enum ayni_status (*result)(const struct sql_computed_row *row, sqlite3_context *context);
};

/* Those of a type, `*count` of them one after the other. */
const struct sql_computed *sql_computed_of(const struct ayni_catalogue_type *type, size_t *count);

/* What they are computed with. Free it with sql_computing_done(). */
struct sql_computing {
    struct reader *reader;                 /* lent */
    const struct territories *territories; /* likewise; or NULL */
    bool loaded;                           /* the rule sets have been looked for */
    bool known[2];
    struct hb_rules rules[2];
    bool has_standards; /* the tables of growth have been looked for */
    struct lms_table standards[GROWTH_TABLE_COUNT];
    struct sql_measured {
        bool known, usable; /* `usable`: the child's sex is known, too */
        struct record_key key;
        struct growth_measure measure;
    } measured; /* of the row that was last asked */
};
void sql_computing_done(struct sql_computing *computing);

/* The value of one in a row. */
AYNI_CHECKED enum ayni_status sql_computed_result(const struct sql_computed_row *row,
                                                  sqlite3_context *context);

#endif
