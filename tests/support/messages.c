#include "tests/support/messages.h"

#include <assert.h>

#include "proto/compress.h"
#include "tests/support/federation.h"

/* --- parts --- */

static void fill(uint8_t *to, size_t size, uint8_t with)
{
    memset(to, with, size);
}
#define FILL(id, with) fill((id).bytes, sizeof((id).bytes), with)

static struct ayni_noted_head head_of(uint8_t number)
{
    struct test_history history;
    struct ayni_noted_head head = { .has_mark = true };

    test_history_make(&history, number, 3, 0);
    head.feed = ayni_feed_prefix_of(&history.feed);
    head.seq = history.end.seq;
    head.mark = ayni_chain_mark_of(&history.end.chain);
    head.descriptor = history.descriptor;
    return head;
}

static void put_run(uint8_t number, struct ayni_buffer *to)
{
    struct test_history history;

    test_history_make(&history, number, 3, 0);
    ayni_run_encode(&history.run, to);
}

/* --- messages --- */

static void hello(struct ayni_buffer *to)
{
    struct ayni_hello h = { .major = AYNI_PROTOCOL_MAJOR,
                            .minor = AYNI_PROTOCOL_MINOR,
                            .asks = true,
                            .root = test_root().node,
                            .arrival = 70000,
                            .ack_arrival = 23 };

    FILL(h.instance, 0x11);
    FILL(h.ack_instance, 0x22);
    FILL(h.registry, 0x33);
    FILL(h.shared, 0x44);
    ayni_hello_encode(&h, to);
}

static void hello_out_of_a_backup(struct ayni_buffer *to)
{
    struct ayni_hello h = { .major = AYNI_PROTOCOL_MAJOR, .hears = true };

    h.root = test_root().node;
    ayni_hello_encode(&h, to);
}

static void hello_alone(struct ayni_buffer *to)
{
    struct ayni_hello h = { .major = AYNI_PROTOCOL_MAJOR, .alone = true };

    h.root = test_root().node;
    ayni_hello_encode(&h, to);
}

static void hello_that_holds_back(struct ayni_buffer *to)
{
    struct ayni_hello h = { .major = AYNI_PROTOCOL_MAJOR, .later_s = 540 };

    h.root = test_root().node;
    ayni_hello_encode(&h, to);
}

static void hello_that_lacks_payloads(struct ayni_buffer *to)
{
    struct ayni_hello h = { .major = AYNI_PROTOCOL_MAJOR, .lacks = 3 };

    h.root = test_root().node;
    ayni_hello_encode(&h, to);
}

static void note(struct ayni_buffer *to)
{
    struct ayni_noted_head one = head_of(1), two = head_of(2);
    SCOPED_BUFFER heads = { 0 };

    two.has_descriptor = true;
    ayni_noted_head_encode(&one, &heads);
    ayni_noted_head_encode(&two, &heads);
    ayni_note_encode(40, 300, 2, ayni_buffer_bytes(&heads), to);
}

static void note_with_runs(struct ayni_buffer *to)
{
    struct ayni_noted_head one = head_of(1), two = head_of(2);
    SCOPED_BUFFER heads = { 0 }, first = { 0 }, second = { 0 };

    put_run(1, &first);
    put_run(2, &second);
    one.has_mark = two.has_mark = false;
    one.runs = ayni_buffer_bytes(&first);
    two.runs = ayni_buffer_bytes(&second);
    two.has_descriptor = true;
    ayni_noted_head_encode(&one, &heads);
    ayni_noted_head_encode(&two, &heads);
    ayni_note_encode(0, 1, 2, ayni_buffer_bytes(&heads), to);
}

static void ack(struct ayni_buffer *to)
{
    ayni_ack_encode(&(struct ayni_ack){ 300, 299 }, to);
}

static void ranges(struct ayni_buffer *to)
{
    struct ayni_ranges line = { .lower = { 1, { 0x10 } }, .range_count = 3 };
    struct ayni_range fingerprint = { .upper = { 2, { 0x20, 0x01 } },
                                      .form = AYNI_RANGE_FINGERPRINT };
    struct ayni_range skip = { .upper = { 1, { 0x40 } }, .form = AYNI_RANGE_SKIP };
    struct ayni_range list = { .form = AYNI_RANGE_LIST, .list_count = 1 };
    struct ayni_listed_head head = { .seq = 5 };
    SCOPED_BUFFER bytes = { 0 }, heads = { 0 };

    FILL(line.space, 0x55);
    FILL(fingerprint.fingerprint, 0x66);
    FILL(head.feed, 0x77);
    FILL(head.mark, 0x88);
    ayni_listed_head_encode(&head, &heads);
    list.list = ayni_buffer_bytes(&heads);
    ayni_range_encode(&fingerprint, &bytes);
    ayni_range_encode(&skip, &bytes);
    ayni_range_encode(&list, &bytes);
    line.ranges = ayni_buffer_bytes(&bytes);
    ayni_ranges_encode(&line, to);
}

static void ask(struct ayni_buffer *to)
{
    struct ayni_feed_prefix feeds[] = { head_of(1).feed, head_of(2).feed };

    ayni_ask_encode(feeds, 2, to);
}

static void want(struct ayni_buffer *to)
{
    struct ayni_noted_head head = head_of(1);
    struct ayni_want one = { head.feed, head.seq, head.mark, 65536, 1 };
    struct ayni_want two = { head_of(2).feed, 0, { { 0 } }, 0, 2 };
    SCOPED_BUFFER wants = { 0 };

    ayni_want_encode(&one, &wants);
    ayni_want_encode(&two, &wants);
    ayni_wants_encode(2, ayni_buffer_bytes(&wants), to);
}

static void batch(struct ayni_buffer *to)
{
    struct ayni_batch b = { .feed = head_of(1).feed, .to = 3 };
    SCOPED_BUFFER run = { 0 }, packed = { 0 };

    put_run(1, &run);
    enum ayni_status status = ayni_compress(ayni_buffer_bytes(&run), &packed);
    assert(status == AYNI_OK);
    b.packed = ayni_buffer_bytes(&packed);
    ayni_batch_encode(&b, to);
}

static void empty_batch(struct ayni_buffer *to)
{
    ayni_batch_encode(&(struct ayni_batch){ .feed = head_of(1).feed, .from = 3, .to = 3 }, to);
}

static void late_batch(struct ayni_buffer *to)
{
    ayni_batch_encode(
        &(struct ayni_batch){ .feed = head_of(1).feed, .from = 3, .to = 3, .later_s = 540 }, to);
}

static void forked(struct ayni_buffer *to)
{
    struct ayni_forked f = { .feed = head_of(1).feed, .point_count = 2 };

    f.points[0].seq = 1;
    FILL(f.points[0].mark, 0x99);
    f.points[1].seq = 2;
    FILL(f.points[1].mark, 0xaa);
    ayni_forked_encode(&f, to);
}

static void trace(struct ayni_buffer *to)
{
    ayni_trace_encode(&(struct ayni_trace){ head_of(1).feed, 1, 3 }, to);
}

static const struct {
    const char *name;
    void (*make)(struct ayni_buffer *to);
} messages[] = {
    { "hello", hello },
    { "hello out of a backup", hello_out_of_a_backup },
    { "hello of one who is connected to nobody else", hello_alone },
    { "note", note },
    { "note with runs", note_with_runs },
    { "ack", ack },
    { "ranges", ranges },
    { "ask", ask },
    { "want", want },
    { "batch", batch },
    { "nothing left", empty_batch },
    { "fork", forked },
    { "trace", trace },
    { "hello that holds back", hello_that_holds_back },
    { "hello of one who lacks payloads", hello_that_lacks_payloads },
    { "given later", late_batch },
};

size_t test_message_count(void)
{
    return sizeof(messages) / sizeof(*messages);
}

const char *test_message_name(size_t index)
{
    return messages[index].name;
}

void test_message_make(size_t index, struct ayni_buffer *to)
{
    messages[index].make(to);
}
