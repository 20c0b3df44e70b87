#ifndef AYNI_CLI_CSV_H
#define AYNI_CLI_CSV_H

#include <stdio.h>

#include "cli/failure.h"

/*
 * CSV files as they are in the field: with or without a byte order mark,
 * commas, semicolons, tabs or bars between, UTF-8 or Latin-1, line ends of any
 * system, line breaks in quoted cells. Rows that were exported as JSON (cli/json_lines.h) are
 * read as the CSV that says the same. libcsv is known here and nowhere else.
 */
struct csv_file;

struct csv_row {
    uint64_t line;            /* where it begins in the file, from 1; 0 for names of JSON */
    struct ayni_bytes *cells; /* UTF-8, borrowed for the call */
    size_t count;
};

/* What is declared of a file. All zero: nothing is, and it is found. */
struct csv_form {
    enum csv_encoding {
        CSV_FOUND, /* cell by cell: UTF-8 if it can be that, else Latin-1 */
        CSV_UTF_8,
        CSV_LATIN_1,
    } encoding;
    char delimiter; /* 0: the one of , ; tab and | that is most often in the first line */
};

/* `-` is standard input. In words: it isn't there, is UTF-16, or empty. */
AYNI_CHECKED enum ayni_status csv_file_open(const char *path, struct csv_form form,
                                            struct csv_file **file, struct failure *failure);
void csv_file_close(struct csv_file *file); /* NULL is fine */
/* What stands between cells. */
char csv_file_delimiter(const struct csv_file *file);
/* Whether a cell that was read by now was taken for Latin-1. */
bool csv_file_is_latin(const struct csv_file *file);
/*
 * The next row, lent until the next call; empty lines are passed over.
 * AYNI_E_NOT_FOUND at the end, AYNI_E_INVALID with words for a cell without end,
 * or one that isn't UTF-8 where that was declared.
 */
AYNI_CHECKED enum ayni_status csv_file_next(struct csv_file *file, struct csv_row *row,
                                            struct failure *failure);
/* Back to the first row. */
AYNI_CHECKED enum ayni_status csv_file_rewind(struct csv_file *file, struct failure *failure);

/*
 * Whether a spreadsheet would take the text for a formula; and with it what has a
 * ' before such a text, so that the guard that keeps a cell a text, one ' before it, can be
 * taken away again: csv_unguarded() of what was guarded is what was there.
 */
bool csv_needs_guard(struct ayni_bytes text);
struct ayni_bytes csv_unguarded(struct ayni_bytes cell);

/* One cell, quoted where it must be. */
void csv_put_cell(FILE *to, struct ayni_bytes cell, char delimiter);

#endif
