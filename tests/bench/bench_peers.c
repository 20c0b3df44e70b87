/*
 * Memory for each connected peer: the real transport and the real engine, with
 * as many peers as asked for (200) on connections of their own, each of which
 * says HELLO and 256 heads that aren't known here. One JSON line.
 */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/clock.h"
#include "daemon/net/transport.h"
#include "proto/limits.h"
#include "proto/sync.h"
#include "tests/support/bench.h"

enum { PEERS = 200, WAIT_MS = 60000, SETTLE_MS = 2000 };

struct server {
    struct transport *transport;
    struct ayni_sync *sync;
    struct link **links; /* of those that are up */
    uint64_t count;
    struct ayni_node root;
    uint8_t public_key[32], secret_key[32];
};

static void make_keys(uint8_t public_key[32], uint8_t secret_key[32])
{
    char public_text[41], secret_text[41];

    bench_require(zmq_curve_keypair(public_text, secret_text) == 0 &&
                      zmq_z85_decode(public_key, public_text) != NULL &&
                      zmq_z85_decode(secret_key, secret_text) != NULL,
                  "keys", zmq_strerror(errno));
}

/* --- what the peers say --- */

static void say_hello(const struct server *server, uint8_t number, struct ayni_buffer *to)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR,
                                .asks = true,
                                .root = server->root,
                                .instance = { { number } },
                                .arrival = 1000,
                                .registry = { { number } } };

    ayni_hello_encode(&hello, to);
}

static void say_heads(const struct server *server, uint8_t number, struct ayni_buffer *to)
{
    SCOPED_BUFFER heads = { 0 };

    for (unsigned i = 0; i < AYNI_NOTE_HEADS_MAX; i++) {
        struct ayni_noted_head head = { .seq = 7, .has_mark = true, .has_descriptor = true };
        head.descriptor = (struct ayni_feed_descriptor){
            .node = { { number, (uint8_t)i, 9 } },
            .space = ayni_registry_space(&server->root),
            .lane = AYNI_LANE_CURRENT,
        };
        struct ayni_feed feed = ayni_feed_of(&server->root, &head.descriptor);
        head.feed = ayni_feed_prefix_of(&feed);
        ayni_noted_head_encode(&head, &heads);
    }
    ayni_note_encode(0, 1000, AYNI_NOTE_HEADS_MAX, ayni_buffer_bytes(&heads), to);
}

/* In a process of their own: its memory is none of the server's. */
static void be_peers(const struct server *server, const char *endpoint, uint64_t count)
{
    void *zmq = zmq_ctx_new();

    zmq_ctx_set(zmq, ZMQ_MAX_SOCKETS, (int)count + 8);
    for (uint64_t i = 0; i < count; i++) {
        SCOPED_BUFFER hello = { 0 };
        SCOPED_BUFFER heads = { 0 };
        uint8_t public_key[32], secret_key[32];
        void *socket = zmq_socket(zmq, ZMQ_DEALER);
        make_keys(public_key, secret_key);
        say_hello(server, (uint8_t)i, &hello);
        say_heads(server, (uint8_t)i, &heads);
        bench_require(
            socket != NULL && zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public_key, 32) == 0 &&
                zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret_key, 32) == 0 &&
                zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server->public_key, 32) == 0 &&
                zmq_connect(socket, endpoint) == 0 &&
                zmq_send(socket, hello.data, hello.size, 0) >= 0 &&
                zmq_send(socket, heads.data, heads.size, 0) >= 0,
            "a peer", zmq_strerror(errno));
    }
    pause();
}

/* --- the server --- */

static void settle(struct server *server)
{
    for (struct ayni_sync_action action; ayni_sync_next(server->sync, &action);) {
        if (action.type != AYNI_SYNC_SEND)
            continue;
        for (uint64_t i = 0; i < server->count; i++)
            if (ayni_id_equal(link_node(server->links[i]), &action.peer) &&
                transport_send(server->transport, server->links[i], action.bytes) != AYNI_OK)
                break; /* it is lost */
    }
}

static void tell(struct server *server, struct ayni_sync_event *event, struct link *link)
{
    event->now.ms = clock_ticks_ms();
    event->peer = *link_node(link);
    ayni_sync_handle(server->sync, event);
    settle(server);
}

static void on_up(void *context, struct link *link)
{
    struct server *server = context;
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_UP };

    server->links[server->count++] = link;
    tell(server, &event, link);
}

static void on_down(void *context, struct link *link, const char *why)
{
    (void)context, (void)link;
    bench_require(false, "a connection ended", why);
}

static void on_message(void *context, struct link *link, struct ayni_bytes message)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_MESSAGE };

    event.message = message;
    tell(context, &event, link);
}

static enum zap_who admit(void *context, const uint8_t key[32], struct ayni_node *node)
{
    (void)context;
    memcpy(node->bytes, key, 32);
    return ZAP_NODE;
}

static void open_server(struct server *server, uint64_t count)
{
    struct ayni_sync_options engine = { .root = server->root, .now = { clock_ticks_ms() } };
    struct transport_options options = {
        .public_key = server->public_key,
        .secret_key = server->secret_key,
        .listen = "tcp://127.0.0.1:*",
        .peer_timeout_ms = 30000,
        .events = { on_up, on_down, on_message, admit, server },
    };
    char why[256] = "";

    server->links = calloc(count, sizeof(struct link *));
    server->sync = ayni_sync_new(&engine);
    bench_require(server->links != NULL && server->sync != NULL, "memory", "none");
    bench_require(transport_open(&options, &server->transport, why, sizeof(why)) == AYNI_OK,
                  "a transport", why);
}

static void work_for(struct server *server, uint64_t ms, uint64_t wanted)
{
    uint64_t end = clock_ticks_ms() + ms;

    while (clock_ticks_ms() < end && server->count < wanted) {
        transport_poll(server->transport, -1, 20);
        transport_handle(server->transport);
    }
}

static uint64_t engine_memory(const struct server *server)
{
    uint64_t memory = 0;

    for (uint64_t i = 0; i < server->count; i++) {
        struct ayni_sync_peer_status status;
        if (ayni_sync_get_peer(server->sync, link_node(server->links[i]), &status) == AYNI_OK)
            memory += status.memory;
    }
    return memory;
}

int main(int argc, char **argv)
{
    struct server server = { .root = { { 3 } } };
    struct bench_line line;
    uint64_t count = bench_argument(argc, argv, 1, PEERS);

    bench_require(ayni_crypto_init() == AYNI_OK, "libsodium", "it doesn't start");
    make_keys(server.public_key, server.secret_key);
    open_server(&server, count);
    work_for(&server, 100, UINT64_MAX);
    uint64_t before = bench_anonymous_kib();
    pid_t peers = fork();
    if (peers == 0) {
        be_peers(&server, transport_endpoint(server.transport), count);
        _exit(0);
    }
    work_for(&server, WAIT_MS, count);
    bench_require(server.count == count, "peers", "not all came");
    work_for(&server, SETTLE_MS, UINT64_MAX);
    uint64_t after = bench_anonymous_kib();
    bench_line_begin(&line, "peers");
    bench_line_number(&line, "peers", (double)count);
    bench_line_number(&line, "kib_per_peer", (double)(after - before) / (double)count);
    bench_line_number(&line, "engine_kib_per_peer",
                      (double)engine_memory(&server) / 1024 / (double)count);
    bench_line_end(&line);
    kill(peers, SIGKILL);
    waitpid(peers, NULL, 0);
    transport_close(server.transport);
    ayni_sync_free(server.sync);
    free(server.links);
    return 0;
}
