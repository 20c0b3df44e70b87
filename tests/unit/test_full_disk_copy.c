#include <stdio.h>
#include <sys/stat.h>

#include "daemon/report.h"
#include "daemon/store/log_backup.h"
#include "tests/support/listener.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/small_disk.h"
#include "tests/support/suite.h"

/* Compactions and backups that there is no room for, from the start or on their way. */
enum { MAP_SIZE = 64 * 1024 * 1024, RUNS = 25, ENTRIES = 20 * RUNS };

static struct test_folder folder;
static struct test_log node_log;
static char backup_path[512], rest_path[512];

static void setup(void)
{
    struct test_random random = { 5 };
    static struct test_feed feed;
    static struct test_run run;

    small_disk_make(&folder);
    report_set_level(REPORT_ERROR + 1);
    test_folder_path(&folder, "log", node_log.path, sizeof(node_log.path));
    test_folder_path(&folder, "backup", backup_path, sizeof(backup_path));
    test_folder_path(&folder, "log/data.mdb.new", rest_path, sizeof(rest_path));
    node_log.options = (struct log_options){ node_log.path, MAP_SIZE };
    test_log_open(&node_log);
    test_feed_init(&feed, AYNI_LANE_BULK, &random);
    for (int i = 0; i < RUNS; i++) {
        test_feed_next(&feed, 20, 1000, &random, &run);
        ck_assert_int_eq(test_log_append(&node_log, &feed, &run), AYNI_OK);
    }
}

static void teardown(void)
{
    test_log_close(&node_log);
    small_disk_remove(&folder);
}

/* Somebody else takes what there is of the disk, but for a little, as soon as the copy has begun.
 */
static bool take_the_room(void *context, uint64_t done, uint64_t total)
{
    bool *taken = context;
    struct log_space space;

    (void)done;
    (void)total;
    if (*taken)
        return true;
    *taken = true;
    ck_assert_int_eq(log_measure(node_log.store, &space), AYNI_OK);
    small_disk_fill(&folder, space.free_bytes - 8192);
    return true;
}

static bool there_is(const char *path)
{
    struct stat is;

    return stat(path, &is) == 0;
}

START_TEST(a_compaction_without_room_says_how_much_it_takes)
{
    struct compaction_result result;

    small_disk_fill(&folder, 2 * 1024 * 1024);
    ck_assert_int_eq(log_compact(node_log.store, &test_quiet, &result), AYNI_E_FULL);
    ck_assert_uint_gt(result.room_bytes, 1000 * ENTRIES);
    ck_assert(!there_is(rest_path));
    ck_assert_uint_eq(test_log_check(node_log.store), ENTRIES);
    small_disk_make_room(&folder);
    ck_assert_int_eq(log_compact(node_log.store, &test_quiet, &result), AYNI_OK);
    ck_assert_uint_eq(test_log_check(node_log.store), ENTRIES);
}
END_TEST

START_TEST(a_compaction_whose_room_is_taken_leaves_the_old_file)
{
    bool taken = false;
    const struct store_listener listener = { &taken, take_the_room };
    struct compaction_result result;

    ck_assert_int_eq(log_compact(node_log.store, &listener, &result), AYNI_E_FULL);
    ck_assert(taken && !there_is(rest_path));
    ck_assert_uint_eq(test_log_check(node_log.store), ENTRIES);
    test_log_reopen(&node_log);
    ck_assert_uint_eq(test_log_check(node_log.store), ENTRIES);
    small_disk_make_room(&folder);
    ck_assert_int_eq(log_compact(node_log.store, &test_quiet, &result), AYNI_OK);
    ck_assert_uint_eq(test_log_check(node_log.store), ENTRIES);
}
END_TEST

START_TEST(a_backup_without_room_leaves_nothing)
{
    bool taken = _i == 0;
    const struct store_listener listener = { &taken, take_the_room };
    struct log_backup_result result;
    struct log_space space;

    if (_i == 0) {
        ck_assert_int_eq(log_measure(node_log.store, &space), AYNI_OK);
        small_disk_fill(&folder, space.free_bytes - 8192);
    }
    ck_assert_int_eq(log_backup(node_log.store, backup_path, &listener, &result), AYNI_E_FULL);
    ck_assert(!there_is(backup_path));
    ck_assert_uint_eq(test_log_check(node_log.store), ENTRIES);
    small_disk_make_room(&folder);
    ck_assert_int_eq(log_backup(node_log.store, backup_path, &test_quiet, &result), AYNI_OK);
    ck_assert_uint_eq(result.entries, ENTRIES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("full_disk_copy");

    if (!small_disk_possible())
        return small_disk_skip(suite);

    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, a_compaction_without_room_says_how_much_it_takes);
    tcase_add_test(core, a_compaction_whose_room_is_taken_leaves_the_old_file);
    tcase_add_loop_test(core, a_backup_without_room_leaves_nothing, 0, 2);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
