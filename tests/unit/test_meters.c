#include "daemon/net/meters.h"

#include "daemon/clock.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

static struct test_log store;
static struct log_writer *writer;
static struct peer_settings meters;
static const struct ayni_node one = { { 1 } }, other = { { 2 } };

static void setup(void)
{
    test_log_make(&store, 1 << 20);
    ck_assert_int_eq(log_writer_start(store.store, NULL, &writer), AYNI_OK);
    meters = meters_of_log(store.store, writer);
}

static void teardown(void)
{
    peer_settings_free(&meters);
    log_writer_stop(writer);
    log_writer_free(writer);
    test_log_remove(&store);
}

static struct meter *meter_of(const struct ayni_node *peer)
{
    struct meter *meter = meters_of(&meters, peer);

    ck_assert_ptr_nonnull(meter);
    return meter;
}

START_TEST(what_was_counted_outlives_a_restart)
{
    for (uint64_t i = 1; i <= 100; i++)
        meters_count(&meters, meter_of(&one), i % 4 == 0, 10, i);
    peer_settings_write(&meters, 100); /* not due yet: nothing is handed over */
    ck_assert(meter_of(&one)->setting.is_new);
    peer_settings_write(&meters, UINT64_MAX);
    ck_assert(!meter_of(&one)->setting.is_new);
    peer_settings_free(&meters);
    log_writer_stop(writer);
    ck_assert_uint_eq(meter_of(&one)->sent, 250);
    ck_assert_uint_eq(meter_of(&one)->received, 750);
    ck_assert_uint_eq(meter_today(meter_of(&one), meter_of(&one)->day), 1000);
    ck_assert_uint_eq(meter_of(&other)->sent, 0);
    meters_count(&meters, meter_of(&other), true, 5, 1);
    peer_settings_write(&meters, UINT64_MAX); /* refused by the writer: lost, and nothing worse */
}
END_TEST

START_TEST(a_new_day_begins_at_nothing_and_all_goes_on)
{
    struct meter *meter = meter_of(&one);

    meters_count(&meters, meter, true, 100, 1);
    meter->day -= 1; /* that was yesterday */
    ck_assert_uint_eq(meter_today(meter, clock_today()), 0);
    meters_count(&meters, meter, false, 7, 2);
    ck_assert_uint_eq(meter_today(meter, meter->day), 7);
    ck_assert_uint_eq(meter->sent, 100);
}
END_TEST

START_TEST(the_rate_is_of_the_last_seconds)
{
    struct meter *meter = meter_of(&one);

    for (uint64_t ms = 100000; ms < 120000; ms += 100)
        meters_count(&meters, meter, true, 200, ms);
    ck_assert_uint_ge(meter_rate(meter, 120000), 1900);
    ck_assert_uint_le(meter_rate(meter, 120000), 2100);
    ck_assert_uint_le(meter_rate(meter, 10000000), 1); /* and then nothing went */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("meters");

    TEST_CASE(suite, "meters", setup, teardown, what_was_counted_outlives_a_restart,
              a_new_day_begins_at_nothing_and_all_goes_on, the_rate_is_of_the_last_seconds);
    return test_run(suite);
}
