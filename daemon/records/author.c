#include "daemon/records/author.h"

#include <pthread.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/records/author_draft.h"
#include "daemon/records/records.h"
#include "proto/registry.h"

/*
 * A call drafts its runs and hands them to the log writer under the author's
 * lock, so that they reach the log in the order of their chains; it waits for
 * the commit without it, so that calls of many threads share commits. Until
 * views/ has followed a call's records, its group stays in the list: who wants
 * to touch one of them waits for that.
 */
struct group {
    struct log_job job; /* first */
    struct author *author;
    struct author_draft draft;
    struct record_key *keys; /* sorted */
    size_t key_count;
    struct ayni_instant now;
    bool committed; /* or failed: `status` says */
    enum ayni_status status;
    uint64_t arrival; /* of its last run */
    unsigned users;   /* calls that look at it, beside the list */
    bool listed;
    struct group *next;
};

/* Groups that views/ hasn't followed yet, at most: who writes faster waits for it. */
enum { GROUPS_MAX = 32 };

struct author {
    const struct records *records;
    const struct ayni_signing_key *secret;
    pthread_mutex_t mutex;
    pthread_cond_t committed;
    struct author_feeds feeds;
    struct group *groups;
};

enum ayni_status author_new(const struct records *records, const struct ayni_signing_key *secret,
                            struct author **author)
{
    struct author *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->records = records;
    made->secret = secret;
    made->feeds.node = records->node;
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->committed, NULL);
    *author = made;
    return AYNI_OK;
}

static void group_free(struct group *group)
{
    author_draft_free(&group->draft);
    free(group->keys);
    free(group);
}

void author_free(struct author *author)
{
    if (author == NULL)
        return;
    while (author->groups != NULL) {
        struct group *group = author->groups;
        author->groups = group->next;
        group_free(group);
    }
    author_feeds_forget(&author->feeds);
    pthread_cond_destroy(&author->committed);
    pthread_mutex_destroy(&author->mutex);
    free(author);
}

/* --- groups; the lock is held --- */

static void release(struct group *group)
{
    if (--group->users == 0 && !group->listed)
        group_free(group);
}

/* Take off the list what views/ has followed, or what failed. */
static void prune(struct author *author)
{
    uint64_t reached = follow_reached(projector_follow(author->records->projector));
    struct group **link = &author->groups;

    while (*link != NULL) {
        struct group *group = *link;
        if (!group->committed || (group->status == AYNI_OK && group->arrival > reached)) {
            link = &group->next;
            continue;
        }
        *link = group->next;
        group->listed = false;
        if (group->users == 0)
            group_free(group);
    }
}

/* The group on its way that touches one of these records, or NULL. */
static struct group *find_touching(struct author *author, const struct author_change *changes,
                                   size_t count)
{
    for (struct group *group = author->groups; group != NULL; group = group->next)
        for (size_t i = 0; i < count; i++) {
            struct record_key key = { changes[i].space, changes[i].type, changes[i].record };
            if (bsearch(&key, group->keys, group->key_count, sizeof(key), record_key_compare) !=
                NULL)
                return group;
        }
    return NULL;
}

static void wait_committed(struct author *author, const struct group *group)
{
    while (!group->committed)
        pthread_cond_wait(&author->committed, &author->mutex);
}

/* Wait for views/ to have followed the group; the lock is let go meanwhile. */
static enum ayni_status wait_followed(struct author *author, struct group *group)
{
    enum ayni_status status;

    group->users++;
    wait_committed(author, group);
    status = group->status;
    pthread_mutex_unlock(&author->mutex);
    if (status == AYNI_OK)
        status = projector_wait(author->records->projector, group->arrival);
    pthread_mutex_lock(&author->mutex);
    release(group);
    return status;
}

/* The oldest group, if there are too many. */
static struct group *one_too_many(struct author *author)
{
    struct group *oldest = author->groups;
    size_t count = 0;

    for (struct group *group = author->groups; group != NULL; group = group->next, count++)
        oldest = group;
    return count >= GROUPS_MAX ? oldest : NULL;
}

/*
 * Until none of the records is on its way, and there is room for one more
 * group. A group that failed isn't in the way.
 */
static enum ayni_status wait_for_turn(struct author *author, const struct author_change *changes,
                                      size_t count)
{
    for (;;) {
        struct group *group;
        enum ayni_status status;
        prune(author);
        group = find_touching(author, changes, count);
        if (group == NULL)
            group = one_too_many(author);
        if (group == NULL)
            return AYNI_OK;
        status = wait_followed(author, group);
        if (status == AYNI_E_STOPPED || status == AYNI_E_BUSY)
            return status;
    }
}

/* --- the job, in the log writer's thread --- */

/* Whether the log's head of each feed is where the draft begins. */
static enum ayni_status check_heads(const struct group *group, struct log_snapshot *log)
{
    for (size_t i = 0; i < group->draft.touched_count; i++) {
        const struct ayni_feed *id = &group->draft.touched[i].feed->id;
        const struct draft_run *first = NULL;
        struct log_feed held = { .head = { .seq = 0 } };
        enum ayni_status status = log_find_feed(log, id, &held);
        for (size_t j = 0; j < group->draft.run_count && first == NULL; j++)
            if (group->draft.runs[j].feed == i)
                first = &group->draft.runs[j];
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
        if (first != NULL && held.head.seq != first->before.seq)
            return AYNI_E_CHAIN;
    }
    return AYNI_OK;
}

static enum ayni_status store_run(struct group *group, struct log_txn *txn,
                                  const struct draft_run *run)
{
    const struct author_feed *own = group->draft.touched[run->feed].feed;
    struct log_feed feed;
    enum ayni_status status = log_txn_feed(txn, &own->id, &own->descriptor, &feed);

    if (status == AYNI_OK && run->before.seq == 0)
        status = author_feed_keep(own, log_txn_snapshot(txn), txn);
    if (status == AYNI_OK)
        status = log_txn_append(txn, feed.no, &run->before, &run->run, run->chains, &run->after,
                                group->now);
    if (status == AYNI_OK)
        status = log_get_feed(log_txn_snapshot(txn), feed.no, &feed);
    if (status == AYNI_OK)
        group->arrival = feed.arrival;
    return status;
}

static enum ayni_status store(struct log_job *job, struct log_txn *txn)
{
    struct group *group = (struct group *)job;
    enum ayni_status status = check_heads(group, log_txn_snapshot(txn));

    for (size_t i = 0; status == AYNI_OK && i < group->draft.run_count; i++)
        status = store_run(group, txn, &group->draft.runs[i]);
    return status;
}

static void stored(struct log_job *job, enum ayni_status status)
{
    struct group *group = (struct group *)job;

    pthread_mutex_lock(&group->author->mutex);
    group->status = status;
    group->committed = true;
    for (size_t i = 0; status == AYNI_OK && i < group->draft.touched_count; i++)
        group->draft.touched[i].feed->committed = group->draft.touched[i].head;
    pthread_cond_broadcast(&group->author->committed);
    pthread_mutex_unlock(&group->author->mutex);
}

/* --- writing --- */

/* What one call writes: changes, or one entry of another kind. */
struct call {
    const struct author_change *changes;
    size_t count;
    const struct ayni_space *space; /* of the entry */
    uint64_t kind;
    struct ayni_bytes payload;
    uint8_t lane;
};

static enum ayni_status copy_keys(struct group *group, const struct call *call)
{
    group->keys = calloc(call->count + 1, sizeof(*group->keys));
    if (group->keys == NULL)
        return AYNI_E_MEMORY;
    group->key_count = call->count;
    for (size_t i = 0; i < call->count; i++) {
        group->keys[i].space = call->changes[i].space;
        group->keys[i].type = call->changes[i].type;
        group->keys[i].record = call->changes[i].record;
    }
    if (call->count > 1)
        qsort(group->keys, call->count, sizeof(*group->keys), record_key_compare);
    return AYNI_OK;
}

static enum ayni_status fill_draft(struct author_draft *draft, const struct call *call)
{
    enum ayni_status status = author_draft_begin(draft);

    for (size_t i = 0; status == AYNI_OK && i < call->count; i++)
        status = author_draft_add(draft, &call->changes[i]);
    if (status == AYNI_OK && call->space != NULL)
        status = author_draft_add_entry(draft, call->space, call->kind, call->payload);
    return status == AYNI_OK ? author_draft_end(draft) : status;
}

static enum ayni_status draft_call(struct author *author, const struct call *call,
                                   struct group *group)
{
    SCOPED_READER *reader = NULL;
    const struct charter *charter;
    enum ayni_status status = reader_begin(author->records, &reader);

    if (status != AYNI_OK)
        return status;
    charter = reader_charter(reader);
    if (!charter->founded)
        return AYNI_E_RIGHT;
    author->feeds.root = charter->root;
    group->author = author;
    group->now = clock_now();
    group->job = (struct log_job){ .run = store, .done = stored };
    group->draft = (struct author_draft){
        .feeds = &author->feeds,
        .reader = reader,
        .secret = author->secret,
        .now = group->now,
        .lane = call->lane,
        .change_max = call->count + 1,
    };
    status = copy_keys(group, call);
    if (status == AYNI_OK)
        status = fill_draft(&group->draft, call);
    group->draft.reader = NULL;
    return status;
}

/* Draft it and hand it over; the lock is held. On AYNI_OK the group is on the list, with one user.
 */
static enum ayni_status submit(struct author *author, const struct call *call, struct group **group)
{
    struct group *made = calloc(1, sizeof(*made));
    enum ayni_status status = made == NULL ? AYNI_E_MEMORY : draft_call(author, call, made);

    if (status == AYNI_OK)
        status = log_writer_submit(author->records->writer, &made->job);
    if (status != AYNI_OK) {
        if (made != NULL)
            group_free(made);
        return status;
    }
    author_draft_accept(&made->draft);
    made->users = 1;
    made->listed = true;
    made->next = author->groups;
    author->groups = made;
    *group = made;
    return AYNI_OK;
}

/* Until no group is on its way; the lock is let go meanwhile. */
static void wait_all_committed(struct author *author)
{
    struct group *group = author->groups;

    while (group != NULL) {
        bool waits = !group->committed;
        if (waits) {
            group->users++;
            wait_committed(author, group);
            release(group);
        }
        group = waits ? author->groups : group->next;
    }
}

/*
 * After a failure no group goes on from what isn't there: wait for all that
 * are on their way, and begin again from the log. A feed that holds more than
 * this author wrote into it has another hand (a clone, a restored backup): it
 * is left alone.
 */
static void recover(struct author *author)
{
    struct log_snapshot *log;

    wait_all_committed(author);
    if (log_snapshot_begin(author->records->log, &log) != AYNI_OK)
        return;
    for (size_t i = 0; i < author->feeds.count; i++) {
        struct author_feed *feed = author->feeds.feeds[i];
        struct log_feed held;
        feed->head = feed->committed;
        if (log_find_feed(log, &feed->id, &held) == AYNI_OK &&
            (held.head.seq != feed->committed.seq ||
             !ayni_id_equal(&held.head.chain, &feed->committed.chain)))
            author_feed_renew(&author->feeds, feed);
    }
    log_snapshot_end(log);
}

/* Its runs are in the log, or never will be; its records alone are still of interest. */
static void take_results(struct group *group, struct author_result *results)
{
    if (group->status == AYNI_OK && results != NULL)
        memcpy(results, group->draft.results, group->draft.count * sizeof(*results));
    author_draft_free(&group->draft);
    memset(&group->draft, 0, sizeof(group->draft));
}

static enum ayni_status write_once(struct author *author, const struct call *call, bool follow,
                                   struct author_result *results)
{
    struct group *group;
    enum ayni_status status;

    pthread_mutex_lock(&author->mutex);
    status = wait_for_turn(author, call->changes, call->count);
    if (status == AYNI_OK)
        status = submit(author, call, &group);
    if (status != AYNI_OK) {
        pthread_mutex_unlock(&author->mutex);
        return status;
    }
    wait_committed(author, group);
    status = group->status;
    take_results(group, results);
    if (status == AYNI_OK && follow)
        (void)wait_followed(author, group); /* it is written, also where views/ can't follow */
    else if (status != AYNI_OK)
        recover(author);
    release(group);
    prune(author);
    pthread_mutex_unlock(&author->mutex);
    return status;
}

static enum ayni_status write_call(struct author *author, const struct call *call, bool follow,
                                   struct author_result *results)
{
    enum ayni_status status = projector_wait_ready(author->records->projector);

    if (status == AYNI_OK)
        status = write_once(author, call, follow, results);
    /* Another call's failure or another hand took the place: once more from where the log is. */
    for (int again = 0;
         again < 3 && (status == AYNI_E_CHAIN || status == AYNI_E_FORK || status == AYNI_E_EXISTS);
         again++)
        status = write_once(author, call, follow, results);
    return status;
}

enum ayni_status author_write(struct author *author, const struct author_change *changes,
                              size_t count, uint8_t lane, struct author_result *results)
{
    const struct call call = { .changes = changes, .count = count, .lane = lane };

    return count == 0 ? AYNI_OK : write_call(author, &call, true, results);
}

enum ayni_status author_append(struct author *author, const struct author_change *changes,
                               size_t count, uint8_t lane, struct author_result *results)
{
    const struct call call = { .changes = changes, .count = count, .lane = lane };

    return count == 0 ? AYNI_OK : write_call(author, &call, false, results);
}

enum ayni_status author_write_entry(struct author *author, const struct ayni_space *space,
                                    uint64_t kind, struct ayni_bytes payload,
                                    struct author_result *result)
{
    const struct call call = {
        .space = space, .kind = kind, .payload = payload, .lane = AYNI_LANE_CONTROL
    };

    return write_call(author, &call, true, result);
}

/* --- renewing --- */

static enum ayni_status begin_era(struct log_job *job, struct log_txn *txn)
{
    (void)job;
    return author_era_begin(log_txn_snapshot(txn), txn);
}

enum ayni_status author_renew(struct author *author)
{
    struct log_job job = { .run = begin_era };
    enum ayni_status status;

    pthread_mutex_lock(&author->mutex);
    wait_all_committed(author);
    status = log_writer_run(author->records->writer, &job);
    if (status == AYNI_OK)
        author_feeds_forget(&author->feeds);
    pthread_mutex_unlock(&author->mutex);
    return status;
}
