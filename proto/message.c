#include "proto/message.h"

#include "proto/message_read.h"

struct ayni_chain_mark ayni_chain_mark_of(const struct ayni_hash *chain)
{
    struct ayni_chain_mark mark;

    memcpy(mark.bytes, chain->bytes, sizeof(mark.bytes));
    return mark;
}

/* As lower bounds: <0, 0, >0. An upper bound that is empty is for the caller to see. */
static int compare_bounds(const struct ayni_bound *a, const struct ayni_bound *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)); /* what is past the size is zero */
}

/* --- messages: each is read, and says how many elements after the type it knows --- */

/* A number that may be left out. What isn't one is of a newer version. How many elements that is.
 */
static size_t read_number(struct ayni_cbor_reader *r, bool more, uint64_t *number)
{
    if (!more || ayni_cbor_peek(r) != AYNI_CBOR_UINT)
        return 0;
    *number = ayni_cbor_read_uint(r);
    return 1;
}

static size_t read_hello(struct ayni_cbor_reader *r, size_t count, struct ayni_hello *hello)
{
    enum { ALWAYS = 10 };

    hello->major = ayni_cbor_read_uint(r);
    if (hello->major != AYNI_PROTOCOL_MAJOR)
        ayni_cbor_fail(r, AYNI_E_VERSION);
    hello->minor = ayni_cbor_read_uint(r);
    hello->asks = ayni_cbor_read_bool(r);
    ayni_cbor_read_id(r, &hello->root);
    ayni_cbor_read_id(r, &hello->instance);
    hello->arrival = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &hello->ack_instance);
    hello->ack_arrival = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &hello->registry);
    ayni_cbor_read_id(r, &hello->shared);
    if (count <= ALWAYS)
        return ALWAYS;
    hello->hears = ayni_cbor_read_bool(r);
    if (count <= ALWAYS + 1)
        return ALWAYS + 1;
    hello->alone = ayni_cbor_read_bool(r);
    size_t known = ALWAYS + 2 + read_number(r, count > ALWAYS + 2, &hello->later_s);
    return known == ALWAYS + 2 ? known : known + read_number(r, count > known, &hello->lacks);
}

static size_t read_note(struct ayni_cbor_reader *r, struct ayni_note *note)
{
    struct ayni_noted_head head;

    note->since = ayni_cbor_read_uint(r);
    note->upto = ayni_cbor_read_uint(r);
    malformed_unless(r, note->since <= note->upto);
    note->head_count = ayni_cbor_read_array(r);
    size_t start = r->position;
    for (size_t i = 0; i < note->head_count && r->status == AYNI_OK; i++)
        ayni_noted_head_read(r, &head);
    note->heads = read_since(r, start);
    return 3;
}

static size_t read_ack(struct ayni_cbor_reader *r, struct ayni_ack *ack)
{
    ack->heard = ayni_cbor_read_uint(r);
    ack->stored = ayni_cbor_read_uint(r);
    return 2;
}

static size_t read_ranges(struct ayni_cbor_reader *r, struct ayni_ranges *ranges)
{
    struct ayni_range range;

    ayni_cbor_read_id(r, &ranges->space);
    read_bound(r, &ranges->lower);
    ranges->range_count = ayni_cbor_read_array(r);
    size_t start = r->position;
    struct ayni_bound before = ranges->lower;
    for (size_t i = 0; i < ranges->range_count && r->status == AYNI_OK; i++) {
        bool last = i + 1 == ranges->range_count;
        ayni_range_read(r, &range);
        malformed_unless(r, compare_bounds(&before, &range.upper) < 0 ||
                                (last && range.upper.size == 0));
        before = range.upper;
    }
    ranges->ranges = read_since(r, start);
    return 3;
}

static size_t read_ask(struct ayni_cbor_reader *r, struct ayni_ask *ask)
{
    struct ayni_feed_prefix feed;

    ask->feed_count = ayni_cbor_read_array(r);
    size_t start = r->position;
    for (size_t i = 0; i < ask->feed_count && r->status == AYNI_OK; i++)
        ayni_cbor_read_id(r, &feed);
    ask->feeds = read_since(r, start);
    return 1;
}

static size_t read_wants(struct ayni_cbor_reader *r, struct ayni_wants *wants)
{
    struct ayni_want want;

    wants->want_count = ayni_cbor_read_array(r);
    size_t start = r->position;
    for (size_t i = 0; i < wants->want_count && r->status == AYNI_OK; i++)
        ayni_want_read(r, &want);
    wants->wants = read_since(r, start);
    return 1;
}

static size_t read_batch(struct ayni_cbor_reader *r, size_t count, struct ayni_batch *batch)
{
    enum { ALWAYS = 4 };

    ayni_cbor_read_id(r, &batch->feed);
    batch->from = ayni_cbor_read_uint(r);
    batch->to = ayni_cbor_read_uint(r);
    batch->packed = ayni_cbor_read_bytes(r);
    malformed_unless(r,
                     batch->packed.size > 0 ? batch->from < batch->to : batch->from == batch->to);
    return ALWAYS + read_number(r, count > ALWAYS && batch->packed.size == 0, &batch->later_s);
}

static size_t read_forked(struct ayni_cbor_reader *r, struct ayni_forked *forked)
{
    ayni_cbor_read_id(r, &forked->feed);
    size_t elements = ayni_cbor_read_array(r);
    malformed_unless(r, elements % 2 == 0);
    if (elements / 2 > AYNI_CHAIN_POINTS_MAX)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
    forked->point_count = elements / 2;
    uint64_t before = 0;
    for (size_t i = 0; i < forked->point_count && r->status == AYNI_OK; i++) {
        forked->points[i].seq = ayni_cbor_read_uint(r);
        ayni_cbor_read_id(r, &forked->points[i].mark);
        malformed_unless(r, forked->points[i].seq > before);
        before = forked->points[i].seq;
    }
    return 2;
}

static size_t read_trace(struct ayni_cbor_reader *r, struct ayni_trace *trace)
{
    ayni_cbor_read_id(r, &trace->feed);
    trace->low = ayni_cbor_read_uint(r);
    trace->high = ayni_cbor_read_uint(r);
    malformed_unless(r, trace->low < trace->high);
    return 3;
}

/* `count`: of the elements after the type. */
static size_t read_body(struct ayni_cbor_reader *r, size_t count, struct ayni_message *m)
{
    switch (m->type) {
    case AYNI_MESSAGE_HELLO:
        return read_hello(r, count, &m->hello);
    case AYNI_MESSAGE_NOTE:
        return read_note(r, &m->note);
    case AYNI_MESSAGE_ACK:
        return read_ack(r, &m->ack);
    case AYNI_MESSAGE_RANGES:
        return read_ranges(r, &m->ranges);
    case AYNI_MESSAGE_ASK:
        return read_ask(r, &m->ask);
    case AYNI_MESSAGE_WANT:
        return read_wants(r, &m->wants);
    case AYNI_MESSAGE_BATCH:
        return read_batch(r, count, &m->batch);
    case AYNI_MESSAGE_FORK:
        return read_forked(r, &m->forked);
    case AYNI_MESSAGE_TRACE:
        return read_trace(r, &m->trace);
    default:
        return 0;
    }
}

bool ayni_message_asks(struct ayni_bytes bytes)
{
    struct ayni_message message;

    return bytes.size > 1 && bytes.data[1] == AYNI_MESSAGE_HELLO &&
           ayni_message_decode(bytes, &message) == AYNI_OK && message.hello.asks;
}

enum ayni_status ayni_message_decode(struct ayni_bytes bytes, struct ayni_message *message)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_message m = { 0 };

    if (bytes.size > AYNI_MESSAGE_SIZE_MAX)
        return AYNI_E_LIMIT;
    size_t count = read_begin(&r, 1);
    m.type = ayni_cbor_read_uint(&r);
    size_t known = 1 + read_body(&r, count > 0 ? count - 1 : 0, &m);
    malformed_unless(&r, count >= known);
    read_end(&r, count, known);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status == AYNI_OK)
        *message = m;
    return status;
}
