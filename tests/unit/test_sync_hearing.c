#include <stdlib.h>

#include "tests/support/sim_pair.h"
#include "tests/support/suite.h"

/*
 * A node that came out of a backup gives nothing before it has heard what was
 * erased since: nodes 0 and 1 of a pair, on a line without faults.
 */
enum { MINUTE_MS = 60 * 1000 };
static struct sim_pair *pair;

static void begin(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    pair = calloc(1, sizeof(*pair));
    ck_assert_ptr_nonnull(pair);
    sim_pair_init(pair, 4);
}

static void end(void)
{
    sim_pair_free(pair);
    free(pair);
}

/* Both start again; these came out of a backup. Node 0 dials. */
static void restore(bool first, bool second)
{
    pair->nodes[0].hearing = first;
    pair->nodes[1].hearing = second;
    sim_pair_restart(pair);
    sim_pair_connect(pair);
}

START_TEST(who_holds_the_same_has_heard_at_once)
{
    sim_pair_write(pair, 0, AYNI_LANE_CURRENT, 5);
    sim_pair_write(pair, 1, AYNI_LANE_CONTROL, 2);
    sim_pair_connect(pair);
    sim_pair_run(pair, MINUTE_MS);
    ck_assert(sim_pair_in_sync(pair));
    restore(_i == 0, _i == 1);
    sim_pair_run(pair, 100);
    ck_assert(!pair->nodes[0].hearing && !pair->nodes[1].hearing);
}
END_TEST

/* It has entries that nobody else has: they go out, but not before the orders have come in. */
START_TEST(nothing_is_given_before_the_orders_have_come)
{
    sim_pair_write(pair, _i, AYNI_LANE_CURRENT, 50);
    sim_pair_write(pair, 1 - _i, AYNI_LANE_CONTROL, 3);
    sim_pair_write(pair, 1 - _i, AYNI_LANE_BULK, 40);
    restore(_i == 0, _i == 1);
    while (pair->nodes[_i].hearing) {
        ck_assert_uint_lt(pair->now, 2 * MINUTE_MS);
        sim_pair_run(pair, 10);
        if (pair->nodes[_i].hearing)
            ck_assert_uint_eq(pair->nodes[1 - _i].entries_stored, 0);
    }
    ck_assert_uint_ge(pair->nodes[_i].entries_stored, 3);
    sim_pair_run(pair, 2 * MINUTE_MS);
    ck_assert_uint_eq(pair->nodes[1 - _i].entries_stored, 50);
    ck_assert(sim_pair_in_sync(pair));
}
END_TEST

static void tell_alone(struct sim_node *node)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_ALONE, .now = { pair->now } };

    ayni_sync_handle(node->sync, &event);
    node->hearing = false;
}

START_TEST(two_that_wait_hear_nothing_from_each_other)
{
    sim_pair_write(pair, 0, AYNI_LANE_CURRENT, 5);
    sim_pair_write(pair, 1, AYNI_LANE_CURRENT, 7);
    restore(true, true);
    sim_pair_run(pair, 5 * MINUTE_MS);
    ck_assert(pair->nodes[0].hearing && pair->nodes[1].hearing);
    ck_assert_uint_eq(pair->nodes[0].entries_stored + pair->nodes[1].entries_stored, 0);
    /* One of them is told to go on: then both do. */
    tell_alone(&pair->nodes[0]);
    sim_pair_run(pair, 2 * MINUTE_MS);
    ck_assert(!pair->nodes[1].hearing);
    ck_assert(sim_pair_in_sync(pair));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_hearing");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, begin, end);
    tcase_add_loop_test(core, who_holds_the_same_has_heard_at_once, 0, 2);
    tcase_add_loop_test(core, nothing_is_given_before_the_orders_have_come, 0, 2);
    tcase_add_test(core, two_that_wait_hear_nothing_from_each_other);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
