#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/report.h"
#include "daemon/store/log_writer.h"
#include "daemon/store/views.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/suite.h"

/*
 * Compaction of views/ against a model of what it holds, alone and while it is
 * written and read; and of log/, whose chains tell.
 */
enum { TABLES = 3, KEYS = 4000, VALUE_MAX = 3000, ROUNDS = 3 };
static const char *const tables[TABLES] = { "first", "second", "third" };

static struct test_folder folder;
static char path[512], file_path[600], rest_path[600], why[256];
static struct views *views;
static struct test_random random_numbers;

static void open_views(void)
{
    struct views_options options = {
        .folder = path,
        .map_size = 64 * 1024,
        .format = 1,
        .tables = tables,
        .table_count = TABLES,
    };
    enum ayni_status status = views_open(&options, &views, why, sizeof(why));

    ck_assert_msg(status == AYNI_OK, "%s", why);
}

static void setup(void)
{
    report_set_level(REPORT_ERROR);
    test_folder_make(&folder);
    test_folder_path(&folder, "views", path, sizeof(path));
    snprintf(file_path, sizeof(file_path), "%s/data.mdb", path);
    snprintf(rest_path, sizeof(rest_path), "%s/data.mdb.new", path);
    random_numbers.state = 7;
    open_views();
}

static void teardown(void)
{
    views_close(views);
    test_folder_remove(&folder);
}

static bool exists(const char *name)
{
    struct stat is;

    return stat(name, &is) == 0;
}

/* --- the model: of each key in each table the number its value is made of; 0: there is none --- */

static uint64_t model[TABLES][KEYS];

static size_t make_value(size_t table, size_t key, uint64_t number, uint8_t value[VALUE_MAX])
{
    struct test_random bytes = { number * 31 + key * TABLES + table };
    size_t size = 8 + (size_t)test_random_below(&bytes, number % 20 == 0 ? VALUE_MAX - 8 : 200);

    test_random_fill(&bytes, value, size);
    return size;
}

static struct ayni_bytes make_key(size_t number, char key[16])
{
    snprintf(key, 16, "%zu/%05zu", number % 8, number);
    return ayni_bytes_of_text(key);
}

/* Some random changes of one transaction; the model has them before. */
struct batch {
    size_t count;
    struct {
        size_t table, key;
        uint64_t number;
    } changes[64];
    bool all_of_a_prefix; /* and keys 3/... of the second table go */
};

static void draw_batch(struct test_random *random, struct batch *batch)
{
    batch->count = 1 + (size_t)test_random_below(random, 63);
    batch->all_of_a_prefix = test_random_below(random, 50) == 0;
    for (size_t i = 0; i < batch->count; i++) {
        bool removed = test_random_below(random, 3) == 0;
        batch->changes[i].table = (size_t)test_random_below(random, TABLES);
        batch->changes[i].key = (size_t)test_random_below(random, KEYS);
        batch->changes[i].number = removed ? 0 : 1 + test_random_next(random) % 1000000;
    }
    for (size_t key = 3; batch->all_of_a_prefix && key < KEYS; key += 8)
        model[1][key] = 0;
    for (size_t i = 0; i < batch->count; i++)
        model[batch->changes[i].table][batch->changes[i].key] = batch->changes[i].number;
}

static enum ayni_status apply_batch(void *context, struct views_txn *txn)
{
    const struct batch *batch = context;
    uint8_t value[VALUE_MAX];
    char key[16];
    enum ayni_status status = AYNI_OK;

    if (batch->all_of_a_prefix)
        status = views_delete_prefix(txn, 1, ayni_bytes_of_text("3/"));
    for (size_t i = 0; status == AYNI_OK && i < batch->count; i++) {
        size_t table = batch->changes[i].table, number = batch->changes[i].key;
        struct views_item item = { .key = make_key(number, key),
                                   .removed = batch->changes[i].number == 0 };
        item.value.data = value;
        item.value.size = make_value(table, number, batch->changes[i].number, value);
        status = i % 2 == 0      ? views_put_sorted(txn, table, &item, 1)
                 : !item.removed ? views_put(txn, table, item.key, item.value)
                                 : views_delete(txn, table, item.key);
    }
    return status;
}

static void write_batches(struct test_random *random, size_t count)
{
    struct batch batch;

    for (size_t i = 0; i < count; i++) {
        draw_batch(random, &batch);
        ck_assert_int_eq(views_update(views, apply_batch, &batch), AYNI_OK);
    }
}

static void check_table(struct views_snapshot *snapshot, size_t table)
{
    uint8_t wanted[VALUE_MAX];
    struct ayni_bytes value;
    uint64_t held, count = 0;
    char key[16];

    for (size_t i = 0; i < KEYS; i++) {
        enum ayni_status status = views_get(snapshot, table, make_key(i, key), &value);
        if (model[table][i] == 0) {
            ck_assert_int_eq(status, AYNI_E_NOT_FOUND);
            continue;
        }
        ck_assert_int_eq(status, AYNI_OK);
        ck_assert_uint_eq(value.size, make_value(table, i, model[table][i], wanted));
        ck_assert_mem_eq(value.data, wanted, value.size);
        count++;
    }
    ck_assert_int_eq(views_count(snapshot, table, &held), AYNI_OK);
    ck_assert_uint_eq(held, count);
}

static void check_model(void)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;

    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    for (size_t table = 0; table < TABLES; table++)
        check_table(snapshot, table);
}

/* --- alone --- */

static bool go_on(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return true;
}
static const struct store_listener quiet = { NULL, go_on };

START_TEST(what_was_deleted_is_given_back_and_the_rest_is_the_same)
{
    struct compaction_result result, again;
    struct views_space space;

    write_batches(&random_numbers, 80);
    ck_assert_int_eq(views_measure(views, &space), AYNI_OK);
    ck_assert_uint_gt(space.unused_bytes, 0);
    ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_OK);
    ck_assert_uint_eq(result.bytes_before, space.file_bytes);
    ck_assert_uint_le(result.bytes_after, result.bytes_before - space.unused_bytes / 2);
    check_model();
    ck_assert(!exists(rest_path));
    write_batches(&random_numbers, 20);
    ck_assert_int_eq(views_compact(views, &quiet, &again), AYNI_OK);
    check_model();
    views_close(views);
    open_views();
    check_model();
}
END_TEST

START_TEST(an_empty_store_is_compacted_too)
{
    struct compaction_result result;

    ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_OK);
    write_batches(&random_numbers, 3);
    check_model();
}
END_TEST

static const char secret[] = "Huaman Quispe, haemoglobin 9.1";
enum { SECRETS = 300 };

/* Values of many sizes, in pages of their own too, each with the secret in it. */
static enum ayni_status put_secrets(void *context, struct views_txn *txn)
{
    uint8_t value[VALUE_MAX] = { 0 };
    char key[16];
    enum ayni_status status = AYNI_OK;

    (void)context;
    for (size_t i = 0; status == AYNI_OK && i < SECRETS; i++) {
        size_t size = 100 + i * 9;
        memcpy(value + size - sizeof(secret), secret, sizeof(secret));
        status = views_put(txn, i % TABLES, make_key(i, key), (struct ayni_bytes){ value, size });
        memset(value, (int)i, sizeof(value));
    }
    return status;
}

static enum ayni_status delete_secrets(void *context, struct views_txn *txn)
{
    char key[16];
    enum ayni_status status = AYNI_OK;

    (void)context;
    for (size_t i = 0; status == AYNI_OK && i < SECRETS; i++)
        status = views_delete(txn, i % TABLES, make_key(i, key));
    return status;
}

START_TEST(what_was_deleted_is_in_no_page_of_the_new_file)
{
    struct compaction_result result;

    write_batches(&random_numbers, 50);
    ck_assert_int_eq(views_update(views, put_secrets, NULL), AYNI_OK);
    ck_assert_int_eq(views_update(views, delete_secrets, NULL), AYNI_OK);
    write_batches(&random_numbers, 5);
    ck_assert_msg(test_file_holds(file_path, ayni_bytes_of_text(secret)),
                  "it went by itself: this test shows nothing");
    ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_OK);
    ck_assert(!test_file_holds(file_path, ayni_bytes_of_text(secret)));
}
END_TEST

START_TEST(what_a_compaction_left_that_did_not_end_is_removed_at_the_next_start)
{
    write_batches(&random_numbers, 10);
    views_close(views);
    test_folder_write(&folder, "views/data.mdb.new", secret, sizeof(secret));
    test_folder_write(&folder, "views/data.mdb.new-lock", secret, sizeof(secret));
    open_views();
    ck_assert(!exists(rest_path));
    check_model();
}
END_TEST

/* --- while something happens in the middle of it --- */

static bool stop(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    ck_assert_uint_le(done, total);
    return false;
}

START_TEST(a_compaction_that_is_stopped_changes_nothing)
{
    const struct store_listener listener = { NULL, stop };
    struct compaction_result result;

    write_batches(&random_numbers, 50);
    ck_assert_int_eq(views_compact(views, &listener, &result), AYNI_E_STOPPED);
    ck_assert(!exists(rest_path));
    check_model();
    ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_OK);
    check_model();
}
END_TEST

static enum ayni_status clear(void *context, struct views_txn *txn)
{
    (void)context;
    return views_clear(txn);
}

static bool clear_once(void *context, uint64_t done, uint64_t total)
{
    bool *cleared = context;

    (void)done;
    (void)total;
    if (!*cleared)
        ck_assert_int_eq(views_update(views, clear, NULL), AYNI_OK);
    *cleared = true;
    return true;
}

START_TEST(tables_that_are_emptied_meanwhile_end_it)
{
    bool cleared = false;
    const struct store_listener listener = { &cleared, clear_once };
    struct compaction_result result;

    write_batches(&random_numbers, 50);
    ck_assert_int_eq(views_compact(views, &listener, &result), AYNI_E_CHANGED);
    memset(model, 0, sizeof(model));
    check_model();
    write_batches(&random_numbers, 5);
    ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_OK);
    check_model();
}
END_TEST

static bool compact_inside(void *context, uint64_t done, uint64_t total)
{
    struct compaction_result result;

    (void)context;
    (void)done;
    (void)total;
    ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_E_BUSY);
    return true;
}

START_TEST(two_at_once_are_one_too_many)
{
    const struct store_listener listener = { NULL, compact_inside };
    struct compaction_result result;

    write_batches(&random_numbers, 20);
    ck_assert_int_eq(views_compact(views, &listener, &result), AYNI_OK);
    check_model();
}
END_TEST

static bool write_inside(void *context, uint64_t done, uint64_t total)
{
    size_t *left = context;

    (void)done;
    (void)total;
    if (*left > 0) {
        write_batches(&random_numbers, 80);
        (*left)--;
    }
    return true;
}

/* The map begins with 64 KiB: it grows by much while the copy is made. */
START_TEST(what_is_written_meanwhile_is_there_also_where_the_map_grows)
{
    size_t left = 4;
    const struct store_listener listener = { &left, write_inside };
    struct compaction_result result;

    write_batches(&random_numbers, 1);
    ck_assert_int_eq(views_compact(views, &listener, &result), AYNI_OK);
    ck_assert_uint_eq(left, 0);
    check_model();
    views_close(views);
    open_views();
    check_model();
}
END_TEST

/* --- while others write and read --- */

static atomic_bool over;

static void *write_on(void *context)
{
    while (!over)
        write_batches(context, 1);
    return NULL;
}

/* Each key's value in each state belongs to one number; and what a snapshot sees stays. */
static void *read_on(void *context)
{
    struct test_random *random = context;
    uint64_t count, again;

    while (!over) {
        SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
        size_t table = (size_t)test_random_below(random, TABLES);
        struct ayni_bytes key, value;
        ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
        ck_assert_int_eq(views_count(snapshot, table, &count), AYNI_OK);
        SCOPED_VIEWS_CURSOR cursor;
        views_cursor_open(snapshot, table, (struct ayni_bytes){ NULL, 0 }, &cursor);
        for (again = 0; views_cursor_next(&cursor, &key, &value); again++)
            ck_assert_uint_ge(value.size, 8);
        ck_assert_int_eq(cursor.status, AYNI_OK);
        ck_assert_uint_eq(count, again);
    }
    return NULL;
}

START_TEST(compactions_while_others_write_and_read_lose_nothing)
{
    struct test_random seeds[3] = { { (uint64_t)_i * 3 }, { 8 }, { 9 } };
    struct compaction_result result;
    pthread_t threads[3];

    write_batches(&random_numbers, 100);
    over = false;
    pthread_create(&threads[0], NULL, write_on, &seeds[0]);
    pthread_create(&threads[1], NULL, read_on, &seeds[1]);
    pthread_create(&threads[2], NULL, read_on, &seeds[2]);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_OK);
    over = true;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    check_model();
    views_close(views);
    open_views();
    check_model();
}
END_TEST

static void *hold_a_while(void *context)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;

    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    *(atomic_bool *)context = true;
    usleep(2500 * 1000);
    return NULL;
}

START_TEST(a_long_snapshot_is_waited_for)
{
    struct compaction_result result;
    atomic_bool held = false;
    pthread_t thread;

    write_batches(&random_numbers, 20);
    pthread_create(&thread, NULL, hold_a_while, &held);
    while (!held)
        usleep(1000);
    ck_assert_int_eq(views_compact(views, &quiet, &result), AYNI_OK);
    pthread_join(thread, NULL);
    check_model();
}
END_TEST

/* --- the log --- */

struct append {
    struct log_job job;
    struct test_feed feed;
    struct test_run run;
    struct log_writer *writer;
    struct test_random random;
};

static enum ayni_status run_append(struct log_job *job, struct log_txn *txn)
{
    struct append *a = (struct append *)job;

    return test_log_append_in(txn, &a->feed, &a->run, (struct ayni_instant){ 1 });
}

static void *append_on(void *context)
{
    struct append *a = context;

    while (!over) {
        size_t count = 1 + (size_t)test_random_below(&a->random, 60);
        test_feed_next(&a->feed, count, (size_t)test_random_below(&a->random, 400), &a->random,
                       &a->run);
        ck_assert_int_eq(log_writer_run(a->writer, &a->job), AYNI_OK);
    }
    return NULL;
}

START_TEST(a_log_is_compacted_while_it_grows)
{
    static struct append append;
    struct test_log log;
    struct compaction_result result;
    struct log_feed feed;
    pthread_t thread;

    test_log_make(&log, 1024 * 1024);
    struct ayni_incarnation instance = log_instance(log.store);
    append = (struct append){ .job.run = run_append, .random = { (uint64_t)_i } };
    test_feed_init(&append.feed, AYNI_LANE_BULK, &append.random);
    ck_assert_int_eq(log_writer_start(log.store, NULL, &append.writer), AYNI_OK);
    over = false;
    pthread_create(&thread, NULL, append_on, &append);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(log_compact(log.store, &quiet, &result), AYNI_OK);
    over = true;
    pthread_join(thread, NULL);
    log_writer_free(append.writer);
    test_log_check(log.store);
    test_log_reopen(&log);
    test_log_check(log.store);
    ck_assert(ayni_id_equal(&instance, &(struct ayni_incarnation[]){ log_instance(log.store) }[0]));
    struct log_snapshot *snapshot = test_log_snapshot(&log);
    ck_assert_int_eq(log_find_feed(snapshot, &append.feed.id, &feed), AYNI_OK);
    ck_assert_uint_eq(feed.head.seq, append.feed.head.seq);
    log_snapshot_end(snapshot);
    test_log_remove(&log);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compact");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, what_was_deleted_is_given_back_and_the_rest_is_the_same);
    tcase_add_test(core, an_empty_store_is_compacted_too);
    tcase_add_test(core, what_was_deleted_is_in_no_page_of_the_new_file);
    tcase_add_test(core, what_a_compaction_left_that_did_not_end_is_removed_at_the_next_start);
    tcase_add_test(core, a_compaction_that_is_stopped_changes_nothing);
    tcase_add_test(core, tables_that_are_emptied_meanwhile_end_it);
    tcase_add_test(core, two_at_once_are_one_too_many);
    tcase_add_test(core, what_is_written_meanwhile_is_there_also_where_the_map_grows);
    tcase_add_loop_test(core, compactions_while_others_write_and_read_lose_nothing, 0, ROUNDS);
    tcase_add_test(core, a_long_snapshot_is_waited_for);
    tcase_add_loop_test(core, a_log_is_compacted_while_it_grows, 0, ROUNDS);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
