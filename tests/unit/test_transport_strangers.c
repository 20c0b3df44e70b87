/* Raw sockets that behave worse than any node of ours. */
#include "daemon/net/transport.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/clock.h"
#include "proto/crypto.h"
#include "proto/limits.h"
#include "tests/support/suite.h"
#include "tests/support/transport_ends.h"

START_TEST(a_strangers_key_is_refused)
{
    test_client.admits = test_server.admits = false;
    test_dial();
    test_work_until(test_client.downs == 1);
    ck_assert_str_eq(test_client.why, "refused");
    ck_assert_uint_ge(transport_refused(test_server.transport).connections, 1);
    ck_assert_uint_eq(test_server.ups, 0);
}
END_TEST

START_TEST(a_stranger_that_comes_again_is_refused_each_time)
{
    uint8_t public_key[32], secret_key[32];

    ayni_transport_key_make(public_key, secret_key);
    for (uint64_t i = 1; i <= 5; i++) {
        struct test_raw raw = test_raw_open(public_key, secret_key, test_server.public_key);
        zmq_send(raw.socket, "let me in", 9, ZMQ_DONTWAIT);
        test_work_until(transport_refused(test_server.transport).connections == i);
        test_raw_close(&raw);
    }
    ck_assert_uint_eq(test_server.ups + test_server.messages, 0);
}
END_TEST

/* Without CURVE at all: neither handshake nor a word. */
START_TEST(who_speaks_no_curve_is_not_heard)
{
    struct test_raw raw = { zmq_ctx_new(), NULL };
    int now = 0;

    raw.socket = zmq_socket(raw.zmq, ZMQ_DEALER);
    zmq_setsockopt(raw.socket, ZMQ_LINGER, &now, sizeof(now));
    zmq_connect(raw.socket, transport_endpoint(test_server.transport));
    zmq_send(raw.socket, "plain", 5, ZMQ_DONTWAIT);
    test_work_for(300);
    test_raw_close(&raw);
    ck_assert_uint_eq(test_server.ups + test_server.messages, 0);
}
END_TEST

START_TEST(a_server_with_another_key_is_refused)
{
    struct link *link;
    uint8_t key[32], secret[32];

    ayni_transport_key_make(key, secret);
    ck_assert_int_eq(transport_dial(test_client.transport, &test_server.node, key,
                                    transport_endpoint(test_server.transport), false, &link),
                     AYNI_OK);
    test_work_until(test_client.downs == 1);
    ck_assert_uint_eq(test_client.ups + test_server.ups, 0);
}
END_TEST

START_TEST(more_than_one_frame_is_a_breach)
{
    struct test_raw raw = test_raw_client();

    zmq_send(raw.socket, "one", 3, ZMQ_SNDMORE);
    zmq_send(raw.socket, "two", 3, 0);
    test_work_until(test_server.downs == 1);
    ck_assert_str_eq(test_server.why, "more_than_one_frame");
    ck_assert_uint_eq(transport_refused(test_server.transport).messages, 1);
    /* The connection isn't heard any more. */
    zmq_send(raw.socket, "sorry", 5, 0);
    test_work_for(300);
    test_raw_close(&raw);
    ck_assert_uint_eq(test_server.messages, 0);
    ck_assert_uint_eq(test_server.ups, 1);
}
END_TEST

START_TEST(an_empty_message_is_a_message)
{
    struct test_raw raw = test_raw_client();

    zmq_send(raw.socket, "", 0, 0);
    test_work_until(test_server.messages == 1);
    ck_assert_uint_eq(test_server.last.size, 0);
    test_raw_close(&raw);
}
END_TEST

/* The largest message passes, one byte more ends the connection. */
START_TEST(a_message_over_the_maximum_is_not_taken)
{
    size_t size = AYNI_MESSAGE_SIZE_MAX + (size_t)_i;
    char *large = calloc(1, size);
    struct test_raw raw = test_raw_client();

    ck_assert_ptr_nonnull(large);
    zmq_send(raw.socket, "first", 5, 0);
    test_work_until(test_heard(&test_server, "first"));
    zmq_send(raw.socket, large, size, 0);
    if (_i == 0)
        test_work_until(test_server.last.size == size);
    else
        test_work_until(test_server.downs == 1);
    ck_assert_uint_eq(test_server.messages, _i == 0 ? 2 : 1);
    test_raw_close(&raw);
    free(large);
}
END_TEST

START_TEST(what_was_hung_up_is_not_heard_but_a_new_connection_is)
{
    struct test_raw raw = test_raw_client();

    test_server.hangs_up_on_message = true;
    zmq_send(raw.socket, "one", 3, 0);
    test_work_until(test_server.messages == 1);
    for (int i = 0; i < 100; i++)
        zmq_send(raw.socket, "more", 4, ZMQ_DONTWAIT);
    test_work_for(300);
    ck_assert_uint_eq(test_server.messages, 1);
    ck_assert_uint_eq(test_server.downs, 0);
    test_raw_close(&raw);
    raw = test_raw_client();
    zmq_send(raw.socket, "again", 5, 0);
    test_work_until(test_heard(&test_server, "again"));
    test_raw_close(&raw);
}
END_TEST

/* Two homes with one key: the newer connection is heard, and they don't push each other out with
 * every message. */
START_TEST(of_two_connections_of_one_key_the_newer_is_heard)
{
    struct test_raw old = test_raw_client(), new;

    zmq_send(old.socket, "old", 3, 0);
    test_work_until(test_heard(&test_server, "old"));
    new = test_raw_client();
    zmq_send(new.socket, "new", 3, 0);
    test_work_until(test_heard(&test_server, "new"));
    ck_assert_uint_eq(test_server.ups, 2);
    test_work_until(test_server.downs == 1);
    for (int i = 0; i < 10; i++) {
        zmq_send(old.socket, "old", 3, 0);
        zmq_send(new.socket, "new", 3, 0);
    }
    test_work_until(test_server.messages == 12);
    test_work_for(100);
    ck_assert(test_heard(&test_server, "new"));
    ck_assert_uint_eq(test_server.ups, 2);
    test_raw_close(&old);
    test_raw_close(&new);
}
END_TEST

/* A peer that takes nothing: busy after so many messages, and no memory without end. */
START_TEST(a_peer_that_reads_nothing_makes_the_sender_wait)
{
    struct test_raw raw = test_raw_client();
    static char message[64 * 1024];
    enum ayni_status status = AYNI_OK;
    int sent = 0;

    zmq_send(raw.socket, "hello", 5, 0);
    test_work_until(test_server.link != NULL);
    for (; status == AYNI_OK && sent < 100000; sent++)
        status = transport_send(test_server.transport, test_server.link,
                                (struct ayni_bytes){ (uint8_t *)message, sizeof(message) });
    ck_assert_int_eq(status, AYNI_E_BUSY);
    ck_assert_int_lt(sent, 5000); /* both queues and the system's buffers */
    test_raw_close(&raw);
}
END_TEST

/* --- crowds --- */

/* A TCP connection to the server on which nothing is said. */
static int connect_silently(void)
{
    const char *port = strrchr(transport_endpoint(test_server.transport), ':') + 1;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)atoi(port)),
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* The server has ended it: what ZeroMQ greets with is all there is. */
static bool is_ended(int fd)
{
    uint8_t greeting[256];
    ssize_t size;

    do
        size = recv(fd, greeting, sizeof(greeting), MSG_DONTWAIT);
    while (size > 0);
    return size == 0;
}

START_TEST(of_a_crowd_that_says_nothing_the_oldest_go_and_a_node_gets_in)
{
    enum { OVER = 40, CROWD = AYNI_NEWCOMERS_MAX + OVER };
    int fds[CROWD];

    for (int i = 0; i < CROWD; i++) {
        fds[i] = connect_silently();
        test_work();
    }
    test_work_until(transport_refused(test_server.transport).connections >= OVER);
    for (int i = 0; i < OVER; i++)
        test_work_until(is_ended(fds[i]));
    ck_assert(!is_ended(fds[CROWD - 1]));
    test_dial();
    test_work_until(test_client.link != NULL);
    ck_assert_int_eq(test_say(&test_client, "hello"), AYNI_OK);
    test_work_until(test_heard(&test_server, "hello"));
    for (int i = 0; i < OVER; i++)
        close(connect_silently()); /* who has spoken is no newcomer */
    ck_assert_int_eq(test_say(&test_client, "still here"), AYNI_OK);
    test_work_until(test_heard(&test_server, "still here"));
    for (int i = 0; i < CROWD; i++)
        close(fds[i]);
}
END_TEST

START_TEST(of_many_connections_of_one_node_the_oldest_goes)
{
    struct test_raw raws[AYNI_CONNECTIONS_PER_NODE_MAX + 1];
    char text[16];

    for (unsigned i = 0; i <= AYNI_CONNECTIONS_PER_NODE_MAX; i++) {
        snprintf(text, sizeof(text), "from %u", i);
        raws[i] = test_raw_client();
        zmq_send(raws[i].socket, text, strlen(text), 0);
        test_work_until(test_heard(&test_server, text));
    }
    test_work_until(transport_refused(test_server.transport).connections == 1);
    for (unsigned i = 0; i <= AYNI_CONNECTIONS_PER_NODE_MAX; i++)
        test_raw_close(&raws[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transport_strangers");
    TCase *strangers = tcase_create("strangers");

    tcase_add_checked_fixture(strangers, test_ends_open, test_ends_close);
    tcase_set_timeout(strangers, 60);
    tcase_add_test(strangers, a_strangers_key_is_refused);
    tcase_add_test(strangers, a_stranger_that_comes_again_is_refused_each_time);
    tcase_add_test(strangers, who_speaks_no_curve_is_not_heard);
    tcase_add_test(strangers, a_server_with_another_key_is_refused);
    tcase_add_test(strangers, more_than_one_frame_is_a_breach);
    tcase_add_test(strangers, an_empty_message_is_a_message);
    tcase_add_loop_test(strangers, a_message_over_the_maximum_is_not_taken, 0, 2);
    tcase_add_test(strangers, what_was_hung_up_is_not_heard_but_a_new_connection_is);
    tcase_add_test(strangers, of_two_connections_of_one_key_the_newer_is_heard);
    tcase_add_test(strangers, a_peer_that_reads_nothing_makes_the_sender_wait);
    tcase_add_test(strangers, of_a_crowd_that_says_nothing_the_oldest_go_and_a_node_gets_in);
    tcase_add_test(strangers, of_many_connections_of_one_node_the_oldest_goes);
    suite_add_tcase(suite, strangers);
    return test_run(suite);
}
