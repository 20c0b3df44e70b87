#include "tests/support/message_again.h"

static void note_again(const struct ayni_note *note, struct ayni_buffer *to)
{
    SCOPED_BUFFER heads = { 0 };
    struct ayni_noted_head head;
    size_t position = 0;
    size_t count = 0;

    for (; ayni_note_next(note, &position, &head); count++)
        ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(note->since, note->upto, count, ayni_buffer_bytes(&heads), to);
}

static void range_again(const struct ayni_range *range, struct ayni_buffer *to)
{
    SCOPED_BUFFER list = { 0 };
    struct ayni_range again = *range;
    struct ayni_listed_head head;
    size_t position = 0;

    again.list_count = 0;
    for (; ayni_range_next(range, &position, &head); again.list_count++)
        ayni_listed_head_encode(&head, &list);
    again.list = ayni_buffer_bytes(&list);
    ayni_range_encode(&again, to);
}

static void ranges_again(const struct ayni_ranges *ranges, struct ayni_buffer *to)
{
    SCOPED_BUFFER line = { 0 };
    struct ayni_ranges again = *ranges;
    struct ayni_range range;
    size_t position = 0;

    again.range_count = 0;
    for (; ayni_ranges_next(ranges, &position, &range); again.range_count++)
        range_again(&range, &line);
    again.ranges = ayni_buffer_bytes(&line);
    ayni_ranges_encode(&again, to);
}

static void ask_again(const struct ayni_ask *ask, struct ayni_buffer *to)
{
    SCOPED_BUFFER feeds = { 0 };
    struct ayni_feed_prefix feed;
    size_t position = 0;
    size_t count = 0;

    for (; ayni_ask_next(ask, &position, &feed); count++)
        ayni_buffer_append(&feeds, feed.bytes, sizeof(feed.bytes));
    ayni_ask_encode((const struct ayni_feed_prefix *)feeds.data, count, to);
}

static void wants_again(const struct ayni_wants *from, struct ayni_buffer *to)
{
    SCOPED_BUFFER wants = { 0 };
    struct ayni_want want;
    size_t position = 0;
    size_t count = 0;

    for (; ayni_wants_next(from, &position, &want); count++)
        ayni_want_encode(&want, &wants);
    ayni_wants_encode(count, ayni_buffer_bytes(&wants), to);
}

void test_message_again(const struct ayni_message *message, struct ayni_buffer *to)
{
    switch (message->type) {
    case AYNI_MESSAGE_HELLO:
        ayni_hello_encode(&message->hello, to);
        break;
    case AYNI_MESSAGE_NOTE:
        note_again(&message->note, to);
        break;
    case AYNI_MESSAGE_ACK:
        ayni_ack_encode(&message->ack, to);
        break;
    case AYNI_MESSAGE_RANGES:
        ranges_again(&message->ranges, to);
        break;
    case AYNI_MESSAGE_ASK:
        ask_again(&message->ask, to);
        break;
    case AYNI_MESSAGE_WANT:
        wants_again(&message->wants, to);
        break;
    case AYNI_MESSAGE_BATCH:
        ayni_batch_encode(&message->batch, to);
        break;
    case AYNI_MESSAGE_FORK:
        ayni_forked_encode(&message->forked, to);
        break;
    case AYNI_MESSAGE_TRACE:
        ayni_trace_encode(&message->trace, to);
        break;
    default:
        break;
    }
}
