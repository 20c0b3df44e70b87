#include "daemon/net/acks.h"

#include "daemon/store/log_writer.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

static struct test_log store;
static struct log_writer *writer;

static void setup(void)
{
    test_log_make(&store, 1 << 20);
    ck_assert_int_eq(log_writer_start(store.store, NULL, &writer), AYNI_OK);
}

static void teardown(void)
{
    log_writer_stop(writer);
    log_writer_free(writer);
    test_log_remove(&store);
}

START_TEST(acknowledgements_are_gathered_and_outlive_a_restart)
{
    struct peer_settings acks = acks_of_log(store.store, writer);
    struct ayni_node peers[3] = { { { 1 } }, { { 2 } }, { { 3 } } };

    for (uint64_t i = 1; i <= 100; i++)
        for (size_t p = 0; p < 2; p++)
            acks_note(&acks, &peers[p], &(struct ayni_sync_acked){ { { 9 } }, i + p }, i);
    ck_assert_uint_eq(acks_of(&acks, &peers[0]).arrival, 100);
    ck_assert_uint_eq(acks_of(&acks, &peers[2]).arrival, 0);
    peer_settings_write(&acks, 100); /* not due yet */
    peer_settings_free(&acks);
    ck_assert_uint_eq(acks_of(&acks, &peers[0]).arrival, 0);
    for (size_t p = 0; p < 2; p++)
        acks_note(&acks, &peers[p], &(struct ayni_sync_acked){ { { 9 } }, 50 + p }, 1);
    peer_settings_write(&acks, UINT64_MAX);
    peer_settings_free(&acks);
    log_writer_stop(writer);
    for (size_t p = 0; p < 2; p++) {
        struct ayni_sync_acked acked = acks_of(&acks, &peers[p]);
        ck_assert_uint_eq(acked.arrival, 50 + p);
        ck_assert_int_eq(acked.instance.bytes[0], 9);
    }
    ck_assert_uint_eq(acks_of(&acks, &peers[2]).arrival, 0);
    acks_note(&acks, &peers[2], &(struct ayni_sync_acked){ { { 9 } }, 7 }, 1);
    peer_settings_write(&acks, UINT64_MAX); /* refused by the writer: lost, and nothing worse */
    peer_settings_free(&acks);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("acks");

    TEST_CASE(suite, "acks", setup, teardown, acknowledgements_are_gathered_and_outlive_a_restart);
    return test_run(suite);
}
