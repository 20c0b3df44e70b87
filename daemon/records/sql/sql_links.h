#ifndef AYNI_DAEMON_RECORDS_SQL_LINKS_H
#define AYNI_DAEMON_RECORDS_SQL_LINKS_H

#include "daemon/records/sql/sql_table.h"

/*
 * Who is one with whom (daemon/records/links/link_component.h), in SQL.
 *
 *   child_of(id)   the id that goes on of all who are one with it: of a record that is alone its
 *                  own. NULL for NULL, and the text itself where it is no id
 *   _child         a hidden column of every type: child_of() of whom the row is about; of a type
 *                  that is a subject of itself, of its own id. NULL where it is about nobody
 *
 * So rows of several records that are one child have one `_child`, and a child has one row in which
 * `_child` is `_id`, where that one is here.
 */
int sql_links_add(sqlite3 *db, struct sql_source *source);

/* Whether records of the type are subjects of themselves: a child, a person. */
bool sql_links_of_itself(const struct ayni_catalogue_type *type);
/* Whether there is a `_child` of them at all. */
bool sql_links_any(const struct ayni_catalogue_type *type);
/* `_child` of a row, as the function's result. Failures of the stores are in the source. */
void sql_links_result(sqlite3_context *context, struct sql_source *source,
                      const struct ayni_catalogue_type *type, const struct record_state *state);

#endif
