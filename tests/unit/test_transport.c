#include "daemon/net/transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "daemon/clock.h"
#include "proto/crypto.h"
#include "proto/limits.h"
#include "tests/support/suite.h"
#include "tests/support/transport_ends.h"

START_TEST(both_ends_hear_each_other_over_one_connection)
{
    test_dial();
    test_work_until(test_client.link != NULL);
    ck_assert(link_is_outgoing(test_client.link));
    ck_assert_int_eq(test_say(&test_client, "hello"), AYNI_OK);
    test_work_until(test_heard(&test_server, "hello"));
    ck_assert(!link_is_outgoing(test_server.link));
    ck_assert(ayni_id_equal(link_node(test_server.link), &test_client.node));
    ck_assert_int_eq(test_say(&test_server, "and you"), AYNI_OK);
    test_work_until(test_heard(&test_client, "and you"));
    ck_assert_uint_eq(test_server.ups + test_client.ups, 2);
}
END_TEST

START_TEST(nobody_there_is_unreachable)
{
    struct link *link;

    ck_assert_int_eq(transport_dial(test_client.transport, &test_server.node,
                                    test_server.public_key, "tcp://127.0.0.1:1", false, &link),
                     AYNI_OK);
    test_work_until(test_client.downs == 1);
    ck_assert_str_eq(test_client.why, "unreachable");
}
END_TEST

START_TEST(who_goes_is_missed)
{
    test_dial();
    test_work_until(test_client.link != NULL);
    ck_assert_int_eq(test_say(&test_client, "hello"), AYNI_OK);
    test_work_until(test_server.link != NULL);
    transport_hang_up(test_client.link);
    test_work_until(test_server.downs == 1);
    ck_assert_str_eq(test_server.why, "disconnected");
    ck_assert_uint_eq(test_client.downs, 0); /* it hung up itself */
}
END_TEST

START_TEST(a_cut_ends_all_that_came_in_and_listens_again_at_the_same_place)
{
    char before[256];

    test_dial();
    test_work_until(test_client.link != NULL);
    ck_assert_int_eq(test_say(&test_client, "hello"), AYNI_OK);
    test_work_until(test_server.link != NULL);
    snprintf(before, sizeof(before), "%s", transport_endpoint(test_server.transport));
    uint64_t start_ms = clock_ticks_ms();
    transport_cut_incoming(test_server.transport);
    ck_assert_uint_lt(clock_ticks_ms() - start_ms, 500); /* nobody waits for the port */
    test_work_until(test_server.downs == 1 && test_client.downs == 1);
    ck_assert_str_eq(test_server.why, "cut");
    ck_assert_str_eq(before, transport_endpoint(test_server.transport));
    uint64_t last_ms = clock_ticks_ms() + TEST_WAIT_MS;
    for (unsigned downs = test_client.downs; test_client.link == NULL; downs = test_client.downs) {
        ck_assert_uint_lt(clock_ticks_ms(), last_ms);
        test_dial(); /* as peers do: until it listens again */
        while (test_client.link == NULL && test_client.downs == downs)
            test_work();
    }
    ck_assert_int_eq(test_say(&test_client, "back"), AYNI_OK);
    test_work_until(test_heard(&test_server, "back"));
}
END_TEST

START_TEST(a_port_in_use_says_so)
{
    struct test_end third = { .other = &test_client, .node = { { 3 } } };
    char why[256] = "";

    ayni_transport_key_make(third.public_key, third.secret_key);
    ck_assert_int_eq(
        test_open_end(&third, transport_endpoint(test_server.transport), why, sizeof(why)),
        AYNI_E_BUSY);
    ck_assert_ptr_nonnull(strstr(why, "--listen"));
}
END_TEST

static const char *const bad_listen[] = {
    "tcp://192.0.2.1:7000",
    "tcp://",
    "127.0.0.1:7000",
    "udp://127.0.0.1:1",
    "tcp://no.such.interface.invalid:7000",
};
START_TEST(an_address_that_cannot_be_listened_on_says_so)
{
    struct test_end third = { .other = &test_client, .node = { { 3 } } };
    char why[256] = "";

    ayni_transport_key_make(third.public_key, third.secret_key);
    ck_assert_int_ne(test_open_end(&third, bad_listen[_i], why, sizeof(why)), AYNI_OK);
    ck_assert_ptr_nonnull(strstr(why, bad_listen[_i]));
}
END_TEST

static const char *const bad_endpoints[] = { "",        "ipc:///tmp/x", "inproc://x", "tcp://",
                                             "tcp://h", "tcp://h:x",    "pgm://a:1",  "tcp:/h:1" };
START_TEST(nothing_but_tcp_is_dialled)
{
    struct link *link = NULL;

    ck_assert_int_ne(transport_dial(test_client.transport, &test_server.node,
                                    test_server.public_key, bad_endpoints[_i], false, &link),
                     AYNI_OK);
    ck_assert_ptr_null(link);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transport");
    TCase *links = tcase_create("links");

    tcase_add_checked_fixture(links, test_ends_open, test_ends_close);
    tcase_add_test(links, both_ends_hear_each_other_over_one_connection);
    tcase_add_test(links, nobody_there_is_unreachable);
    tcase_add_test(links, who_goes_is_missed);
    tcase_add_test(links, a_cut_ends_all_that_came_in_and_listens_again_at_the_same_place);
    tcase_add_test(links, a_port_in_use_says_so);
    tcase_add_loop_test(links, an_address_that_cannot_be_listened_on_says_so, 0,
                        (int)(sizeof(bad_listen) / sizeof(bad_listen[0])));
    tcase_add_loop_test(links, nothing_but_tcp_is_dialled, 0,
                        (int)(sizeof(bad_endpoints) / sizeof(bad_endpoints[0])));
    suite_add_tcase(suite, links);
    return test_run(suite);
}
