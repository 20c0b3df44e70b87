#ifndef AYNI_DAEMON_BUNDLE_TAKING_H
#define AYNI_DAEMON_BUNDLE_TAKING_H

#include <stdatomic.h>

#include "daemon/federation/federation.h"
#include "daemon/records/records.h"
#include "daemon/store/store_listener.h"
#include "proto/bundle_volume.h"

/*
 * Volumes of bundles taken into the log: the door is the one that batches of
 * peers come through (daemon/net/intake.h), the rights are asked in the same
 * way, and what isn't known here yet, or continues what isn't held, waits.
 * In one thread.
 */
struct taking;

struct taking_options {
    const struct records *records;
    struct federation *federation;
    const struct identity *identity;
    const atomic_bool *stop; /* set where the daemon stops: give up, with AYNI_E_STOPPED */
    /* Bytes taken of the volume, and 0; false to give up likewise. NULL: nobody looks on. */
    const struct store_listener *listener;
    /* The proof of a fork is in the log, of which nobody here knew. */
    void (*fork_found)(void *context, const struct ayni_feed *feed);
    void *context;
}; /* all lent */
AYNI_CHECKED enum ayni_status taking_begin(const struct taking_options *options,
                                           struct taking **taking);
/* NULL is fine. */
void taking_end(struct taking *taking);

/* Entries of a volume, by what became of them. */
struct taking_counts {
    uint64_t stored;
    uint64_t held;    /* that the log had already */
    uint64_t waiting; /* for what comes before them, or for a space or right */
    uint64_t refused; /* of too many feeds, or of what is none */
};
/*
 * Take all that can be taken of a volume that was verified whole, and keep what
 * it says of its sender.
 *
 *   AYNI_E_FULL, AYNI_E_IO, AYNI_E_MEMORY, AYNI_E_STOPPED  what was taken so far is in the log
 */
AYNI_CHECKED enum ayni_status taking_volume(struct taking *taking,
                                            struct ayni_bundle_source *source,
                                            struct taking_counts *counts);
/* Wait for all of it to be readable: as projector_wait(). */
AYNI_CHECKED enum ayni_status taking_settle(struct taking *taking);

#endif
