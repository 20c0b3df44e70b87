#ifndef AYNI_DAEMON_RECORDS_SQL_QUERY_H
#define AYNI_DAEMON_RECORDS_SQL_QUERY_H

#include "daemon/records/complaint.h"
#include "daemon/records/reader.h"
#include "daemon/records/territories.h"
#include "proto/control_writer.h"

/*
 * One SELECT over the records as a reader sees them: record types are tables
 * (daemon/records/sql/sql_table.h), with SQLite's functions and those of
 * daemon/records/sql/sql_query_functions.h. It reads and does nothing else: other statements, and
 * what reaches anything but the tables, are refused before they run. Whatever it needs besides is
 * in memory, never in a file.
 *
 * Of one thread; it ends before its reader does.
 */
struct sql_query;

struct sql_query_wish {
    struct reader *reader;                 /* lent until sql_query_free() */
    const struct territories *territories; /* likewise, for ubigeo_name(); or NULL */
    bool spanish;                          /* what label() answers */
    uint64_t memory_max;                   /* bytes of SQLite's in this process; 0: no limit */
    bool (*stop)(void *context);           /* asked often; true ends the statement */
    void *context;
};

enum { SQL_QUERY_SIZE_MAX = 100000, SQL_QUERY_PARAMETERS_MAX = 32 };

/* What a `:name` in the statement stands for. */
struct sql_parameter {
    const char *name; /* without the colon */
    const char *value;
};

/*
 * Prepare it.
 *
 *   AYNI_E_USAGE  in words: it isn't SQL, names what nobody knows, or a parameter is missing
 *   AYNI_E_RIGHT  in words: it isn't one SELECT
 *   AYNI_E_LIMIT  in words: it is too long
 */
AYNI_CHECKED enum ayni_status sql_query_new(const struct sql_query_wish *wish, const char *sql,
                                            const struct sql_parameter *parameters, size_t count,
                                            struct sql_query **query, struct complaint *complaint);
void sql_query_free(struct sql_query *query); /* NULL is fine */
void sql_query_free_scoped(struct sql_query **query);
#define SCOPED_QUERY __attribute__((cleanup(sql_query_free_scoped))) struct sql_query

/* The names of the columns, as an array. */
void sql_query_put_names(const struct sql_query *query, struct ayni_control_writer *writer);
/*
 * Go to the next row.
 *
 *   AYNI_E_NOT_FOUND  there is none
 *   AYNI_E_STOPPED    `stop` said so
 *   AYNI_E_LIMIT      in words: it needs more than `memory_max`
 *   AYNI_E_USAGE      in words: what it computes can't be computed
 */
AYNI_CHECKED enum ayni_status sql_query_next(struct sql_query *query, struct complaint *complaint);
/* The row that it is at, as an array. */
void sql_query_put_row(const struct sql_query *query, struct ayni_control_writer *writer);
/* A record key that it selected as `_key` in its first column; AYNI_E_MALFORMED where it isn't one.
 */
AYNI_CHECKED enum ayni_status sql_query_key(const struct sql_query *query, struct record_key *key);

#endif
