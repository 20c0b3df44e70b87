#ifndef AYNI_DAEMON_RECORDS_COPIES_H
#define AYNI_DAEMON_RECORDS_COPIES_H

#include "daemon/store/log.h"

/*
 * Nodes whose homes were restored, moved or copied, as their feeds show it: a
 * node that goes on in a space and lane under another incarnation began anew
 * there; one that writes on in the old feed after that is running twice. It
 * rests on the writer's clocks, so it is for operators to look at, and changes nothing.
 */
struct copies_finding {
    struct ayni_node node;
    bool twice;                /* two copies of it write; else it began anew */
    struct ayni_space space;   /* where that was seen last */
    struct ayni_instant since; /* the newest incarnation began there, by its writer's clock */
    struct ayni_instant last;  /* when both wrote, or it began, for the last time */
};

/* After so long nothing is said of it any more. */
enum { COPIES_DAYS = 7 };

/* One finding for a node, that it runs twice before that it began anew. `visit` returns false to
 * stop. */
AYNI_CHECKED enum ayni_status
copies_each(struct log_snapshot *log, struct ayni_instant now,
            bool (*visit)(void *context, const struct copies_finding *finding), void *context);

#endif
