#include <stdlib.h>
#include <zmq.h>

#include "daemon/clock.h"
#include "daemon/net/transport.h"
#include "daemon/report.h"
#include "proto/crypto.h"
#include "proto/limits.h"
#include "tests/support/suite.h"

/*
 * Two ends on loopback, and raw sockets beside them that behave worse than any
 * node of ours.
 */
enum { WAIT_MS = 10000 };

struct end {
    struct transport *transport;
    uint8_t public_key[32], secret_key[32];
    struct ayni_node node; /* what the other end calls it */
    struct end *other;
    bool admits;
    struct link *link; /* the last that came up, until it goes */
    unsigned ups, downs, messages;
    const char *why; /* the last went down */
    struct ayni_buffer last;
    bool hangs_up_on_message;
};
static struct end server, client;

static void on_up(void *context, struct link *link)
{
    struct end *end = context;

    end->ups++;
    end->link = link;
}
static void on_down(void *context, struct link *link, const char *why)
{
    struct end *end = context;

    end->downs++;
    end->why = why;
    if (end->link == link)
        end->link = NULL;
}
static void on_message(void *context, struct link *link, struct ayni_bytes message)
{
    struct end *end = context;

    ck_assert(ayni_id_equal(link_node(link), &end->other->node));
    end->messages++;
    ayni_buffer_clear(&end->last);
    ayni_buffer_append(&end->last, message.data, message.size);
    if (end->hangs_up_on_message) {
        transport_hang_up(link);
        end->link = NULL;
    }
}
static bool admits(void *context, const uint8_t key[32], struct ayni_node *node)
{
    struct end *end = context;

    if (!end->admits || memcmp(key, end->other->public_key, 32) != 0)
        return false;
    *node = end->other->node;
    return true;
}

static enum ayni_status open_end(struct end *end, const char *listen, char *why, size_t why_size)
{
    struct transport_options options = {
        .public_key = end->public_key,
        .secret_key = end->secret_key,
        .listen = listen,
        .peer_timeout_ms = 3000,
        .events = { on_up, on_down, on_message, admits, end },
    };

    return transport_open(&options, &end->transport, why, why_size);
}

static void setup(void)
{
    char why[256] = "";

    report_set_level(REPORT_ERROR);
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    server = (struct end){ .other = &client, .admits = true, .node = { { 1 } } };
    client = (struct end){ .other = &server, .admits = true, .node = { { 2 } } };
    ayni_transport_key_make(server.public_key, server.secret_key);
    ayni_transport_key_make(client.public_key, client.secret_key);
    ck_assert_int_eq(open_end(&server, "tcp://127.0.0.1:*", why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(open_end(&client, NULL, why, sizeof(why)), AYNI_OK);
}

static void teardown(void)
{
    transport_close(client.transport);
    transport_close(server.transport);
    ayni_buffer_free(&client.last);
    ayni_buffer_free(&server.last);
}

/* Let both work until the condition is true; the tests say what it is. */
#define work_until(condition)                                                                      \
    do {                                                                                           \
        uint64_t end_ms = clock_ticks_ms() + WAIT_MS;                                              \
        while (!(condition)) {                                                                     \
            ck_assert_msg(clock_ticks_ms() < end_ms, "never: %s", #condition);                     \
            work();                                                                                \
        }                                                                                          \
    } while (0)

static void work(void)
{
    transport_poll(server.transport, -1, 1);
    transport_handle(server.transport);
    transport_poll(client.transport, -1, 1);
    transport_handle(client.transport);
}

static void work_for(uint64_t ms)
{
    for (uint64_t end_ms = clock_ticks_ms() + ms; clock_ticks_ms() < end_ms;)
        work();
}

static struct link *dial(void)
{
    struct link *link;

    ck_assert_int_eq(transport_dial(client.transport, &server.node, server.public_key,
                                    transport_endpoint(server.transport), &link),
                     AYNI_OK);
    return link;
}

static enum ayni_status say(struct end *from, const char *text)
{
    return transport_send(from->transport, from->link, ayni_bytes_of_text(text));
}

static bool heard(const struct end *end, const char *text)
{
    return ayni_bytes_equal((struct ayni_bytes){ end->last.data, end->last.size },
                            ayni_bytes_of_text(text));
}

/* A DEALER of nobody's: with these keys, as ZeroMQ has it. */
struct raw {
    void *zmq, *socket;
};
static struct raw raw_open(const uint8_t public_key[32], const uint8_t secret_key[32],
                           const uint8_t server_key[32])
{
    struct raw raw = { zmq_ctx_new(), NULL };
    int now = 0;

    raw.socket = zmq_socket(raw.zmq, ZMQ_DEALER);
    zmq_setsockopt(raw.socket, ZMQ_LINGER, &now, sizeof(now));
    zmq_setsockopt(raw.socket, ZMQ_CURVE_PUBLICKEY, public_key, 32);
    zmq_setsockopt(raw.socket, ZMQ_CURVE_SECRETKEY, secret_key, 32);
    zmq_setsockopt(raw.socket, ZMQ_CURVE_SERVERKEY, server_key, 32);
    ck_assert_int_eq(zmq_connect(raw.socket, transport_endpoint(server.transport)), 0);
    return raw;
}
static struct raw raw_client(void)
{
    return raw_open(client.public_key, client.secret_key, server.public_key);
}
static void raw_close(struct raw *raw)
{
    zmq_close(raw->socket);
    zmq_ctx_term(raw->zmq);
}

START_TEST(both_ends_hear_each_other_over_one_connection)
{
    dial();
    work_until(client.link != NULL);
    ck_assert(link_is_outgoing(client.link));
    ck_assert_int_eq(say(&client, "hello"), AYNI_OK);
    work_until(heard(&server, "hello"));
    ck_assert(!link_is_outgoing(server.link));
    ck_assert(ayni_id_equal(link_node(server.link), &client.node));
    ck_assert_int_eq(say(&server, "and you"), AYNI_OK);
    work_until(heard(&client, "and you"));
    ck_assert_uint_eq(server.ups + client.ups, 2);
}
END_TEST

START_TEST(a_strangers_key_is_refused)
{
    client.admits = server.admits = false;
    dial();
    work_until(client.downs == 1);
    ck_assert_str_eq(client.why, "refused");
    ck_assert_uint_ge(transport_refused(server.transport).connections, 1);
    ck_assert_uint_eq(server.ups, 0);
}
END_TEST

START_TEST(a_stranger_that_comes_again_is_refused_each_time)
{
    uint8_t public_key[32], secret_key[32];

    ayni_transport_key_make(public_key, secret_key);
    for (uint64_t i = 1; i <= 5; i++) {
        struct raw raw = raw_open(public_key, secret_key, server.public_key);
        zmq_send(raw.socket, "let me in", 9, ZMQ_DONTWAIT);
        work_until(transport_refused(server.transport).connections == i);
        raw_close(&raw);
    }
    ck_assert_uint_eq(server.ups + server.messages, 0);
}
END_TEST

/* Without CURVE at all: neither handshake nor a word. */
START_TEST(who_speaks_no_curve_is_not_heard)
{
    struct raw raw = { zmq_ctx_new(), NULL };
    int now = 0;

    raw.socket = zmq_socket(raw.zmq, ZMQ_DEALER);
    zmq_setsockopt(raw.socket, ZMQ_LINGER, &now, sizeof(now));
    zmq_connect(raw.socket, transport_endpoint(server.transport));
    zmq_send(raw.socket, "plain", 5, ZMQ_DONTWAIT);
    work_for(300);
    raw_close(&raw);
    ck_assert_uint_eq(server.ups + server.messages, 0);
}
END_TEST

START_TEST(a_server_with_another_key_is_refused)
{
    struct link *link;
    uint8_t key[32], secret[32];

    ayni_transport_key_make(key, secret);
    ck_assert_int_eq(transport_dial(client.transport, &server.node, key,
                                    transport_endpoint(server.transport), &link),
                     AYNI_OK);
    work_until(client.downs == 1);
    ck_assert_uint_eq(client.ups + server.ups, 0);
}
END_TEST

START_TEST(nobody_there_is_unreachable)
{
    struct link *link;

    ck_assert_int_eq(transport_dial(client.transport, &server.node, server.public_key,
                                    "tcp://127.0.0.1:1", &link),
                     AYNI_OK);
    work_until(client.downs == 1);
    ck_assert_str_eq(client.why, "unreachable");
}
END_TEST

START_TEST(more_than_one_frame_is_a_breach)
{
    struct raw raw = raw_client();

    zmq_send(raw.socket, "one", 3, ZMQ_SNDMORE);
    zmq_send(raw.socket, "two", 3, 0);
    work_until(server.downs == 1);
    ck_assert_str_eq(server.why, "more_than_one_frame");
    ck_assert_uint_eq(transport_refused(server.transport).messages, 1);
    /* The connection isn't heard any more. */
    zmq_send(raw.socket, "sorry", 5, 0);
    work_for(300);
    raw_close(&raw);
    ck_assert_uint_eq(server.messages, 0);
    ck_assert_uint_eq(server.ups, 1);
}
END_TEST

START_TEST(an_empty_message_is_a_message)
{
    struct raw raw = raw_client();

    zmq_send(raw.socket, "", 0, 0);
    work_until(server.messages == 1);
    ck_assert_uint_eq(server.last.size, 0);
    raw_close(&raw);
}
END_TEST

/* The largest message passes, one byte more ends the connection. */
START_TEST(a_message_over_the_maximum_is_not_taken)
{
    size_t size = AYNI_MESSAGE_SIZE_MAX + (size_t)_i;
    char *large = calloc(1, size);
    struct raw raw = raw_client();

    ck_assert_ptr_nonnull(large);
    zmq_send(raw.socket, "first", 5, 0);
    work_until(heard(&server, "first"));
    zmq_send(raw.socket, large, size, 0);
    if (_i == 0)
        work_until(server.last.size == size);
    else
        work_until(server.downs == 1);
    ck_assert_uint_eq(server.messages, _i == 0 ? 2 : 1);
    raw_close(&raw);
    free(large);
}
END_TEST

START_TEST(what_was_hung_up_is_not_heard_but_a_new_connection_is)
{
    struct raw raw = raw_client();

    server.hangs_up_on_message = true;
    zmq_send(raw.socket, "one", 3, 0);
    work_until(server.messages == 1);
    for (int i = 0; i < 100; i++)
        zmq_send(raw.socket, "more", 4, ZMQ_DONTWAIT);
    work_for(300);
    ck_assert_uint_eq(server.messages, 1);
    ck_assert_uint_eq(server.downs, 0);
    raw_close(&raw);
    raw = raw_client();
    zmq_send(raw.socket, "again", 5, 0);
    work_until(heard(&server, "again"));
    raw_close(&raw);
}
END_TEST

/* Two homes with one key: the newer connection is heard, and they don't push each other out with
 * every message. */
START_TEST(of_two_connections_of_one_key_the_newer_is_heard)
{
    struct raw old = raw_client(), new;

    zmq_send(old.socket, "old", 3, 0);
    work_until(heard(&server, "old"));
    new = raw_client();
    zmq_send(new.socket, "new", 3, 0);
    work_until(heard(&server, "new"));
    ck_assert_uint_eq(server.ups, 2);
    work_until(server.downs == 1);
    for (int i = 0; i < 10; i++) {
        zmq_send(old.socket, "old", 3, 0);
        zmq_send(new.socket, "new", 3, 0);
    }
    work_until(server.messages == 12);
    work_for(100);
    ck_assert(heard(&server, "new"));
    ck_assert_uint_eq(server.ups, 2);
    raw_close(&old);
    raw_close(&new);
}
END_TEST

START_TEST(who_goes_is_missed)
{
    dial();
    work_until(client.link != NULL);
    ck_assert_int_eq(say(&client, "hello"), AYNI_OK);
    work_until(server.link != NULL);
    transport_hang_up(client.link);
    work_until(server.downs == 1);
    ck_assert_str_eq(server.why, "disconnected");
    ck_assert_uint_eq(client.downs, 0); /* it hung up itself */
}
END_TEST

START_TEST(a_cut_ends_all_that_came_in_and_listens_again_at_the_same_place)
{
    char before[256];

    dial();
    work_until(client.link != NULL);
    ck_assert_int_eq(say(&client, "hello"), AYNI_OK);
    work_until(server.link != NULL);
    snprintf(before, sizeof(before), "%s", transport_endpoint(server.transport));
    uint64_t start_ms = clock_ticks_ms();
    transport_cut_incoming(server.transport);
    ck_assert_uint_lt(clock_ticks_ms() - start_ms, 500); /* nobody waits for the port */
    work_until(server.downs == 1 && client.downs == 1);
    ck_assert_str_eq(server.why, "cut");
    ck_assert_str_eq(before, transport_endpoint(server.transport));
    uint64_t last_ms = clock_ticks_ms() + WAIT_MS;
    for (unsigned downs = client.downs; client.link == NULL; downs = client.downs) {
        ck_assert_uint_lt(clock_ticks_ms(), last_ms);
        dial(); /* as peers do: until it listens again */
        while (client.link == NULL && client.downs == downs)
            work();
    }
    ck_assert_int_eq(say(&client, "back"), AYNI_OK);
    work_until(heard(&server, "back"));
}
END_TEST

/* A peer that takes nothing: busy after so many messages, and no memory without end. */
START_TEST(a_peer_that_reads_nothing_makes_the_sender_wait)
{
    struct raw raw = raw_client();
    static char message[64 * 1024];
    enum ayni_status status = AYNI_OK;
    int sent = 0;

    zmq_send(raw.socket, "hello", 5, 0);
    work_until(server.link != NULL);
    for (; status == AYNI_OK && sent < 100000; sent++)
        status = transport_send(server.transport, server.link,
                                (struct ayni_bytes){ (uint8_t *)message, sizeof(message) });
    ck_assert_int_eq(status, AYNI_E_BUSY);
    ck_assert_int_lt(sent, 5000); /* both queues and the system's buffers */
    raw_close(&raw);
}
END_TEST

START_TEST(a_port_in_use_says_so)
{
    struct end third = { .other = &client, .node = { { 3 } } };
    char why[256] = "";

    ayni_transport_key_make(third.public_key, third.secret_key);
    ck_assert_int_eq(open_end(&third, transport_endpoint(server.transport), why, sizeof(why)),
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
    struct end third = { .other = &client, .node = { { 3 } } };
    char why[256] = "";

    ayni_transport_key_make(third.public_key, third.secret_key);
    ck_assert_int_ne(open_end(&third, bad_listen[_i], why, sizeof(why)), AYNI_OK);
    ck_assert_ptr_nonnull(strstr(why, bad_listen[_i]));
}
END_TEST

static const char *const bad_endpoints[] = { "",        "ipc:///tmp/x", "inproc://x", "tcp://",
                                             "tcp://h", "tcp://h:x",    "pgm://a:1",  "tcp:/h:1" };
START_TEST(nothing_but_tcp_is_dialled)
{
    struct link *link = NULL;

    ck_assert_int_ne(
        transport_dial(client.transport, &server.node, server.public_key, bad_endpoints[_i], &link),
        AYNI_OK);
    ck_assert_ptr_null(link);
}
END_TEST

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

int main(void)
{
    TCase *links = tcase_create("links");

    tcase_add_checked_fixture(links, setup, teardown);
    tcase_set_timeout(links, 60);
    tcase_add_test(links, both_ends_hear_each_other_over_one_connection);
    tcase_add_test(links, a_strangers_key_is_refused);
    tcase_add_test(links, a_stranger_that_comes_again_is_refused_each_time);
    tcase_add_test(links, who_speaks_no_curve_is_not_heard);
    tcase_add_test(links, a_server_with_another_key_is_refused);
    tcase_add_test(links, nobody_there_is_unreachable);
    tcase_add_test(links, more_than_one_frame_is_a_breach);
    tcase_add_test(links, an_empty_message_is_a_message);
    tcase_add_loop_test(links, a_message_over_the_maximum_is_not_taken, 0, 2);
    tcase_add_test(links, what_was_hung_up_is_not_heard_but_a_new_connection_is);
    tcase_add_test(links, of_two_connections_of_one_key_the_newer_is_heard);
    tcase_add_test(links, who_goes_is_missed);
    tcase_add_test(links, a_cut_ends_all_that_came_in_and_listens_again_at_the_same_place);
    tcase_add_test(links, a_peer_that_reads_nothing_makes_the_sender_wait);
    tcase_add_test(links, a_port_in_use_says_so);
    tcase_add_loop_test(links, an_address_that_cannot_be_listened_on_says_so, 0,
                        (int)COUNT(bad_listen));
    tcase_add_loop_test(links, nothing_but_tcp_is_dialled, 0, (int)COUNT(bad_endpoints));
    Suite *suite = suite_create("transport");
    suite_add_tcase(suite, links);
    return test_run(suite);
}
