#include "daemon/control/import_call.h"

#include <string.h>

#include "daemon/control/import_alike.h"
#include "proto/arena.h"

/* --- rows that come --- */

/* The cells of one row: [line, text, text ...]. False where it isn't one. */
static bool read_line(const struct ayni_control_value *row, struct ayni_arena *memory,
                      struct import_line *line)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(row);
    struct ayni_control_value value;
    size_t count = ayni_control_count(row);
    struct ayni_bytes *cells;

    if (row->kind != AYNI_CONTROL_ARRAY || count == 0 ||
        !ayni_control_next(&cursor, NULL, &value) || value.kind != AYNI_CONTROL_INT ||
        value.integer < 1)
        return false;
    line->line = (uint64_t)value.integer;
    line->cell_count = count - 1;
    line->cells = cells = ayni_arena_take(memory, count, sizeof(*cells));
    for (size_t i = 0; cells != NULL && ayni_control_next(&cursor, NULL, &value); i++) {
        if (value.kind != AYNI_CONTROL_TEXT)
            return false;
        cells[i] = value.bytes;
    }
    return true;
}

enum ayni_status import_call_lines(struct control_call *call,
                                   const struct ayni_control_value *chunk,
                                   struct ayni_arena *memory, struct import_line **lines,
                                   size_t *count)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(chunk);
    struct ayni_control_value row;
    size_t used = 0;

    *lines = ayni_arena_take(memory, ayni_control_count(chunk) + 1, sizeof(**lines));
    while (*lines != NULL && ayni_control_next(&cursor, NULL, &row))
        if (!read_line(&row, memory, &(*lines)[used++]))
            return call_fail(call, AYNI_E_USAGE, N_("a row is a line number and texts"), NULL);
    *count = used;
    return ayni_arena_status(memory);
}

/* --- what is found of them --- */

enum ayni_status import_call_problem(struct control_call *call, uint64_t line, const char *column,
                                     const struct ayni_reason *reason, const char *text,
                                     bool warning)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_array(item, NULL);
    ayni_control_put_int(item, NULL, (int64_t)line);
    if (column == NULL)
        ayni_control_put_null(item, NULL);
    else
        ayni_control_put_text(item, NULL, column);
    ayni_control_put_text(item, NULL, reason->code);
    ayni_control_put_text(item, NULL, text);
    ayni_control_open_array(item, NULL);
    for (size_t i = 0; i < reason->arg_count; i++)
        ayni_control_put_text(item, NULL, reason->args[i]);
    ayni_control_close(item);
    ayni_control_put_bool(item, NULL, warning);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status send_findings(struct control_call *call, const struct import *import)
{
    size_t count;
    const struct import_finding *findings = import_findings(import, &count);
    bool spanish = strcmp(call_language(call), "es") == 0;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        const struct import_finding *finding = &findings[i];
        const char *text =
            spanish && finding->message_es != NULL ? finding->message_es : finding->reason.message;
        status = import_call_problem(call, finding->line, finding->column, &finding->reason, text,
                                     finding->warning);
    }
    return status;
}

static enum ayni_status send_unused(struct control_call *call, const struct import *import)
{
    enum ayni_status status = AYNI_OK;
    const char *column;

    for (size_t i = 0; status == AYNI_OK && (column = import_unused_column(import, i)) != NULL;
         i++) {
        struct ayni_reason reason;
        ayni_reason_set(&reason, "unused_column", N_("nothing is read from this column"));
        status = import_call_problem(call, 1, column, &reason, reason.message, true);
    }
    return status;
}

/* All rows, batch by batch as they come. */
static enum ayni_status run(struct control_call *call, struct import *import, uint64_t total)
{
    struct ayni_control_value chunk;
    enum ayni_status status = send_unused(call, import);

    while (status == AYNI_OK && (status = call_receive(call, &chunk)) == AYNI_OK) {
        SCOPED_ARENA memory = { 0 };
        struct import_line *lines = NULL;
        size_t count = 0;
        status = import_call_lines(call, &chunk, &memory, &lines, &count);
        if (status == AYNI_OK)
            status = import_rows(import, lines, count);
        if (status == AYNI_OK)
            status = send_findings(call, import);
        if (status == AYNI_OK)
            status = call_progress(call, import_counts(import)->read, total);
    }
    return status == AYNI_E_NOT_FOUND ? import_finish(import) : status;
}

/* --- the call --- */

enum ayni_status import_call_options(struct daemon *daemon, struct control_call *call,
                                     struct import_options *options)
{
    int64_t rows;
    enum ayni_status status = call_int_or(call, "rows", 0, &rows);

    if (status == AYNI_OK)
        status = call_texts(call, "header", &options->header, &options->header_count);
    if (status == AYNI_OK)
        status = call_flag(call, "dry_run", &options->dry_run);
    options->records = &daemon->records;
    options->steward = call_steward(call);
    options->by_admin = call_by_admin(call);
    options->rows = rows > 0 ? (uint64_t)rows : 0;
    return status;
}

void import_call_put_counts(struct ayni_control_writer *item, const struct import_counts *counts)
{
    ayni_control_put_int(item, "read", (int64_t)counts->read);
    ayni_control_put_int(item, "created", (int64_t)counts->created);
    ayni_control_put_int(item, "updated", (int64_t)counts->updated);
    ayni_control_put_int(item, "unchanged", (int64_t)counts->unchanged);
    ayni_control_put_int(item, "rejected", (int64_t)counts->rejected);
}

static void put_doubts(struct ayni_control_writer *item, const struct import_counts *counts)
{
    ayni_control_put_int(item, "conflicts", (int64_t)counts->conflicts);
    ayni_control_put_int(item, "warnings", (int64_t)counts->warnings);
}

static void put_alike(struct ayni_control_writer *item, const struct import_alike *alike)
{
    if (alike->found > 0)
        ayni_control_put_int(item, "duplicates", (int64_t)alike->found);
    if (alike->crowded > 0)
        ayni_control_put_int(item, "crowded", (int64_t)alike->crowded);
}

/* What was found in the file, where it is of another form than ours. */
static void put_forms(struct ayni_control_writer *item, struct import_forms forms)
{
    if (forms.day_first)
        ayni_control_put_text(item, "dates", "DD/MM/YYYY");
    if (forms.comma)
        ayni_control_put_text(item, "decimals", ",");
}

/* Import the lines that come, and answer what they did: of records, or of the reference table. */
enum ayni_status import_call_run(struct control_call *call, const struct import_options *options,
                                 const char *table)
{
    struct import_alike alike;
    struct import *import;
    enum ayni_status status = import_begin(options, &import, call_complaint(call));

    if (status != AYNI_OK)
        return status;
    status = run(call, import, options->rows);
    if (status == AYNI_OK)
        status = import_alike_send(call, options->records, import, &alike);
    if (status == AYNI_OK) {
        struct ayni_control_writer *item = call_item(call);
        ayni_control_open_object(item, NULL);
        if (table != NULL) {
            ayni_control_put_bool(item, "done", true);
            ayni_control_put_text(item, "name", table);
        }
        import_call_put_counts(item, import_counts(import));
        if (table == NULL)
            put_doubts(item, import_counts(import));
        put_alike(item, &alike);
        put_forms(item, import_forms(import));
        ayni_control_close(item);
        status = call_send(call);
    }
    import_end(import);
    return status;
}
