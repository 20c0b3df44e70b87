#include "cli/remote.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "cli/language.h"
#include "proto/endpoint.h"
#include "proto/ids.h"
#include "proto/limits.h"

enum {
    CONNECT_MS = 10000,
    HEARTBEAT_MS = 10000,
    SILENCE_MS = 30000, /* without a heartbeat: the connection is dead */
    GOODBYE_MS = 200,
    PIECE_MAX = 64 * 1024,
    CURVE_EXTRA = 33,
    NEVER_MS = INT_MAX, /* 24 days: no reconnection at all would drop what has come */
};

struct remote {
    void *zmq, *socket, *monitor;
    zmq_msg_t piece; /* that came last, and how much of it was read */
    size_t taken;
    bool ended; /* the connection; what has come may be left */
    bool over;  /* the session */
    bool dismissed;
};

static const char scheme[] = "tcp://";

bool remote_is_meant(const char *text)
{
    return strncmp(text, scheme, sizeof(scheme) - 1) == 0;
}

/* "tcp://HOST:PORT" into `address`, the node's transport key into `key`. */
static enum ayni_status parse(const char *endpoint, char address[AYNI_ENDPOINT_SIZE_MAX + 1],
                              uint8_t key[32], struct failure *failure)
{
    const char *slash = strchr(endpoint + sizeof(scheme) - 1, '/');
    size_t size = slash == NULL ? strlen(endpoint) : (size_t)(slash - endpoint);
    struct ayni_bytes text = { (const uint8_t *)endpoint, size };

    if (size > AYNI_ENDPOINT_SIZE_MAX || !ayni_endpoint_valid(text) || slash == NULL ||
        ayni_hex_parse(ayni_bytes_of_text(slash + 1), key, 32) != AYNI_OK) {
        fail_hint(failure,
                  _("it is tcp://HOST:PORT/KEY, as `ayni status` shows it on the node itself"),
                  NULL);
        return fail(failure, AYNI_E_USAGE, _("{} is no endpoint that a command can connect to"),
                    endpoint, NULL);
    }
    memcpy(address, endpoint, size);
    address[size] = '\0';
    return AYNI_OK;
}

/* --- the socket --- */

static bool set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

/* Whether its host has addresses of IPv6 alone. */
static bool is_ipv6(const char *address)
{
    const struct addrinfo asked = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
    char host[AYNI_ENDPOINT_SIZE_MAX + 1];
    struct addrinfo *found = NULL;

    snprintf(host, sizeof(host), "%s", address + sizeof(scheme) - 1);
    if (host[0] == '[')
        return true;
    host[strcspn(host, ":")] = '\0';
    if (getaddrinfo(host, NULL, &asked, &found) != 0)
        return true;
    freeaddrinfo(found);
    return false;
}

static bool set_options(void *socket, const char *address, const struct steward_key *own,
                        const uint8_t key[32])
{
    int64_t size_max = PIECE_MAX + CURVE_EXTRA;

    return set_int(socket, ZMQ_LINGER, GOODBYE_MS) && set_int(socket, ZMQ_RCVHWM, 64) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &size_max, sizeof(size_max)) == 0 &&
           set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, SILENCE_MS) &&
           set_int(socket, ZMQ_RECONNECT_IVL, NEVER_MS) &&
           set_int(socket, ZMQ_IPV6, is_ipv6(address)) &&
           zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, key, 32) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, own->public_key, 32) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, own->secret_key, 32) == 0;
}

static bool dial(struct remote *remote, const char *address, const struct steward_key *own,
                 const uint8_t key[32])
{
    static const char events[] = "inproc://events";
    enum {
        EVENTS = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                 ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED
    };

    remote->zmq = zmq_ctx_new();
    if (remote->zmq == NULL)
        return false;
    remote->socket = zmq_socket(remote->zmq, ZMQ_DEALER);
    remote->monitor = zmq_socket(remote->zmq, ZMQ_PAIR);
    return remote->socket != NULL && remote->monitor != NULL &&
           set_options(remote->socket, address, own, key) &&
           set_int(remote->monitor, ZMQ_LINGER, 0) &&
           zmq_socket_monitor(remote->socket, events, EVENTS) == 0 &&
           zmq_connect(remote->monitor, events) == 0 && zmq_connect(remote->socket, address) == 0;
}

void remote_close(struct remote *remote)
{
    if (remote == NULL)
        return;
    if (remote->socket != NULL && !remote->ended && !remote->over)
        (void)zmq_send(remote->socket, "", 0, ZMQ_DONTWAIT); /* goodbye */
    zmq_msg_close(&remote->piece);
    if (remote->monitor != NULL)
        zmq_close(remote->monitor);
    if (remote->socket != NULL)
        zmq_close(remote->socket);
    if (remote->zmq != NULL)
        zmq_ctx_term(remote->zmq);
    free(remote);
}

/* --- what happens to the connection --- */

/* The next event, waited for as long; 0 where none comes. It is two frames, the first has its
 * number. */
static uint16_t next_event(struct remote *remote, long timeout_ms)
{
    zmq_pollitem_t item = { remote->monitor, 0, ZMQ_POLLIN, 0 };
    uint16_t event = 0;

    if (zmq_poll(&item, 1, timeout_ms) <= 0)
        return 0;
    for (bool more = true; more;) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, remote->monitor, ZMQ_DONTWAIT) < 0)
            more = false;
        else if (event == 0 && zmq_msg_size(&frame) >= sizeof(event))
            memcpy(&event, zmq_msg_data(&frame), sizeof(event));
        more = more && zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    }
    return event;
}

static enum ayni_status refused(const struct steward_key *own, struct failure *failure)
{
    char hex[65];

    ayni_hex_text((struct ayni_bytes){ own->public_key, sizeof(own->public_key) }, hex);
    fail_hint(failure,
              _("an admin there can change that: ayni steward add NAME --role ROLE --key {}"), hex,
              NULL);
    return fail(failure, AYNI_E_RIGHT, _("no steward of that node has this key"), NULL);
}

static enum ayni_status unreachable(const char *address, struct failure *failure)
{
    fail_hint(failure,
              _("see whether aynid runs and listens there, and whether KEY is what `ayni status` "
                "shows there"),
              NULL);
    enum ayni_status status =
        fail(failure, AYNI_E_STOPPED, _("no node with that key answers at {}"), address, NULL);
    snprintf(failure->code, sizeof(failure->code), "no_daemon");
    return status;
}

static enum ayni_status wait_admitted(struct remote *remote, const char *address,
                                      const struct steward_key *own, struct failure *failure)
{
    switch (next_event(remote, CONNECT_MS)) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        return AYNI_OK;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        return refused(own, failure);
    default:
        return unreachable(address, failure);
    }
}

enum ayni_status remote_open(const char *endpoint, struct remote **remote, struct failure *failure)
{
    char address[AYNI_ENDPOINT_SIZE_MAX + 1];
    uint8_t key[32];
    SCOPED_STEWARD_KEY own = { { 0 }, { 0 } };
    enum ayni_status status = parse(endpoint, address, key, failure);

    if (status == AYNI_OK)
        status = steward_key_read(false, &own, failure);
    if (status != AYNI_OK)
        return status;
    struct remote *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return fail_memory(failure);
    zmq_msg_init(&made->piece);
    status = dial(made, address, &own, key) ? wait_admitted(made, address, &own, failure)
                                            : unreachable(address, failure);
    if (status != AYNI_OK) {
        made->ended = true;
        remote_close(made);
        return status;
    }
    *remote = made;
    return AYNI_OK;
}

/* --- the stream --- */

/* Until the socket is ready for it; false where the connection has ended and nothing is left. */
static bool wait_ready(struct remote *remote, short events)
{
    while (!remote->over) {
        zmq_pollitem_t items[] = { { remote->socket, 0, events, 0 },
                                   { remote->monitor, 0, ZMQ_POLLIN, 0 } };
        int ready = zmq_poll(items, 2, remote->ended ? 0 : -1);
        if (ready < 0 && zmq_errno() != EINTR)
            return false;
        if (ready > 0 && items[0].revents != 0)
            return true;
        remote->over = remote->ended; /* nothing was ready since */
        if (ready > 0 && next_event(remote, 0) != 0)
            remote->ended = true;
    }
    return false;
}

bool remote_write(struct remote *remote, struct ayni_bytes bytes)
{
    while (bytes.size > 0 && wait_ready(remote, ZMQ_POLLOUT)) {
        size_t size = bytes.size < PIECE_MAX ? bytes.size : PIECE_MAX;
        if (zmq_send(remote->socket, bytes.data, size, ZMQ_DONTWAIT) >= 0) {
            bytes.data += size;
            bytes.size -= size;
        } else if (zmq_errno() != EAGAIN && zmq_errno() != EINTR) {
            return false;
        }
    }
    return bytes.size == 0;
}

/* The next piece; one without bytes is a goodbye. */
static bool next_piece(struct remote *remote)
{
    while (wait_ready(remote, ZMQ_POLLIN)) {
        if (zmq_msg_recv(&remote->piece, remote->socket, ZMQ_DONTWAIT) < 0)
            continue;
        remote->taken = 0;
        remote->dismissed = zmq_msg_size(&remote->piece) == 0;
        remote->over = remote->dismissed;
        return !remote->over;
    }
    return false;
}

bool remote_is_ready(struct remote *remote, int timeout_ms)
{
    zmq_pollitem_t items[] = { { remote->socket, 0, ZMQ_POLLIN, 0 },
                               { remote->monitor, 0, ZMQ_POLLIN, 0 } };

    if (remote->over || remote->ended || zmq_msg_size(&remote->piece) > remote->taken)
        return true;
    return zmq_poll(items, 2, timeout_ms) != 0;
}

bool remote_read(struct remote *remote, uint8_t *to, size_t size)
{
    while (size > 0) {
        size_t here = zmq_msg_size(&remote->piece) - remote->taken;
        if (here == 0 && !next_piece(remote))
            return false;
        if (here > size)
            here = size;
        memcpy(to, (uint8_t *)zmq_msg_data(&remote->piece) + remote->taken, here);
        remote->taken += here;
        to += here;
        size -= here;
    }
    return true;
}

bool remote_was_dismissed(const struct remote *remote)
{
    return remote->dismissed;
}
