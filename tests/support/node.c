#include "tests/support/node.h"

#include <sched.h>
#include <stdio.h>

#include "daemon/clock.h"
#include "daemon/records/tables.h"
#include "daemon/view/counters.h"
#include "proto/limits.h"
#include "tests/support/suite.h"

enum { WAIT_MS = 60 * 1000 };

void test_must(enum ayni_status status, const char *what)
{
    if (status != AYNI_OK)
        ck_abort_msg("%s: %s", what, ayni_status_name(status));
}

/* --- start and stop --- */

/* The names of all tables of views/, and how many. */
static size_t name_tables(const struct test_node *node, const char *tables[VIEWS_TABLES_MAX])
{
    const char *const *more = node->has_view ? view_table_names : node->tables;
    size_t more_count = node->has_view ? VIEW_TABLE_COUNT : node->table_count;

    for (size_t i = 0; i < RECORDS_TABLE_COUNT; i++)
        tables[i] = records_table_names[i];
    for (size_t i = 0; i < more_count; i++)
        tables[RECORDS_TABLE_COUNT + i] = more[i];
    return RECORDS_TABLE_COUNT + more_count;
}

static void start(struct test_node *node)
{
    char log[512], views[512], why[256];
    const char *tables[VIEWS_TABLES_MAX];
    struct ayni_node root = test_root().node;
    uint64_t map_size = node->map_size != 0 ? node->map_size : 1 << 20;
    struct log_options log_options = { log, map_size };
    struct records_options records;

    test_folder_path(&node->folder, "log", log, sizeof(log));
    test_folder_path(&node->folder, "views", views, sizeof(views));
    test_must(log_store_open(&log_options, &node->log, why, sizeof(why)), "log");
    test_must(log_writer_start(node->log, NULL, &node->writer), "writer");
    struct views_options views_options = {
        .folder = views,
        .map_size = map_size,
        .format = RECORDS_TABLES_FORMAT,
        .tables = tables,
        .table_count = name_tables(node, tables),
        .scattered = RECORDS_TABLES_SCATTERED | (node->has_view ? VIEW_TABLES_SCATTERED : 0),
        .recent_from = 1
    };
    test_must(log_read_lineage(node->log, &views_options.log), "lineage");
    test_must(views_open(&views_options, &node->views, why, sizeof(why)), "views");
    records = (struct records_options){ .log = node->log,
                                        .writer = node->writer,
                                        .views = node->views,
                                        .node = node->keys.node,
                                        .secret = &node->keys.secret };
    test_must(records_open(&node->records, &records), "records");
    for (size_t i = 0; i < node->hook_count; i++)
        projector_add_hook(node->records.projector, &node->hooks[i]);
    if (node->has_view)
        test_must(view_open(&node->records, &node->view), "view");
    if (node->in_federation)
        test_must(projector_set_root(node->records.projector, &root), "root");
    test_must(records_start(&node->records), "start");
}

static void stop(struct test_node *node)
{
    log_writer_stop(node->writer);
    records_close(&node->records);
    view_close(node->view);
    node->view = NULL;
    views_close(node->views);
    log_writer_free(node->writer);
    log_store_close(node->log);
}

void test_node_open(struct test_node *node, uint8_t number)
{
    test_must(ayni_crypto_init(), "crypto");
    test_folder_make(&node->folder);
    node->number = number;
    node->keys = test_keys(number);
    start(node);
}

void test_node_open_in(struct test_node *node, uint8_t number, const struct test_folder *folder)
{
    test_must(ayni_crypto_init(), "crypto");
    node->folder = *folder;
    node->number = number;
    node->keys = test_keys(number);
    node->in_federation = true;
    start(node);
}

void test_node_reopen(struct test_node *node, bool without_views)
{
    char views[512];

    stop(node);
    test_folder_path(&node->folder, "views", views, sizeof(views));
    if (without_views)
        test_must(views_destroy(views), "destroy");
    start(node);
}

void test_node_close(struct test_node *node)
{
    stop(node);
    test_folder_remove(&node->folder);
    ayni_arena_free(&node->memory);
}

void test_node_settle(struct test_node *node)
{
    test_must(projector_catch_up(node->records.projector, WAIT_MS), "catch up");
}

void test_later(void)
{
    struct ayni_instant start = clock_now();

    while (clock_now().ms <= start.ms)
        sched_yield();
}

/* --- handing over --- */

/* Some runs of one feed or segment, taken over by the log writer of the receiver. */
struct handing {
    struct log_job job; /* first */
    const struct log_segment *segment;
    const struct ayni_head *head, *after;
    const struct ayni_run *run;
    const struct ayni_hash *chains;
};

static enum ayni_status append_run(struct log_job *job, struct log_txn *txn)
{
    struct handing *handing = (struct handing *)job;
    const struct log_segment *segment = handing->segment;
    enum ayni_status status =
        log_txn_extend(txn, &segment->id, &segment->feed, &segment->descriptor, handing->head,
                       handing->run, handing->chains, handing->after, clock_now());

    return status == AYNI_E_FORK ? AYNI_OK : status; /* it has ended, and this is of others */
}

static void take_run(struct test_node *to, const struct log_segment *segment,
                     struct ayni_head *head, struct ayni_instant *time, const struct ayni_run *run)
{
    const struct ayni_feed_descriptor *descriptor = &segment->descriptor;
    struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    struct ayni_head after;
    struct handing handing = { .job = { .run = append_run },
                               .segment = segment,
                               .head = head,
                               .after = &after,
                               .run = run,
                               .chains = chains };

    test_must(ayni_run_verify(run, &segment->feed, &descriptor->node, descriptor->lane, head, *time,
                              &after, chains),
              "verify");
    test_must(log_writer_run(to->writer, &handing.job), "append");
    *head = after;
    *time = run->entries[run->count - 1].time;
}

/* Where the receiver's copy ends. False: it is of a fork that the receiver doesn't know. */
static bool find_head(struct test_node *to, const struct log_segment *segment,
                      struct ayni_head *head, struct ayni_instant *time)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct log_segment held;

    *head = (struct ayni_head){ 0, ayni_chain_start(&segment->feed) };
    *time = (struct ayni_instant){ 0 };
    test_must(log_snapshot_begin(to->log, &log), "snapshot");
    if (log_find_segment(log, &segment->id, &held) != AYNI_OK)
        return ayni_id_equal(&segment->id, &segment->feed);
    *head = held.head;
    *time = held.last_time;
    return !held.ended;
}

static void hand_segment(struct test_node *from, struct test_node *to,
                         const struct log_segment *segment, size_t runs_max)
{
    struct log_snapshot *log;
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run run = { .entries = entries };
    struct ayni_head head;
    struct ayni_instant time;
    SCOPED_BUFFER runs = { 0 };
    uint64_t next;
    size_t used;

    if (!find_head(to, segment, &head, &time) || head.seq >= segment->head.seq)
        return;
    test_must(log_snapshot_begin(from->log, &log), "snapshot");
    test_must(
        log_read_runs(log, segment->no, head.seq + 1, segment->head.seq, SIZE_MAX, &runs, &next),
        "read runs");
    log_snapshot_end(log);
    for (size_t at = 0; at < runs.size && runs_max > 0; at += used, runs_max--) {
        test_must(ayni_run_read((struct ayni_bytes){ runs.data + at, runs.size - at }, &used, &run),
                  "run");
        take_run(to, segment, &head, &time, &run);
    }
}

static bool note_segment(void *context, const struct log_segment *segment)
{
    ayni_buffer_append(context, segment, sizeof(*segment));
    return true;
}

void test_node_hand(struct test_node *from, struct test_node *to, size_t runs_max, bool backwards)
{
    SCOPED_BUFFER list = { 0 };
    struct log_snapshot *log;
    const struct log_segment *segments;
    size_t count;

    test_must(log_snapshot_begin(from->log, &log), "snapshot");
    test_must(log_each_segment(log, note_segment, &list), "segments");
    log_snapshot_end(log);
    segments = (const struct log_segment *)list.data;
    count = list.size / sizeof(*segments);
    for (size_t i = 0; i < count; i++)
        hand_segment(from, to, &segments[backwards ? count - 1 - i : i], runs_max);
    test_node_settle(to);
}

void test_node_exchange(struct test_node *a, struct test_node *b)
{
    test_node_hand(a, b, SIZE_MAX, false);
    test_node_hand(b, a, SIZE_MAX, false);
}

/* --- a copied home --- */

struct copied {
    struct log_job job; /* first */
    char name[64];
    struct ayni_buffer value;
};

static enum ayni_status put_setting(struct log_job *job, struct log_txn *txn)
{
    struct copied *copied = (struct copied *)job;

    return log_txn_put_setting(txn, copied->name, ayni_buffer_bytes(&copied->value));
}

static bool last_feed(void *context, const struct log_feed *feed)
{
    *(struct log_feed *)context = *feed;
    return true;
}

void test_node_clone_author(struct test_node *from, struct test_node *to)
{
    struct copied copied = { .job = { .run = put_setting } };
    struct log_feed feed = { 0 };
    struct log_snapshot *log;
    char space[33];

    test_must(log_snapshot_begin(from->log, &log), "snapshot");
    test_must(log_each_feed(log, last_feed, &feed), "feeds");
    ayni_hex_text((struct ayni_bytes){ feed.descriptor.space.bytes, 16 }, space);
    snprintf(copied.name, sizeof(copied.name), "author/%s/%u", space, feed.descriptor.lane);
    test_must(log_get_setting(log, copied.name, &copied.value), "setting");
    log_snapshot_end(log);
    test_must(log_writer_run(to->writer, &copied.job), "setting");
    ayni_buffer_free(&copied.value);
}

static bool note_feed(void *context, const struct log_feed *feed)
{
    ayni_buffer_append(context, feed, sizeof(*feed));
    return true;
}

void test_node_renew(struct test_node *node)
{
    SCOPED_BUFFER list = { 0 };
    struct log_snapshot *log;

    test_must(log_snapshot_begin(node->log, &log), "snapshot");
    test_must(log_each_feed(log, note_feed, &list), "feeds");
    log_snapshot_end(log);
    const struct log_feed *feeds = (const struct log_feed *)list.data;
    for (size_t i = 0; i < list.size / sizeof(*feeds); i++)
        if (ayni_id_equal(&feeds[i].descriptor.node, &node->keys.node))
            test_must(author_meet(node->records.author, &feeds[i].id, &feeds[i].descriptor),
                      "renew");
}
