#include "daemon/store/log_writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "daemon/report.h"
#include "daemon/store/log_private.h"

enum {
    LISTENERS_MAX = 8,
    /* One commit's worth: LMDB keeps what is put in memory until then. */
    GROUP_BYTES_MAX = 64 * 1024 * 1024,
};

struct listener {
    log_committed *committed;
    void *context;
};

struct log_writer {
    struct log_store *store;
    struct room *room;
    struct listener listeners[LISTENERS_MAX];
    size_t listener_count;
    uint64_t last_arrival; /* that listeners know of; the thread's, as the next */
    uint64_t group_bytes;  /* that the last group put */
    bool failing;          /* the last group could not be stored */
    pthread_t thread;
    bool joined;           /* or there is none */
    pthread_mutex_t mutex; /* over all below */
    pthread_cond_t changed;
    struct log_job *first, *last; /* what has gathered */
    bool stopping;
};

/* --- a group: the jobs from `first` to before `end`, in one transaction --- */

enum attempt {
    ATTEMPT_DONE,  /* each job has its status */
    ATTEMPT_AGAIN, /* a job failed half-way and has its status: run the others again */
    ATTEMPT_GROW,  /* the map is full */
};

/*
 * The group is not stored: so for all its jobs, also those that have failed by
 * themselves, since what they saw (a run that is held already) isn't there.
 */
static void fail_all(struct log_writer *writer, struct log_job *first, const struct log_job *end,
                     enum ayni_status status)
{
    for (struct log_job *job = first; job != end; job = job->next)
        job->status = status;
    room_note(writer->room, ROOM_LOG, status, writer->group_bytes);
    if (!writer->failing)
        report(REPORT_ERROR, "log_write_failed", "reason=%s", ayni_status_name(status));
    writer->failing = true;
}

static void succeed(struct log_writer *writer, uint64_t last_arrival)
{
    writer->last_arrival = last_arrival;
    room_note(writer->room, ROOM_LOG, AYNI_OK, writer->group_bytes);
    if (writer->failing)
        report(REPORT_INFO, "log_write_resumed", NULL);
    writer->failing = false;
}

/* Run the jobs; `*end` moves forward to the first that finds the group large enough. */
static enum attempt run_jobs(struct log_writer *writer, struct log_job *first, struct log_job **end,
                             struct log_txn *txn)
{
    for (struct log_job *job = first; job != *end; job = job->next) {
        uint64_t changes = txn->changes;
        if (job->status != AYNI_OK)
            continue;
        if (txn->bytes > GROUP_BYTES_MAX) {
            *end = job;
            return ATTEMPT_DONE;
        }
        job->status = job->run(job, txn);
        if (txn->map_full) {
            job->status = AYNI_OK;
            return ATTEMPT_GROW;
        }
        if (txn->failed) { /* the disk's or the system's fault, and so everybody's */
            fail_all(writer, first, *end, job->status == AYNI_OK ? AYNI_E_IO : job->status);
            return ATTEMPT_DONE;
        }
        if (job->status != AYNI_OK && txn->changes != changes)
            return ATTEMPT_AGAIN;
    }
    return ATTEMPT_DONE;
}

static enum attempt attempt_group(struct log_writer *writer, struct log_job *first,
                                  struct log_job **end)
{
    struct log_txn *txn;
    enum ayni_status status = log_txn_begin(writer->store, &txn);

    if (status != AYNI_OK) {
        fail_all(writer, first, *end, status);
        return ATTEMPT_DONE;
    }
    enum attempt attempt = run_jobs(writer, first, end, txn);
    writer->group_bytes = txn->bytes;
    if (attempt != ATTEMPT_DONE || txn->failed) {
        log_txn_abort(txn);
        return attempt;
    }
    uint64_t arrival = txn->arrival.no;
    int rc = log_txn_finish(txn);
    if (rc == MDB_MAP_FULL)
        return ATTEMPT_GROW;
    if (rc == MDB_SUCCESS)
        succeed(writer, arrival);
    else
        fail_all(writer, first, *end, lmdb_status(rc));
    return ATTEMPT_DONE;
}

/* Without room ordinary jobs aren't run. False where none is left. */
static bool hold_back(struct log_writer *writer, struct log_job *first)
{
    bool enough = room_enough(writer->room);
    bool left = false;

    for (struct log_job *job = first; job != NULL; job = job->next) {
        if (!enough && !job->urgent)
            job->status = AYNI_E_FULL;
        left = left || job->status == AYNI_OK;
    }
    return left;
}

/* Whether the group that found no room is to be run again for its urgent jobs alone. */
static bool make_way(struct log_writer *writer, struct log_job *first, const struct log_job *end)
{
    struct log_job *urgent = NULL;

    for (struct log_job *job = first; job != end && urgent == NULL; job = job->next)
        if (job->urgent && job->status == AYNI_E_FULL)
            urgent = job;
    if (urgent == NULL || !room_give_ballast(writer->room))
        return false;
    for (struct log_job *job = urgent; job != end; job = job->next)
        if (job->urgent)
            job->status = AYNI_OK;
    return true;
}

/* Commit the jobs up to `*end`, which may move forward. */
static void commit_group(struct log_writer *writer, struct log_job *first, struct log_job **end)
{
    for (;;) {
        enum attempt attempt = attempt_group(writer, first, end);
        if (attempt == ATTEMPT_DONE && make_way(writer, first, *end))
            continue;
        if (attempt == ATTEMPT_DONE)
            return;
        if (attempt == ATTEMPT_AGAIN)
            continue;
        enum ayni_status status = lmdb_grow(&writer->store->lmdb);
        if (status != AYNI_OK) {
            fail_all(writer, first, *end, status);
            return;
        }
    }
}

/* Of what was committed; before anybody follows it. */
static void note_urgent(struct log_writer *writer, const struct log_job *first,
                        const struct log_job *end)
{
    for (const struct log_job *job = first; job != end; job = job->next)
        if (job->urgent && job->status == AYNI_OK)
            room_note_urgent(writer->room, writer->last_arrival);
}

static void tell(struct log_writer *writer)
{
    for (size_t i = 0; i < writer->listener_count; i++)
        writer->listeners[i].committed(writer->listeners[i].context, writer->last_arrival);
}

static void finish(struct log_job *first, const struct log_job *end)
{
    for (struct log_job *next, *job = first; job != end; job = next) {
        next = job->next; /* `done` may free it */
        if (job->done != NULL)
            job->done(job, job->status);
    }
}

/* The jobs in as few groups as their size allows. */
static void commit_all(struct log_writer *writer, struct log_job *first)
{
    for (struct log_job *end = NULL; first != NULL; first = end, end = NULL) {
        uint64_t before = writer->last_arrival;
        if (hold_back(writer, first))
            commit_group(writer, first, &end);
        if (writer->last_arrival != before) {
            note_urgent(writer, first, end);
            tell(writer);
        }
        finish(first, end);
    }
}

/* --- the thread --- */

/* What has gathered, off the list; with the mutex held. */
static struct log_job *take_all(struct log_writer *writer)
{
    struct log_job *first = writer->first;

    writer->first = NULL;
    writer->last = NULL;
    return first;
}

/* What has gathered; NULL when there is nothing left and the writer stops. */
static struct log_job *wait_for_jobs(struct log_writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    while (writer->first == NULL && !writer->stopping)
        pthread_cond_wait(&writer->changed, &writer->mutex);
    struct log_job *first = take_all(writer);
    pthread_mutex_unlock(&writer->mutex);
    return first;
}

void log_writer_turn(struct log_writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    struct log_job *first = take_all(writer);
    pthread_mutex_unlock(&writer->mutex);
    commit_all(writer, first);
}

static void *run(void *arg)
{
    struct log_writer *writer = arg;

    pthread_setname_np(pthread_self(), "log-writer");
    for (struct log_job *jobs; (jobs = wait_for_jobs(writer)) != NULL;)
        commit_all(writer, jobs);
    return NULL;
}

enum ayni_status log_writer_new(struct log_store *store, struct room *room,
                                struct log_writer **writer)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(store, &snapshot);
    struct log_writer *w = calloc(1, sizeof(*w));

    if (status != AYNI_OK || w == NULL) {
        free(w);
        return status != AYNI_OK ? status : AYNI_E_MEMORY;
    }
    w->store = store;
    w->room = room;
    w->last_arrival = log_last_arrival(snapshot);
    w->joined = true;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->changed, NULL);
    *writer = w;
    return AYNI_OK;
}

enum ayni_status log_writer_start(struct log_store *store, struct room *room,
                                  struct log_writer **writer)
{
    struct log_writer *w;
    enum ayni_status status = log_writer_new(store, room, &w);

    if (status != AYNI_OK)
        return status;
    if (pthread_create(&w->thread, NULL, run, w) != 0) {
        log_writer_free(w);
        return AYNI_E_MEMORY;
    }
    w->joined = false;
    *writer = w;
    return AYNI_OK;
}

void log_writer_stop(struct log_writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    writer->stopping = true;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
    if (!writer->joined)
        pthread_join(writer->thread, NULL);
    writer->joined = true;
    log_writer_turn(writer); /* of one without a thread */
}

void log_writer_free(struct log_writer *writer)
{
    if (writer == NULL)
        return;
    log_writer_stop(writer);
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->mutex);
    free(writer);
}

void log_writer_listen(struct log_writer *writer, log_committed *committed, void *context)
{
    assert(writer->listener_count < LISTENERS_MAX);
    writer->listeners[writer->listener_count++] = (struct listener){ committed, context };
}

/* --- jobs --- */

enum ayni_status log_writer_submit(struct log_writer *writer, struct log_job *job)
{
    enum ayni_status status = AYNI_OK;

    job->next = NULL;
    job->status = AYNI_OK;
    pthread_mutex_lock(&writer->mutex);
    if (writer->stopping) {
        status = AYNI_E_STOPPED;
    } else {
        if (writer->last == NULL)
            writer->first = job;
        else
            writer->last->next = job;
        writer->last = job;
        pthread_cond_signal(&writer->changed);
    }
    pthread_mutex_unlock(&writer->mutex);
    return status;
}
