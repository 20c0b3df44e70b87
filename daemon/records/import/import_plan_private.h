#ifndef AYNI_DAEMON_RECORDS_IMPORT_PLAN_PRIVATE_H
#define AYNI_DAEMON_RECORDS_IMPORT_PLAN_PRIVATE_H

#include "daemon/records/import/import_plan.h"

/* Between the parts that make a plan: fields and records (import_plan.c), conditions and rules of
 * the map (import_plan_row.c), what ties records to others of the row (import_plan_tie.c),
 * references (import_plan_alike.c). */

/* The place of a column, which is marked as read; PLAN_NOWHERE. `name` may be NULL. */
int import_plan_use_column(struct import_plan *plan, const char *name);
AYNI_CHECKED enum ayni_status import_plan_bind_condition(struct import_plan *plan,
                                                         const struct import_condition *from,
                                                         struct plan_condition *to);
/* The type with the rules of the map, and the columns that these name. */
AYNI_CHECKED enum ayni_status import_plan_bind_rules(struct import_plan *plan,
                                                     struct plan_record *record);
/* What each reference of the plan reads as, once all of it is bound. */
void import_plan_find_alike(struct import_plan *plan);

/* The place of the record of that name, which isn't an identifier's; PLAN_NOWHERE. `name` may be
 * NULL. */
int import_plan_find_record(const struct import_map *map, const char *name);
/* The last record of the plan, whose fields are bound: `instead_of`, `with` and `span`. */
AYNI_CHECKED enum ayni_status import_plan_bind_ties(struct import_plan *plan,
                                                    struct plan_record *record,
                                                    struct complaint *complaint);

#endif
