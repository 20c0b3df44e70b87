#ifndef AYNI_DAEMON_RECORDS_SQL_TABLE_H
#define AYNI_DAEMON_RECORDS_SQL_TABLE_H

#include <sqlite3.h>

#include "daemon/records/reader.h"
#include "daemon/records/sql/sql_computed.h"
#include "proto/catalogue.h"

/*
 * Record types as tables of SQLite, to be read and nothing else: one row for a record in a space,
 * as reader_fold() shows it, those that are gone left out. The columns are `_id _space _node
 * _steward _time _contested` and the fields of the catalogue, retired ones hidden (they
 * can be named, and aren't part of `*`); daemon/records/sql/sql_column.h says how values look.
 * Hidden are `_key`, too, the record key as bytes, `_child` (daemon/records/sql/sql_links.h), and
 * what is computed (daemon/records/sql/sql_computed.h).
 */

/* What the tables of one connection read from. Lent to it. */
struct sql_source {
    struct reader *reader;
    enum ayni_status status;     /* the first failure of the stores */
    bool (*stop)(void *context); /* asked between rows that aren't shown; true ends the statement */
    void *context;
    struct sql_computing computing;
    bool declaring; /* a table says its columns: the authorizer is asked about that, too */
};

/* One of them, in the connection's memory for as long as it lives. */
struct sql_table_type {
    struct sql_source *source;
    const struct ayni_catalogue_type *type;
    bool used; /* a statement has named it */
};

/* The table of a type, by its name. An SQLite code. */
int sql_table_add(sqlite3 *db, struct sql_table_type *type);

#endif
