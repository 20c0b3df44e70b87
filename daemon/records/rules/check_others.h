#ifndef AYNI_DAEMON_RECORDS_CHECK_OTHERS_H
#define AYNI_DAEMON_RECORDS_CHECK_OTHERS_H

#include "daemon/records/rules/check.h"

/*
 * What rules may ask about other records of the same subject: names of their expressions, and
 * behind each a pure function of the change and of the others as check_lookups gives them.
 * docs/catalogue.md, "Others". What can't be said is null, and the rule holds.
 */
size_t check_others_count(void);
const char *check_others_name(size_t index);
/* What it lends lives as long as `memory`. */
void check_others_answer(size_t index, const struct check_change *change,
                         const struct check_lookups *lookups, struct ayni_arena *memory,
                         struct sql_value *value);

#endif
