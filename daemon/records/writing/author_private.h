#ifndef AYNI_DAEMON_RECORDS_AUTHOR_PRIVATE_H
#define AYNI_DAEMON_RECORDS_AUTHOR_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "daemon/records/records.h"
#include "daemon/records/writing/author_draft.h"
#include "daemon/records/writing/author_keys.h"

/*
 * A call drafts its runs and hands them to the log writer under the author's
 * lock, so that they reach the log in the order of their chains; it waits for
 * the commit without it, so that calls of many threads share commits. The log writer
 * tells of a commit under a lock of its own, and wakes those alone who wait for it: it has the next
 * one to begin. Until views/ has followed a call's records, its group stays in the list: who wants
 * to touch one of them waits for that.
 */
struct author_group {
    struct log_job job; /* first */
    struct author *author;
    struct author_draft draft;
    struct author_keys keys;
    struct ayni_instant now;
    atomic_bool committed; /* or failed: `status` says; what follows stands then */
    pthread_cond_t told;   /* that it is; with the author's `telling` */
    enum ayni_status status;
    uint64_t arrival; /* of its last run */
    unsigned users;   /* calls that look at it, beside the list */
    bool listed;
    struct author_group *next;
};

struct author {
    const struct records *records;
    const struct ayni_signing_key *secret;
    pthread_mutex_t mutex;
    pthread_mutex_t telling; /* taken last, and for a moment: over what is told of commits */
    struct author_feeds feeds;
    struct author_group *groups;
    bool renewed; /* since this process began */
};

/* The job of a group (author_job.c): stores its runs, and tells. */
struct log_job author_job(void);

/* All that follows (author_group.c) is called with the lock held, and may let it go while it waits.
 */

void author_group_free(struct author_group *group);
/* One user less; whoever is last and finds it off the list frees it. */
void author_group_release(struct author_group *group);
/* Take off the list what views/ has followed, or what failed. */
void author_groups_prune(struct author *author);
/* The lock needn't be held, where the group has a user. */
void author_group_wait_committed(struct author *author, struct author_group *group);
/* Wait for views/ to have followed it, if it was stored. Failures are those of projector_wait(). */
enum ayni_status author_group_wait_followed(struct author *author, struct author_group *group);
/* Until no group is on its way to the log; nobody drafts meanwhile. */
void author_groups_wait_committed(struct author *author);
/*
 * Until none of the records is on its way, and there is room for one more
 * group. A group that failed isn't in the way.
 */
AYNI_CHECKED enum ayni_status author_groups_wait_turn(struct author *author,
                                                      const struct author_keys *keys);

#endif
