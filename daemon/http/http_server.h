#ifndef AYNI_DAEMON_HTTP_HTTP_SERVER_H
#define AYNI_DAEMON_HTTP_HTTP_SERVER_H

#include "proto/bytes.h"

struct daemon;

/*
 * What `aynid --http` serves, by libmicrohttpd in a thread of its own: GET and
 * HEAD of pages in a table. It has no login: for this machine alone, or behind a proxy
 * that asks who comes.
 */
struct http_server;

/*
 * Listen at "ADDR:PORT" and serve. `why` gets a sentence on failure:
 *
 *   AYNI_E_BUSY   another program listens there
 *   AYNI_E_USAGE  this machine has no such address
 *   AYNI_E_IO, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status http_server_start(struct daemon *daemon, const char *address,
                                                struct http_server **server, char *why,
                                                size_t why_size);
/* Ends what is being answered. NULL is fine. */
void http_server_stop(struct http_server *server);

#endif
