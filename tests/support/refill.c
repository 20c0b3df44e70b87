#include "tests/support/refill.h"

#include "daemon/clock.h"
#include "daemon/records/reader.h"
#include "daemon/records/tables.h"

/* --- losing --- */

struct losing {
    struct log_job job; /* first */
    const struct ayni_space *space;
    uint64_t kind;
    struct log_snapshot *log;
    feed_no no;
    uint64_t seq;
    uint64_t time_ms; /* of the newest that was found */
};

static bool look_for(void *context, const struct log_feed *feed)
{
    struct losing *losing = context;
    struct log_entry entry;

    if (feed->descriptor.lane != AYNI_LANE_CONTROL ||
        !ayni_id_equal(&feed->descriptor.space, losing->space))
        return true;
    for (uint64_t seq = feed->first; seq <= feed->head.seq; seq++) {
        test_must(log_get_entry(losing->log, feed->no, seq, &entry), "entry");
        if (entry.entry.kind != losing->kind || entry.entry.time.ms < losing->time_ms)
            continue;
        losing->no = feed->no;
        losing->seq = seq;
        losing->time_ms = entry.entry.time.ms;
    }
    return true;
}

static enum ayni_status lose(struct log_job *job, struct log_txn *txn)
{
    struct losing *losing = (struct losing *)job;

    losing->log = log_txn_snapshot(txn);
    test_must(log_each_feed(losing->log, look_for, losing), "feeds");
    ck_assert_uint_ne(losing->seq, 0);
    return log_txn_drop(txn, losing->no, losing->seq, AYNI_HOLLOW_LOST, (struct ayni_bytes){ 0 });
}

void test_lose_payload(struct test_node *node, const struct ayni_space *space, uint64_t kind)
{
    struct losing losing = { .job = { .run = lose }, .space = space, .kind = kind };

    test_must(log_writer_run(node->writer, &losing.job), "lose");
}

/* --- filling --- */

struct missing {
    struct ayni_feed feed;
    uint64_t seq;
};

/* The unread entries of a node: struct missing. Appends. */
static void list_missing(struct test_node *node, struct ayni_buffer *list)
{
    SCOPED_READER *reader = NULL;
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;

    test_must(reader_begin(&node->records, &reader), "read");
    views_cursor_open(reader_views(reader), RECORDS_TABLE_UNREAD, (struct ayni_bytes){ 0 },
                      &cursor);
    while (views_cursor_next(&cursor, &key, &value)) {
        struct version_ref ref = version_ref_decode(key.data);
        struct missing missing = { reader_feed(reader, ref.feed)->id, ref.seq };
        ayni_buffer_append(list, &missing, sizeof(missing));
    }
    test_must(ayni_buffer_status(list), "list");
}

size_t test_missing(struct test_node *node)
{
    SCOPED_BUFFER list = { 0 };

    list_missing(node, &list);
    return list.size / sizeof(struct missing);
}

struct filling {
    struct log_job job; /* first */
    const struct missing *missing;
    struct ayni_bytes payload;
};

static enum ayni_status fill(struct log_job *job, struct log_txn *txn)
{
    struct filling *filling = (struct filling *)job;
    struct log_feed feed;
    enum ayni_status status = log_find_feed(log_txn_snapshot(txn), &filling->missing->feed, &feed);

    return status == AYNI_OK
               ? log_txn_fill(txn, feed.no, filling->missing->seq, filling->payload, clock_now())
               : status;
}

/* False where the node hasn't got it either. */
static bool copy_payload(struct test_node *from, const struct missing *missing,
                         struct ayni_buffer *copy)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct log_feed feed;
    struct log_entry entry;

    test_must(log_snapshot_begin(from->log, &log), "snapshot");
    if (log_find_feed(log, &missing->feed, &feed) != AYNI_OK ||
        log_get_entry(log, feed.no, missing->seq, &entry) != AYNI_OK ||
        entry.entry.hollow != AYNI_HOLLOW_NONE)
        return false;
    ayni_buffer_append(copy, entry.entry.payload.data, entry.entry.payload.size);
    return true;
}

void test_fill_missing(struct test_node *from, struct test_node *to)
{
    SCOPED_BUFFER list = { 0 };

    list_missing(to, &list);
    for (size_t at = 0; at < list.size; at += sizeof(struct missing)) {
        SCOPED_BUFFER copy = { 0 };
        const struct missing *missing = (const struct missing *)(list.data + at);
        if (!copy_payload(from, missing, &copy))
            continue;
        struct filling filling = { { .run = fill }, missing, ayni_buffer_bytes(&copy) };
        test_must(log_writer_run(to->writer, &filling.job), "fill");
    }
    test_node_settle(to);
}
