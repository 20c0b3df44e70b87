#include "daemon/net/peer_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <zmq.h>

#include "daemon/net/zap.h"
#include "proto/limits.h"

/* Hidden in this version's header, but there: a server with a domain and no ZAP handler admits
 * nobody. */
enum { ZAP_ENFORCE_DOMAIN = 93 };

enum {
    CURVE_EXTRA = 33,    /* what CURVE adds to a frame */
    QUEUE_MESSAGES = 64, /* each way and peer; times AYNI_MESSAGE_SIZE_MAX is memory */
    HANDSHAKE_MS = 10000,
    HEARTBEAT_TTL_MS = 60000,
};

static bool set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

/* tcp://[ADDRESS]:PORT */
static bool is_ipv6(const char *endpoint)
{
    return strchr(endpoint, '[') != NULL;
}

/* What every peer socket has, whichever way it goes. */
static bool set_common(const struct peer_socket_options *options, void *socket)
{
    int64_t size_max = AYNI_MESSAGE_SIZE_MAX + CURVE_EXTRA;
    int timeout = (int)options->peer_timeout_ms;

    return set_int(socket, ZMQ_LINGER, 0) && set_int(socket, ZMQ_SNDHWM, QUEUE_MESSAGES) &&
           set_int(socket, ZMQ_RCVHWM, QUEUE_MESSAGES) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &size_max, sizeof(size_max)) == 0 &&
           set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_IVL, timeout / 3) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, timeout) &&
           set_int(socket, ZMQ_HEARTBEAT_TTL,
                   timeout < HEARTBEAT_TTL_MS ? timeout : HEARTBEAT_TTL_MS) &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, options->secret_key, 32) == 0;
}

/* The names of monitors are of the whole context; so no two may be the same. */
static void monitor_name(char *name, size_t size)
{
    static atomic_uint made;

    snprintf(name, size, "inproc://monitor-%u", atomic_fetch_add(&made, 1));
}

static bool monitor(const struct peer_socket_options *options, struct peer_socket *made, int events)
{
    char name[64];

    monitor_name(name, sizeof(name));
    if (zmq_socket_monitor(made->socket, name, events) != 0)
        return false;
    made->monitor = zmq_socket(options->zmq, ZMQ_PAIR);
    return made->monitor != NULL && set_int(made->monitor, ZMQ_LINGER, 0) &&
           zmq_connect(made->monitor, name) == 0;
}

void peer_socket_close(struct peer_socket *socket)
{
    if (socket->socket != NULL)
        (void)zmq_socket_monitor(socket->socket, NULL, 0);
    if (socket->monitor != NULL)
        zmq_close(socket->monitor);
    if (socket->socket != NULL)
        zmq_close(socket->socket);
    *socket = (struct peer_socket){ 0 };
}

/* Close it, and keep what went wrong for zmq_errno(). */
static enum ayni_status give_up(struct peer_socket *made)
{
    int error = zmq_errno();

    peer_socket_close(made);
    errno = error;
    switch (error) {
    case EADDRINUSE:
        return AYNI_E_BUSY;
    case EINVAL:
    case ENODEV:
    case EADDRNOTAVAIL:
    case EPROTONOSUPPORT:
        return AYNI_E_USAGE;
    default:
        return AYNI_E_IO;
    }
}

/* By a proxy, if there is one; which then looks up the name. */
static bool set_way(const struct peer_socket_options *options, void *socket, bool ipv6)
{
    if (options->proxy != NULL && options->proxy[0] != '\0')
        return zmq_setsockopt(socket, ZMQ_SOCKS_PROXY, options->proxy, strlen(options->proxy)) == 0;
    return set_int(socket, ZMQ_IPV6, ipv6);
}

enum ayni_status peer_socket_dial(const struct peer_socket_options *options,
                                  const uint8_t server_key[32], const char *endpoint, bool ipv6,
                                  struct peer_socket *made)
{
    enum {
        EVENTS = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                 ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_CONNECT_RETRIED
    };
    struct peer_socket socket = { zmq_socket(options->zmq, ZMQ_DEALER), NULL };

    if (strncmp(endpoint, "tcp://", 6) != 0)
        errno = EINVAL;
    else if (socket.socket != NULL && set_common(options, socket.socket) &&
             zmq_setsockopt(socket.socket, ZMQ_CURVE_PUBLICKEY, options->public_key, 32) == 0 &&
             zmq_setsockopt(socket.socket, ZMQ_CURVE_SERVERKEY, server_key, 32) == 0 &&
             set_way(options, socket.socket, ipv6 || is_ipv6(endpoint)) &&
             set_int(socket.socket, ZMQ_CONNECT_TIMEOUT, HANDSHAKE_MS) &&
             monitor(options, &socket, EVENTS) && zmq_connect(socket.socket, endpoint) == 0) {
        *made = socket;
        return AYNI_OK;
    }
    return give_up(&socket);
}

enum ayni_status peer_socket_listen(const struct peer_socket_options *options, const char *endpoint,
                                    struct peer_socket *made, char *bound, size_t bound_size)
{
    struct peer_socket socket = { zmq_socket(options->zmq, ZMQ_ROUTER), NULL };
    char text[AYNI_ENDPOINT_SIZE_MAX + 64];
    size_t size = sizeof(text);

    if (socket.socket != NULL && set_common(options, socket.socket) &&
        set_int(socket.socket, ZMQ_CURVE_SERVER, 1) &&
        set_int(socket.socket, ZMQ_IPV6, is_ipv6(endpoint)) &&
        set_int(socket.socket, ZMQ_ROUTER_MANDATORY, 1) &&
        zmq_setsockopt(socket.socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN)) == 0 &&
        set_int(socket.socket, ZAP_ENFORCE_DOMAIN, 1) &&
        monitor(options, &socket, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) &&
        zmq_bind(socket.socket, endpoint) == 0 &&
        zmq_getsockopt(socket.socket, ZMQ_LAST_ENDPOINT, text, &size) == 0) {
        snprintf(bound, bound_size, "%s", text);
        *made = socket;
        return AYNI_OK;
    }
    return give_up(&socket);
}

/* The port of a local address; 0 where it has none. */
static uint16_t port_of(const struct sockaddr_storage *address)
{
    switch (address->ss_family) {
    case AF_INET:
        return ntohs(((const struct sockaddr_in *)address)->sin_port);
    case AF_INET6:
        return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    default:
        return 0;
    }
}

void peer_socket_shut(const struct peer_socket *socket, int fd)
{
    struct sockaddr_storage address = { 0 };
    socklen_t address_size = sizeof(address);
    char endpoint[AYNI_ENDPOINT_SIZE_MAX + 64] = "";
    size_t size = sizeof(endpoint);
    const char *port;

    if (getsockname(fd, (struct sockaddr *)&address, &address_size) != 0 ||
        zmq_getsockopt(socket->socket, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0)
        return;
    port = strrchr(endpoint, ':');
    if (port != NULL && port_of(&address) == strtoul(port + 1, NULL, 10))
        (void)shutdown(fd, SHUT_RDWR); /* it may have ended by itself */
}

/* An event is two frames, of which the first holds its number and a value. */
bool peer_socket_event(const struct peer_socket *socket, uint16_t *event, int32_t *value)
{
    zmq_msg_t frame;
    bool has = false;

    for (bool more = true; more;) {
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, socket->monitor, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&frame);
            return has;
        }
        if (!has && zmq_msg_size(&frame) >= 6) {
            const uint8_t *data = zmq_msg_data(&frame);
            memcpy(event, data, sizeof(*event));
            memcpy(value, data + 2, sizeof(*value));
            has = true;
        }
        more = zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    }
    return has;
}
