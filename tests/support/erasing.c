#include "tests/support/erasing.h"

#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/records/erasure/erase_late.h"
#include "daemon/records/erasure/scrub.h"
#include "daemon/records/problem.h"
#include "proto/erase.h"
#include "tests/support/log_check.h"

enum ayni_status test_try_erase(struct test_node *node, const struct record_key *key,
                                struct erase_result *result, struct complaint *complaint)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct erase_request request = {
        .id = id, .reason = "she asked for it", .steward = "rosa", .only = true
    };

    ayni_record_text(&key->record, id);
    return erase_record(&node->records, &request, result, complaint);
}

void test_erase(struct test_node *node, const struct record_key *key, struct erase_result *result)
{
    struct erase_result own;
    struct complaint complaint = { 0 };

    test_must(test_try_erase(node, key, result == NULL ? &own : result, &complaint), "erase");
    test_node_settle(node);
}

void test_name_late(struct test_node *node)
{
    bool waiting;

    test_must(erase_name_late(&node->records, true, &waiting), "name late");
    test_node_settle(node);
}

static bool keep_on(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done <= total || total == 0;
}

enum ayni_status test_try_scrub(struct test_node *node)
{
    const struct store_listener listener = { NULL, keep_on };
    struct scrub_result result;

    return scrub_run(&node->records, &listener, &result);
}

void test_scrub(struct test_node *node)
{
    test_must(test_try_scrub(node), "scrub");
}

/* Of receipts within one millisecond the more counts, not the later. */
static void await_next_ms(void)
{
    const uint64_t now_ms = clock_now().ms;

    while (clock_now().ms <= now_ms)
        usleep(100);
}

bool test_give_receipts(struct test_node *node, const struct receipts_backup *backup)
{
    struct receipts_elsewhere elsewhere = { 0 };
    SCOPED_RECEIPTS_LEFT left = { 0 };

    if (backup != NULL)
        elsewhere.backup = *backup;
    await_next_ms();
    test_must(receipts_give(&node->records, &elsewhere, &left), "receipts");
    test_node_settle(node);
    return left.since.ms != 0;
}

bool test_files_hold(struct test_node *node, struct ayni_bytes bytes)
{
    char log[512], views[512];

    test_folder_path(&node->folder, "log/data.mdb", log, sizeof(log));
    test_folder_path(&node->folder, "views/data.mdb", views, sizeof(views));
    return test_file_holds(log, bytes) || test_file_holds(views, bytes);
}

void test_force_order(struct test_node *node, const struct record_key *key)
{
    struct ayni_erase_order order = { .record = key->record, .type = key->type };
    SCOPED_BUFFER bytes = { 0 }, payload = { 0 };

    ayni_random(order.salt, sizeof(order.salt));
    ayni_erase_order_encode(&order, &bytes);
    struct ayni_erase erase = { .order = ayni_buffer_bytes(&bytes) };
    ayni_erase_encode(&erase, &payload);
    test_must(author_write_entry(node->records.author, &key->space, AYNI_KIND_ERASE,
                                 ayni_buffer_bytes(&payload), NULL),
              "order");
    test_node_settle(node);
}

bool test_is_here(struct test_node *node, const struct record_key *key)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };

    test_must(reader_begin(&node->records, &reader), "read");
    enum ayni_status status = reader_fold(reader, key, &state);
    ck_assert(status == AYNI_OK || status == AYNI_E_NOT_FOUND);
    ck_assert_int_eq(status == AYNI_OK, reader_has(reader, key));
    return status == AYNI_OK;
}

/* --- the log --- */

struct scan {
    struct log_snapshot *log;
    const char *text;
    size_t hollow;
    bool found;
};

static bool scan_feed(void *context, const struct log_feed *feed)
{
    struct scan *scan = context;
    struct log_entry entry;

    for (uint64_t seq = 1; seq <= feed->head.seq; seq++) {
        test_must(log_get_entry(scan->log, feed->no, seq, &entry), "entry");
        bool whole = entry.entry.hollow == AYNI_HOLLOW_NONE;
        scan->hollow += !whole && entry.entry.kind == AYNI_KIND_VERSION;
        if (whole && scan->text != NULL)
            scan->found = scan->found || memmem(entry.entry.payload.data, entry.entry.payload.size,
                                                scan->text, strlen(scan->text)) != NULL;
    }
    return true;
}

static struct scan scan(struct test_node *node, const char *text)
{
    struct scan made = { .text = text };

    test_must(log_snapshot_begin(node->log, &made.log), "snapshot");
    test_must(log_each_feed(made.log, scan_feed, &made), "feeds");
    log_snapshot_end(made.log);
    return made;
}

size_t test_hollow(struct test_node *node)
{
    return scan(node, NULL).hollow;
}

bool test_log_holds(struct test_node *node, const char *text)
{
    return scan(node, text).found;
}

/* --- views/ --- */

uint64_t test_unread(struct test_node *node)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    uint64_t count;

    test_must(views_snapshot_begin(node->views, &views), "snapshot");
    test_must(views_count(views, RECORDS_TABLE_UNREAD, &count), "count");
    return count;
}

struct counting {
    enum problem_kind kind;
    size_t count;
};

static bool count_problem(void *context, const struct problem *problem)
{
    struct counting *counting = context;

    counting->count += problem->kind == counting->kind;
    return true;
}

size_t test_problems_of(struct test_node *node, enum problem_kind kind)
{
    SCOPED_READER *reader = NULL;
    struct counting counting = { .kind = kind };
    struct problem_cursor from = { 0 };

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(problems_each(reader, NULL, 0, &from, count_problem, &counting), "problems");
    return counting.count;
}

void test_same_after_rebuild(struct test_node *node)
{
    SCOPED_BUFFER before = { 0 }, after = { 0 };

    test_node_settle(node);
    test_node_answers(node, &before);
    uint64_t unread = test_unread(node);
    (void)test_log_check(node->log);
    test_node_reopen(node, true);
    test_node_settle(node);
    test_node_answers(node, &after);
    ck_assert_str_eq((char *)before.data, (char *)after.data);
    ck_assert_uint_eq(test_unread(node), unread);
}
