#ifndef AYNI_DAEMON_CHORES_H
#define AYNI_DAEMON_CHORES_H

#include "proto/status.h"

struct daemon;

/*
 * What a member does without being asked, in a thread of its own, when the
 * registry has changed or a fork was found: it publishes its card when its
 * endpoints or transport key are new, gives the cuts that the endings of rights
 * in its spaces wait for and the keys of those that are confidential, hands on the proofs of forks,
 * and takes what is kept of bundles and can be taken by now.
 */
struct chores;

AYNI_CHECKED enum ayni_status chores_new(struct daemon *daemon, struct chores **chores);
/* Listens from chores_new() on, works from here on. */
AYNI_CHECKED enum ayni_status chores_start(struct chores *chores);
/* A fork was found of which it doesn't hear. */
void chores_wake(struct chores *chores);
void chores_stop(struct chores *chores); /* NULL is fine */
void chores_free(struct chores *chores);

#endif
