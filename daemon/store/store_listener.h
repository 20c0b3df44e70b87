#ifndef AYNI_DAEMON_STORE_STORE_LISTENER_H
#define AYNI_DAEMON_STORE_STORE_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

/* Who waits for a copy of a store to be made, and may stop it: it ends with AYNI_E_STOPPED then. */
struct store_listener {
    void *context;
    /* Now and then, keys done and keys in all (0: not known); false to stop. No snapshot is open
     * meanwhile. */
    bool (*progress)(void *context, uint64_t done, uint64_t total);
};

#endif
