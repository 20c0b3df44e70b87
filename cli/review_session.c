#include "cli/review_session.h"

#include <stdlib.h>

#include "cli/client.h"
#include "cli/language.h"

static enum ayni_status keep(void *context, const struct ayni_control_value *item,
                             struct failure *failure)
{
    struct ayni_buffer *kept = context;

    if (kept == NULL)
        return AYNI_OK;
    struct ayni_control_writer writer = ayni_control_writer(kept);
    ayni_control_put_value(&writer, NULL, item);
    return kept->failed ? fail_memory(failure) : AYNI_OK;
}

enum ayni_status review_session_ask(const struct review_session *session, const char *request,
                                    review_put *put, const void *review, struct ayni_buffer *kept,
                                    struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .context = kept, .item = keep };
    enum ayni_status status = client_connect(session->settings, &client, failure);

    if (kept != NULL)
        ayni_buffer_clear(kept);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer = client_request(&client, request);
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "lang", session->settings->language);
    put(&writer, review);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

/* Room for one more that was decided. */
static enum ayni_status make_room(struct review_session *session, struct failure *failure)
{
    if (session->decided_count < session->decided_capacity)
        return AYNI_OK;
    size_t wider = session->decided_capacity == 0 ? 64 : 2 * session->decided_capacity;
    size_t *grown = reallocarray(session->decided, wider, sizeof(*grown));
    if (grown == NULL)
        return fail_memory(failure);
    session->decided = grown;
    session->decided_capacity = wider;
    return AYNI_OK;
}

enum ayni_status review_session_decide(struct review_session *session, const char *request,
                                       review_put *put, const void *review, struct failure *failure)
{
    enum ayni_status status = make_room(session, failure);

    if (status == AYNI_OK)
        status = review_session_ask(session, request, put, review, NULL, failure);
    if (status == AYNI_OK)
        session->decided[session->decided_count++] = session->at;
    return status;
}

enum ayni_status review_session_undo(struct review_session *session, const char *request,
                                     review_put *put, const void *review, struct failure *failure)
{
    size_t was = session->at;

    if (session->decided_count == 0)
        return fail(failure, AYNI_E_NOT_FOUND, _("there is nothing to take back"), NULL);
    session->at = session->decided[session->decided_count - 1];
    enum ayni_status status = review_session_ask(session, request, put, review, NULL, failure);
    if (status == AYNI_OK)
        session->decided_count--;
    else
        session->at = was;
    return status;
}

void review_session_put(const struct review_session *session, const char *name,
                        struct ayni_control_writer *writer)
{
    const char *value = arguments_value(session->arguments, name);

    if (value != NULL)
        ayni_control_put_text(writer, name, value);
}

void review_session_free(struct review_session *session)
{
    free(session->decided);
    names_free(&session->people.names);
}
