#ifndef AYNI_DAEMON_BUNDLE_TAKING_PRIVATE_H
#define AYNI_DAEMON_BUNDLE_TAKING_PRIVATE_H

#include <pthread.h>

#include "daemon/bundle/rights.h"
#include "daemon/bundle/taking.h"
#include "daemon/net/intake.h"

/* What taking.c (volumes, what is under way) and taking_runs.c (where runs belong) share. */

/* Runs that were handed over, and how many of their entries are new. */
struct under_way {
    struct ayni_feed_descriptor descriptor;
    bool first; /* of their feed */
    uint64_t entries;
};

struct taking {
    struct taking_options options;
    struct intake *intake;
    struct rights rights;
    struct taking_counts *counts; /* of the volume that is taken */
    struct ayni_buffer sent;      /* struct under_way; the index is the number of the batch */
    uint64_t handed;              /* batches, to the log writer */
    pthread_mutex_t mutex;        /* of what follows */
    pthread_cond_t done;
    uint64_t wakes; /* of them, that it is done with */
};

/* Until nothing is under way. */
AYNI_CHECKED enum ayni_status taking_drain(struct taking *taking);
/* Hand over what can be taken, and count what can't. */
AYNI_CHECKED enum ayni_status taking_runs(struct taking *taking,
                                          const struct ayni_bundle_runs *runs);

#endif
