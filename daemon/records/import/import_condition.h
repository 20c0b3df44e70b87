#ifndef AYNI_DAEMON_RECORDS_IMPORT_CONDITION_H
#define AYNI_DAEMON_RECORDS_IMPORT_CONDITION_H

#include "daemon/records/import/import_map.h"

/* Of which rows a record, field or number of a map speaks: the conditions of docs/import-maps.md,
 * bound to the columns of a file. A column that the file hasn't got is empty in each row. */
struct plan_test {
    int column;                     /* negative: the file hasn't got it */
    const struct import_test *test; /* lent by the map */
};
struct plan_condition {
    const struct plan_test *when, *unless;
    size_t when_count, unless_count;
};

bool import_condition_fits(const struct plan_condition *condition, const struct ayni_bytes *cells);
/* Whether a word of a map is that text; `*` in it stands for any text. */
bool import_word_fits(const char *word, struct ayni_bytes text);

#endif
