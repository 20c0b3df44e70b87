#include <stdio.h>
#include <stdlib.h>

#include "cli/client.h"
#include "cli/request.h"
#include "cli/review.h"

/* --- what waits --- */

static enum ayni_status add_waiting(void *context, const struct ayni_control_value *item,
                                    struct failure *failure)
{
    struct review *review = context;
    struct ayni_control_value id, space;
    struct review_waiting *waiting;

    if (review->waiting_count == review->waiting_capacity) {
        size_t wider = review->waiting_capacity == 0 ? 64 : 2 * review->waiting_capacity;
        struct review_waiting *grown = reallocarray(review->waiting, wider, sizeof(*grown));
        if (grown == NULL)
            return fail_memory(failure);
        review->waiting = grown;
        review->waiting_capacity = wider;
    }
    if (!ayni_control_find(item, "id", &id) || id.kind != AYNI_CONTROL_RECORD ||
        !ayni_control_find(item, "space", &space) || space.kind != AYNI_CONTROL_TEXT)
        return AYNI_OK;
    waiting = &review->waiting[review->waiting_count++];
    waiting->skipped = 0;
    ayni_record_text(&id.record, waiting->id);
    snprintf(waiting->space, sizeof(waiting->space), "%.*s", (int)space.bytes.size,
             (const char *)space.bytes.data);
    return AYNI_OK;
}

enum ayni_status review_ask_waiting(struct review *review, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .context = review, .item = add_waiting };
    const struct review_session *session = &review->session;
    enum ayni_status status = client_connect(session->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    names_load(&review->session.people.names, &client);
    struct ayni_control_writer writer = client_request(&client, "conflicts");
    ayni_control_open_object(&writer, NULL);
    request_put_arguments(session->arguments, session->settings, &writer);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

/* --- one of them --- */

static void put_record(struct ayni_control_writer *writer, const void *context)
{
    const struct review *review = context;
    const struct review_waiting *waiting = &review->waiting[review->session.at];

    ayni_control_put_text(writer, "id", waiting->id);
    ayni_control_put_text(writer, "space", waiting->space);
}

enum ayni_status review_ask_shown(struct review *review, struct failure *failure)
{
    return review_session_ask(&review->session, "conflicts.show", put_record, review,
                              &review->shown, failure);
}

enum ayni_status review_ask_log(struct review *review, struct failure *failure)
{
    return review_session_ask(&review->session, "log", put_record, review, &review->log, failure);
}

/* --- settling --- */

struct settling {
    const struct review *review;
    const struct review_choice *choice;
};

/* [[field, value]] under a name. */
static void put_pair(struct ayni_control_writer *to, const char *name, const char *field,
                     const char *value)
{
    ayni_control_open_array(to, name);
    if (value != NULL) {
        ayni_control_open_array(to, NULL);
        ayni_control_put_text(to, NULL, field);
        ayni_control_put_text(to, NULL, value);
        ayni_control_close(to);
    }
    ayni_control_close(to);
}

static void put_choice(struct ayni_control_writer *writer, const void *context)
{
    const struct settling *settling = context;
    const struct review_choice *choice = settling->choice;
    char pick[24];

    put_record(writer, settling->review);
    snprintf(pick, sizeof(pick), "%lu", choice->pick);
    put_pair(writer, "fields", choice->field, choice->pick == 0 ? choice->value : NULL);
    put_pair(writer, "alternatives", choice->field, choice->pick == 0 ? NULL : pick);
    ayni_control_put_int(writer, "expect", (int64_t)choice->expect);
    review_session_put(&settling->review->session, "reason", writer);
}

enum ayni_status review_settle(struct review *review, const struct review_choice *choice,
                               struct failure *failure)
{
    const struct settling settling = { review, choice };

    return review_session_decide(&review->session, "resolve", put_choice, &settling, failure);
}

enum ayni_status review_undo(struct review *review, struct failure *failure)
{
    return review_session_undo(&review->session, "unresolve", put_record, review, failure);
}

void review_free(struct review *review)
{
    review_session_free(&review->session);
    free(review->waiting);
    ayni_buffer_free(&review->shown);
    ayni_buffer_free(&review->log);
}
