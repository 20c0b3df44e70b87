#include "proto/cbor.h"
#include "proto/message.h"

static void put_mark(struct ayni_buffer *to, bool has, const struct ayni_chain_mark *mark)
{
    if (has)
        ayni_cbor_put_id(to, mark);
    else
        ayni_cbor_put_null(to);
}

static void put_bound(struct ayni_buffer *to, const struct ayni_bound *bound)
{
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ bound->bytes, bound->size });
}

static void begin(struct ayni_buffer *to, size_t count, enum ayni_message_type type)
{
    ayni_cbor_put_array(to, count);
    ayni_cbor_put_uint(to, type);
}

/* An array whose items are encoded already. */
static void put_items(struct ayni_buffer *to, size_t count, struct ayni_bytes items)
{
    ayni_cbor_put_array(to, count);
    ayni_buffer_append(to, items.data, items.size);
}

void ayni_hello_encode(const struct ayni_hello *hello, struct ayni_buffer *to)
{
    size_t more = hello->lacks > 0     ? 4
                  : hello->later_s > 0 ? 3
                  : hello->alone       ? 2
                  : hello->hears       ? 1
                                       : 0;

    begin(to, 11 + more, AYNI_MESSAGE_HELLO);
    ayni_cbor_put_uint(to, hello->major);
    ayni_cbor_put_uint(to, hello->minor);
    ayni_cbor_put_bool(to, hello->asks);
    ayni_cbor_put_id(to, &hello->root);
    ayni_cbor_put_id(to, &hello->instance);
    ayni_cbor_put_uint(to, hello->arrival);
    ayni_cbor_put_id(to, &hello->ack_instance);
    ayni_cbor_put_uint(to, hello->ack_arrival);
    ayni_cbor_put_id(to, &hello->registry);
    ayni_cbor_put_id(to, &hello->shared);
    if (more >= 1)
        ayni_cbor_put_bool(to, hello->hears);
    if (more >= 2)
        ayni_cbor_put_bool(to, hello->alone);
    if (more >= 3)
        ayni_cbor_put_uint(to, hello->later_s);
    if (more >= 4)
        ayni_cbor_put_uint(to, hello->lacks);
}

void ayni_note_encode(uint64_t since, uint64_t upto, size_t head_count, struct ayni_bytes heads,
                      struct ayni_buffer *to)
{
    begin(to, 4, AYNI_MESSAGE_NOTE);
    ayni_cbor_put_uint(to, since);
    ayni_cbor_put_uint(to, upto);
    put_items(to, head_count, heads);
}

void ayni_noted_head_encode(const struct ayni_noted_head *head, struct ayni_buffer *to)
{
    bool rides = head->runs.size > 0;

    ayni_cbor_put_array(to, rides ? 6 : head->has_descriptor ? 4 : 3);
    ayni_cbor_put_id(to, &head->feed);
    ayni_cbor_put_uint(to, head->seq);
    put_mark(to, head->has_mark, &head->mark);
    if (head->has_descriptor)
        ayni_feed_descriptor_encode(&head->descriptor, to);
    else if (rides)
        ayni_cbor_put_null(to);
    if (rides) {
        ayni_cbor_put_uint(to, head->from);
        ayni_cbor_put_bytes(to, head->runs);
    }
}

void ayni_ack_encode(const struct ayni_ack *ack, struct ayni_buffer *to)
{
    begin(to, 3, AYNI_MESSAGE_ACK);
    ayni_cbor_put_uint(to, ack->heard);
    ayni_cbor_put_uint(to, ack->stored);
}

void ayni_ranges_encode(const struct ayni_ranges *ranges, struct ayni_buffer *to)
{
    begin(to, 4, AYNI_MESSAGE_RANGES);
    ayni_cbor_put_id(to, &ranges->space);
    put_bound(to, &ranges->lower);
    put_items(to, ranges->range_count, ranges->ranges);
}

void ayni_range_encode(const struct ayni_range *range, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, range->form == AYNI_RANGE_SKIP ? 1 : 2);
    put_bound(to, &range->upper);
    if (range->form == AYNI_RANGE_FINGERPRINT)
        ayni_cbor_put_id(to, &range->fingerprint);
    else if (range->form == AYNI_RANGE_LIST)
        put_items(to, 3 * range->list_count, range->list);
}

void ayni_listed_head_encode(const struct ayni_listed_head *head, struct ayni_buffer *to)
{
    ayni_cbor_put_id(to, &head->feed);
    ayni_cbor_put_uint(to, head->seq);
    ayni_cbor_put_id(to, &head->mark);
}

void ayni_ask_encode(const struct ayni_feed_prefix *feeds, size_t feed_count,
                     struct ayni_buffer *to)
{
    begin(to, 2, AYNI_MESSAGE_ASK);
    ayni_cbor_put_array(to, feed_count);
    for (size_t i = 0; i < feed_count; i++)
        ayni_cbor_put_id(to, &feeds[i]);
}

void ayni_wants_encode(size_t want_count, struct ayni_bytes wants, struct ayni_buffer *to)
{
    begin(to, 2, AYNI_MESSAGE_WANT);
    put_items(to, want_count, wants);
}

void ayni_want_encode(const struct ayni_want *want, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 5);
    ayni_cbor_put_id(to, &want->feed);
    ayni_cbor_put_uint(to, want->from);
    ayni_cbor_put_id(to, &want->mark);
    ayni_cbor_put_uint(to, want->credit);
    ayni_cbor_put_uint(to, want->round);
}

void ayni_batch_encode(const struct ayni_batch *batch, struct ayni_buffer *to)
{
    begin(to, batch->later_s > 0 ? 6 : 5, AYNI_MESSAGE_BATCH);
    ayni_cbor_put_id(to, &batch->feed);
    ayni_cbor_put_uint(to, batch->from);
    ayni_cbor_put_uint(to, batch->to);
    ayni_cbor_put_bytes(to, batch->packed);
    if (batch->later_s > 0)
        ayni_cbor_put_uint(to, batch->later_s);
}

void ayni_forked_encode(const struct ayni_forked *forked, struct ayni_buffer *to)
{
    begin(to, 3, AYNI_MESSAGE_FORK);
    ayni_cbor_put_id(to, &forked->feed);
    ayni_cbor_put_array(to, 2 * forked->point_count);
    for (size_t i = 0; i < forked->point_count; i++) {
        ayni_cbor_put_uint(to, forked->points[i].seq);
        ayni_cbor_put_id(to, &forked->points[i].mark);
    }
}

void ayni_trace_encode(const struct ayni_trace *trace, struct ayni_buffer *to)
{
    begin(to, 4, AYNI_MESSAGE_TRACE);
    ayni_cbor_put_id(to, &trace->feed);
    ayni_cbor_put_uint(to, trace->low);
    ayni_cbor_put_uint(to, trace->high);
}
