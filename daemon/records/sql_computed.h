#ifndef AYNI_DAEMON_RECORDS_SQL_COMPUTED_H
#define AYNI_DAEMON_RECORDS_SQL_COMPUTED_H

#include <sqlite3.h>

#include "daemon/records/haemoglobin.h"
#include "daemon/records/reader.h"
#include "daemon/records/territories.h"
#include "proto/catalogue.h"

/*
 * Columns that nobody writes: computed from what a row holds and what it refers to, when they are
 * asked for. Hidden: they can be named, and aren't part of `*`.
 *
 *   hb_test  adjusted_2017, adjusted_2024   haemoglobin corrected for the altitude, by the rule
 *            class_2017, class_2024         sets HB-2017 and HB-2024, and its class by age
 *
 * NULL where what they need isn't there: the altitude, the child's date of birth, the rule set.
 */
struct sql_computed {
    const char *type;
    const char *name;
    const char *declared; /* its type, as daemon/records/sql_column.h has them */
    unsigned rules;       /* which of the two */
    bool is_class;
};

/* Those of a type, `*count` of them one after the other. */
const struct sql_computed *sql_computed_of(const struct ayni_catalogue_type *type, size_t *count);

/* What they are computed with. */
struct sql_computing {
    struct reader *reader;                 /* lent */
    const struct territories *territories; /* likewise; or NULL */
    bool loaded;                           /* the rule sets have been looked for */
    bool known[2];
    struct hb_rules rules[2];
};

/* The value of one in a row. */
AYNI_CHECKED enum ayni_status sql_computed_result(struct sql_computing *computing,
                                                  const struct sql_computed *column,
                                                  const struct ayni_catalogue_type *type,
                                                  const struct record_state *state,
                                                  sqlite3_context *context);

#endif
