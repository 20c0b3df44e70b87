#include "daemon/records/erasure/erasure_tables.h"

#include <string.h>

void erasure_row_encode(const struct erasure_row *row, uint8_t to[ERASURE_ROW_SIZE])
{
    to[0] = row->flags;
    ayni_put_u32(to + 1, row->type);
    memcpy(to + 5, row->record.bytes, 16);
}

bool erasure_row_decode(struct ayni_bytes bytes, struct erasure_row *row)
{
    if (bytes.size != ERASURE_ROW_SIZE)
        return false;
    row->flags = bytes.data[0];
    row->type = ayni_get_u32(bytes.data + 1);
    memcpy(row->record.bytes, bytes.data + 5, 16);
    return true;
}

void erasure_row_key(const struct ayni_space *space, const struct erasure_row *row,
                     struct record_key *key)
{
    memset(key, 0, sizeof(*key));
    key->space = *space;
    key->type = row->type;
    key->record = row->record;
}

void erasure_range_encode(const struct erasure_range *range, uint8_t to[ERASURE_RANGE_KEY_SIZE])
{
    memcpy(to, range->range.feed.bytes, 32);
    ayni_put_u64(to + 32, range->range.to);
    ayni_put_u64(to + 40, range->range.from);
    memcpy(to + 48, range->range.chain.bytes, 8);
    version_ref_encode(&range->order, to + 56);
}

bool erasure_range_decode(struct ayni_bytes key, struct ayni_bytes value,
                          struct erasure_range *range)
{
    if (key.size != ERASURE_RANGE_KEY_SIZE || value.size != 1)
        return false;
    memcpy(range->range.feed.bytes, key.data, 32);
    range->range.to = ayni_get_u64(key.data + 32);
    range->range.from = ayni_get_u64(key.data + 40);
    memcpy(range->range.chain.bytes, key.data + 48, 8);
    range->order = version_ref_decode(key.data + 56);
    range->adds = value.data[0] != 0;
    return true;
}

/* Ranges lie by their ends: one that has `seq` ends at most the longest one's length above it. */
enum ayni_status erasure_each_range(struct views_snapshot *views, const struct ayni_feed *feed,
                                    uint64_t seq,
                                    bool (*visit)(void *context, const struct erasure_range *range),
                                    void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    const struct ayni_bytes prefix = { feed->bytes, sizeof(feed->bytes) };
    struct erasure_range range = { .range = { .feed = *feed, .to = seq } };
    uint8_t from[ERASURE_RANGE_KEY_SIZE];
    struct ayni_bytes key, value;
    uint64_t longest;
    enum ayni_status status = views_get(views, RECORDS_TABLE_RANGES, prefix, &value);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    longest = value.size == 8 ? ayni_get_u64(value.data) : UINT64_MAX;
    erasure_range_encode(&range, from);
    views_cursor_open(views, RECORDS_TABLE_RANGES, prefix, &cursor);
    for (bool more =
             views_cursor_seek(&cursor, (struct ayni_bytes){ from, sizeof(from) }, &key, &value);
         more; more = views_cursor_next(&cursor, &key, &value)) {
        if (!erasure_range_decode(key, value, &range))
            continue;
        if (range.range.to - seq >= longest)
            break;
        if (range.range.from <= seq && !visit(context, &range))
            break;
    }
    return cursor.status;
}
