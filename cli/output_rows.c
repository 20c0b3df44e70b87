#include "cli/output_rows.h"

#include <string.h>
#include <unistd.h>

#include "cli/csv.h"
#include "cli/output.h"
#include "cli/output_json.h"
#include "cli/value.h"
#include "cli/visible.h"

enum { SHOWN_EVERY = 1024 }; /* rows, which are quick to print */

/* Numbers and dates are no formulas. What has a ' before a formula gets another, always: the first
 * is taken away where the file is imported. */
static bool is_guarded(const struct output_rows *rows, const struct ayni_control_value *value,
                       struct ayni_bytes text)
{
    return (value->kind == AYNI_CONTROL_TEXT || value->kind == AYNI_CONTROL_ARRAY) &&
           csv_needs_guard(text) && (rows->excel || text.data[0] == '\'');
}

/* Both buffers are there to be used again. */
static void put_cell(const struct output_rows *rows, const struct ayni_control_value *value,
                     struct ayni_buffer *text, struct ayni_buffer *cell)
{
    ayni_buffer_clear(text);
    ayni_buffer_clear(cell);
    value_text(value, text);
    if (is_guarded(rows, value, ayni_buffer_bytes(text)))
        ayni_buffer_append_byte(cell, '\'');
    if (rows->to_terminal)
        visible_put(ayni_buffer_bytes(text), "\n\t", cell);
    else
        ayni_buffer_append(cell, text->data, text->size);
    csv_put_cell(stdout, ayni_buffer_bytes(cell), ',');
}

static void put_line(const struct output_rows *rows, const struct ayni_control_value *row)
{
    SCOPED_BUFFER text = { 0 };
    SCOPED_BUFFER cell = { 0 };
    struct ayni_control_cursor cursor = ayni_control_cursor(row);
    struct ayni_control_value value;

    for (bool first = true; ayni_control_next(&cursor, NULL, &value); first = false) {
        if (!first)
            putchar(',');
        put_cell(rows, &value, &text, &cell);
    }
    fputs(rows->excel ? "\r\n" : "\n", stdout);
}

static enum ayni_status put_object(const struct output_rows *rows,
                                   const struct ayni_control_value *row)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value columns;
    enum ayni_status status =
        ayni_control_value_decode(ayni_buffer_bytes(&rows->columns), &columns);

    if (status != AYNI_OK)
        return status;
    output_json_row(&text, &columns, row);
    ayni_buffer_append_byte(&text, '\n');
    fwrite(text.data, 1, text.size, stdout);
    return ayni_buffer_status(&text);
}

enum ayni_status output_rows_take(void *context, const struct ayni_control_value *row,
                                  struct failure *failure)
{
    struct output_rows *rows = context;
    enum ayni_status status = AYNI_OK;

    if (rows->columns.size == 0) {
        struct ayni_control_writer writer = ayni_control_writer(&rows->columns);
        ayni_control_put_value(&writer, NULL, row);
        status = ayni_buffer_status(&rows->columns);
        rows->to_terminal = isatty(STDOUT_FILENO);
        progress_end(&rows->progress);
        if (rows->excel)
            fputs("\xEF\xBB\xBF", stdout); /* so that Excel reads UTF-8 */
        if (!rows->json)
            put_line(rows, row);
    } else if (rows->json) {
        status = put_object(rows, row);
    } else {
        put_line(rows, row);
    }
    if (++rows->count % SHOWN_EVERY == 0 && !rows->to_terminal)
        progress_show(&rows->progress, rows->count, 0);
    return status == AYNI_OK ? output_status(failure) : fail_memory(failure);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct output_rows *rows = context;

    if (!rows->to_terminal)
        progress_show(&rows->progress, done, total);
}

struct client_sink output_rows_sink(struct output_rows *rows)
{
    return (
        struct client_sink){ .context = rows, .item = output_rows_take, .progress = on_progress };
}

void output_rows_free(struct output_rows *rows)
{
    progress_end(&rows->progress);
    ayni_buffer_free(&rows->columns);
}
