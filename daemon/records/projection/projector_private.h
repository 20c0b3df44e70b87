#ifndef AYNI_DAEMON_RECORDS_PROJECTOR_PRIVATE_H
#define AYNI_DAEMON_RECORDS_PROJECTOR_PRIVATE_H

#include <pthread.h>
#include <time.h>

#include "daemon/records/charter.h"
#include "daemon/records/projection/projection.h"
#include "daemon/records/projection/projector.h"

/* What the files of the projector share, and nobody else sees. */
enum {
    PROJECTOR_HOOKS_MAX = 8,
    PROJECTOR_RETRY_MIN_MS = 50,
    PROJECTOR_RETRY_MS = 1000,
    PROJECTOR_IDLE_MS = 1000
};

/* A views/, and where it stands. */
struct projector_place {
    struct views *views;
    const struct charter *working;
    uint64_t position;
    uint64_t until; /* no batch goes past this arrival; 0: there is no such end */
    bool beside;    /* it is being made anew */
    const atomic_bool *stop;
};

struct projector_rebuild {
    /* The thread's own: */
    struct views *views; /* NULL: none is being made */
    struct charter *working;
    uint64_t tasks;
    unsigned tries; /* to put it in place */
    atomic_bool stop;
    /* Guarded by the projector's mutex: */
    bool wanted, ended; /* somebody waits for one, and it has ended */
    uint64_t position;
    enum ayni_status answer;
};

/* How the last batch went. */
struct projector_pace {
    uint64_t started_ms;
    uint64_t cycle_ms;      /* since the one before it had started */
    uint64_t entries;       /* that it took */
    uint64_t worth_entries; /* so many would have been worth its commit */
};

struct projector {
    struct projector_options options;
    struct projection_hook hooks[PROJECTOR_HOOKS_MAX];
    size_t hook_count;
    uint64_t memory_max;
    struct follow *followed;
    pthread_t thread;
    bool started;

    /* The thread's own: */
    struct charter_owner owner;
    struct charter *working;  /* as views/ has it */
    bool published;           /* `working` is what standing shows */
    const struct views *made; /* of which the last batch was */
    struct projector_pace pace;
    bool merge_when_idle; /* there is something recent in views/ that is worth it */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    uint64_t last;     /* the log's last arrival */
    uint64_t ready_at; /* until views/ is here again, standing shows what it showed */
    uint64_t position;
    bool opening; /* at a start: views/ is there, but for what keys open that came after it */
    uint64_t tasks;
    enum ayni_status status;
    uint64_t failures; /* batches that failed */
    unsigned failures_in_row;
    bool anew;               /* there was nothing in views/ at the start */
    enum ayni_status answer; /* to what was asked for last by the flags below */
    atomic_bool stop;        /* asked without the mutex in the middle of a batch */
    bool root_waits;
    struct projector_rebuild rebuild;
    unsigned bulk, waiting;             /* who writes in bulk, and who waits for views/ */
    struct timespec gathers_until;      /* in bulk: after the last batch, at most */
    unsigned merges_asked, merges_done; /* of what is recent in views/ */
    enum ayni_status merge_status;      /* of the last one */
    struct ayni_node root;
};

/* Load what views/ has, and show it, or the log's registry while views/ is behind. Before the
 * thread runs. */
AYNI_CHECKED enum ayni_status projector_load(struct projector *projector);
/* The charter as views/ has it now, to work with. */
AYNI_CHECKED enum ayni_status projector_load_working(struct projector *projector);
/* Work with this one from now on; takes it over. */
void projector_set_working(struct projector *projector, struct charter *charter);
/* Show what is worked with, if views/ has followed up to `position` what it had before. */
void projector_publish(struct projector *projector, uint64_t position);

/* --- projector_batch.c --- */

/* Make one batch of a views/. On AYNI_OK a charter in it is the caller's. */
AYNI_CHECKED enum ayni_status projector_make(struct projector *projector,
                                             const struct projector_place *place,
                                             struct projection *projection);
AYNI_CHECKED enum ayni_status projector_drop_erased(const struct projector *projector,
                                                    struct views *views,
                                                    const struct charter *charter,
                                                    const struct projection *projection);
/* One of views/ itself, and tell who waits for it. */
AYNI_CHECKED enum ayni_status projector_batch(struct projector *projector);

/* --- projector_rebuild.c --- */

/* Whether one is wanted and hasn't ended. The mutex is held, or the thread asks. */
bool projector_rebuilds(const struct projector *projector);
/* A batch of it; the last one puts it in place. */
void projector_rebuild_step(struct projector *projector);
/* Give up what there is of it, and answer. */
void projector_rebuild_end(struct projector *projector, enum ayni_status status);

/* --- projector_merge.c --- */

/* After a batch: merge what is recent in `views`, where it is much and nobody waits. */
AYNI_CHECKED enum ayni_status projector_merge_much(struct projector *projector,
                                                   struct views *views);
/* All of it. */
AYNI_CHECKED enum ayni_status projector_merge_all(struct projector *projector, struct views *views);
/* What was asked for, or is worth it since there is nothing else to do. */
void projector_merge_step(struct projector *projector);

/* --- projector_pace.c --- */

/* In bulk: wait for more to come. The mutex is held. */
void projector_gather(struct projector *projector);
/* The last batch took so long: for how long the next one gathers. The mutex is held. */
void projector_set_pace(struct projector *projector, uint64_t batch_ms);
/* One more waits for views/, or one less. */
void projector_note_waiting(struct projector *projector, int more);

#endif
