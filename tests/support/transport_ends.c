#include "tests/support/transport_ends.h"

#include <zmq.h>

#include "daemon/report.h"
#include "proto/crypto.h"

struct test_end test_server, test_client;

static void on_up(void *context, struct link *link)
{
    struct test_end *end = context;

    end->ups++;
    end->link = link;
}

static void on_down(void *context, struct link *link, const char *why)
{
    struct test_end *end = context;

    end->downs++;
    end->why = why;
    if (end->link == link)
        end->link = NULL;
}

static void on_message(void *context, struct link *link, struct ayni_bytes message)
{
    struct test_end *end = context;

    ck_assert(ayni_id_equal(link_node(link), &end->other->node));
    end->messages++;
    ayni_buffer_clear(&end->last);
    ayni_buffer_append(&end->last, message.data, message.size);
    if (end->hangs_up_on_message) {
        transport_hang_up(link);
        end->link = NULL;
    }
}

static enum zap_who admits(void *context, const uint8_t key[32], struct ayni_node *node)
{
    struct test_end *end = context;

    if (!end->admits || memcmp(key, end->other->public_key, 32) != 0)
        return ZAP_NOBODY;
    *node = end->other->node;
    return ZAP_NODE;
}

enum ayni_status test_open_end(struct test_end *end, const char *listen, char *why, size_t why_size)
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

void test_ends_open(void)
{
    char why[256] = "";

    report_set_level(REPORT_ERROR);
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_server = (struct test_end){ .other = &test_client, .admits = true, .node = { { 1 } } };
    test_client = (struct test_end){ .other = &test_server, .admits = true, .node = { { 2 } } };
    ayni_transport_key_make(test_server.public_key, test_server.secret_key);
    ayni_transport_key_make(test_client.public_key, test_client.secret_key);
    ck_assert_int_eq(test_open_end(&test_server, "tcp://127.0.0.1:*", why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(test_open_end(&test_client, NULL, why, sizeof(why)), AYNI_OK);
}

void test_ends_close(void)
{
    transport_close(test_client.transport);
    transport_close(test_server.transport);
    ayni_buffer_free(&test_client.last);
    ayni_buffer_free(&test_server.last);
}

void test_work(void)
{
    transport_poll(test_server.transport, -1, 1);
    transport_handle(test_server.transport);
    transport_poll(test_client.transport, -1, 1);
    transport_handle(test_client.transport);
}

void test_work_for(uint64_t ms)
{
    for (uint64_t end_ms = clock_ticks_ms() + ms; clock_ticks_ms() < end_ms;)
        test_work();
}

struct link *test_dial(void)
{
    struct link *link;

    ck_assert_int_eq(transport_dial(test_client.transport, &test_server.node,
                                    test_server.public_key,
                                    transport_endpoint(test_server.transport), false, &link),
                     AYNI_OK);
    return link;
}

enum ayni_status test_say(struct test_end *from, const char *text)
{
    return transport_send(from->transport, from->link, ayni_bytes_of_text(text));
}

bool test_heard(const struct test_end *end, const char *text)
{
    return ayni_bytes_equal((struct ayni_bytes){ end->last.data, end->last.size },
                            ayni_bytes_of_text(text));
}

struct test_raw test_raw_open(const uint8_t public_key[32], const uint8_t secret_key[32],
                              const uint8_t server_key[32])
{
    struct test_raw raw = { zmq_ctx_new(), NULL };
    int now = 0;

    raw.socket = zmq_socket(raw.zmq, ZMQ_DEALER);
    zmq_setsockopt(raw.socket, ZMQ_LINGER, &now, sizeof(now));
    zmq_setsockopt(raw.socket, ZMQ_CURVE_PUBLICKEY, public_key, 32);
    zmq_setsockopt(raw.socket, ZMQ_CURVE_SECRETKEY, secret_key, 32);
    zmq_setsockopt(raw.socket, ZMQ_CURVE_SERVERKEY, server_key, 32);
    ck_assert_int_eq(zmq_connect(raw.socket, transport_endpoint(test_server.transport)), 0);
    return raw;
}

struct test_raw test_raw_client(void)
{
    return test_raw_open(test_client.public_key, test_client.secret_key, test_server.public_key);
}

void test_raw_close(struct test_raw *raw)
{
    zmq_close(raw->socket);
    zmq_ctx_term(raw->zmq);
}
