#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/report.h"
#include "daemon/store/views.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

/* A views environment in a folder of its own, made in the child. */
enum { FIRST, SECOND, TABLE_COUNT };
static const char *const tables[TABLE_COUNT] = { "first", "second" };
static struct test_folder folder;
static char path[512];
static struct views_options options;
static struct views *views;
static char why[256];

static void open_views(void)
{
    enum ayni_status status = views_open(&options, &views, why, sizeof(why));
    ck_assert_msg(status == AYNI_OK, "%s", why);
}

static void setup(void)
{
    report_set_level(REPORT_ERROR);
    test_folder_make(&folder);
    test_folder_path(&folder, "views", path, sizeof(path));
    options = (struct views_options){
        .folder = path,
        .map_size = 64 * 1024,
        .log = { "0123456789abcde" },
        .format = 1,
        .tables = tables,
        .table_count = TABLE_COUNT,
    };
    open_views();
}

static void teardown(void)
{
    views_close(views);
    test_folder_remove(&folder);
}

static void reopen(void)
{
    views_close(views);
    open_views();
}

#define text(t) ayni_bytes_of_text(t)

/* --- changes that tests make --- */

struct put {
    size_t table;
    const char *key, *value;
};

static enum ayni_status put_one(void *context, struct views_txn *txn)
{
    const struct put *put = context;
    return views_put(txn, put->table, text(put->key), text(put->value));
}

static void put(size_t table, const char *key, const char *value)
{
    struct put one = { table, key, value };
    ck_assert_int_eq(views_update(views, put_one, &one), AYNI_OK);
}

static uint64_t position(void)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    uint64_t arrival = 0;
    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    ck_assert_int_eq(views_position(snapshot, &arrival), AYNI_OK);
    return arrival;
}

static uint64_t count_of(size_t table)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    uint64_t count = 0;
    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    ck_assert_int_eq(views_count(snapshot, table, &count), AYNI_OK);
    return count;
}

/* --- keys and values --- */

START_TEST(what_is_put_is_got_in_its_table_alone)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes value;

    put(FIRST, "key", "value");
    reopen();
    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    ck_assert_int_eq(views_get(snapshot, FIRST, text("key"), &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(value, text("value")));
    ck_assert_int_eq(views_get(snapshot, SECOND, text("key"), &value), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(views_get(snapshot, FIRST, text("kez"), &value), AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(a_snapshot_keeps_the_state_of_its_beginning)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes value;

    put(FIRST, "key", "old");
    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    put(FIRST, "key", "new");
    ck_assert_int_eq(views_get(snapshot, FIRST, text("key"), &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(value, text("old")));
}
END_TEST

static enum ayni_status put_bad_keys(void *context, struct views_txn *txn)
{
    static const uint8_t long_key[VIEWS_KEY_SIZE_MAX + 1];
    struct ayni_bytes bad[] = { { NULL, 0 }, { long_key, sizeof(long_key) } };
    struct ayni_bytes good = { long_key, VIEWS_KEY_SIZE_MAX };

    (void)context;
    for (size_t i = 0; i < 2; i++) {
        struct views_item item = { .key = bad[i] };
        ck_assert_int_eq(views_put(txn, FIRST, bad[i], good), AYNI_E_LIMIT);
        ck_assert_int_eq(views_delete(txn, FIRST, bad[i]), AYNI_E_LIMIT);
        ck_assert_int_eq(views_put_sorted(txn, FIRST, &item, 1), AYNI_E_LIMIT);
        ck_assert_int_eq(views_get(views_txn_snapshot(txn), FIRST, bad[i], &good), AYNI_E_LIMIT);
    }
    return views_put(txn, FIRST, good, good);
}

START_TEST(keys_of_impossible_sizes_are_refused_and_do_no_harm)
{
    ck_assert_int_eq(views_update(views, put_bad_keys, NULL), AYNI_OK);
    ck_assert_uint_eq(count_of(FIRST), 1);
}
END_TEST

static enum ayni_status put_then_fail(void *context, struct views_txn *txn)
{
    struct ayni_bytes value;

    (void)context;
    ck_assert_int_eq(views_put(txn, FIRST, text("key"), text("value")), AYNI_OK);
    ck_assert_int_eq(views_set_position(txn, 7), AYNI_OK);
    /* The transaction sees its own. */
    ck_assert_int_eq(views_get(views_txn_snapshot(txn), FIRST, text("key"), &value), AYNI_OK);
    return AYNI_E_INVALID;
}

START_TEST(a_change_that_fails_leaves_nothing)
{
    ck_assert_int_eq(views_update(views, put_then_fail, NULL), AYNI_E_INVALID);
    ck_assert_uint_eq(count_of(FIRST), 0);
    ck_assert_uint_eq(position(), 0);
}
END_TEST

/* --- cursors --- */

static const char *const cursor_keys[] = { "a", "b", "b\x01", "ba", "bb", "c" };

static void put_cursor_keys(void)
{
    for (size_t i = 0; i < 6; i++)
        put(FIRST, cursor_keys[i], cursor_keys[i]);
}

/* What a cursor gives for a prefix, joined by spaces. */
static void walk(const char *prefix, bool backwards, char *out)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes key, value;

    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    SCOPED_VIEWS_CURSOR cursor;
    views_cursor_open(snapshot, FIRST, text(prefix), &cursor);
    out[0] = '\0';
    while (backwards ? views_cursor_previous(&cursor, &key, &value)
                     : views_cursor_next(&cursor, &key, &value)) {
        ck_assert(ayni_bytes_equal(key, value));
        strncat(out, (const char *)key.data, key.size);
        strcat(out, " ");
    }
    ck_assert_int_eq(cursor.status, AYNI_OK);
}

static const struct {
    const char *prefix, *forwards, *backwards;
} walks[] = {
    { "", "a b b\x01 ba bb c ", "c bb ba b\x01 b a " },
    { "b", "b b\x01 ba bb ", "bb ba b\x01 b " },
    { "c", "c ", "c " },
    { "bb", "bb ", "bb " },
    { "bc", "", "" },
    { "d", "", "" },
    { "\xFF", "", "" },
    { "A", "", "" },
};

START_TEST(a_cursor_gives_the_keys_of_a_prefix_in_order_both_ways)
{
    char out[128];

    put_cursor_keys();
    walk(walks[_i].prefix, false, out);
    ck_assert_str_eq(out, walks[_i].forwards);
    walk(walks[_i].prefix, true, out);
    ck_assert_str_eq(out, walks[_i].backwards);
}
END_TEST

START_TEST(a_cursor_backwards_from_a_prefix_of_highest_bytes)
{
    char out[128];

    put(FIRST, "a", "a");
    put(FIRST, "\xFF\xFF", "\xFF\xFF");
    put(FIRST, "\xFF\xFF\xFF", "\xFF\xFF\xFF");
    walk("\xFF\xFF", true, out);
    ck_assert_str_eq(out, "\xFF\xFF\xFF \xFF\xFF ");
}
END_TEST

START_TEST(a_cursor_goes_on_from_where_it_sought)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes key, value;

    put_cursor_keys();
    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    SCOPED_VIEWS_CURSOR cursor;
    views_cursor_open(snapshot, FIRST, text("b"), &cursor);
    ck_assert(views_cursor_seek(&cursor, text("b9"), &key, &value));
    ck_assert(ayni_bytes_equal(key, text("ba")));
    ck_assert(views_cursor_next(&cursor, &key, &value));
    ck_assert(ayni_bytes_equal(key, text("bb")));
    ck_assert(!views_cursor_next(&cursor, &key, &value)); /* "c" is not of the prefix */
    ck_assert(!views_cursor_seek(&cursor, text("bz"), &key, &value));
    ck_assert_int_eq(cursor.status, AYNI_OK);
}
END_TEST

START_TEST(a_cursor_remembers_its_first_failure)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes key, value;

    put_cursor_keys();
    ck_assert_int_eq(views_snapshot_begin(views, &snapshot), AYNI_OK);
    SCOPED_VIEWS_CURSOR cursor;
    views_cursor_open(snapshot, FIRST, text(""), &cursor);
    ck_assert(!views_cursor_seek(&cursor, text(""), &key, &value));
    ck_assert_int_eq(cursor.status, AYNI_E_LIMIT);
    ck_assert(!views_cursor_next(&cursor, &key, &value));
    ck_assert(!views_cursor_previous(&cursor, &key, &value));
}
END_TEST

/* --- batches --- */

enum { BATCH = 2000 };

struct batch {
    uint8_t keys[BATCH][8];
    struct views_item items[BATCH];
    uint64_t arrival;
};

static int by_key(const void *a, const void *b)
{
    const struct views_item *x = a;
    const struct views_item *y = b;
    return ayni_bytes_compare(x->key, y->key);
}

static void fill_batch(struct batch *batch, struct test_random *random, size_t value_size)
{
    static const uint8_t zeros[4096];

    for (size_t i = 0; i < BATCH; i++) {
        test_random_fill(random, batch->keys[i], 8);
        batch->items[i] =
            (struct views_item){ .key = { batch->keys[i], 8 }, .value = { zeros, value_size } };
    }
    qsort(batch->items, BATCH, sizeof(batch->items[0]), by_key);
    batch->arrival++;
}

static enum ayni_status put_batch(void *context, struct views_txn *txn)
{
    struct batch *batch = context;
    enum ayni_status status = views_put_sorted(txn, SECOND, batch->items, BATCH);
    return status == AYNI_OK ? views_set_position(txn, batch->arrival) : status;
}

/* The map starts at 64 KiB: some of these rounds end in the middle of a batch, and grow it. */
START_TEST(batches_grow_the_map_and_move_the_position_with_them)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 1 };

    for (unsigned i = 1; i <= 10; i++) {
        fill_batch(batch, &random, 100);
        ck_assert_int_eq(views_update(views, put_batch, batch), AYNI_OK);
        ck_assert_uint_eq(position(), i);
        ck_assert_uint_eq(count_of(SECOND), (uint64_t)i * BATCH);
    }
    free(batch);
    reopen();
    ck_assert_uint_eq(position(), 10);
    ck_assert_uint_eq(count_of(SECOND), 10 * BATCH);
}
END_TEST

START_TEST(a_batch_removes_what_is_marked_and_puts_the_rest)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 2 };

    fill_batch(batch, &random, 10);
    ck_assert_int_eq(views_update(views, put_batch, batch), AYNI_OK);
    for (size_t i = 0; i < BATCH; i += 2)
        batch->items[i].removed = true;
    ck_assert_int_eq(views_update(views, put_batch, batch), AYNI_OK);
    ck_assert_uint_eq(count_of(SECOND), BATCH / 2);
    free(batch);
}
END_TEST

static enum ayni_status delete_b(void *context, struct views_txn *txn)
{
    (void)context;
    ck_assert_int_eq(views_delete(txn, FIRST, text("nobody")), AYNI_OK);
    ck_assert_int_eq(views_delete(txn, FIRST, text("a")), AYNI_OK);
    return views_delete_prefix(txn, FIRST, text("b"));
}

START_TEST(a_prefix_is_deleted_and_nothing_beside_it)
{
    char out[128];

    put_cursor_keys();
    put(SECOND, "b", "b");
    ck_assert_int_eq(views_update(views, delete_b, NULL), AYNI_OK);
    walk("", false, out);
    ck_assert_str_eq(out, "c ");
    ck_assert_uint_eq(count_of(SECOND), 1);
}
END_TEST

static enum ayni_status delete_all(void *context, struct views_txn *txn)
{
    (void)context;
    return views_delete_prefix(txn, FIRST, text(""));
}

START_TEST(an_empty_prefix_is_the_whole_table)
{
    put_cursor_keys();
    put(SECOND, "b", "b");
    ck_assert_int_eq(views_update(views, delete_all, NULL), AYNI_OK);
    ck_assert_uint_eq(count_of(FIRST), 0);
    ck_assert_uint_eq(count_of(SECOND), 1);
}
END_TEST

static enum ayni_status clear(void *context, struct views_txn *txn)
{
    (void)context;
    return views_clear(txn);
}

START_TEST(clearing_empties_all_tables_and_the_position)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 3 };

    put(FIRST, "key", "value");
    fill_batch(batch, &random, 10);
    ck_assert_int_eq(views_update(views, put_batch, batch), AYNI_OK);
    ck_assert_int_eq(views_update(views, clear, NULL), AYNI_OK);
    ck_assert_uint_eq(count_of(FIRST) + count_of(SECOND), 0);
    ck_assert_uint_eq(position(), 0);
    free(batch);
}
END_TEST

/* Snapshots come and go in other threads while the map grows under them. */
static void *read_for_a_while(void *arg)
{
    for (unsigned i = 0; i < 2000; i++) {
        SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
        struct ayni_bytes value = { 0 };
        if (views_snapshot_begin(views, &snapshot) != AYNI_OK ||
            views_get(snapshot, FIRST, text("key"), &value) != AYNI_OK ||
            !ayni_bytes_equal(value, text("value")))
            return arg;
    }
    return NULL;
}

START_TEST(readers_in_other_threads_live_through_growth)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 4 };
    pthread_t threads[3];

    put(FIRST, "key", "value");
    for (size_t i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, read_for_a_while, &threads);
    for (unsigned i = 0; i < 10; i++) {
        fill_batch(batch, &random, 400);
        ck_assert_int_eq(views_update(views, put_batch, batch), AYNI_OK);
    }
    for (size_t i = 0; i < 3; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    free(batch);
}
END_TEST

/* A thread that holds a snapshot begins another while the map waits to grow. */
static void *read_in_two(void *arg)
{
    SCOPED_VIEWS_SNAPSHOT *first = NULL;
    SCOPED_VIEWS_SNAPSHOT *second = NULL;
    pthread_barrier_t *begun = arg;

    if (views_snapshot_begin(views, &first) != AYNI_OK)
        return arg;
    pthread_barrier_wait(begun);
    usleep(100000); /* by then the writer, most likely, waits for the first to end */
    return views_snapshot_begin(views, &second) == AYNI_OK ? NULL : arg;
}

START_TEST(a_second_snapshot_of_one_thread_does_not_lock_up)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 6 };
    pthread_barrier_t begun;
    pthread_t thread;
    void *failed;

    fill_batch(batch, &random, 400);
    pthread_barrier_init(&begun, NULL, 2);
    pthread_create(&thread, NULL, read_in_two, &begun);
    pthread_barrier_wait(&begun);
    ck_assert_int_eq(views_update(views, put_batch, batch), AYNI_OK);
    pthread_join(thread, &failed);
    ck_assert_ptr_null(failed);
    ck_assert_uint_eq(count_of(SECOND), BATCH);
    pthread_barrier_destroy(&begun);
    free(batch);
}
END_TEST

/* --- opening --- */

START_TEST(views_of_another_log_or_format_are_made_anew)
{
    put(FIRST, "key", "value");
    if (_i == 0)
        options.log.bytes[3] ^= 1;
    else
        options.format++;
    reopen();
    ck_assert_uint_eq(count_of(FIRST), 0);
    put(FIRST, "key", "value");
    reopen();
    ck_assert_uint_eq(count_of(FIRST), 1);
}
END_TEST

START_TEST(a_damaged_file_is_made_anew)
{
    static uint8_t garbage[64 * 1024];
    struct test_random random = { 5 };

    put(FIRST, "key", "value");
    views_close(views);
    test_random_fill(&random, garbage, sizeof(garbage));
    test_folder_write(&folder, "views/data.mdb", garbage, _i == 0 ? sizeof(garbage) : 100);
    open_views();
    ck_assert_uint_eq(count_of(FIRST), 0);
}
END_TEST

START_TEST(destroyed_views_start_again_from_nothing)
{
    put(FIRST, "key", "value");
    views_close(views);
    ck_assert_int_eq(views_destroy(path), AYNI_OK);
    ck_assert_int_eq(views_destroy(path), AYNI_OK);
    ck_assert_int_eq(views_destroy("/nowhere/at/all"), AYNI_OK);
    open_views();
    ck_assert_uint_eq(count_of(FIRST), 0);
}
END_TEST

START_TEST(a_second_open_is_busy_and_says_so)
{
    struct views *second = NULL;

    ck_assert_int_eq(views_open(&options, &second, why, sizeof(why)), AYNI_E_BUSY);
    ck_assert_ptr_nonnull(strstr(why, "in use by another daemon"));
    ck_assert_ptr_null(second);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_a_sentence)
{
    struct views *second = NULL;

    options.folder = "/nowhere/at/all";
    ck_assert_int_eq(views_open(&options, &second, why, sizeof(why)), AYNI_E_IO);
    ck_assert_ptr_nonnull(strstr(why, "/nowhere/at/all cannot be made"));
}
END_TEST

START_TEST(its_size_is_measured)
{
    struct views_space space;

    put(FIRST, "key", "value");
    ck_assert_int_eq(views_measure(views, &space), AYNI_OK);
    ck_assert_uint_ge(space.file_bytes, 4096);
    ck_assert_uint_gt(space.free_bytes, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("views");
    TCase *keys = tcase_create("keys");
    TCase *opening = tcase_create("opening");

    tcase_add_checked_fixture(keys, setup, teardown);
    tcase_add_test(keys, what_is_put_is_got_in_its_table_alone);
    tcase_add_test(keys, a_snapshot_keeps_the_state_of_its_beginning);
    tcase_add_test(keys, keys_of_impossible_sizes_are_refused_and_do_no_harm);
    tcase_add_test(keys, a_change_that_fails_leaves_nothing);
    tcase_add_loop_test(keys, a_cursor_gives_the_keys_of_a_prefix_in_order_both_ways, 0,
                        (int)(sizeof(walks) / sizeof(walks[0])));
    tcase_add_test(keys, a_cursor_backwards_from_a_prefix_of_highest_bytes);
    tcase_add_test(keys, a_cursor_goes_on_from_where_it_sought);
    tcase_add_test(keys, a_cursor_remembers_its_first_failure);
    tcase_add_test(keys, batches_grow_the_map_and_move_the_position_with_them);
    tcase_add_test(keys, a_batch_removes_what_is_marked_and_puts_the_rest);
    tcase_add_test(keys, a_prefix_is_deleted_and_nothing_beside_it);
    tcase_add_test(keys, an_empty_prefix_is_the_whole_table);
    tcase_add_test(keys, clearing_empties_all_tables_and_the_position);
    tcase_add_test(keys, readers_in_other_threads_live_through_growth);
    tcase_add_test(keys, a_second_snapshot_of_one_thread_does_not_lock_up);
    tcase_set_timeout(keys, 60);
    suite_add_tcase(suite, keys);

    tcase_add_checked_fixture(opening, setup, teardown);
    tcase_add_loop_test(opening, views_of_another_log_or_format_are_made_anew, 0, 2);
    tcase_add_loop_test(opening, a_damaged_file_is_made_anew, 0, 2);
    tcase_add_test(opening, destroyed_views_start_again_from_nothing);
    tcase_add_test(opening, a_second_open_is_busy_and_says_so);
    tcase_add_test(opening, a_folder_that_cannot_be_made_is_a_sentence);
    tcase_add_test(opening, its_size_is_measured);
    suite_add_tcase(suite, opening);

    return test_run(suite);
}
