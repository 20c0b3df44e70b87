#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/request.h"
#include "cli/review.h"
#include "cli/value.h"

/* --- one request, on a connection of its own: a person may think for an hour --- */

static struct ayni_control_writer begin(struct client *client, const struct review *review,
                                        const char *request, bool of_record)
{
    struct ayni_control_writer writer = client_request(client, request);

    ayni_control_open_object(&writer, NULL);
    if (!of_record)
        return writer;
    ayni_control_put_text(&writer, "id", review->waiting[review->at].id);
    ayni_control_put_text(&writer, "lang", review->settings->language);
    ayni_control_put_text(&writer, "space", review->waiting[review->at].space);
    return writer;
}

static enum ayni_status nothing(void *context, const struct ayni_control_value *item,
                                struct failure *failure)
{
    (void)context, (void)item, (void)failure;
    return AYNI_OK;
}

/* Items of an answer, kept one behind the other. */
static enum ayni_status keep(void *context, const struct ayni_control_value *item,
                             struct failure *failure)
{
    struct ayni_buffer *kept = context;
    struct ayni_control_writer writer = ayni_control_writer(kept);

    ayni_control_put_value(&writer, NULL, item);
    return kept->failed ? fail_memory(failure) : AYNI_OK;
}

static enum ayni_status ask_kept(struct review *review, const char *request,
                                 struct ayni_buffer *kept, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .context = kept, .item = keep };
    enum ayni_status status = client_connect(review->settings, &client, failure);

    ayni_buffer_clear(kept);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer = begin(&client, review, request, true);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

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
    enum ayni_status status = client_connect(review->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    names_load(&review->people.names, &client);
    struct ayni_control_writer writer = begin(&client, review, "conflicts", false);
    request_put_arguments(review->arguments, review->settings, &writer);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

enum ayni_status review_ask_shown(struct review *review, struct failure *failure)
{
    return ask_kept(review, "conflicts.show", &review->shown, failure);
}

enum ayni_status review_ask_log(struct review *review, struct failure *failure)
{
    return ask_kept(review, "log", &review->log, failure);
}

/* --- settling --- */

static enum ayni_status remember(struct review *review, struct failure *failure)
{
    if (review->settled_count == review->settled_capacity) {
        size_t wider = review->settled_capacity == 0 ? 64 : 2 * review->settled_capacity;
        size_t *grown = reallocarray(review->settled, wider, sizeof(*grown));
        if (grown == NULL)
            return fail_memory(failure);
        review->settled = grown;
        review->settled_capacity = wider;
    }
    review->settled[review->settled_count++] = review->at;
    return AYNI_OK;
}

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

enum ayni_status review_settle(struct review *review, const struct review_choice *choice,
                               struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .item = nothing };
    const char *reason = arguments_value(review->arguments, "reason");
    char pick[24];
    enum ayni_status status = client_connect(review->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    snprintf(pick, sizeof(pick), "%lu", choice->pick);
    struct ayni_control_writer writer = begin(&client, review, "resolve", true);
    put_pair(&writer, "fields", choice->field, choice->pick == 0 ? choice->value : NULL);
    put_pair(&writer, "alternatives", choice->field, choice->pick == 0 ? NULL : pick);
    ayni_control_put_int(&writer, "expect", (int64_t)choice->expect);
    if (reason != NULL)
        ayni_control_put_text(&writer, "reason", reason);
    ayni_control_close(&writer);
    status = client_exchange(&client, &sink, failure);
    return status == AYNI_OK ? remember(review, failure) : status;
}

enum ayni_status review_undo(struct review *review, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .item = nothing };
    size_t was = review->at;
    enum ayni_status status = client_connect(review->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    if (review->settled_count == 0)
        return AYNI_E_NOT_FOUND;
    review->at = review->settled[review->settled_count - 1];
    struct ayni_control_writer writer = begin(&client, review, "unresolve", true);
    ayni_control_close(&writer);
    status = client_exchange(&client, &sink, failure);
    if (status == AYNI_OK)
        review->settled_count--;
    else
        review->at = was;
    return status;
}

void review_free(struct review *review)
{
    free(review->waiting);
    free(review->settled);
    names_free(&review->people.names);
    ayni_buffer_free(&review->shown);
    ayni_buffer_free(&review->log);
}
