#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/backup_file.h"
#include "daemon/store/log_backup.h"
#include "daemon/store/log_writer.h"
#include "tests/support/listener.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/suite.h"

/* A log into a backup and back: what comes back is one state of what there was, chains and all. */
static struct test_log from, to;
static char path[512], why[512];
static struct test_random random_numbers;
static struct test_feed feed;
static struct test_run run;

static void setup(void)
{
    random_numbers.state = 3;
    test_log_make(&from, 64 * 1024 * 1024);
    test_folder_path(&from.folder, "backup", path, sizeof(path));
    test_folder_make(&to.folder);
    test_folder_path(&to.folder, "log", to.path, sizeof(to.path));
    to.options = (struct log_options){ to.path, 1024 * 1024 };
    test_feed_init(&feed, AYNI_LANE_BULK, &random_numbers);
}

static void teardown(void)
{
    test_log_remove(&from);
    log_store_close(to.store);
    test_folder_remove(&to.folder);
}

static void append_runs(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        test_feed_next(&feed, 20, 300, &random_numbers, &run);
        ck_assert_int_eq(test_log_append(&from, &feed, &run), AYNI_OK);
    }
}

static enum ayni_status restore(const struct log_setting *settings, size_t count)
{
    return log_restore(path, &to.options, settings, count, &test_quiet, why, sizeof(why));
}

/* More than the map of the new log begins with. */
START_TEST(what_was_held_comes_back_under_another_instance)
{
    struct log_setting setting = { "node/place", TEST_BYTES("nowhere") };
    struct log_backup_result result;
    SCOPED_BUFFER value = { 0 };

    append_runs(300);
    ck_assert_int_eq(log_backup(from.store, path, &test_quiet, &result), AYNI_OK);
    ck_assert_uint_eq(result.entries, 6000);
    ck_assert_int_eq(restore(&setting, 1), AYNI_OK);
    to.options.map_size = from.options.map_size;
    test_log_open(&to);
    ck_assert_uint_eq(test_log_check(to.store), 6000);
    struct ayni_incarnation old = log_instance(from.store), made = log_instance(to.store);
    ck_assert(!ayni_id_equal(&old, &made));
    struct log_snapshot *snapshot = test_log_snapshot(&to);
    ck_assert_int_eq(log_get_setting(snapshot, "node/place", &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&value), setting.value));
    log_snapshot_end(snapshot);
    /* And it goes on. */
    test_feed_next(&feed, 5, 100, &random_numbers, &run);
    ck_assert_int_eq(test_log_append(&to, &feed, &run), AYNI_OK);
    ck_assert_uint_eq(test_log_check(to.store), 6005);
}
END_TEST

START_TEST(an_empty_log_has_a_backup_too)
{
    struct log_backup_result result;

    ck_assert_int_eq(log_backup(from.store, path, &test_quiet, &result), AYNI_OK);
    ck_assert_int_eq(restore(NULL, 0), AYNI_OK);
    test_log_open(&to);
    ck_assert_uint_eq(test_log_check(to.store), 0);
}
END_TEST

/* --- while it is written --- */

static atomic_bool over;
struct append {
    struct log_job job;
    struct log_writer *writer;
};

static enum ayni_status run_append(struct log_job *job, struct log_txn *txn)
{
    (void)job;
    return test_log_append_in(txn, &feed, &run, (struct ayni_instant){ 1 });
}

static void *append_on(void *context)
{
    struct append *append = context;

    while (!over) {
        test_feed_next(&feed, 1 + (size_t)test_random_below(&random_numbers, 40), 200,
                       &random_numbers, &run);
        ck_assert_int_eq(log_writer_run(append->writer, &append->job), AYNI_OK);
    }
    return NULL;
}

START_TEST(a_backup_of_a_log_that_grows_is_one_state_of_it)
{
    struct append append = { .job.run = run_append };
    struct log_backup_result result;
    pthread_t thread;

    append_runs(100);
    ck_assert_int_eq(log_writer_start(from.store, NULL, &append.writer), AYNI_OK);
    over = false;
    pthread_create(&thread, NULL, append_on, &append);
    enum ayni_status status = log_backup(from.store, path, &test_quiet, &result);
    over = true;
    pthread_join(thread, NULL);
    log_writer_free(append.writer);
    ck_assert_int_eq(status, AYNI_OK);
    ck_assert_int_eq(restore(NULL, 0), AYNI_OK);
    test_log_open(&to);
    ck_assert_uint_eq(test_log_check(to.store), result.entries);
    ck_assert_uint_ge(result.entries, 2000);
    ck_assert_uint_le(result.entries, feed.head.seq);
}
END_TEST

/* --- what can't be --- */

static bool there_is(const char *name)
{
    struct stat is;

    return stat(name, &is) == 0;
}

static bool stop(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return false;
}

START_TEST(a_backup_that_is_stopped_leaves_no_file)
{
    const struct store_listener listener = { NULL, stop };
    struct log_backup_result result;

    append_runs(5);
    ck_assert_int_eq(log_backup(from.store, path, &listener, &result), AYNI_E_STOPPED);
    ck_assert(!there_is(path));
    ck_assert_int_eq(log_backup(from.store, path, &test_quiet, &result), AYNI_OK);
    ck_assert_int_eq(log_backup(from.store, path, &test_quiet, &result), AYNI_E_EXISTS);
    ck_assert(there_is(path));
}
END_TEST

static void check_nothing_came(void)
{
    char data[600];

    snprintf(data, sizeof(data), "%s/data.mdb", to.path);
    ck_assert(!there_is(data));
    ck_assert_uint_gt(strlen(why), 10);
}

START_TEST(half_a_backup_makes_no_log)
{
    struct log_backup_result result;

    append_runs(50);
    ck_assert_int_eq(log_backup(from.store, path, &test_quiet, &result), AYNI_OK);
    ck_assert_int_eq(truncate(path, (off_t)result.file_bytes / 2), 0);
    ck_assert_int_eq(restore(NULL, 0), AYNI_E_TRUNCATED);
    check_nothing_came();
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(restore(NULL, 0), AYNI_E_NOT_FOUND);
    check_nothing_came();
    test_folder_write(&from.folder, "backup", "a letter", 8);
    ck_assert_int_eq(restore(NULL, 0), AYNI_E_VERSION);
    check_nothing_came();
}
END_TEST

/* Backups that nobody's log made: the tables are named, then one thing is wrong. */
#define LITERAL(text) text, sizeof(text) - 1
static const struct {
    enum backup_op op;
    uint8_t table;
    const char *key;
    size_t key_size;
    const char *value;
    size_t value_size;
    enum ayni_status status;
} strange[] = {
    { BACKUP_PUT, 99, LITERAL("key"), LITERAL("value"), AYNI_E_MALFORMED },
    { BACKUP_TABLE, 10, LITERAL("tables of tomorrow"), LITERAL(""), AYNI_E_VERSION },
    { BACKUP_PUT, 0, LITERAL("format"), LITERAL("\0\0\0\1"), AYNI_E_VERSION },
    { BACKUP_PUT, 0, LITERAL("format"), LITERAL("\0\0\0\3"), AYNI_E_VERSION },
    { BACKUP_PUT, 1, LITERAL("\0\0\0\1"), LITERAL("no feed"), AYNI_E_MALFORMED },
    { BACKUP_PUT, 1, LITERAL("\0"), LITERAL("no feed"), AYNI_E_MALFORMED },
    { BACKUP_PUT, 2, LITERAL("short"), LITERAL("\0\0\0\1"), AYNI_E_MALFORMED },
    { BACKUP_PUT, 3, LITERAL("\0\0\0\1\0\0\0\0\0\0\0\1"), LITERAL("no entry"), AYNI_E_MALFORMED },
    { BACKUP_PUT, 4, LITERAL("\0\0\0\0\0\0\0\1"), LITERAL("no arrival"), AYNI_E_MALFORMED },
    { BACKUP_PUT, 5, LITERAL("place"), LITERAL(""), AYNI_E_MALFORMED },
    { BACKUP_PUT, 6, LITERAL(""), LITERAL("value"), AYNI_E_MALFORMED },
    { BACKUP_PUT, 7, LITERAL("place"), LITERAL(""), AYNI_E_MALFORMED },
    { BACKUP_PUT, 8, LITERAL("place"), LITERAL(""), AYNI_E_MALFORMED },
    { BACKUP_PUT, 9, LITERAL("branch"), LITERAL(""), AYNI_E_MALFORMED },
};

static void name_tables(struct backup_writer *writer)
{
    static const char *const names[] = { "meta",  "feeds",    "feed_ids", "entries", "journal",
                                         "forks", "settings", "stubs",    "points",  "branches" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct backup_item item = { BACKUP_TABLE, (uint8_t)i, ayni_bytes_of_text(names[i]), { 0 } };
        ck_assert_int_eq(backup_writer_put(writer, &item), AYNI_OK);
    }
}

START_TEST(what_no_log_holds_is_refused)
{
    struct backup_writer writer;

    ck_assert_int_eq(backup_writer_open(&writer, path), AYNI_OK);
    name_tables(&writer);
    struct backup_item item = {
        .op = strange[_i].op,
        .table = strange[_i].table,
        .key = { (const uint8_t *)strange[_i].key, strange[_i].key_size },
        .value = { (const uint8_t *)strange[_i].value, strange[_i].value_size },
    };
    ck_assert_int_eq(backup_writer_put(&writer, &item), AYNI_OK);
    ck_assert_int_eq(backup_writer_end(&writer), AYNI_OK);
    backup_writer_close(&writer);
    ck_assert_int_eq(restore(NULL, 0), strange[_i].status);
    check_nothing_came();
}
END_TEST

START_TEST(a_log_that_is_there_is_left_alone)
{
    struct log_backup_result result;

    append_runs(3);
    ck_assert_int_eq(log_backup(from.store, path, &test_quiet, &result), AYNI_OK);
    test_log_open(&to);
    ck_assert_int_eq(test_log_append(&to, &feed, &run),
                     AYNI_E_CHAIN); /* it is another, empty one */
    test_log_close(&to);
    ck_assert_int_eq(restore(NULL, 0), AYNI_E_EXISTS);
    test_log_open(&to);
    ck_assert_uint_eq(test_log_check(to.store), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_backup");
    TCase *core = tcase_create("core");

    tcase_set_timeout(core, 60);
    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, what_was_held_comes_back_under_another_instance);
    tcase_add_test(core, an_empty_log_has_a_backup_too);
    tcase_add_test(core, a_backup_of_a_log_that_grows_is_one_state_of_it);
    tcase_add_test(core, a_backup_that_is_stopped_leaves_no_file);
    tcase_add_test(core, half_a_backup_makes_no_log);
    tcase_add_loop_test(core, what_no_log_holds_is_refused, 0,
                        sizeof(strange) / sizeof(strange[0]));
    tcase_add_test(core, a_log_that_is_there_is_left_alone);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
