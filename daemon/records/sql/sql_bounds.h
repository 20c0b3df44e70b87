#ifndef AYNI_DAEMON_RECORDS_SQL_BOUNDS_H
#define AYNI_DAEMON_RECORDS_SQL_BOUNDS_H

#include <sqlite3.h>

#include "daemon/records/occasion_walk.h"

/*
 * What a statement asks of a place or a date, as bounds of a walk over the indexes. They may leave
 * in what SQLite then finds not to fit, and never out what fits: what can't be made a bound is
 * none.
 */

/* Narrow the wish by one part of a plan (enum sql_plan_part) and its argument; false where nothing
 * fits. */
bool sql_bounds_narrow(struct occasion_wish *wish, int part, sqlite3_value *value);

#endif
