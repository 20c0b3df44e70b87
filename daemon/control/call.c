#include "daemon/control/call.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/control/error.h"

enum { PROGRESS_INTERVAL_MS = 100, TOGETHER_SIZE = 64 * 1024 };

/* What arguments were copied into, freed with the call. */
struct keep {
    struct keep *next;
};

struct control_call {
    struct connection *connection;
    struct ayni_buffer encoded; /* of the arguments */
    struct ayni_buffer data;    /* the chunk that is worked on */
    enum {
        ASKED_NOTHING,
        ASKED,
        ASKED_AND_TAKEN
    } asked; /* of the next one, which is the
                connection's input when it was taken */
    struct ayni_control_value arguments;
    const char *language;
    struct keep *kept;
    struct ayni_buffer frame;    /* the item, or what else is sent */
    struct ayni_buffer together; /* frames that are sent at once */
    struct ayni_control_writer writer;
    uint64_t progress_at_ms;
    struct complaint complaint;
    bool answers_no;
};

static void *keep(struct control_call *call, size_t size)
{
    struct keep *block = malloc(sizeof(*block) + size);
    if (block == NULL)
        return NULL;
    block->next = call->kept;
    call->kept = block;
    return block + 1;
}

struct control_call *call_new(struct connection *connection,
                              const struct ayni_control_request *request)
{
    struct control_call *call = calloc(1, sizeof(*call));
    struct ayni_control_value language;

    if (call == NULL)
        return NULL;
    call->connection = connection;
    /* The object's content is kept encoded; the connection's buffer serves for data from now on. */
    ayni_buffer_append(&call->encoded, request->arguments.bytes.data,
                       request->arguments.bytes.size);
    if (ayni_buffer_status(&call->encoded) != AYNI_OK) {
        call_free(call);
        return NULL;
    }
    call->arguments = request->arguments;
    call->arguments.bytes = ayni_buffer_bytes(&call->encoded);
    call->language = "es";
    if (ayni_control_find(&call->arguments, "lang", &language) &&
        language.kind == AYNI_CONTROL_TEXT &&
        ayni_bytes_equal(language.bytes, ayni_bytes_of_text("en")))
        call->language = "en";
    return call;
}

void call_free(struct control_call *call)
{
    if (call == NULL)
        return;
    while (call->kept != NULL) {
        struct keep *next = call->kept->next;
        free(call->kept);
        call->kept = next;
    }
    ayni_buffer_free(&call->frame);
    ayni_buffer_free(&call->together);
    ayni_buffer_free(&call->data);
    ayni_buffer_free(&call->encoded);
    free(call);
}

struct visitor *call_visitor(struct control_call *call)
{
    return &call->connection->visitor;
}

const char *call_steward(const struct control_call *call)
{
    return call->connection->visitor.name;
}

bool call_by_admin(const struct control_call *call)
{
    return call->connection->visitor.is_admin;
}

bool call_may_settle(const struct control_call *call)
{
    return call->connection->visitor.may_settle;
}

bool call_only_reads(const struct control_call *call)
{
    return call->connection->visitor.only_reads;
}

const char *call_language(const struct control_call *call)
{
    return call->language;
}

/* Arguments. */

static enum ayni_status wrong_type(struct control_call *call, const char *name, const char *wanted)
{
    return call_fail(call, AYNI_E_USAGE, N_("the argument {} must be {}"), name, wanted, NULL);
}

static enum ayni_status missing(struct control_call *call, const char *name)
{
    return call_fail(call, AYNI_E_USAGE, N_("the argument {} is missing"), name, NULL);
}

/* A text value as a C string that the call keeps; NULL where it is none or has a NUL in it. */
static const char *keep_text(struct control_call *call, const struct ayni_control_value *value)
{
    if (value->kind != AYNI_CONTROL_TEXT)
        return NULL;
    if (value->bytes.size > 0 && memchr(value->bytes.data, '\0', value->bytes.size) != NULL)
        return NULL;
    char *text = keep(call, value->bytes.size + 1);
    if (text == NULL)
        return NULL;
    if (value->bytes.size > 0)
        memcpy(text, value->bytes.data, value->bytes.size);
    text[value->bytes.size] = '\0';
    return text;
}

bool call_has(const struct control_call *call, const char *name)
{
    struct ayni_control_value value;
    return ayni_control_find(&call->arguments, name, &value);
}

enum ayni_status call_text(struct control_call *call, const char *name, const char **value)
{
    return call_has(call, name) ? call_text_or(call, name, "", value) : missing(call, name);
}

enum ayni_status call_text_or(struct control_call *call, const char *name, const char *fallback,
                              const char **value)
{
    struct ayni_control_value found;

    if (!ayni_control_find(&call->arguments, name, &found)) {
        *value = fallback;
        return AYNI_OK;
    }
    const char *text = keep_text(call, &found);
    if (text == NULL)
        return wrong_type(call, name, "text");
    *value = text;
    return AYNI_OK;
}

enum ayni_status call_int_or(struct control_call *call, const char *name, int64_t fallback,
                             int64_t *value)
{
    struct ayni_control_value found = { .kind = AYNI_CONTROL_INT, .integer = fallback };

    if (ayni_control_find(&call->arguments, name, &found) && found.kind != AYNI_CONTROL_INT)
        return wrong_type(call, name, "a number");
    *value = found.integer;
    return AYNI_OK;
}

enum ayni_status call_flag(struct control_call *call, const char *name, bool *value)
{
    struct ayni_control_value found = { .kind = AYNI_CONTROL_BOOL, .boolean = false };

    if (ayni_control_find(&call->arguments, name, &found) && found.kind != AYNI_CONTROL_BOOL)
        return wrong_type(call, name, "yes or no");
    *value = found.boolean;
    return AYNI_OK;
}

/* A list argument, empty where it is missing. */
static enum ayni_status find_list(struct control_call *call, const char *name,
                                  struct ayni_control_value *list)
{
    *list = (struct ayni_control_value){ .kind = AYNI_CONTROL_ARRAY };
    if (ayni_control_find(&call->arguments, name, list) && list->kind != AYNI_CONTROL_ARRAY)
        return wrong_type(call, name, "a list");
    return AYNI_OK;
}

enum ayni_status call_texts(struct control_call *call, const char *name, const char *const **texts,
                            size_t *count)
{
    struct ayni_control_value list, value;
    enum ayni_status status = find_list(call, name, &list);

    if (status != AYNI_OK)
        return status;
    size_t size = ayni_control_count(&list), used = 0;
    const char **found = keep(call, (size + 1) * sizeof(*found));
    if (found == NULL)
        return AYNI_E_MEMORY;
    struct ayni_control_cursor cursor = ayni_control_cursor(&list);
    while (ayni_control_next(&cursor, NULL, &value)) {
        found[used] = keep_text(call, &value);
        if (found[used++] == NULL)
            return wrong_type(call, name, "a list of texts");
    }
    *texts = found;
    *count = used;
    return AYNI_OK;
}

/* One [name, text]. */
static bool read_pair(struct control_call *call, const struct ayni_control_value *from,
                      struct call_pair *pair)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(from);
    struct ayni_control_value name, value;

    if (from->kind != AYNI_CONTROL_ARRAY || ayni_control_count(from) != 2 ||
        !ayni_control_next(&cursor, NULL, &name) || !ayni_control_next(&cursor, NULL, &value))
        return false;
    pair->name = keep_text(call, &name);
    pair->value = keep_text(call, &value);
    return pair->name != NULL && pair->value != NULL;
}

enum ayni_status call_pairs(struct control_call *call, const char *name,
                            const struct call_pair **pairs, size_t *count)
{
    struct ayni_control_value list, value;
    enum ayni_status status = find_list(call, name, &list);

    if (status != AYNI_OK)
        return status;
    size_t size = ayni_control_count(&list), used = 0;
    struct call_pair *found = keep(call, (size + 1) * sizeof(*found));
    if (found == NULL)
        return AYNI_E_MEMORY;
    struct ayni_control_cursor cursor = ayni_control_cursor(&list);
    while (ayni_control_next(&cursor, NULL, &value))
        if (!read_pair(call, &value, &found[used++]))
            return wrong_type(call, name, "a list of names and values");
    *pairs = found;
    *count = used;
    return AYNI_OK;
}

/* Data. */

static enum ayni_status ask_for_data(struct control_call *call)
{
    enum ayni_status status = ayni_control_want_frame(&call->frame);

    if (status == AYNI_OK)
        status = connection_send(call->connection, ayni_buffer_bytes(&call->frame));
    if (status == AYNI_OK)
        call->asked = ASKED;
    return status;
}

/* The client doesn't read while it sends what it was asked for: so nothing else is sent before that
 * is taken, or both might wait for each other. */
static enum ayni_status take_data(struct control_call *call)
{
    struct ayni_bytes body;

    if (call->asked != ASKED)
        return AYNI_OK;
    call->asked = ASKED_AND_TAKEN;
    return connection_receive(call->connection, &body);
}

enum ayni_status call_receive(struct control_call *call, struct ayni_control_value *value)
{
    struct ayni_buffer worked_on = call->data;
    enum ayni_status status = call->asked == ASKED_NOTHING ? ask_for_data(call) : AYNI_OK;

    if (status == AYNI_OK)
        status = take_data(call);
    if (status != AYNI_OK)
        return status;
    call->data = call->connection->input;
    call->connection->input = worked_on;
    call->asked = ASKED_NOTHING;
    status = ayni_control_data_decode(ayni_buffer_bytes(&call->data), value);
    return status == AYNI_OK ? ask_for_data(call) : status;
}

/* Answers. */

static enum ayni_status send_frame(struct control_call *call)
{
    enum ayni_status status = take_data(call);

    return status == AYNI_OK ? connection_send(call->connection, ayni_buffer_bytes(&call->frame))
                             : status;
}

struct ayni_control_writer *call_item(struct control_call *call)
{
    call->writer = ayni_control_item_begin(&call->frame);
    return &call->writer;
}

enum ayni_status call_send(struct control_call *call)
{
    enum ayni_status status = ayni_control_frame_finish(&call->frame);

    return status == AYNI_OK ? send_frame(call) : status;
}

static enum ayni_status send_together(struct control_call *call)
{
    enum ayni_status status = ayni_buffer_status(&call->together);

    if (status == AYNI_OK)
        status = connection_send(call->connection, ayni_buffer_bytes(&call->together));
    ayni_buffer_clear(&call->together);
    return status;
}

enum ayni_status call_send_all(struct control_call *call, struct ayni_bytes items,
                               const size_t *sizes, size_t count)
{
    enum ayni_status status = take_data(call);

    ayni_buffer_clear(&call->together);
    for (size_t i = 0; status == AYNI_OK && i < count; items.data += sizes[i++]) {
        ayni_control_put_encoded(call_item(call), NULL,
                                 (struct ayni_bytes){ items.data, sizes[i] });
        status = ayni_control_frame_finish(&call->frame);
        ayni_buffer_append(&call->together, call->frame.data, call->frame.size);
        if (status == AYNI_OK && call->together.size >= TOGETHER_SIZE)
            status = send_together(call);
    }
    return status == AYNI_OK ? send_together(call) : status;
}

enum ayni_status call_send_done(struct control_call *call)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    ayni_control_close(item);
    return call_send(call);
}

enum ayni_status call_progress(struct control_call *call, uint64_t done, uint64_t total)
{
    uint64_t now_ms = clock_ticks_ms();

    if (now_ms < call->progress_at_ms + PROGRESS_INTERVAL_MS && call->progress_at_ms != 0)
        return AYNI_OK;
    call->progress_at_ms = now_ms;
    enum ayni_status status = ayni_control_progress_frame(&call->frame, done, total);

    return status == AYNI_OK ? send_frame(call) : status;
}

bool call_cancelled(const struct control_call *call)
{
    return connection_gone(call->connection, 0);
}

bool call_wait(struct control_call *call, int timeout_ms)
{
    return connection_gone(call->connection, timeout_ms);
}

/* Failures. */

struct complaint *call_complaint(struct control_call *call)
{
    return &call->complaint;
}

enum ayni_status call_fail(struct control_call *call, enum ayni_status status, const char *text,
                           ...)
{
    va_list list;

    va_start(list, text);
    complain_list(&call->complaint, text, list);
    va_end(list);
    return status;
}

void call_hint(struct control_call *call, const char *text, ...)
{
    va_list list;

    va_start(list, text);
    complain_hint_list(&call->complaint, text, list);
    va_end(list);
}

enum ayni_status call_answer_no(struct control_call *call)
{
    call->answers_no = true;
    return AYNI_E_NOT_FOUND;
}

enum ayni_status call_finish(struct control_call *call, enum ayni_status status)
{
    SCOPED_BUFFER error = { 0 };

    struct ayni_control_writer writer = ayni_control_writer(&error);
    bool has_words = !call->answers_no || call->complaint.text != NULL;
    if (status != AYNI_OK && has_words)
        control_error_put(&writer, status, &call->complaint);
    enum ayni_status made = ayni_buffer_status(&error);
    if (made == AYNI_OK)
        made = ayni_control_end_frame(&call->frame, status, ayni_buffer_bytes(&error));
    if (made != AYNI_OK)
        return made;
    (void)!take_data(call); /* where none comes any more, the end is sent all the same */
    return connection_send(call->connection, ayni_buffer_bytes(&call->frame));
}
