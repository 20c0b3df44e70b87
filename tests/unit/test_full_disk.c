#include "daemon/report.h"
#include "daemon/store/log_writer.h"
#include "daemon/store/views.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/small_disk.h"
#include "tests/support/suite.h"

/* Both stores on a disk that is small, and filled. */
enum { FILLER_SIZE = 2 * 1024 * 1024, MAP_SIZE = 64 * 1024 * 1024 };

static struct test_folder folder;
static char log_path[512], views_path[512];
static struct test_random random_numbers = { 1 };
static struct test_feed feed;
static char why[256];

static void setup(void)
{
    report_set_level(REPORT_ERROR + 1);
    small_disk_make(&folder);
    test_folder_path(&folder, "log", log_path, sizeof(log_path));
    test_folder_path(&folder, "views", views_path, sizeof(views_path));
    test_feed_init(&feed, AYNI_LANE_BULK, &random_numbers);
}

static void teardown(void)
{
    small_disk_remove(&folder);
}

/* --- the log --- */

struct append {
    struct log_job job;
    struct test_run run;
};

static enum ayni_status run_append(struct log_job *job, struct log_txn *txn)
{
    struct append *a = (struct append *)job;

    return test_log_append_in(txn, &feed, &a->run, (struct ayni_instant){ 1 });
}

static enum ayni_status write_run(struct log_writer *writer)
{
    static struct append append = { .job.run = run_append };

    test_feed_next(&feed, 30, 1000, &random_numbers, &append.run);
    enum ayni_status status = log_writer_run(writer, &append.job);
    if (status != AYNI_OK)
        feed.head = append.run.before; /* it was never written */
    return status;
}

static enum ayni_status write_until_refused(struct log_writer *writer)
{
    enum ayni_status status = AYNI_OK;

    for (unsigned i = 0; status == AYNI_OK && i < 1000; i++)
        status = write_run(writer);
    return status;
}

START_TEST(a_log_on_a_full_disk_refuses_loses_nothing_and_goes_on)
{
    struct log_options options = { log_path, MAP_SIZE };
    struct log_store *store;
    struct log_writer *writer;

    small_disk_fill(&folder, FILLER_SIZE);
    ck_assert_int_eq(log_store_open(&options, &store, why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(log_writer_start(store, NULL, &writer), AYNI_OK);
    ck_assert_int_eq(write_until_refused(writer), AYNI_E_FULL);
    uint64_t stored = feed.head.seq;
    ck_assert_uint_gt(stored, 100);
    ck_assert_uint_eq(test_log_check(store), stored);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_int_eq(write_run(writer), AYNI_E_FULL);
    ck_assert_uint_eq(test_log_check(store), stored);

    small_disk_make_room(&folder);
    ck_assert_int_eq(write_run(writer), AYNI_OK);
    ck_assert_uint_eq(test_log_check(store), stored + 30);
    log_writer_free(writer);
    log_store_close(store);

    ck_assert_int_eq(log_store_open(&options, &store, why, sizeof(why)), AYNI_OK);
    ck_assert_uint_eq(test_log_check(store), stored + 30);
    log_store_close(store);
}
END_TEST

START_TEST(a_log_cannot_begin_on_a_full_disk_but_can_later)
{
    struct log_options options = { log_path, MAP_SIZE };
    struct log_store *store = NULL;

    small_disk_fill(&folder, SMALL_DISK_SIZE - 4096 * (size_t)_i);
    enum ayni_status status = log_store_open(&options, &store, why, sizeof(why));
    if (status == AYNI_OK) /* the last rounds leave it just enough */
        log_store_close(store);
    else
        ck_assert_int_eq(status, AYNI_E_FULL);
    small_disk_make_room(&folder);
    status = log_store_open(&options, &store, why, sizeof(why));
    ck_assert_msg(status == AYNI_OK, "%s", why);
    log_store_close(store);
}
END_TEST

/* --- views --- */

static enum ayni_status put_many(void *context, struct views_txn *txn)
{
    static const uint8_t value[1000];
    uint64_t *round = context;
    enum ayni_status status = AYNI_OK;
    uint8_t key[8];

    for (uint64_t i = 0; status == AYNI_OK && i < 100; i++) {
        ayni_put_u64(key, *round * 100 + i);
        status = views_put(txn, 0, (struct ayni_bytes){ key, sizeof(key) },
                           (struct ayni_bytes){ value, sizeof(value) });
    }
    return status == AYNI_OK ? views_set_position(txn, *round) : status;
}

static uint64_t position_of(struct views *views)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    uint64_t position = 0;
    uint64_t count = 0;

    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    ck_assert_int_eq(views_position(snapshot, &position), AYNI_OK);
    ck_assert_int_eq(views_count(snapshot, 0, &count), AYNI_OK);
    ck_assert_uint_eq(count, position * 100);
    return position;
}

START_TEST(views_on_a_full_disk_stay_where_they_are_and_go_on)
{
    static const char *const tables[] = { "table" };
    struct views_options options = {
        .folder = views_path,
        .map_size = MAP_SIZE,
        .log.last = 1000,
        .tables = tables,
        .table_count = 1,
    };
    struct views *views;
    enum ayni_status status = AYNI_OK;
    uint64_t round = 0;

    small_disk_fill(&folder, FILLER_SIZE);
    ck_assert_int_eq(views_open(&options, &views, why, sizeof(why)), AYNI_OK);
    while (status == AYNI_OK && round < 1000) {
        round++;
        status = views_update(views, put_many, &round);
    }
    ck_assert_int_eq(status, AYNI_E_FULL);
    ck_assert_uint_eq(position_of(views), round - 1);
    small_disk_make_room(&folder);
    ck_assert_int_eq(views_update(views, put_many, &round), AYNI_OK);
    ck_assert_uint_eq(position_of(views), round);
    views_close(views);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("full_disk");

    if (!small_disk_possible())
        return small_disk_skip(suite);

    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, a_log_on_a_full_disk_refuses_loses_nothing_and_goes_on);
    tcase_add_loop_test(core, a_log_cannot_begin_on_a_full_disk_but_can_later, 0, 24);
    tcase_add_test(core, views_on_a_full_disk_stay_where_they_are_and_go_on);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
