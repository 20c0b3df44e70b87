#include "daemon/records/context.h"

#include <stdlib.h>

#include "daemon/records/held_chains.h"
#include "daemon/records/sealed.h"
#include "daemon/records/tables.h"
#include "proto/registry.h"

/* Items to make a context of: the record's versions, and what can't be read of their feeds. */
struct context_items {
    struct ayni_fold_item *items;
    size_t count;
};

static enum ayni_status add_unread(struct context_items *items, struct reader *reader,
                                   const struct version_ref *ref)
{
    const struct log_feed *feed = reader_feed(reader, ref->feed);
    struct ayni_fold_item *grown =
        reallocarray(items->items, items->count + 1, sizeof(*items->items));
    struct log_entry entry;
    enum ayni_status status;

    if (grown == NULL || feed == NULL)
        return AYNI_E_MEMORY;
    items->items = grown;
    status = log_get_entry(reader_log(reader), ref->feed, ref->seq, &entry);
    if (status != AYNI_OK)
        return status;
    grown[items->count++] = (struct ayni_fold_item){
        .feed = feed->id,
        .node = feed->descriptor.node,
        .seq = ref->seq,
        .chain = entry.chain,
        .time = entry.entry.time,
    };
    return AYNI_OK;
}

/* In a confidential space: of what is under keys that this node hasn't got, the first of a history
 * is in the way of all after it. Elsewhere that form is malformed, and never counts. */
static enum ayni_status add_sealed_of(struct context_items *items, struct reader *reader,
                                      feed_no no)
{
    const struct log_feed *feed = reader_feed(reader, no);
    const struct ayni_space_info *space =
        feed == NULL
            ? NULL
            : ayni_registry_space_info(reader_charter(reader)->registry, &feed->descriptor.space);
    struct version_ref first;

    if (space == NULL || !space->confidential)
        return AYNI_OK;
    enum ayni_status status = sealed_first(reader_views(reader), no, &first);
    if (status == AYNI_OK)
        return add_unread(items, reader, &first);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

/* The first of a history alone: what reaches past another one reaches past that. */
static enum ayni_status add_unread_of(struct context_items *items, struct reader *reader,
                                      feed_no feed)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t prefix[4];
    struct ayni_bytes key, value;

    ayni_put_u32(prefix, feed);
    views_cursor_open(reader_views(reader), RECORDS_TABLE_UNREAD,
                      (struct ayni_bytes){ prefix, sizeof(prefix) }, &cursor);
    while (views_cursor_next(&cursor, &key, &value))
        if (key.size == VERSION_REF_SIZE) {
            struct version_ref ref = version_ref_decode(key.data);
            enum ayni_status status = add_unread(items, reader, &ref);
            return status == AYNI_OK ? add_sealed_of(items, reader, feed) : status;
        }
    return cursor.status == AYNI_OK ? add_sealed_of(items, reader, feed) : cursor.status;
}

/* What can't be read before a branch is in its way, too. */
struct histories {
    struct context_items *items;
    struct reader *reader;
    enum ayni_status status;
};

static bool add_unread_of_one(void *context, const struct log_feed *feed)
{
    struct histories *histories = context;

    histories->status = add_unread_of(histories->items, histories->reader, feed->no);
    return histories->status == AYNI_OK;
}

static enum ayni_status add_unread_of_all(struct context_items *items, struct reader *reader,
                                          feed_no no)
{
    struct histories histories = { items, reader, AYNI_OK };
    const struct log_feed *feed = reader_feed(reader, no);
    enum ayni_status status = AYNI_OK;

    if (feed == NULL || !feed->forked)
        return add_unread_of(items, reader, no);
    status = log_each_history(reader_log(reader), &feed->id, add_unread_of_one, &histories);
    return status == AYNI_OK ? histories.status : status;
}

static enum ayni_status gather(struct reader *reader, const struct record_state *state,
                               struct context_items *items)
{
    uint64_t unread, sealed;
    enum ayni_status status = views_count(reader_views(reader), RECORDS_TABLE_UNREAD, &unread);

    if (status == AYNI_OK)
        status = views_count(reader_views(reader), RECORDS_TABLE_SEALED, &sealed);
    items->items = calloc(state->count + 1, sizeof(*items->items));
    if (items->items == NULL)
        return AYNI_E_MEMORY;
    if (state->count > 0)
        memcpy(items->items, state->items, state->count * sizeof(*items->items));
    items->count = state->count;
    for (size_t i = 0; status == AYNI_OK && unread + sealed > 0 && i < state->count; i++) {
        bool again = false;
        for (size_t j = 0; j < i && !again; j++)
            again = ayni_id_equal(&state->items[j].feed, &state->items[i].feed);
        if (!again)
            status = add_unread_of_all(items, reader, state->versions[i].feed);
    }
    return status;
}

enum ayni_status context_of(struct reader *reader, const struct record_key *key,
                            const struct context_wish *wish, struct ayni_seen **seen,
                            size_t *seen_count)
{
    SCOPED_STATE state = { 0 };
    struct context_items items = { 0 };
    struct ayni_fold_chains chains = held_chains(reader_log(reader));
    struct ayni_seen *made = NULL;
    size_t count = 0;
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status == AYNI_E_NOT_FOUND)
        status = AYNI_OK;
    if (status == AYNI_OK && wish->expects && state.total != wish->expected)
        status = AYNI_E_CHANGED;
    if (status == AYNI_OK && state.count > 0) {
        status = gather(reader, &state, &items);
        if (status == AYNI_OK)
            status = ayni_fold_context(items.items, items.count, &chains, wish->own, &made, &count);
        free(items.items);
    }
    if (status == AYNI_OK && wish->earlier != NULL)
        status = ayni_context_see_own(&made, &count, wish->earlier);
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    *seen = made;
    *seen_count = count;
    return AYNI_OK;
}
