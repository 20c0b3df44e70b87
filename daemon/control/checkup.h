#ifndef AYNI_DAEMON_CONTROL_CHECKUP_H
#define AYNI_DAEMON_CONTROL_CHECKUP_H

#include "daemon/records/complaint.h"

struct daemon;

/*
 * How this node is, looked at point by point: for `ayni doctor`, which says
 * how to mend what isn't well, and for `/health`. Asks no store for more than it
 * keeps in memory; so it may be asked every second.
 */
enum checkup_state {
    CHECKUP_WELL,
    CHECKUP_TROUBLED, /* somebody should look, and the node works */
    CHECKUP_SICK,     /* it can't write, or doesn't serve records */
};

struct finding {
    const char *check; /* "clock", "disk" ...: lives for ever */
    bool is_health;    /* of the node as it runs, and no advice to its operator */
    enum checkup_state state;
    struct complaint trouble; /* its code is for programs; nothing where all is well */
};

enum { CHECKUP_COUNT = 11 };
struct checkup {
    struct finding findings[CHECKUP_COUNT];
};

void checkup_run(struct daemon *daemon, struct checkup *checkup);

#endif
