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
    ayni_put_u64(at + 16, feed->first);
    ayni_put_u32(at + 24, feed->parent);
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
    feed->first = ayni_get_u64(at + 16);
    feed->parent = ayni_get_u32(at + 24);
    if (feed->first == 0 || feed->head.seq + 1 < feed->first)
        return AYNI_E_IO;
    return AYNI_OK;
}

/* --- branches --- */

void log_branch_key(const struct log_branch *branch, uint8_t key[LOG_BRANCH_KEY_SIZE])
{
    ayni_put_u32(key, branch->root);
    ayni_put_u64(key + 4, branch->first);
    put(key + 12, branch->chain.bytes, 32);
}

enum ayni_status log_branch_read(struct ayni_bytes key, struct ayni_bytes value,
                                 struct log_branch *branch)
{
    if (key.size != LOG_BRANCH_KEY_SIZE || value.size != LOG_BRANCH_SIZE)
        return AYNI_E_IO;
    branch->root = ayni_get_u32(key.data);
    branch->first = ayni_get_u64(key.data + 4);
    take(key.data + 12, branch->chain.bytes, 32);
    branch->no = ayni_get_u32(value.data);
    branch->held = value.data[4] != 0;
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

/*
 * --- entries ---
 *
 *   kind 1, flags 1, time 8, chain 32, [kind 8], [seal 64], payload | (size 8, hash 32)
 */

enum {
    HEAD_SIZE = 1 + 1 + 8 + 32,
    KIND_IS_LONG = 255, /* in its one byte: the kind is in 8 bytes after the head */
    FLAG_SEALED = 0x80, /* beside the reason of a hollow one in the lower bits */
    SEAL_SIZE = sizeof(struct ayni_signature),
    HOLLOW_SIZE = 8 + 32, /* in the place of a payload */
};

size_t log_row_size(const struct log_row *row)
{
    const struct ayni_entry *e = &row->entry.entry;

    return (size_t)HEAD_SIZE + (e->kind >= KIND_IS_LONG ? 8 : 0) +
           (row->seal != NULL ? SEAL_SIZE : 0) +
           (e->hollow == AYNI_HOLLOW_NONE ? e->payload.size : HOLLOW_SIZE);
}

void log_row_encode(const struct log_row *row, uint8_t *value)
{
    const struct ayni_entry *e = &row->entry.entry;
    bool is_long = e->kind >= KIND_IS_LONG;
    uint8_t *at = value;

    *at++ = is_long ? KIND_IS_LONG : (uint8_t)e->kind;
    *at++ = (uint8_t)(e->hollow | (row->seal != NULL ? FLAG_SEALED : 0));
    ayni_put_u64(at, e->time.ms);
    at = put(at + 8, row->entry.chain.bytes, 32);
    if (is_long) {
        ayni_put_u64(at, e->kind);
        at += 8;
    }
    if (row->seal != NULL)
        at = put(at, row->seal->bytes, SEAL_SIZE);
    if (e->hollow != AYNI_HOLLOW_NONE) {
        ayni_put_u64(at, e->payload_size);
        put(at + 8, e->payload_hash.bytes, 32);
    } else if (e->payload.size > 0) {
        put(at, e->payload.data, e->payload.size);
    }
}

/* The next `size` bytes, or NULL where there are fewer. */
static const uint8_t *view(struct ayni_bytes *rest, size_t size)
{
    const uint8_t *at = rest->data;

    if (rest->size < size)
        return NULL;
    rest->data += size;
    rest->size -= size;
    return at;
}

/* The payload, or what is left of it. */
static enum ayni_status decode_body(struct ayni_bytes body, struct ayni_entry *entry)
{
    if (entry->hollow == AYNI_HOLLOW_NONE) {
        entry->payload = body;
        entry->payload_size = body.size;
        return AYNI_OK;
    }
    if (body.size != HOLLOW_SIZE)
        return AYNI_E_IO;
    entry->payload_size = ayni_get_u64(body.data);
    memcpy(entry->payload_hash.bytes, body.data + 8, 32);
    return AYNI_OK;
}

enum ayni_status log_row_decode(struct ayni_bytes value, struct log_row *row)
{
    struct log_row r = { 0 };
    struct ayni_entry *e = &r.entry.entry;
    struct ayni_bytes rest = value;
    const uint8_t *head = view(&rest, HEAD_SIZE);

    if (head == NULL)
        return AYNI_E_IO;
    e->kind = head[0];
    e->hollow = (uint8_t)(head[1] & ~FLAG_SEALED);
    e->time.ms = ayni_get_u64(head + 2);
    memcpy(r.entry.chain.bytes, head + 10, 32);

    const uint8_t *kind = e->kind == KIND_IS_LONG ? view(&rest, 8) : head;
    const uint8_t *seal = head[1] & FLAG_SEALED ? view(&rest, SEAL_SIZE) : head;
    if (kind == NULL || seal == NULL)
        return AYNI_E_IO;
    if (kind != head)
        e->kind = ayni_get_u64(kind);
    if (seal != head)
        r.seal = (const struct ayni_signature *)seal; /* bytes alone: of any alignment */
    enum ayni_status status = decode_body(rest, e);
    if (status == AYNI_OK)
        *row = r;
    return status;
}
