#ifndef AYNI_DAEMON_NET_ZAP_H
#define AYNI_DAEMON_NET_ZAP_H

#include "proto/ids.h"

/*
 * The ZAP handler (ZeroMQ RFC 27): who may speak to us. Without one CURVE
 * admits anybody. Each connection that comes in is asked for by its transport
 * key; the answer names the node, or the steward by her key, and that name, in
 * the metadata of every message, is the only identity that counts.
 */
struct zap;

#define ZAP_DOMAIN "ayni"
#define ZAP_STEWARD_PREFIX "steward-"
enum { ZAP_USER_SIZE = AYNI_NODE_TEXT_SIZE + sizeof(ZAP_STEWARD_PREFIX) - 1 };

enum zap_who { ZAP_NOBODY, ZAP_NODE, ZAP_STEWARD };

/* Whose that transport key is now: `id` gets the node, or the key of a steward. Called by
 * zap_answer(). */
typedef enum zap_who zap_admits(void *context, const uint8_t transport_key[32],
                                struct ayni_node *id);

/* `zmq` is the ZeroMQ context; bind before any server socket. */
AYNI_CHECKED enum ayni_status zap_open(void *zmq, zap_admits *admits, void *context,
                                       struct zap **zap);
void zap_close(struct zap *zap);
/* The socket to poll. */
void *zap_socket(struct zap *zap);
/* Answer all requests that wait. */
void zap_answer(struct zap *zap);
/* How many were refused since the start. */
uint64_t zap_refused(const struct zap *zap);
/* What a message's metadata say of who speaks. */
enum zap_who zap_user_parse(const char *user, struct ayni_node *id);

#endif
