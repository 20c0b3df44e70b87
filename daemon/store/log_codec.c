#include <string.h>

#include "daemon/store/log_private.h"

/* --- keys --- */

void log_feed_key(feed_no no, uint8_t key[LOG_FEED_KEY_SIZE])
{
    ayni_put_u32(key, no);
}

void log_seq_key(feed_no no, uint64_t seq, uint8_t key[LOG_SEQ_KEY_SIZE])
{
    ayni_put_u32(key, no);
    ayni_put_u64(key + 4, seq);
}

void log_arrival_key(uint64_t no, uint8_t key[LOG_ARRIVAL_KEY_SIZE])
{
    ayni_put_u64(key, no);
}

/* --- feeds --- */

enum { FLAG_FORKED = 1 };

static uint8_t *put(uint8_t *to, const void *from, size_t size)
{
    memcpy(to, from, size);
    return to + size;
}

static const uint8_t *take(const uint8_t *from, void *to, size_t size)
{
    memcpy(to, from, size);
    return from + size;
}

void log_feed_encode(const struct log_feed *feed, uint8_t value[LOG_FEED_SIZE])
{
    uint8_t *at = put(value, feed->id.bytes, 32);

    at = put(at, feed->descriptor.node.bytes, 32);
    at = put(at, feed->descriptor.space.bytes, 16);
    *at++ = feed->descriptor.lane;
    at = put(at, feed->descriptor.incarnation.bytes, 16);
    *at++ = feed->forked ? FLAG_FORKED : 0;
    ayni_put_u64(at, feed->head.seq);
    at = put(at + 8, feed->head.chain.bytes, 32);
    ayni_put_u64(at, feed->last_time.ms);
    ayni_put_u64(at + 8, feed->arrival);
    ayni_put_u64(at + 16, feed->fork_seq);
    put(at + 24, feed->fork_chain.bytes, 32);
}

enum ayni_status log_feed_decode(feed_no no, struct ayni_bytes value, struct log_feed *feed)
{
    if (value.size != LOG_FEED_SIZE)
        return AYNI_E_IO;
    const uint8_t *at = take(value.data, feed->id.bytes, 32);
    feed->no = no;
    at = take(at, feed->descriptor.node.bytes, 32);
    at = take(at, feed->descriptor.space.bytes, 16);
    feed->descriptor.lane = *at++;
    at = take(at, feed->descriptor.incarnation.bytes, 16);
    feed->forked = (*at++ & FLAG_FORKED) != 0;
    feed->head.seq = ayni_get_u64(at);
    at = take(at + 8, feed->head.chain.bytes, 32);
    feed->last_time.ms = ayni_get_u64(at);
    feed->arrival = ayni_get_u64(at + 8);
    feed->fork_seq = ayni_get_u64(at + 16);
    take(at + 24, feed->fork_chain.bytes, 32);
    return AYNI_OK;
}

/* --- arrivals --- */

void log_arrival_encode(const struct log_arrival *arrival, uint8_t value[LOG_ARRIVAL_SIZE])
{
    ayni_put_u64(value, arrival->time.ms);
    ayni_put_u32(value + 8, arrival->feed);
    ayni_put_u64(value + 12, arrival->from);
    ayni_put_u64(value + 20, arrival->to);
}

enum ayni_status log_arrival_decode(MDB_val key, MDB_val value, struct log_arrival *arrival)
{
    const uint8_t *at = value.mv_data;

    if (key.mv_size != LOG_ARRIVAL_KEY_SIZE || value.mv_size != LOG_ARRIVAL_SIZE)
        return AYNI_E_IO;
    *arrival = (struct log_arrival){
        .no = ayni_get_u64(key.mv_data),
        .time = { ayni_get_u64(at) },
        .feed = ayni_get_u32(at + 8),
        .from = ayni_get_u64(at + 12),
        .to = ayni_get_u64(at + 20),
    };
    return AYNI_OK;
}

/* --- entries: kind 1, hollow 1, time 8, chain 32, [kind 8], payload | size 8, hash 32 --- */

enum {
    ENTRY_HEAD_SIZE = 1 + 1 + 8 + 32,
    KIND_IS_LONG = 255, /* in its one byte: the kind is in 8 bytes after the head */
    HOLLOW_SIZE = 8 + 32,
};

size_t log_entry_size(const struct ayni_entry *entry)
{
    return (size_t)ENTRY_HEAD_SIZE + (entry->kind >= KIND_IS_LONG ? 8 : 0) +
           (entry->hollow == AYNI_HOLLOW_NONE ? entry->payload.size : HOLLOW_SIZE);
}

void log_entry_encode(const struct ayni_entry *entry, const struct ayni_hash *chain, uint8_t *value)
{
    bool is_long = entry->kind >= KIND_IS_LONG;
    uint8_t *at = value;

    *at++ = is_long ? KIND_IS_LONG : (uint8_t)entry->kind;
    *at++ = entry->hollow;
    ayni_put_u64(at, entry->time.ms);
    at = put(at + 8, chain->bytes, 32);
    if (is_long) {
        ayni_put_u64(at, entry->kind);
        at += 8;
    }
    if (entry->hollow != AYNI_HOLLOW_NONE) {
        ayni_put_u64(at, entry->payload_size);
        put(at + 8, entry->payload_hash.bytes, 32);
    } else if (entry->payload.size > 0) {
        put(at, entry->payload.data, entry->payload.size);
    }
}

/* What follows the head. */
static enum ayni_status decode_body(const uint8_t *at, size_t size, struct log_entry *entry)
{
    struct ayni_entry *e = &entry->entry;

    if (e->kind == KIND_IS_LONG) {
        if (size < 8)
            return AYNI_E_IO;
        e->kind = ayni_get_u64(at);
        at += 8;
        size -= 8;
    }
    if (e->hollow == AYNI_HOLLOW_NONE) {
        e->payload = (struct ayni_bytes){ at, size };
        e->payload_size = size;
        return AYNI_OK;
    }
    if (size != HOLLOW_SIZE)
        return AYNI_E_IO;
    e->payload_size = ayni_get_u64(at);
    memcpy(e->payload_hash.bytes, at + 8, 32);
    return AYNI_OK;
}

enum ayni_status log_entry_decode(struct ayni_bytes value, struct log_entry *entry)
{
    struct log_entry e = { 0 };
    const uint8_t *at = value.data;

    if (value.size < ENTRY_HEAD_SIZE)
        return AYNI_E_IO;
    e.entry.kind = *at++;
    e.entry.hollow = *at++;
    e.entry.time.ms = ayni_get_u64(at);
    at = take(at + 8, e.chain.bytes, 32);
    enum ayni_status status = decode_body(at, value.size - ENTRY_HEAD_SIZE, &e);
    if (status == AYNI_OK)
        *entry = e;
    return status;
}
