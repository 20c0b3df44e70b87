#ifndef AYNI_CLI_OUTPUT_TABLE_H
#define AYNI_CLI_OUTPUT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Aligned columns for people, by the width of characters and not of bytes.
 * Control characters in cells are made visible. libsmartcols is known here and
 * nowhere else.
 */
struct table;

/* NULL where there is no memory. Headings may be left out; colours are used if `colours`. */
struct table *table_new(bool headings, bool colours);
void table_free(struct table *table); /* NULL is fine */
/* Columns first, then rows, then the cells of the newest row, each copied. False without memory. */
bool table_add_column(struct table *table, const char *heading, bool right_aligned);
bool table_add_row(struct table *table);
bool table_set_cell(struct table *table, size_t column, const char *text);
/* The row that was added last is drawn to the eye. */
void table_mark_row(struct table *table);
void table_print(struct table *table, FILE *to);

#endif
