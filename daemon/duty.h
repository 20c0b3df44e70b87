#ifndef AYNI_DAEMON_DUTY_H
#define AYNI_DAEMON_DUTY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "proto/status.h"

/*
 * A thread that does by itself what comes to be due: who notices that says so
 * (any thread), it waits for that, and takes up what was said until then. It
 * begins with something due.
 *
 *     while (duty_wait(&duty, wait_ms)) {
 *         if (duty_take(&duty))
 *             ...
 *     }
 */
struct duty {
    pthread_t thread;
    bool running;         /* the owner's: it was started and not stopped */
    pthread_mutex_t lock; /* over all below */
    pthread_cond_t changed;
    bool due;
    bool stopping;
};

void duty_init(struct duty *duty);
/* `run` in a thread of that name, at most 15 bytes. AYNI_E_IO: none can be had. */
AYNI_CHECKED enum ayni_status duty_start(struct duty *duty, const char *name,
                                         void *(*run)(void *context), void *context);
/* Something is due. */
void duty_note(struct duty *duty);

/* For the thread: until something is due, or so long. False where it is to end. */
bool duty_wait(struct duty *duty, uint64_t wait_ms);
/* So long, whatever is due. False where it is to end. */
bool duty_pause(struct duty *duty, uint64_t pause_ms);
/* Whether something is due; what is noted from here on is due again. */
bool duty_take(struct duty *duty);
/* Whether it is to end: what takes long asks in between. */
bool duty_ends(struct duty *duty);

/* Answers when the thread has ended; nothing where it wasn't started, or was stopped before. */
void duty_stop(struct duty *duty);
/* Of one that was stopped. */
void duty_done(struct duty *duty);

#endif
