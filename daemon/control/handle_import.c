/* import, reference: files of rows into records. */
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/daemon.h"
#include "daemon/records/import.h"
#include "daemon/records/import_guess.h"
#include "daemon/records/import_maps.h"
#include "daemon/records/names.h"
#include "daemon/records/reference.h"
#include "proto/arena.h"
#include "proto/nearest.h"

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

static enum ayni_status read_lines(struct control_call *call,
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

static enum ayni_status send_problem(struct control_call *call, uint64_t line, const char *column,
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
        status = send_problem(call, finding->line, finding->column, &finding->reason, text,
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
        status = send_problem(call, 1, column, &reason, reason.message, true);
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
        status = read_lines(call, &chunk, &memory, &lines, &count);
        if (status == AYNI_OK)
            status = import_rows(import, lines, count);
        if (status == AYNI_OK)
            status = send_findings(call, import);
        if (status == AYNI_OK)
            status = call_progress(call, import_counts(import)->read, total);
    }
    return status == AYNI_E_NOT_FOUND ? import_finish(import) : status;
}

/* --- import --- */

static enum ayni_status unknown_map(struct control_call *call, const char *name)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(name));

    for (size_t i = 0; import_map_names[i] != NULL; i++)
        ayni_nearest_offer(&nearest, import_map_names[i]);
    if (nearest.best != NULL)
        call_hint(call, N_("did you mean {}?"), nearest.best, NULL);
    else
        call_hint(call,
                  N_("`ayni help import` names those there are; or a file of your own: --map "
                     "FILE"),
                  NULL);
    return call_fail(call, AYNI_E_USAGE, N_("there is no map {}"), name, NULL);
}

static enum ayni_status read_map(struct control_call *call, struct import_options *options)
{
    const char *name, *text;
    enum ayni_status status = call_text_or(call, "map", NULL, &name);

    if (status == AYNI_OK)
        status = call_text_or(call, "map_text", NULL, &text);
    if (status == AYNI_OK)
        status = call_text_or(call, "type", NULL, &options->type);
    if (status != AYNI_OK)
        return status;
    if (text != NULL)
        options->map = ayni_bytes_of_text(text);
    else if (name != NULL)
        options->map = import_map_text(name);
    if (options->map.size > 0 || (name == NULL && options->type != NULL))
        return AYNI_OK;
    if (name != NULL)
        return unknown_map(call, name);
    return call_fail(call, AYNI_E_USAGE, N_("give a TYPE or a --map"), NULL);
}

static enum ayni_status find_space(struct daemon *daemon, struct control_call *call,
                                   struct ayni_space *space)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const char *name;
    enum ayni_status status = call_text(call, "space", &name);

    return status == AYNI_OK ? names_space(charter, name, space, call_complaint(call)) : status;
}

static enum ayni_status read_file(struct daemon *daemon, struct control_call *call,
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

static void put_counts(struct ayni_control_writer *item, const struct import_counts *counts,
                       bool with_doubts)
{
    ayni_control_put_int(item, "read", (int64_t)counts->read);
    ayni_control_put_int(item, "created", (int64_t)counts->created);
    ayni_control_put_int(item, "updated", (int64_t)counts->updated);
    ayni_control_put_int(item, "unchanged", (int64_t)counts->unchanged);
    ayni_control_put_int(item, "rejected", (int64_t)counts->rejected);
    if (with_doubts) {
        ayni_control_put_int(item, "conflicts", (int64_t)counts->conflicts);
        ayni_control_put_int(item, "warnings", (int64_t)counts->warnings);
    }
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
static enum ayni_status import_file(struct control_call *call, const struct import_options *options,
                                    const char *table)
{
    struct import *import;
    enum ayni_status status = import_begin(options, &import, call_complaint(call));

    if (status != AYNI_OK)
        return status;
    status = run(call, import, options->rows);
    if (status == AYNI_OK) {
        struct ayni_control_writer *item = call_item(call);
        ayni_control_open_object(item, NULL);
        if (table != NULL) {
            ayni_control_put_bool(item, "done", true);
            ayni_control_put_text(item, "name", table);
        }
        put_counts(item, import_counts(import), table == NULL);
        put_forms(item, import_forms(import));
        ayni_control_close(item);
        status = call_send(call);
    }
    import_end(import);
    return status;
}

static enum ayni_status handle_import(struct daemon *daemon, struct control_call *call)
{
    struct import_options options = { 0 };
    struct ayni_space space;
    enum ayni_status status = read_file(daemon, call, &options);

    if (status == AYNI_OK)
        status = read_map(call, &options);
    if (status == AYNI_OK)
        status = find_space(daemon, call, &space);
    options.space = &space;
    return status == AYNI_OK ? import_file(call, &options, NULL) : status;
}

/* A first map for a file with such columns. */
static enum ayni_status handle_import_guess(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    SCOPED_BUFFER json = { 0 };
    const char *const *header;
    const char *type;
    size_t count;
    enum ayni_status status = call_text_or(call, "type", NULL, &type);

    if (status == AYNI_OK)
        status = call_texts(call, "header", &header, &count);
    if (status == AYNI_OK)
        status = import_guess(charter->catalogue, type, header, count, &json, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_string(item, "map", ayni_buffer_bytes(&json));
    ayni_control_close(item);
    return call_send(call);
}

/* --- reference tables --- */

static enum ayni_status handle_reference_import(struct daemon *daemon, struct control_call *call)
{
    struct import_options options = { .bulk = true };
    struct ayni_space space;
    const char *name;
    enum ayni_status status = call_text(call, "name", &name);

    if (status == AYNI_OK)
        status = reference_open(&daemon->records, name, &space, &options.map, call_complaint(call));
    if (status == AYNI_OK)
        status = read_file(daemon, call, &options);
    options.space = &space;
    return status == AYNI_OK ? import_file(call, &options, name) : status;
}

static enum ayni_status gather_tables(struct daemon *daemon, struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    struct reference_table tables[REFERENCE_TABLES_MAX];
    size_t count;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = reference_list(reader, tables, &count);
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        struct ayni_control_writer *item = outbox_begin(outbox);
        ayni_control_open_object(item, NULL);
        ayni_control_put_text(item, "name", tables[i].name);
        ayni_control_put_int(item, "rows", (int64_t)tables[i].rows);
        ayni_control_put_node(item, "node", &tables[i].node);
        ayni_control_put_instant(item, "time", tables[i].time);
        ayni_control_close(item);
        outbox_end(outbox);
    }
    return status;
}

static enum ayni_status handle_reference_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_tables(daemon, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_import_commands[] = {
    { "import", handle_import, CONTROL_NEED_WRITE },
    { "import.guess", handle_import_guess, CONTROL_NEED_LOOK },
    { "reference.import", handle_reference_import, CONTROL_NEED_ADMIN },
    { "reference.list", handle_reference_list, CONTROL_NEED_SURVEY },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
