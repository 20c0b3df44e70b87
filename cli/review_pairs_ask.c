#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/review_pairs.h"

/* --- one request, on a connection of its own: a person may think for an hour --- */

static struct ayni_control_writer begin(struct client *client, const struct pairs *pairs,
                                        const char *request, const char *one, const char *other)
{
    struct ayni_control_writer writer = client_request(client, request);

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "lang", pairs->settings->language);
    if (one == NULL)
        return writer;
    ayni_control_put_text(&writer, one, pairs->list[pairs->at].a);
    ayni_control_put_text(&writer, other, pairs->list[pairs->at].b);
    return writer;
}

static void put_argument(struct ayni_control_writer *writer, const struct pairs *pairs,
                         const char *name)
{
    const char *value = arguments_value(pairs->arguments, name);

    if (value != NULL)
        ayni_control_put_text(writer, name, value);
}

static enum ayni_status nothing(void *context, const struct ayni_control_value *item,
                                struct failure *failure)
{
    (void)context, (void)item, (void)failure;
    return AYNI_OK;
}

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
    enum ayni_status status = client_connect(pairs->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    names_load(&pairs->people.names, &client);
    struct ayni_control_writer writer = begin(&client, pairs, "duplicates", NULL, NULL);
    put_argument(&writer, pairs, "type");
    put_argument(&writer, pairs, "space");
    put_argument(&writer, pairs, "territory");
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

/* --- one of them --- */

static enum ayni_status keep(void *context, const struct ayni_control_value *item,
                             struct failure *failure)
{
    struct ayni_buffer *kept = context;
    struct ayni_control_writer writer = ayni_control_writer(kept);

    ayni_control_put_value(&writer, NULL, item);
    return kept->failed ? fail_memory(failure) : AYNI_OK;
}

enum ayni_status pairs_ask_shown(struct pairs *pairs, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .context = &pairs->shown, .item = keep };
    enum ayni_status status = client_connect(pairs->settings, &client, failure);

    ayni_buffer_clear(&pairs->shown);
    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer = begin(&client, pairs, "duplicates.show", "a", "b");
    ayni_control_close(&writer);
    return client_exchange(&client, &sink, failure);
}

bool pairs_shown(const struct pairs *pairs, struct ayni_control_value *shown)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(ayni_buffer_bytes(&pairs->shown));

    *shown = ayni_control_read(&reader);
    return reader.status == AYNI_OK;
}

/* --- deciding --- */

/* What speaks for it, as decisions say it: what was found, once each. */
static void put_reason(struct ayni_control_writer *writer, const struct pairs *pairs)
{
    static const struct {
        const char *found, *reason;
    } reasons[] = { { "same_id", "same_id" },
                    { "same_mother", "same_mother" },
                    { "same_names", "same_names" },
                    { "near_date", "same_names" } };
    struct ayni_control_value shown, found, word;
    char text[160] = "";

    if (arguments_value(pairs->arguments, "reason") != NULL) {
        put_argument(writer, pairs, "reason");
        return;
    }
    if (pairs_shown(pairs, &shown) && ayni_control_find(&shown, "reasons", &found)) {
        struct ayni_control_cursor cursor = ayni_control_cursor(&found);
        while (ayni_control_next(&cursor, NULL, &word))
            for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
                if (ayni_bytes_equal(word.bytes, ayni_bytes_of_text(reasons[i].found)) &&
                    strstr(text, reasons[i].reason) == NULL) {
                    strcat(text, text[0] == 0 ? "" : ",");
                    strcat(text, reasons[i].reason);
                }
    }
    ayni_control_put_text(writer, "reason", text[0] == 0 ? "other" : text);
}

static enum ayni_status remember(struct pairs *pairs, struct failure *failure)
{
    if (pairs->decided_count == pairs->decided_capacity) {
        size_t wider = pairs->decided_capacity == 0 ? 64 : 2 * pairs->decided_capacity;
        size_t *grown = reallocarray(pairs->decided, wider, sizeof(*grown));
        if (grown == NULL)
            return fail_memory(failure);
        pairs->decided = grown;
        pairs->decided_capacity = wider;
    }
    pairs->decided[pairs->decided_count++] = pairs->at;
    return AYNI_OK;
}

enum ayni_status pairs_decide(struct pairs *pairs, const char *verdict, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .item = nothing };
    bool same = strcmp(verdict, "same") == 0;
    enum ayni_status status = client_connect(pairs->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer writer =
        begin(&client, pairs, same ? "link" : "distinct", "one", "other");
    if (same)
        put_reason(&writer, pairs);
    else
        ayni_control_put_text(&writer, "verdict", verdict);
    if (!same)
        put_argument(&writer, pairs, "reason");
    ayni_control_close(&writer);
    status = client_exchange(&client, &sink, failure);
    return status == AYNI_OK ? remember(pairs, failure) : status;
}

enum ayni_status pairs_undo(struct pairs *pairs, struct failure *failure)
{
    SCOPED_CLIENT client;
    struct client_sink sink = { .item = nothing };
    size_t was = pairs->at;
    enum ayni_status status = client_connect(pairs->settings, &client, failure);

    if (status != AYNI_OK)
        return status;
    if (pairs->decided_count == 0)
        return AYNI_E_NOT_FOUND;
    pairs->at = pairs->decided[pairs->decided_count - 1];
    struct ayni_control_writer writer = begin(&client, pairs, "unlink", "one", "other");
    ayni_control_close(&writer);
    status = client_exchange(&client, &sink, failure);
    if (status == AYNI_OK)
        pairs->decided_count--;
    else
        pairs->at = was;
    return status;
}

void pairs_free(struct pairs *pairs)
{
    free(pairs->list);
    free(pairs->decided);
    ayni_buffer_free(&pairs->shown);
    names_free(&pairs->people.names);
}
