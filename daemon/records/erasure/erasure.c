#include "daemon/records/erasure/erasure.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/erasure/erasure_tables.h"

/* --- stubs: [type 4, record 16, order seen 8, ...], nothing of what could not be read --- */

enum { STUB_HEAD_SIZE = 4 + 16, PREFIX_SIZE = sizeof(struct ayni_chain_prefix) };

void erasure_stub_encode(const struct ayni_version *version, struct ayni_buffer *to)
{
    uint8_t *head = ayni_buffer_extend(to, STUB_HEAD_SIZE);

    if (head == NULL)
        return;
    ayni_put_u32(head, version->type);
    memcpy(head + 4, version->record.bytes, 16);
    if (version->erases_seen_count > 0)
        ayni_buffer_append(to, version->erases_seen, version->erases_seen_count * PREFIX_SIZE);
}

enum ayni_status erasure_stub_get(struct log_snapshot *log, const struct version_ref *ref,
                                  struct erasure_stub *stub)
{
    struct log_stub held;
    enum ayni_status status = log_get_stub(log, ref->feed, ref->seq, &held);
    struct erasure_stub made = { 0 };

    if (status != AYNI_OK)
        return status;
    if (held.kept.size < STUB_HEAD_SIZE || (held.kept.size - STUB_HEAD_SIZE) % PREFIX_SIZE != 0)
        return AYNI_E_NOT_FOUND;
    made.type = ayni_get_u32(held.kept.data);
    memcpy(made.record.bytes, held.kept.data + 4, 16);
    made.seen_count = (held.kept.size - STUB_HEAD_SIZE) / PREFIX_SIZE;
    made.seen = calloc(made.seen_count + 1, PREFIX_SIZE);
    if (made.seen == NULL)
        return AYNI_E_MEMORY;
    memcpy(made.seen, held.kept.data + STUB_HEAD_SIZE, made.seen_count * PREFIX_SIZE);
    *stub = made;
    return AYNI_OK;
}

/* --- orders --- */

static enum ayni_status place_of(struct reader *reader, const struct version_ref *ref,
                                 struct ayni_registry_entry *place)
{
    struct log_feed feed;
    struct log_entry entry;
    enum ayni_status status = log_get_feed(reader_log(reader), ref->feed, &feed);

    if (status == AYNI_OK)
        status = log_get_entry(reader_log(reader), ref->feed, ref->seq, &entry);
    if (status != AYNI_OK)
        return status;
    *place = (struct ayni_registry_entry){ .space = feed.descriptor.space,
                                           .feed = feed.id,
                                           .node = feed.descriptor.node,
                                           .seq = ref->seq,
                                           .chain = entry.chain,
                                           .time = entry.entry.time };
    return AYNI_OK;
}

static enum ayni_status order_of_row(struct reader *reader, const struct version_ref *ref,
                                     struct ayni_bytes row, struct erasure_order *order)
{
    struct erasure_row decoded;
    struct erasure_order made = { .ref = *ref };
    enum ayni_status status = place_of(reader, ref, &made.place);

    if (status != AYNI_OK)
        return status;
    if (!erasure_row_decode(row, &decoded))
        return AYNI_E_NOT_FOUND;
    made.readable = (decoded.flags & ERASURE_ROW_UNREAD) == 0;
    made.adds = (decoded.flags & ERASURE_ROW_ADDS) != 0;
    made.key = (struct record_key){ made.place.space, decoded.type, decoded.record };
    *order = made;
    return AYNI_OK;
}

enum ayni_status erasure_order_get(struct reader *reader, const struct version_ref *ref,
                                   struct erasure_order *order)
{
    const struct log_feed *feed = reader_feed(reader, ref->feed);
    uint8_t key[ENTRY_KEY_SIZE];
    struct ayni_bytes row;
    enum ayni_status status;

    if (feed == NULL)
        return AYNI_E_NOT_FOUND;
    entry_key_encode(&feed->descriptor.space, ref, key);
    status = views_get(reader_views(reader), RECORDS_TABLE_ERASES,
                       (struct ayni_bytes){ key, sizeof(key) }, &row);
    return status == AYNI_OK ? order_of_row(reader, ref, row, order) : status;
}

struct ayni_entry_name erasure_order_name(const struct erasure_order *order)
{
    return (struct ayni_entry_name){ .feed = order->place.feed,
                                     .seq = order->place.seq,
                                     .chain = ayni_chain_prefix_of(&order->place.chain) };
}

enum ayni_status erasure_each_order(struct reader *reader, const struct ayni_space *space,
                                    bool (*visit)(void *context, const struct erasure_order *order),
                                    void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes prefix = { 0 }, key, row;
    struct erasure_order order;

    if (space != NULL)
        prefix = (struct ayni_bytes){ space->bytes, sizeof(space->bytes) };
    views_cursor_open(reader_views(reader), RECORDS_TABLE_ERASES, prefix, &cursor);
    while (views_cursor_next(&cursor, &key, &row)) {
        enum ayni_status status;
        if (key.size != ENTRY_KEY_SIZE)
            continue;
        struct version_ref ref = version_ref_decode(key.data + 16);
        status = order_of_row(reader, &ref, row, &order);
        if (status == AYNI_E_NOT_FOUND)
            continue; /* a damaged row */
        if (status != AYNI_OK)
            return status;
        if (!visit(context, &order))
            return AYNI_OK;
    }
    return cursor.status;
}

enum ayni_status erasure_each_order_of(struct reader *reader, const struct record_key *key,
                                       bool (*visit)(void *context,
                                                     const struct erasure_order *order),
                                       void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t prefix[RECORD_KEY_SIZE];
    struct ayni_bytes found, row;
    uint64_t orders;
    enum ayni_status counted = views_count(reader_views(reader), RECORDS_TABLE_ORDERS, &orders);

    if (counted != AYNI_OK || orders == 0)
        return counted;
    record_key_encode(key, prefix);
    views_cursor_open(reader_views(reader), RECORDS_TABLE_ORDERS,
                      (struct ayni_bytes){ prefix, sizeof(prefix) }, &cursor);
    while (views_cursor_next(&cursor, &found, &row)) {
        struct erasure_order order = { .readable = true, .key = *key };
        enum ayni_status status;
        if (found.size != RECORD_KEY_SIZE + VERSION_REF_SIZE)
            continue;
        order.ref = version_ref_decode(found.data + RECORD_KEY_SIZE);
        status = place_of(reader, &order.ref, &order.place);
        if (status == AYNI_E_NOT_FOUND)
            continue;
        if (status != AYNI_OK)
            return status;
        if (!visit(context, &order))
            return AYNI_OK;
    }
    return cursor.status;
}

enum ayni_standing erasure_order_standing(struct reader *reader, const struct erasure_order *order,
                                          const struct ayni_registry_entry *version)
{
    return ayni_registry_order_standing(reader_charter(reader)->registry, &order->place, version,
                                        NULL);
}

/* --- what a writer has seen --- */

static bool add_seen(void *context, const struct erasure_order *order)
{
    struct ayni_chain_prefix chain = ayni_chain_prefix_of(&order->place.chain);

    ayni_buffer_append(context, &chain, sizeof(chain));
    return true;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, PREFIX_SIZE);
}

enum ayni_status erasure_seen(struct reader *reader, const struct record_key *key,
                              struct ayni_chain_prefix **seen, size_t *count)
{
    struct ayni_buffer list = { 0 };
    struct ayni_chain_prefix *prefixes;
    size_t all, kept = 0;
    enum ayni_status status = erasure_each_order_of(reader, key, add_seen, &list);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&list);
    if (status != AYNI_OK) {
        ayni_buffer_free(&list);
        return status;
    }
    prefixes = (struct ayni_chain_prefix *)list.data;
    all = list.size / PREFIX_SIZE;
    if (all > 1)
        qsort(prefixes, all, PREFIX_SIZE, by_bytes);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || by_bytes(&prefixes[kept - 1], &prefixes[i]) != 0)
            prefixes[kept++] = prefixes[i];
    *seen = prefixes;
    *count = kept;
    return AYNI_OK;
}

struct standing_for {
    struct reader *reader;
    struct ayni_registry_entry version; /* that the node would write now */
    bool stands;
};

static bool binds(void *context, const struct erasure_order *order)
{
    struct standing_for *asked = context;

    asked->stands =
        erasure_order_standing(asked->reader, order, &asked->version) != AYNI_STANDING_NO_RIGHT;
    return !asked->stands;
}

enum ayni_status erasure_stands(struct reader *reader, const struct record_key *key,
                                const struct ayni_node *node, bool *stands)
{
    struct standing_for asked = {
        .reader = reader,
        .version = { .space = key->space, .node = *node, .time = { UINT64_MAX } },
    };
    enum ayni_status status = erasure_each_order_of(reader, key, binds, &asked);

    if (status == AYNI_OK)
        *stands = asked.stands && !reader_has(reader, key);
    return status;
}
