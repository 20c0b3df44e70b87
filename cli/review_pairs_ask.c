#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/review_pairs.h"

/* --- which pairs wait --- */

static enum ayni_status add_waiting(void *context, const struct ayni_control_value *item,
                                    struct failure *failure)
{
    struct pairs *pairs = context;
    struct ayni_control_value a, b;

    if (pairs->count == pairs->capacity) {
        size_t wider = pairs->capacity == 0 ? 64 : 2 * pairs->capacity;
        struct pair *grown = reallocarray(pairs->list, wider, sizeof(*grown));
        if (grown == NULL)
            return fail_memory(failure);
        pairs->list = grown;
        pairs->capacity = wider;
    }
    if (!ayni_control_find(item, "a", &a) || a.kind != AYNI_CONTROL_RECORD ||
        !ayni_control_find(item, "b", &b) || b.kind != AYNI_CONTROL_RECORD)
        return AYNI_OK;
    ayni_record_text(&a.record, pairs->list[pairs->count].a);
    ayni_record_text(&b.record, pairs->list[pairs->count].b);
    pairs->count++;
    return AYNI_OK;
}

enum ayni_status pairs_ask_waiting(struct pairs *pairs, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .context = pairs, .item = add_waiting };
    const struct review_session *session = &pairs->session;
    enum ayni_status status = client_connect(session->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    names_load(&pairs->session.people.names, &client);
    struct ayni_control_writer writer = client_request(&client, "duplicates");
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "lang", session->settings->language);
    review_session_put(session, "type", &writer);
    review_session_put(session, "space", &writer);
    review_session_put(session, "territory", &writer);
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

/* --- one of them --- */

static void put_both(struct ayni_control_writer *writer, const struct pairs *pairs, const char *one,
                     const char *other)
{
    ayni_control_put_text(writer, one, pairs->list[pairs->session.at].a);
    ayni_control_put_text(writer, other, pairs->list[pairs->session.at].b);
}

static void put_shown(struct ayni_control_writer *writer, const void *pairs)
{
    put_both(writer, pairs, "a", "b");
}

enum ayni_status pairs_ask_shown(struct pairs *pairs, struct failure *failure)
{
    return review_session_ask(&pairs->session, "duplicates.show", put_shown, pairs, &pairs->shown,
                              failure);
}

bool pairs_shown(const struct pairs *pairs, struct ayni_control_value *shown)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(ayni_buffer_bytes(&pairs->shown));

    *shown = ayni_control_read(&reader);
    return reader.status == AYNI_OK;
}

/* --- deciding --- */

/* Whether that was found to speak for it. */
static bool was_found(const struct ayni_control_value *found, const char *word)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(found);
    struct ayni_control_value value;

    while (ayni_control_next(&cursor, NULL, &value))
        if (ayni_bytes_equal(value.bytes, ayni_bytes_of_text(word)))
            return true;
    return false;
}

static void append_reason(struct ayni_buffer *text, const char *reason)
{
    if (text->size > 0)
        ayni_buffer_append_byte(text, ',');
    ayni_buffer_append_text(text, reason);
}

/* What speaks for it, as decisions say it. */
static void put_reason(struct ayni_control_writer *writer, const struct pairs *pairs)
{
    struct ayni_control_value shown, found;
    SCOPED_BUFFER text = { 0 };

    if (arguments_value(pairs->session.arguments, "reason") != NULL) {
        review_session_put(&pairs->session, "reason", writer);
        return;
    }
    if (pairs_shown(pairs, &shown) && ayni_control_find(&shown, "reasons", &found)) {
        if (was_found(&found, "same_id"))
            append_reason(&text, "same_id");
        if (was_found(&found, "same_mother"))
            append_reason(&text, "same_mother");
        if (was_found(&found, "same_names") || was_found(&found, "near_date"))
            append_reason(&text, "same_names");
    }
    if (text.size == 0)
        append_reason(&text, "other");
    ayni_control_put_string(writer, "reason", ayni_buffer_bytes(&text));
}

static void put_decided(struct ayni_control_writer *writer, const void *pairs)
{
    put_both(writer, pairs, "one", "other");
}

static void put_same(struct ayni_control_writer *writer, const void *pairs)
{
    put_decided(writer, pairs);
    put_reason(writer, pairs);
}

struct parting {
    const struct pairs *pairs;
    const char *verdict;
};

static void put_parted(struct ayni_control_writer *writer, const void *context)
{
    const struct parting *parting = context;

    put_decided(writer, parting->pairs);
    ayni_control_put_text(writer, "verdict", parting->verdict);
    review_session_put(&parting->pairs->session, "reason", writer);
}

enum ayni_status pairs_decide(struct pairs *pairs, const char *verdict, struct failure *failure)
{
    const struct parting parting = { pairs, verdict };

    if (strcmp(verdict, "same") == 0)
        return review_session_decide(&pairs->session, "link", put_same, pairs, failure);
    return review_session_decide(&pairs->session, "distinct", put_parted, &parting, failure);
}

enum ayni_status pairs_undo(struct pairs *pairs, struct failure *failure)
{
    return review_session_undo(&pairs->session, "unlink", put_decided, pairs, failure);
}

void pairs_free(struct pairs *pairs)
{
    review_session_free(&pairs->session);
    free(pairs->list);
    ayni_buffer_free(&pairs->shown);
}
