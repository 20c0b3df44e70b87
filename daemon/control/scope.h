#ifndef AYNI_DAEMON_CONTROL_SCOPE_H
#define AYNI_DAEMON_CONTROL_SCOPE_H

#include "daemon/control/call.h"
#include "daemon/records/reader.h"

/* Which records a request is about: many by "type" and "space", of which either may be missing. */
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

/* The one record that "id" and, where it is in several spaces, "space" name: names_place(). */
AYNI_CHECKED enum ayni_status scope_record(struct control_call *call, struct reader *reader,
                                           struct record_key *key);

/* "node", a member by its name or id: false in `*given` where it is missing. */
AYNI_CHECKED enum ayni_status scope_node(struct control_call *call, const struct charter *charter,
                                         bool *given, struct ayni_node *node);

/* A time under `name`: false in `*given` where it is missing. A day is its first moment. */
AYNI_CHECKED enum ayni_status scope_time(struct control_call *call, const char *name, bool *given,
                                         struct ayni_instant *time);
/* "as_of": false in `*given` where it is missing. A day means its last moment: what was known on
 * it. */
AYNI_CHECKED enum ayni_status scope_as_of(struct control_call *call, bool *given,
                                          struct ayni_instant *as_of);

#endif
