#ifndef AYNI_DAEMON_CONTROL_SCOPE_H
#define AYNI_DAEMON_CONTROL_SCOPE_H

#include "daemon/control/call.h"
#include "daemon/records/standing.h"

/* Which records a request is about: the arguments "type" and "space", of which either may be
 * missing. */
struct scope {
    uint32_t type; /* 0: all */
    bool has_space;
    struct ayni_space space;
};
/* AYNI_E_USAGE for a name that nobody knows. */
AYNI_CHECKED enum ayni_status scope_read(struct control_call *call, const struct charter *charter,
                                         struct scope *scope);
/* NULL: all. */
const struct ayni_space *scope_space(const struct scope *scope);

#endif
