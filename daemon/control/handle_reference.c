/* reference: tables that steering loads and all nodes have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/control/commands.h"
#include "daemon/control/import_call.h"
#include "daemon/control/outbox.h"
#include "daemon/records/import/import_maps.h"
#include "daemon/records/reference.h"
#include "proto/arena.h"
#include "proto/crypto.h"

/* --- a table that is kept as a text --- */

/* What is known of the text that comes. */
struct upload {
    const struct reference *reference;
    const char *edition, *licence;
    struct ayni_buffer text;
    uint64_t lines; /* without the first */
};

static enum ayni_status refuse_line(struct control_call *call, enum ayni_status status,
                                    uint64_t line)
{
    char number[24];

    snprintf(number, sizeof(number), "%llu", (unsigned long long)line);
    if (status == AYNI_E_LIMIT)
        return call_fail(call, AYNI_E_INVALID, N_("the table is too large"), NULL);
    if (status == AYNI_E_INVALID)
        return call_fail(call, status, N_("line {} has a comma or a quote within a cell"), number,
                         NULL);
    return status;
}

static enum ayni_status add_lines(struct control_call *call, struct upload *upload,
                                  const struct ayni_control_value *chunk)
{
    SCOPED_ARENA memory = { 0 };
    struct import_line *lines = NULL;
    size_t count = 0;
    enum ayni_status status = import_call_lines(call, chunk, &memory, &lines, &count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        status = reference_text_add(&upload->text, lines[i].cells, lines[i].cell_count);
        if (status != AYNI_OK)
            return refuse_line(call, status, lines[i].line);
        upload->lines++;
    }
    return status;
}

/* The header, and all rows as they come. */
static enum ayni_status receive_text(struct control_call *call,
                                     const struct import_options *options, struct upload *upload)
{
    SCOPED_ARENA memory = { 0 };
    struct ayni_bytes *cells = ayni_arena_take(&memory, options->header_count + 1, sizeof(*cells));
    struct ayni_control_value chunk;
    enum ayni_status status = ayni_arena_status(&memory);

    for (size_t i = 0; status == AYNI_OK && i < options->header_count; i++)
        cells[i] = ayni_bytes_of_text(options->header[i]);
    if (status == AYNI_OK)
        status = reference_text_add(&upload->text, cells, options->header_count);
    if (status != AYNI_OK)
        return refuse_line(call, status, 1);
    while (status == AYNI_OK && (status = call_receive(call, &chunk)) == AYNI_OK)
        status = add_lines(call, upload, &chunk);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum { PART_CELLS = 7 };
static const char *const part_header[PART_CELLS] = { "name",    "edition", "part",   "parts",
                                                     "content", "whole",   "licence" };

static size_t count_parts(struct ayni_bytes text)
{
    size_t count = 0;

    while (text.size > 0) {
        (void)reference_text_part(&text);
        count++;
    }
    return count;
}

/* Each part is a row of a file that is imported: so the same text twice changes nothing. */
static enum ayni_status import_parts(struct import *import, const struct upload *upload)
{
    struct ayni_bytes rest = ayni_buffer_bytes(&upload->text);
    struct ayni_hash hash = ayni_hash_of(rest);
    char whole[2 * sizeof(hash.bytes) + 1], number[24], parts[24];
    enum ayni_status status = AYNI_OK;

    ayni_hex_text((struct ayni_bytes){ hash.bytes, sizeof(hash.bytes) }, whole);
    snprintf(parts, sizeof(parts), "%zu", count_parts(rest));
    for (uint64_t i = 1; status == AYNI_OK && rest.size > 0; i++) {
        snprintf(number, sizeof(number), "%llu", (unsigned long long)i);
        const struct ayni_bytes cells[PART_CELLS] = {
            ayni_bytes_of_text(upload->reference->name),
            ayni_bytes_of_text(upload->edition),
            ayni_bytes_of_text(number),
            ayni_bytes_of_text(parts),
            reference_text_part(&rest),
            ayni_bytes_of_text(whole),
            ayni_bytes_of_text(upload->licence),
        };
        const struct import_line line = { i + 1, cells, PART_CELLS };
        status = import_rows(import, &line, 1);
    }
    return status == AYNI_OK ? import_finish(import) : status;
}

static enum ayni_status answer_text(struct control_call *call, const struct upload *upload,
                                    const struct import *import)
{
    struct import_counts counts = *import_counts(import);
    struct ayni_control_writer *item = call_item(call);

    if (counts.rejected > 0)
        return call_fail(call, AYNI_E_INVALID,
                         N_("the edition or the licence is too long: 20 and 200 characters"), NULL);
    counts.read = upload->lines;
    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    ayni_control_put_text(item, "name", upload->reference->name);
    ayni_control_put_text(item, "edition", upload->edition);
    import_call_put_counts(item, &counts);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status store_text(struct control_call *call, struct import_options *options,
                                   const struct upload *upload)
{
    struct import *import;

    options->type = "reference_table";
    options->header = part_header;
    options->header_count = PART_CELLS;
    enum ayni_status status = import_begin(options, &import, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    status = import_parts(import, upload);
    if (status == AYNI_OK)
        status = answer_text(call, upload, import);
    import_end(import);
    return status;
}

static enum ayni_status import_text(struct control_call *call, struct import_options *options,
                                    const struct reference *reference)
{
    struct upload upload = { .reference = reference };
    enum ayni_status status = call_text_or(call, "edition", reference->edition, &upload.edition);

    if (status == AYNI_OK)
        status = call_text_or(call, "licence", reference->licence, &upload.licence);
    if (status == AYNI_OK)
        status = receive_text(call, options, &upload);
    if (status == AYNI_OK)
        status =
            reference_check_text(reference, ayni_buffer_bytes(&upload.text), call_complaint(call));
    if (status == AYNI_OK)
        status = store_text(call, options, &upload);
    ayni_buffer_free(&upload.text);
    return status;
}

/* --- import --- */

/* Of a table whose rows are records they are what the file says. */
static enum ayni_status refuse_edition(struct control_call *call, const char *name)
{
    const char *edition, *licence;
    enum ayni_status status = call_text_or(call, "edition", NULL, &edition);

    if (status == AYNI_OK)
        status = call_text_or(call, "licence", NULL, &licence);
    if (status != AYNI_OK || (edition == NULL && licence == NULL))
        return status;
    return call_fail(call, AYNI_E_USAGE, N_("the rows of {} have no edition and no licence"), name,
                     NULL);
}

static enum ayni_status handle_reference_import(struct daemon *daemon, struct control_call *call)
{
    struct import_options options = { .bulk = true };
    const struct reference *reference = NULL;
    struct ayni_space space;
    const char *name;
    enum ayni_status status = call_text(call, "name", &name);

    if (status == AYNI_OK)
        status = reference_open(&daemon->records, name, &reference, &space, call_complaint(call));
    if (status == AYNI_OK)
        status = import_call_options(daemon, call, &options);
    options.space = &space;
    if (status != AYNI_OK)
        return status;
    if (reference->type == NULL)
        return import_text(call, &options, reference);
    options.map = import_map_text(name);
    status = refuse_edition(call, name);
    return status == AYNI_OK ? import_call_run(call, &options, name) : status;
}

/* --- list --- */

static void put_table(struct outbox *outbox, const char *name, uint64_t rows,
                      const struct ayni_node *node, struct ayni_instant time,
                      const struct reference_edition *edition)
{
    struct ayni_control_writer *item = outbox_begin(outbox);

    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "name", name);
    if (edition != NULL) {
        ayni_control_put_text(item, "edition", edition->edition);
        ayni_control_put_bool(item, "whole", edition->whole);
    }
    ayni_control_put_int(item, "rows", (int64_t)rows);
    ayni_control_put_node(item, "node", node);
    ayni_control_put_instant(item, "time", time);
    ayni_control_close(item);
    outbox_end(outbox);
}

static enum ayni_status gather_rows(struct reader *reader, struct outbox *outbox)
{
    size_t count;
    const struct reference *known = reference_known(&count);
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        struct reference_rows found = { 0 };
        if (known[i].type == NULL)
            continue;
        status = reference_count(reader, &known[i], &found);
        if (status == AYNI_OK && found.rows > 0)
            put_table(outbox, known[i].name, found.rows, &found.node, found.time, NULL);
    }
    return status;
}

static enum ayni_status gather_texts(struct reader *reader, struct outbox *outbox)
{
    struct reference_edition *editions = NULL;
    size_t count;
    enum ayni_status status = reference_text_list(reader, &editions, &count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        put_table(outbox, editions[i].name, editions[i].lines, &editions[i].node, editions[i].time,
                  &editions[i]);
    free(editions);
    return status;
}

static enum ayni_status gather_tables(struct daemon *daemon, struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = gather_rows(reader, outbox);
    if (status == AYNI_OK)
        status = gather_texts(reader, outbox);
    return status;
}

static enum ayni_status handle_reference_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_tables(daemon, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_reference_commands[] = {
    { "reference.import", handle_reference_import, CONTROL_NEED_ADMIN },
    { "reference.list", handle_reference_list, CONTROL_NEED_SURVEY },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
