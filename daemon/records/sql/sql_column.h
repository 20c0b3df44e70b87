#ifndef AYNI_DAEMON_RECORDS_SQL_COLUMN_H
#define AYNI_DAEMON_RECORDS_SQL_COLUMN_H

#include <sqlite3.h>

#include "proto/catalogue.h"
#include "proto/control_writer.h"
#include "proto/instant.h"

/*
 * How the value of a field looks in SQL, and how what a statement answers becomes a value again.
 *
 * Whole numbers are INTEGER, bools 0 and 1, decimals REAL for the sake of arithmetic; all else is
 * TEXT as people write it: days 2026-09-30, months 2026-09, times RFC 3339, references UUIDs, sets
 * words with commas between. A column's declared type says which of them it is: so a column that
 * a statement hands on as it is, comes out typed, decimals with exactly their decimals.
 * What is computed comes out as what it is, a REAL with up to 9 decimals.
 */

/* The declared type of a field's column; `text` holds SQL_COLUMN_TYPE_SIZE. */
enum { SQL_COLUMN_TYPE_SIZE = 24 };
void sql_column_type(const struct ayni_kind *kind, char *text);
/* Those of the columns that all tables have. */
#define SQL_COLUMN_RECORD "TEXT UUID"
#define SQL_COLUMN_NODE "TEXT NODE"
#define SQL_COLUMN_TIME "TEXT TIME"
#define SQL_COLUMN_SET "TEXT WORDS"

/* The value of a field, CBOR, as a function's result; NULL where it is empty. */
void sql_column_result(sqlite3_context *context, const struct ayni_catalogue_field *field,
                       struct ayni_bytes cbor);
/* What a column of a statement is declared as, for all of its rows. */
struct sql_column_form {
    enum {
        SQL_FORM_PLAIN, /* as it is: computed, or of a type that SQL has */
        SQL_FORM_BOOL,
        SQL_FORM_DECIMAL,
        SQL_FORM_RECORD,
        SQL_FORM_NODE,
        SQL_FORM_TIME,
        SQL_FORM_DATE,
        SQL_FORM_MONTH,
        SQL_FORM_WORDS,
        SQL_FORM_RECORDS,
    } form;
    unsigned scale; /* of DECIMAL */
    /* The newest text of NODE, TIME, DATE or MONTH and what it stands for: of rows that follow
     * each other many have the same. */
    struct sql_column_last {
        char text[AYNI_NODE_TEXT_SIZE];
        size_t size; /* of the text; 0: none yet */
        union {
            struct ayni_node node;
            struct ayni_instant instant;
            int64_t day; /* the first one, of a month */
        };
    } last;
};
struct sql_column_form sql_column_form_of(sqlite3_stmt *statement, int index);
/* Column `index` of the row that the statement is at, into the array that the writer has open. */
void sql_column_put(struct ayni_control_writer *writer, sqlite3_stmt *statement, int index,
                    struct sql_column_form *form);

#endif
