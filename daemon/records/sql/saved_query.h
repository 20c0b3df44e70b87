#ifndef AYNI_DAEMON_RECORDS_SAVED_QUERY_H
#define AYNI_DAEMON_RECORDS_SAVED_QUERY_H

#include "daemon/records/complaint.h"
#include "daemon/records/sql/sql_query.h"
#include "proto/arena.h"

/*
 * Queries that have a name: those that come with the program (daemon/records/sql/queries/), and
 * HOME/queries/NAME.sql, which stand before them. A file is a SELECT after lines of comment, of
 * which some say what it is:
 *
 *   -- es: TITLE
 *   -- en: TITLE
 *   -- :name = value      what a parameter is where nobody says it
 *
 * Names are lower-case letters, digits and hyphens.
 */
enum { SAVED_QUERY_NAME_SIZE = 64 };

struct saved_query {
    const char *name;
    bool of_home;         /* not the program's */
    const char *sql;      /* the whole file */
    const char *title_es; /* the name itself where it says none */
    const char *title_en;
    struct sql_parameter defaults[SQL_QUERY_PARAMETERS_MAX];
    size_t default_count;
    struct ayni_arena memory; /* of all of it */
};

/*
 * The one of that name.
 *
 *   AYNI_E_USAGE    in words: there is none, with the nearest name
 *   AYNI_E_INVALID  in words: its file can't be read, or is too long
 */
AYNI_CHECKED enum ayni_status saved_query_read(const char *home, const char *name,
                                               struct saved_query *query,
                                               struct complaint *complaint);
void saved_query_free(struct saved_query *query); /* all zero again */
#define SCOPED_SAVED_QUERY __attribute__((cleanup(saved_query_free))) struct saved_query

/* The names of all, each once, ascending, in `memory`; AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status saved_query_names(const char *home, struct ayni_arena *memory,
                                                const char ***names, size_t *count);

/* What `given` says, and the defaults of what it doesn't, in `all`: room for
 * SQL_QUERY_PARAMETERS_MAX. AYNI_E_LIMIT in words. */
AYNI_CHECKED enum ayni_status saved_query_parameters(const struct saved_query *query,
                                                     const struct sql_parameter *given,
                                                     size_t given_count, struct sql_parameter *all,
                                                     size_t *count, struct complaint *complaint);

#endif
