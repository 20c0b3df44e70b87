#ifndef AYNI_DAEMON_STORE_LOG_WRITER_H
#define AYNI_DAEMON_STORE_LOG_WRITER_H

#include "daemon/store/log.h"
#include "daemon/store/room.h"

/*
 * The one thread that writes the log. Jobs of all threads are taken in order
 * and committed in groups: whatever has gathered while the last commit was on
 * its way to the disk goes into the next.
 */
struct log_writer;

/* Called in the writer's thread after each commit that stored entries; keep it short. */
typedef void log_committed(void *context, uint64_t last_arrival);

/*
 * Where `room` (lent, or NULL) has none, jobs answer AYNI_E_FULL without being run, but for the
 * urgent ones, which get its ballast.
 */
AYNI_CHECKED enum ayni_status log_writer_start(struct log_store *store, struct room *room,
                                               struct log_writer **writer);
/* A writer without a thread, for who has none to spare or wants to say when: */
AYNI_CHECKED enum ayni_status log_writer_new(struct log_store *store, struct room *room,
                                             struct log_writer **writer);
/* commits what it was handed, here and now, as its thread would. */
void log_writer_turn(struct log_writer *writer);
/* Finishes what was taken, then ends the thread; jobs are refused from now on. */
void log_writer_stop(struct log_writer *writer);
/* Stops it, if that wasn't done, and frees it: nobody hands it jobs any more. NULL is fine. */
void log_writer_free(struct log_writer *writer);
/* Tell `committed` of commits; at most 8 listeners, added while no job is under way. */
void log_writer_listen(struct log_writer *writer, log_committed *committed, void *context);

/*
 * A job runs inside the writer's transaction. It is called again if the map
 * had to grow or another job of its group failed half-way, so it must not keep
 * what it computed from the transaction before `done`. A job that fails is
 * alone in that: its own changes are not stored, the others' are (failing
 * before the first change is cheaper: nothing is run again).
 * `done` is called in the writer's thread after the commit, with how it went.
 */
struct log_job {
    enum ayni_status (*run)(struct log_job *job, struct log_txn *txn);
    void (*done)(struct log_job *job, enum ayni_status status);
    bool urgent;             /* an erasure: written on a full disk, too */
    struct log_job *next;    /* the writer's */
    enum ayni_status status; /* the writer's */
};

/* Hand a job over; it stays the caller's memory, untouched until `done`. AYNI_E_STOPPED after
 * log_writer_stop(). */
AYNI_CHECKED enum ayni_status log_writer_submit(struct log_writer *writer, struct log_job *job);
/* The same, and wait for it. `job->done` may be NULL. */
AYNI_CHECKED enum ayni_status log_writer_run(struct log_writer *writer, struct log_job *job);

#endif
