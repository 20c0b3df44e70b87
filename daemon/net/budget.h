#ifndef AYNI_DAEMON_NET_BUDGET_H
#define AYNI_DAEMON_NET_BUDGET_H

#include "daemon/config.h"

/*
 * What the link to a peer may carry now of what can wait, by its budget in the
 * settings, by what it has carried today and by the local clock. Pure.
 */
struct budget_now {
    uint64_t rate;     /* bytes a second; 0: any */
    uint64_t left;     /* bytes; 0: none now; UINT64_MAX: any */
    uint64_t until_ms; /* from now, until there is more once `left` is 0 */
    const char *held;  /* where `left` is 0: "hours" or "day"; else NULL */
};

/* Whether it bounds anything. */
bool budget_is_bound(const struct config_budget *budget);
/* `used` bytes since midnight, which was `ms_of_day` ago. */
struct budget_now budget_at(const struct config_budget *budget, uint64_t used, uint64_t ms_of_day);

#endif
