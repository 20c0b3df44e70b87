#ifndef AYNI_DAEMON_CONTROL_WHERE_H
#define AYNI_DAEMON_CONTROL_WHERE_H

#include "daemon/control/asking.h"
#include "daemon/control/scope.h"
#include "proto/catalogue.h"

/* Records of a type that an SQL expression chooses: --where. */
struct where {
    const struct ayni_catalogue_type *type;
    const struct ayni_space *space; /* NULL: any */
    const char *expression;         /* NULL: all */
    const char *order_by;           /* a column; NULL: in the order of keys */
    bool descending;
};

/* Their keys, appended as struct record_key. In words where it can't be asked. */
AYNI_CHECKED enum ayni_status where_choose(struct daemon *daemon, struct control_call *call,
                                           const struct where *where, struct ayni_buffer *keys);

/* The records that "where" chooses among those of a scope, ascending; `*given` is false, and there
 * are none, where it isn't said. */
AYNI_CHECKED enum ayni_status where_read(struct daemon *daemon, struct control_call *call,
                                         const struct charter *charter, const struct scope *scope,
                                         struct ayni_buffer *keys, bool *given);

#endif
