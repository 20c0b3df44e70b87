#ifndef AYNI_DAEMON_CONTROL_VISITOR_H
#define AYNI_DAEMON_CONTROL_VISITOR_H

#include "proto/bytes.h"

enum { VISITOR_NAME_SIZE = 128 };

/* Who is at the other end of a control connection. */
struct visitor {
    char name[VISITOR_NAME_SIZE]; /* a local user's, or what the registry calls the key; never empty
                                   */
    bool is_admin;                /* when she made the request that is being answered */
    bool may_settle;              /* likewise: her role settles conflicts */
    bool only_reads;              /* likewise: her role changes no record */
    bool has_key;                 /* from afar: what CURVE has shown */
    uint8_t key[32];
};

/* By what the system says of a Unix socket's other end. AYNI_E_IO where it doesn't. */
AYNI_CHECKED enum ayni_status visitor_of_socket(int fd, struct visitor *visitor);

#endif
