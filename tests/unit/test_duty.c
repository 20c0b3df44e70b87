/* A thread that does what comes to be due: nothing that is noted is missed, and it ends at once. */
#include "daemon/duty.h"

#include <sched.h>
#include <stdatomic.h>

#include "daemon/clock.h"
#include "tests/support/suite.h"

enum { LONG_MS = 24 * 3600 * 1000, SHORT_MS = 20 };

static struct duty duty;
static atomic_uint taken, waits;

static void make(void)
{
    duty_init(&duty);
}

static void unmake(void)
{
    duty_stop(&duty);
    duty_done(&duty);
}

static void *work(void *context)
{
    while (duty_wait(&duty, LONG_MS)) {
        waits++;
        taken += duty_take(&duty);
    }
    return context;
}

static void *pause_long(void *context)
{
    waits++;
    while (duty_pause(&duty, LONG_MS))
        taken++;
    return context;
}

static void start(void *(*run)(void *context))
{
    ck_assert_int_eq(duty_start(&duty, "duty", run, NULL), AYNI_OK);
}

static void wait_for(atomic_uint *count, unsigned upto)
{
    while (*count < upto)
        sched_yield();
}

START_TEST(something_is_due_at_first_and_once)
{
    ck_assert(duty_take(&duty));
    ck_assert(!duty_take(&duty));
    duty_note(&duty);
    duty_note(&duty);
    ck_assert(duty_take(&duty));
    ck_assert(!duty_take(&duty));
}
END_TEST

START_TEST(what_is_noted_is_taken_up_without_waiting)
{
    start(work);
    wait_for(&taken, 1);
    for (unsigned i = 0; i < 1000; i++) {
        duty_note(&duty);
        wait_for(&taken, 2 + i);
    }
    ck_assert_uint_eq(waits, taken);
}
END_TEST

START_TEST(a_wait_ends_by_itself)
{
    uint64_t begun_ms = clock_ticks_ms();

    (void)duty_take(&duty);
    ck_assert(duty_wait(&duty, SHORT_MS));
    ck_assert_uint_ge(clock_ticks_ms() - begun_ms, SHORT_MS);
    ck_assert(!duty_take(&duty));
}
END_TEST

START_TEST(a_pause_is_as_long_whatever_is_due)
{
    uint64_t begun_ms = clock_ticks_ms();

    duty_note(&duty);
    ck_assert(duty_pause(&duty, SHORT_MS));
    ck_assert_uint_ge(clock_ticks_ms() - begun_ms, SHORT_MS);
    ck_assert(duty_take(&duty));
}
END_TEST

START_TEST(a_stop_ends_a_wait_and_a_pause)
{
    start(_i == 0 ? work : pause_long);
    wait_for(&waits, 1);
    ck_assert(!duty_ends(&duty));
    duty_stop(&duty);
    ck_assert(duty_ends(&duty));
    ck_assert(!duty_wait(&duty, LONG_MS) && !duty_pause(&duty, LONG_MS));
    ck_assert_uint_eq(taken, _i == 0 ? 1 : 0);
    duty_stop(&duty);
}
END_TEST

START_TEST(one_that_never_began_is_stopped_too)
{
    duty_note(&duty);
    duty_stop(&duty);
    ck_assert(!duty_ends(&duty));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("duty");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, make, unmake);
    tcase_add_test(all, something_is_due_at_first_and_once);
    tcase_add_test(all, what_is_noted_is_taken_up_without_waiting);
    tcase_add_test(all, a_wait_ends_by_itself);
    tcase_add_test(all, a_pause_is_as_long_whatever_is_due);
    tcase_add_loop_test(all, a_stop_ends_a_wait_and_a_pause, 0, 2);
    tcase_add_test(all, one_that_never_began_is_stopped_too);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
