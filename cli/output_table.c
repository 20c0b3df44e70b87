#include "cli/output_table.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

struct table {
    struct libscols_table *scols;
    struct libscols_line *row;
    bool colours;
};

struct table *table_new(bool headings, bool colours)
{
    struct table *table = calloc(1, sizeof(*table));

    if (table == NULL)
        return NULL;
    table->colours = colours;
    table->scols = scols_new_table();
    if (table->scols == NULL) {
        free(table);
        return NULL;
    }
    scols_table_enable_noheadings(table->scols, !headings);
    scols_table_enable_colors(table->scols, colours);
    /* The pager scrolls sideways; nothing is cut or folded at the terminal's width. */
    scols_table_set_termforce(table->scols, SCOLS_TERMFORCE_NEVER);
    scols_table_set_column_separator(table->scols, "  ");
    return table;
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    scols_unref_table(table->scols);
    free(table);
}

bool table_add_column(struct table *table, const char *heading, bool right_aligned)
{
    struct libscols_column *column =
        scols_table_new_column(table->scols, heading, 0, right_aligned ? SCOLS_FL_RIGHT : 0);

    if (column == NULL)
        return false;
    if (table->colours)
        scols_cell_set_color(scols_column_get_header(column), "bold");
    return true;
}

bool table_add_row(struct table *table)
{
    table->row = scols_table_new_line(table->scols, NULL);
    return table->row != NULL;
}

bool table_set_cell(struct table *table, size_t column, const char *text)
{
    return scols_line_set_data(table->row, column, text) == 0;
}

void table_mark_row(struct table *table)
{
    if (table->colours)
        scols_line_set_color(table->row, "yellow");
}

/* Without the spaces that fill the last column, which only break lines of narrow terminals. */
static void print_trimmed(const char *text, FILE *to)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n"), kept = size;
        while (kept > 0 && text[kept - 1] == ' ')
            kept--;
        fwrite(text, 1, kept, to);
        fputc('\n', to);
        text += size + (text[size] == '\n');
    }
}

void table_print(struct table *table, FILE *to)
{
    char *text = NULL;

    if (scols_print_table_to_string(table->scols, &text) != 0)
        return;
    print_trimmed(text, to);
    free(text);
}
