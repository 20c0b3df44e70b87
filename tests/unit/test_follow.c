#include <pthread.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/store/follow.h"
#include "tests/support/suite.h"

static struct follow *follow;

static void setup(void)
{
    ck_assert_int_eq(follow_new(&follow), AYNI_OK);
}

static void teardown(void)
{
    follow_free(follow);
}

/* A thread that waits for one arrival and keeps the answer. */
struct waiting {
    pthread_t thread;
    uint64_t arrival;
    enum ayni_status status;
};

static void *wait_for_it(void *arg)
{
    struct waiting *waiting = arg;

    waiting->status = follow_wait(follow, waiting->arrival, 20000);
    return NULL;
}

static void start(struct waiting *waiting, uint64_t arrival)
{
    waiting->arrival = arrival;
    pthread_create(&waiting->thread, NULL, wait_for_it, waiting);
}

static enum ayni_status join(struct waiting *waiting)
{
    pthread_join(waiting->thread, NULL);
    return waiting->status;
}

/* Until the threads that were started do wait. */
static void await_wanted(uint64_t arrival)
{
    uint64_t deadline = clock_ticks_ms() + 20000;

    while (follow_wanted(follow) != arrival && clock_ticks_ms() < deadline)
        sched_yield();
    ck_assert_uint_eq(follow_wanted(follow), arrival);
}

START_TEST(what_is_reached_is_not_waited_for)
{
    follow_advance(follow, 5);
    ck_assert_int_eq(follow_wait(follow, 0, 0), AYNI_OK);
    ck_assert_int_eq(follow_wait(follow, 5, 0), AYNI_OK);
    ck_assert_int_eq(follow_wait(follow, 6, 0), AYNI_E_BUSY);
    ck_assert_int_eq(follow_wait(follow, 6, 5), AYNI_E_BUSY);
    ck_assert_uint_eq(follow_wanted(follow), 0);
}
END_TEST

START_TEST(it_never_falls)
{
    follow_advance(follow, 5);
    follow_advance(follow, 3);
    ck_assert_uint_eq(follow_reached(follow), 5);
}
END_TEST

START_TEST(each_waiter_wakes_at_its_arrival)
{
    struct waiting waiting[4];

    for (uint64_t i = 0; i < 4; i++) {
        start(&waiting[i], i + 1);
        await_wanted(i + 1);
    }
    follow_advance(follow, 2);
    ck_assert_int_eq(join(&waiting[0]), AYNI_OK);
    ck_assert_int_eq(join(&waiting[1]), AYNI_OK);
    ck_assert_uint_eq(follow_wanted(follow), 4);
    follow_advance(follow, 4);
    ck_assert_int_eq(join(&waiting[2]), AYNI_OK);
    ck_assert_int_eq(join(&waiting[3]), AYNI_OK);
    ck_assert_uint_eq(follow_wanted(follow), 0);
}
END_TEST

START_TEST(who_is_in_no_hurry_wakes_too_and_is_not_seen)
{
    ck_assert_int_eq(follow_wait_unhurried(follow, 1, 5), AYNI_E_BUSY);
    follow_advance(follow, 1);
    ck_assert_int_eq(follow_wait_unhurried(follow, 1, 0), AYNI_OK);
    ck_assert_uint_eq(follow_wanted(follow), 0);
    follow_stop(follow);
    ck_assert_int_eq(follow_wait_unhurried(follow, 2, UINT64_MAX), AYNI_E_STOPPED);
}
END_TEST

START_TEST(stopping_wakes_all_for_good)
{
    struct waiting waiting[3];

    for (uint64_t i = 0; i < 3; i++)
        start(&waiting[i], i + 10);
    await_wanted(12);
    follow_stop(follow);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(join(&waiting[i]), AYNI_E_STOPPED);
    ck_assert_int_eq(follow_wait(follow, 1, UINT64_MAX), AYNI_E_STOPPED);
    follow_advance(follow, 1);
    ck_assert_int_eq(follow_wait(follow, 1, 0), AYNI_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("follow");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, what_is_reached_is_not_waited_for);
    tcase_add_test(core, it_never_falls);
    tcase_add_test(core, each_waiter_wakes_at_its_arrival);
    tcase_add_test(core, who_is_in_no_hurry_wakes_too_and_is_not_seen);
    tcase_add_test(core, stopping_wakes_all_for_good);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
