#ifndef AYNI_DAEMON_HTTP_HTTP_SOCKET_H
#define AYNI_DAEMON_HTTP_HTTP_SOCKET_H

#include "proto/bytes.h"

/*
 * A socket that listens at "ADDR:PORT": a name, an IPv4 address, an IPv6 address in
 * brackets, or * for all. `why` and the failures are those of
 * http_server_start().
 */
AYNI_CHECKED enum ayni_status http_socket_open(const char *address, int *fd, char *why,
                                               size_t why_size);

#endif
