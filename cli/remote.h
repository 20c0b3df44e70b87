#ifndef AYNI_CLI_REMOTE_H
#define AYNI_CLI_REMOTE_H

#include "cli/steward_key.h"

/*
 * A node from afar, at the other end of a CurveZMQ connection: the stream of
 * the control protocol, in pieces. ZeroMQ is known here and nowhere else in the
 * command.
 */
struct remote;

/* `tcp://HOST:PORT/KEY`: whether `text` means a node from afar at all. */
bool remote_is_meant(const char *text);
/*
 * Connect, and wait until the other side has shown its key and admitted ours. In words:
 *
 *   AYNI_E_USAGE    it isn't of that form
 *   AYNI_E_RIGHT    no steward there has this key
 *   AYNI_E_STOPPED  nobody answers, or with another key
 */
AYNI_CHECKED enum ayni_status remote_open(const char *endpoint, struct remote **remote,
                                          struct failure *failure);
void remote_close(struct remote *remote); /* NULL is fine */
/* All of it; false where the connection has ended. */
bool remote_write(struct remote *remote, struct ayni_bytes bytes);
bool remote_read(struct remote *remote, uint8_t *to, size_t size);
/* Whether remote_read() has something to take, or finds the end, within this time. */
bool remote_is_ready(struct remote *remote, int timeout_ms);
/* Whether the node has said goodbye. */
bool remote_was_dismissed(const struct remote *remote);

#endif
