#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "tests/support/listener.h"
#include "tests/support/suite.h"
#include "tests/support/views_model.h"

/* Compaction of views/ while threads write and read it. */
enum { ROUNDS = 3 };

static atomic_bool over;

static void *write_on(void *context)
{
    while (!over)
        model_write(context, 1);
    return NULL;
}

/* Each key's value in each state belongs to one number; and what a snapshot sees stays. */
static void *read_on(void *context)
{
    struct test_random *random = context;
    uint64_t count, again;

    while (!over) {
        SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
        size_t table = (size_t)test_random_below(random, MODEL_TABLES);
        struct ayni_bytes key, value;
        ck_assert_int_eq(views_snapshot_begin(model_views, &snapshot), AYNI_OK);
        ck_assert_int_eq(views_count(snapshot, table, &count), AYNI_OK);
        SCOPED_VIEWS_CURSOR cursor;
        views_cursor_open(snapshot, table, (struct ayni_bytes){ NULL, 0 }, &cursor);
        for (again = 0; views_cursor_next(&cursor, &key, &value); again++)
            ck_assert_uint_ge(value.size, 8);
        ck_assert_int_eq(cursor.status, AYNI_OK);
        if (table == MODEL_SCATTERED)
            ck_assert_uint_ge(count, again);
        else
            ck_assert_uint_eq(count, again);
    }
    return NULL;
}

START_TEST(compactions_while_others_write_and_read_lose_nothing)
{
    struct test_random seeds[3] = { { (uint64_t)_i * 3 }, { 8 }, { 9 } };
    struct compaction_result result;
    pthread_t threads[3];

    model_write(&model_random, 100);
    over = false;
    pthread_create(&threads[0], NULL, write_on, &seeds[0]);
    pthread_create(&threads[1], NULL, read_on, &seeds[1]);
    pthread_create(&threads[2], NULL, read_on, &seeds[2]);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    over = true;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    model_check();
    model_reopen();
    model_check();
}
END_TEST

static void *hold_a_while(void *context)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;

    ck_assert_int_eq(views_snapshot_begin(model_views, &snapshot), AYNI_OK);
    *(atomic_bool *)context = true;
    usleep(2500 * 1000);
    return NULL;
}

START_TEST(a_long_snapshot_is_waited_for)
{
    struct compaction_result result;
    atomic_bool held = false;
    pthread_t thread;

    model_write(&model_random, 20);
    pthread_create(&thread, NULL, hold_a_while, &held);
    while (!held)
        usleep(1000);
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    pthread_join(thread, NULL);
    model_check();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compact_busy");
    TCase *busy = tcase_create("busy");

    tcase_add_checked_fixture(busy, model_begin, model_end);
    tcase_add_loop_test(busy, compactions_while_others_write_and_read_lose_nothing, 0, ROUNDS);
    tcase_add_test(busy, a_long_snapshot_is_waited_for);
    suite_add_tcase(suite, busy);
    return test_run(suite);
}
