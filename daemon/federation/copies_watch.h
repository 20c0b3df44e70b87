#ifndef AYNI_DAEMON_FEDERATION_COPIES_WATCH_H
#define AYNI_DAEMON_FEDERATION_COPIES_WATCH_H

#include "daemon/records/copies.h"

/*
 * Says once in the daemon's log of each node that it began anew, or that it
 * runs twice (daemon/records/copies.h). Of one thread; all zero is one that has said nothing.
 */
struct copies_watch {
    struct ayni_buffer told; /* struct copies_finding */
};

AYNI_CHECKED enum ayni_status copies_watch_look(struct copies_watch *watch, struct log_store *log);
/* Whether it has said of a node that it runs twice. */
bool copies_watch_runs_twice(const struct copies_watch *watch, const struct ayni_node *node);
void copies_watch_done(struct copies_watch *watch);

#endif
