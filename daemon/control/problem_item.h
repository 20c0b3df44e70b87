#ifndef AYNI_DAEMON_CONTROL_PROBLEM_ITEM_H
#define AYNI_DAEMON_CONTROL_PROBLEM_ITEM_H

#include "daemon/control/call.h"
#include "daemon/records/key.h"
#include "daemon/records/standing.h"

/* One problem of a record as an item of `problems`: docs/protocol.md, section 8.3. */
struct problem_item {
    const struct charter *charter;
    const struct record_key *key; /* type 0 where nobody knows of which record it is */
    const struct ayni_node *node; /* NULL: not known, nor is `time` */
    struct ayni_instant time;
    struct ayni_bytes reason;
    uint32_t field;               /* 0: of none */
    const char *level;            /* "reject", "warn"; or NULL */
    const struct complaint *said; /* in words, and the way out */
};
void problem_item_put(struct ayni_control_writer *item, const struct problem_item *problem);

#endif
