#include "proto/message.h"

#include <stdlib.h>

#include "proto/crypto.h"
#include "tests/support/messages.h"
#include "tests/vectors/vector.h"

/* What a message says, as its decoder gives it: the elements after the type, in their order. */

static void put_number(json_t *to, uint64_t number)
{
    json_array_append_new(to, json_integer((json_int_t)number));
}

static void put_bytes(json_t *to, struct ayni_bytes bytes)
{
    json_t *held = json_object();

    vector_put_hex(held, "hex", bytes);
    json_array_append(to, json_object_get(held, "hex"));
    json_decref(held);
}
#define put_id(to, id) put_bytes(to, (struct ayni_bytes){ (id)->bytes, sizeof((id)->bytes) })

static json_t *put_list(json_t *to)
{
    json_t *list = json_array();

    json_array_append_new(to, list);
    return list;
}

static void say_hello(json_t *to, const struct ayni_hello *hello)
{
    put_number(to, hello->major);
    put_number(to, hello->minor);
    json_array_append_new(to, json_boolean(hello->asks));
    put_id(to, &hello->root);
    put_id(to, &hello->instance);
    put_number(to, hello->arrival);
    put_id(to, &hello->ack_instance);
    put_number(to, hello->ack_arrival);
    put_id(to, &hello->registry);
    put_id(to, &hello->shared);
    if (hello->hears || hello->alone || hello->later_s > 0 || hello->lacks > 0)
        json_array_append_new(to, json_boolean(hello->hears));
    if (hello->alone || hello->later_s > 0 || hello->lacks > 0)
        json_array_append_new(to, json_boolean(hello->alone));
    if (hello->later_s > 0 || hello->lacks > 0)
        put_number(to, hello->later_s);
    if (hello->lacks > 0)
        put_number(to, hello->lacks);
}

static void say_head(json_t *to, const struct ayni_noted_head *head)
{
    bool rides = head->runs.size > 0;

    put_id(to, &head->feed);
    put_number(to, head->seq);
    if (head->has_mark)
        put_id(to, &head->mark);
    else
        json_array_append_new(to, json_null());
    if (head->has_descriptor) {
        json_t *descriptor = put_list(to);
        put_id(descriptor, &head->descriptor.node);
        put_id(descriptor, &head->descriptor.space);
        put_number(descriptor, head->descriptor.lane);
        put_id(descriptor, &head->descriptor.incarnation);
    } else if (rides) {
        json_array_append_new(to, json_null());
    }
    if (rides) {
        put_number(to, head->from);
        put_bytes(to, head->runs);
    }
}

static void say_note(json_t *to, const struct ayni_note *note)
{
    struct ayni_noted_head head;
    size_t position = 0;

    put_number(to, note->since);
    put_number(to, note->upto);
    json_t *heads = put_list(to);
    while (ayni_note_next(note, &position, &head))
        say_head(put_list(heads), &head);
}

static void say_range(json_t *to, const struct ayni_range *range)
{
    struct ayni_listed_head head;
    size_t position = 0;

    put_bytes(to, (struct ayni_bytes){ range->upper.bytes, range->upper.size });
    if (range->form == AYNI_RANGE_FINGERPRINT)
        put_id(to, &range->fingerprint);
    if (range->form != AYNI_RANGE_LIST)
        return;
    json_t *list = put_list(to);
    while (ayni_range_next(range, &position, &head)) {
        put_id(list, &head.feed);
        put_number(list, head.seq);
        put_id(list, &head.mark);
    }
}

static void say_ranges(json_t *to, const struct ayni_ranges *ranges)
{
    struct ayni_range range;
    size_t position = 0;

    put_id(to, &ranges->space);
    put_bytes(to, (struct ayni_bytes){ ranges->lower.bytes, ranges->lower.size });
    json_t *line = put_list(to);
    while (ayni_ranges_next(ranges, &position, &range))
        say_range(put_list(line), &range);
}

static void say_ask(json_t *to, const struct ayni_ask *ask)
{
    struct ayni_feed_prefix feed;
    size_t position = 0;
    json_t *feeds = put_list(to);

    while (ayni_ask_next(ask, &position, &feed))
        put_id(feeds, &feed);
}

static void say_wants(json_t *to, const struct ayni_wants *wants)
{
    struct ayni_want want;
    size_t position = 0;
    json_t *list = put_list(to);

    while (ayni_wants_next(wants, &position, &want)) {
        json_t *one = put_list(list);
        put_id(one, &want.feed);
        put_number(one, want.from);
        put_id(one, &want.mark);
        put_number(one, want.credit);
        put_number(one, want.round);
    }
}

static void say_forked(json_t *to, const struct ayni_forked *forked)
{
    put_id(to, &forked->feed);
    json_t *points = put_list(to);
    for (size_t i = 0; i < forked->point_count; i++) {
        put_number(points, forked->points[i].seq);
        put_id(points, &forked->points[i].mark);
    }
}

static void say(json_t *to, const struct ayni_message *m)
{
    switch (m->type) {
    case AYNI_MESSAGE_HELLO:
        say_hello(to, &m->hello);
        break;
    case AYNI_MESSAGE_NOTE:
        say_note(to, &m->note);
        break;
    case AYNI_MESSAGE_ACK:
        put_number(to, m->ack.heard);
        put_number(to, m->ack.stored);
        break;
    case AYNI_MESSAGE_RANGES:
        say_ranges(to, &m->ranges);
        break;
    case AYNI_MESSAGE_ASK:
        say_ask(to, &m->ask);
        break;
    case AYNI_MESSAGE_WANT:
        say_wants(to, &m->wants);
        break;
    case AYNI_MESSAGE_BATCH:
        put_id(to, &m->batch.feed);
        put_number(to, m->batch.from);
        put_number(to, m->batch.to);
        put_bytes(to, m->batch.packed);
        if (m->batch.later_s > 0)
            put_number(to, m->batch.later_s);
        break;
    case AYNI_MESSAGE_FORK:
        say_forked(to, &m->forked);
        break;
    case AYNI_MESSAGE_TRACE:
        put_id(to, &m->trace.feed);
        put_number(to, m->trace.low);
        put_number(to, m->trace.high);
        break;
    default:
        break;
    }
}

/* --- those that must be refused --- */

static void refuse(json_t *cases, const char *name, enum ayni_status status,
                   const struct ayni_buffer *bytes)
{
    struct ayni_message message;
    json_t *made = vector_refused(cases, name, status);

    vector_expect(ayni_message_decode(ayni_buffer_bytes(bytes), &message), status, name);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(bytes));
}

static void add_refused(json_t *cases)
{
    struct ayni_range twice[2] = { { .upper = { 1, { 9 } } }, { .upper = { 1, { 9 } } } };
    SCOPED_BUFFER note = { 0 }, batch = { 0 }, trace = { 0 }, hello = { 0 }, line = { 0 },
                  ranges = { 0 };

    ayni_note_encode(5, 4, 0, (struct ayni_bytes){ 0 }, &note);
    refuse(cases, "a note that goes back", AYNI_E_MALFORMED, &note);
    ayni_batch_encode(&(struct ayni_batch){ .from = 3, .to = 4 }, &batch);
    refuse(cases, "a batch of entries without bytes", AYNI_E_MALFORMED, &batch);
    ayni_trace_encode(&(struct ayni_trace){ .low = 4, .high = 4 }, &trace);
    refuse(cases, "a trace between a place and itself", AYNI_E_MALFORMED, &trace);
    ayni_hello_encode(&(struct ayni_hello){ .major = AYNI_PROTOCOL_MAJOR + 1 }, &hello);
    refuse(cases, "a hello of another major version", AYNI_E_VERSION, &hello);
    ayni_range_encode(&twice[0], &line);
    ayni_range_encode(&twice[1], &line);
    ayni_ranges_encode(
        &(struct ayni_ranges){ .ranges = ayni_buffer_bytes(&line), .range_count = 2 }, &ranges);
    refuse(cases, "ranges that don't ascend", AYNI_E_MALFORMED, &ranges);
}

json_t *vectors_message(void)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < test_message_count(); i++) {
        json_t *made = vector_case(cases, test_message_name(i));
        struct ayni_message message;
        SCOPED_BUFFER bytes = { 0 };
        test_message_make(i, &bytes);
        vector_expect(ayni_message_decode(ayni_buffer_bytes(&bytes), &message), AYNI_OK,
                      test_message_name(i));
        vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
        vector_put_number(made, "type", message.type);
        say(vector_put_array(made, "says"), &message);
    }
    add_refused(cases);
    return cases;
}
