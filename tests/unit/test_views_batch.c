#include "daemon/store/views.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

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
    enum ayni_status status = views_put_sorted(txn, TEST_SECOND, batch->items, BATCH);
    return status == AYNI_OK ? views_set_position(txn, batch->arrival) : status;
}

/* The map starts at 64 KiB: some of these rounds end in the middle of a batch, and grow it. */
START_TEST(batches_grow_the_map_and_move_the_position_with_them)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 1 };

    for (unsigned i = 1; i <= 10; i++) {
        fill_batch(batch, &random, 100);
        ck_assert_int_eq(views_update(test_views, put_batch, batch), AYNI_OK);
        ck_assert_uint_eq(test_views_position(), i);
        ck_assert_uint_eq(test_views_count(TEST_SECOND), (uint64_t)i * BATCH);
    }
    free(batch);
    test_views_reopen();
    ck_assert_uint_eq(test_views_position(), 10);
    ck_assert_uint_eq(test_views_count(TEST_SECOND), 10 * BATCH);
}
END_TEST

START_TEST(a_batch_removes_what_is_marked_and_puts_the_rest)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 2 };

    fill_batch(batch, &random, 10);
    ck_assert_int_eq(views_update(test_views, put_batch, batch), AYNI_OK);
    for (size_t i = 0; i < BATCH; i += 2)
        batch->items[i].removed = true;
    ck_assert_int_eq(views_update(test_views, put_batch, batch), AYNI_OK);
    ck_assert_uint_eq(test_views_count(TEST_SECOND), BATCH / 2);
    free(batch);
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

    test_put_key(TEST_FIRST, "key", "value");
    fill_batch(batch, &random, 10);
    ck_assert_int_eq(views_update(test_views, put_batch, batch), AYNI_OK);
    ck_assert_int_eq(views_update(test_views, clear, NULL), AYNI_OK);
    ck_assert_uint_eq(test_views_count(TEST_FIRST) + test_views_count(TEST_SECOND), 0);
    ck_assert_uint_eq(test_views_position(), 0);
    free(batch);
}
END_TEST

/* Snapshots come and go in other threads while the map grows under them. */
static void *read_for_a_while(void *arg)
{
    for (unsigned i = 0; i < 2000; i++) {
        SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
        struct ayni_bytes value = { 0 };
        if (views_snapshot_begin(test_views, &snapshot) != AYNI_OK ||
            views_get(snapshot, TEST_FIRST, ayni_bytes_of_text("key"), &value) != AYNI_OK ||
            !ayni_bytes_equal(value, ayni_bytes_of_text("value")))
            return arg;
    }
    return NULL;
}

START_TEST(readers_in_other_threads_live_through_growth)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    struct test_random random = { 4 };
    pthread_t threads[3];

    test_put_key(TEST_FIRST, "key", "value");
    for (size_t i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, read_for_a_while, &threads);
    for (unsigned i = 0; i < 10; i++) {
        fill_batch(batch, &random, 400);
        ck_assert_int_eq(views_update(test_views, put_batch, batch), AYNI_OK);
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

    if (views_snapshot_begin(test_views, &first) != AYNI_OK)
        return arg;
    pthread_barrier_wait(begun);
    usleep(100000); /* by then the writer, most likely, waits for the first to end */
    return views_snapshot_begin(test_views, &second) == AYNI_OK ? NULL : arg;
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
    ck_assert_int_eq(views_update(test_views, put_batch, batch), AYNI_OK);
    pthread_join(thread, &failed);
    ck_assert_ptr_null(failed);
    ck_assert_uint_eq(test_views_count(TEST_SECOND), BATCH);
    pthread_barrier_destroy(&begun);
    free(batch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("views_batch");
    TCase *batches = tcase_create("batches");

    tcase_add_checked_fixture(batches, test_views_begin, test_views_end);
    tcase_add_test(batches, batches_grow_the_map_and_move_the_position_with_them);
    tcase_add_test(batches, a_batch_removes_what_is_marked_and_puts_the_rest);
    tcase_add_test(batches, clearing_empties_all_tables_and_the_position);
    tcase_add_test(batches, readers_in_other_threads_live_through_growth);
    tcase_add_test(batches, a_second_snapshot_of_one_thread_does_not_lock_up);
    suite_add_tcase(suite, batches);

    return test_run(suite);
}
