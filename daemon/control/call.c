#include "daemon/control/call_private.h"

#include <stdarg.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/control/error.h"

enum { PROGRESS_INTERVAL_MS = 100, TOGETHER_SIZE = 64 * 1024 };

void *call_keep(struct control_call *call, size_t size)
{
    struct call_block *block = malloc(sizeof(*block) + size);
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
        struct call_block *next = call->kept->next;
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
