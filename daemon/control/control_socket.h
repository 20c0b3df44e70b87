#ifndef AYNI_DAEMON_CONTROL_CONTROL_SOCKET_H
#define AYNI_DAEMON_CONTROL_CONTROL_SOCKET_H

#include "proto/bytes.h"

/*
 * The Unix stream socket in home on which local users ask. One that a dead
 * daemon left is replaced. A path that is too long for an address is named
 * through its open folder.
 *
 *   AYNI_E_BUSY   a daemon answers there
 *   AYNI_E_LIMIT  too long even for that: its folder can't be opened
 *   AYNI_E_IO     what the system said has been reported
 */
AYNI_CHECKED enum ayni_status control_socket_open(const char *path, int *fd);

#endif
