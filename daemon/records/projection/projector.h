#ifndef AYNI_DAEMON_RECORDS_PROJECTOR_H
#define AYNI_DAEMON_RECORDS_PROJECTOR_H

#include <stdatomic.h>

#include "daemon/records/reader.h"
#include "daemon/store/follow.h"
#include "daemon/store/log_writer.h"
#include "daemon/store/store_listener.h"

/*
 * The thread that follows the log into views/: it takes the arrival journal in
 * batches (short while somebody waits, large in bulk), sorts, writes, and
 * commits each with its position. It also makes the charters of
 * daemon/records/standing.h when the registry space changes, and then folds
 * again what the change reaches.
 */
struct projector;

/*
 * What one batch touched, for who derives more from records (the view). All is
 * lent for the call. Between two batches every state is a function of the log
 * up to `position` alone, so what a hook derives must be, too: never of the
 * order of batches or of their size.
 */
struct projection_batch {
    struct views_txn *views; /* put and delete in tables of one's own */
    struct reader *reader;   /* sees what this batch has put */
    const struct record_key
        *keys; /* sorted, each once: records whose versions, rights or rules changed */
    size_t key_count;
    const struct ayni_record
        *subjects; /* sorted, each once: whom some version of these names, before or after */
    size_t subject_count;
    bool new_charter;        /* reader_charter() is not that of the batch before: the registry space
                                changed, or that was of another views/ */
    bool new_forks;          /* proofs of forks came (daemon/records/fork.h) */
    bool new_owed;           /* receipts came to be owed (daemon/records/erasure/receipt.h) */
    bool empty_views;        /* nothing was in views/ before this batch */
    const atomic_bool *stop; /* set where the daemon stops: give up, with AYNI_E_STOPPED */
    uint64_t first_arrival, last_arrival; /* that it follows; none where the last is the lower */
};

/*
 * Runs inside the batch's transaction; a failure stops the projector's batch,
 * which is tried again. It may run again for the same batch, so it keeps
 * nothing that it computed before `committed`.
 */
struct projection_hook {
    enum ayni_status (*project)(void *context, const struct projection_batch *batch);
    void (*committed)(void *context,
                      uint64_t position); /* may be NULL; in the projector's thread */
    void *context;
    /* It puts into tables: then it is run for a views/ that is made anew beside the other one, too,
     * without `committed`. */
    bool derives;
};

/* Before projector_start(); at most 4. */
void projector_add_hook(struct projector *projector, const struct projection_hook *hook);

struct projector_options {
    struct log_store *log;
    struct log_writer *writer;
    struct views *views;
    struct room *room; /* NULL: nobody watches */
    struct standing *standing;
    struct ayni_node node; /* this node's own: whose wrapped identity key it opens */
    const struct ayni_signing_key *secret; /* lent for its life */
    uint64_t memory_max; /* bytes that a batch may take; 0 for a quarter of RAM, at most 512 MiB */
};
AYNI_CHECKED enum ayni_status projector_new(const struct projector_options *options,
                                            struct projector **projector);
/* Load the charter as views/ has it, then begin to follow. */
AYNI_CHECKED enum ayni_status projector_start(struct projector *projector);
/* Nobody waits for it any more, and the thread ends: what it is at is given up, and done again
 * after the next start. */
void projector_halt(struct projector *projector);
/* The same, and it has ended. */
void projector_stop(struct projector *projector);
void projector_free(struct projector *projector);

/*
 * Which federation this is, as soon as it is known: at founding, at joining,
 * and at each start before projector_start(). Once.
 */
AYNI_CHECKED enum ayni_status projector_set_root(struct projector *projector,
                                                 const struct ayni_node *root);

/* The place to wait for views/ to have followed an arrival: follow_wait(), follow_reached(). */
struct follow *projector_follow(struct projector *projector);
/*
 * Wait until views/ has all that the log held when the daemon started, or when
 * views/ was last emptied: what is read or written on before that would not have seen it.
 * Failures are those of projector_wait().
 */
AYNI_CHECKED enum ayni_status projector_wait_ready(struct projector *projector);
/*
 * Wait for an arrival that is in the log already. Where views/ can't follow, nobody waits for
 * ever.
 *
 *   AYNI_E_FULL, AYNI_E_IO  why it can't
 *   AYNI_E_STOPPED
 */
AYNI_CHECKED enum ayni_status projector_wait(struct projector *projector, uint64_t arrival);
/* The same for who has more to write than views/ can follow: no batch ends early for it. */
AYNI_CHECKED enum ayni_status projector_wait_unhurried(struct projector *projector,
                                                       uint64_t arrival);
/* Wait until everything that is in the log now is in views/, folded again where the registry
 * changed. AYNI_E_BUSY: not within the time; else as projector_wait(). */
AYNI_CHECKED enum ayni_status projector_catch_up(struct projector *projector, uint64_t timeout_ms);
/* Nothing is left to do for what the log held when asked: for "in sync". */
bool projector_is_caught_up(struct projector *projector);

/*
 * More will be written for a while than anybody looks at: batches wait for it to
 * gather, a moment at most, since a small one writes nearly as many pages as a
 * large one. Whoever waits ends the moment. Each begin has its end.
 */
void projector_bulk_begin(struct projector *projector);
void projector_bulk_end(struct projector *projector);

/*
 * Make views/ anew from the log, beside the one that is there: that is read and goes on following
 * until the new one takes its place. Whatever ends this before leaves it as it is. `listener`, or
 * NULL, hears of arrivals followed and to be followed.
 *
 *   AYNI_E_BUSY     one is being made already, or snapshots of the old one don't end
 *   AYNI_E_FULL     no room for a second one
 *   AYNI_E_STOPPED  the listener said so, or the daemon stops
 *   AYNI_E_IO, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status projector_rebuild(struct projector *projector,
                                                const struct store_listener *listener);
/* Whether one is being made. */
bool projector_is_rebuilding(struct projector *projector);
/*
 * Merge what is recent in views/ (daemon/store/views.h), all of it: then nothing that was
 * overwritten until now is kept any more, but in free pages. Waits. As views_update(), and
 * AYNI_E_STOPPED.
 */
AYNI_CHECKED enum ayni_status projector_merge(struct projector *projector);

struct projector_progress {
    uint64_t position;       /* arrivals followed */
    uint64_t last;           /* arrivals in the log */
    uint64_t tasks;          /* feeds and types still to be folded again */
    enum ayni_status status; /* AYNI_OK, or why it waits: AYNI_E_FULL, AYNI_E_IO */
    unsigned failures;       /* one after the other; 0 while it goes on */
    uint64_t ready_at;       /* arrivals in the log when the daemon started */
    bool anew;               /* it was empty then, or had to be emptied */
};
void projector_measure(struct projector *projector, struct projector_progress *progress);

#endif
