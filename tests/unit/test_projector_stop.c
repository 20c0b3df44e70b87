/* A projection that fails or ends keeps nobody waiting. */
#include <pthread.h>
#include <stdatomic.h>

#include "daemon/clock.h"
#include "tests/support/node.h"

/* A hook that fails, or that goes on until it is told to stop. */
static atomic_bool fails, holds, held;
static struct test_node node;
static struct ayni_space visits;

static enum ayni_status obstruct(void *context, const struct projection_batch *batch)
{
    (void)context;
    while (holds) {
        held = true;
        if (*batch->stop)
            return AYNI_E_STOPPED;
        sched_yield();
    }
    return fails ? AYNI_E_FULL : AYNI_OK;
}

static void setup(void)
{
    fails = holds = held = false;
    memset(&node, 0, sizeof(node));
    node.hooks[0] = (struct projection_hook){ .project = obstruct, .derives = true };
    node.hook_count = 1;
    test_node_open(&node, 1);
    test_node_found(&node);
    visits = test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
}

static void teardown(void)
{
    fails = holds = false;
    test_node_close(&node);
}

static enum ayni_status write_one(uint8_t number)
{
    struct ayni_field surname = { 1, TEST_BYTES("\x65Rojas") };
    struct author_change change = { .space = visits,
                                    .record = { { 1, number } },
                                    .type = 103,
                                    .fields = &surname,
                                    .field_count = 1,
                                    .steward = TEST_BYTES("maria") };

    return author_write(node.records.author, &change, 1, AYNI_LANE_CURRENT, NULL);
}

static void wait_for(const atomic_bool *flag)
{
    uint64_t end_ms = clock_ticks_ms() + 20000;

    while (!*flag) {
        ck_assert_uint_lt(clock_ticks_ms(), end_ms);
        sched_yield();
    }
}

START_TEST(who_writes_while_views_cannot_follow_is_answered)
{
    struct projector_progress progress;

    fails = true;
    ck_assert_int_eq(write_one(1), AYNI_OK); /* it is written */
    projector_measure(node.records.projector, &progress);
    ck_assert_int_eq(progress.status, AYNI_E_FULL);
    ck_assert_int_eq(projector_catch_up(node.records.projector, UINT32_MAX), AYNI_E_FULL);
    fails = false;
    test_node_settle(&node);
    ck_assert_int_eq(write_one(2), AYNI_OK);
}
END_TEST

START_TEST(who_waits_for_views_made_anew_in_vain_is_told_why)
{
    fails = true;
    test_node_reopen(&node, true);
    ck_assert_int_eq(projector_wait_ready(node.records.projector), AYNI_E_FULL);
    ck_assert_int_eq(write_one(1), AYNI_E_FULL);
    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_E_FULL);
    fails = false;
    test_node_settle(&node);
    ck_assert_int_eq(projector_wait_ready(node.records.projector), AYNI_OK);
}
END_TEST

static void *wait_ready(void *context)
{
    atomic_bool *done = context;

    ck_assert_int_eq(projector_wait_ready(node.records.projector), AYNI_E_STOPPED);
    *done = true;
    return NULL;
}

static void *rebuild(void *context)
{
    atomic_bool *done = context;

    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_E_STOPPED);
    *done = true;
    return NULL;
}

START_TEST(halting_ends_all_that_wait_and_what_is_done)
{
    pthread_t waiter, rebuilder;
    atomic_bool waited = false, rebuilt = false;
    uint64_t start_ms;

    holds = true;
    test_node_reopen(&node, true);
    ck_assert_int_eq(pthread_create(&waiter, NULL, wait_ready, &waited), 0);
    ck_assert_int_eq(pthread_create(&rebuilder, NULL, rebuild, &rebuilt), 0);
    wait_for(&held);
    start_ms = clock_ticks_ms();
    projector_halt(node.records.projector);
    pthread_join(waiter, NULL);
    pthread_join(rebuilder, NULL);
    projector_stop(node.records.projector);
    ck_assert(waited && rebuilt);
    ck_assert_uint_lt(clock_ticks_ms() - start_ms, 5000);
    ck_assert_int_eq(projector_catch_up(node.records.projector, UINT32_MAX), AYNI_E_STOPPED);
    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_E_STOPPED);
    holds = false;
    test_node_reopen(&node, false);
    test_node_settle(&node);
    ck_assert_int_eq(write_one(1), AYNI_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("projector_stop");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_set_timeout(core, 60);
    tcase_add_test(core, who_writes_while_views_cannot_follow_is_answered);
    tcase_add_test(core, who_waits_for_views_made_anew_in_vain_is_told_why);
    tcase_add_test(core, halting_ends_all_that_wait_and_what_is_done);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
