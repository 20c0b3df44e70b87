#include "daemon/records/writing/author.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/records/writing/author_private.h"
#include "daemon/report.h"

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
    pthread_mutex_init(&made->telling, NULL);
    *author = made;
    return AYNI_OK;
}

void author_free(struct author *author)
{
    if (author == NULL)
        return;
    while (author->groups != NULL) {
        struct author_group *group = author->groups;
        author->groups = group->next;
        author_group_free(group);
    }
    author_feeds_forget(&author->feeds);
    pthread_mutex_destroy(&author->telling);
    pthread_mutex_destroy(&author->mutex);
    free(author);
}

/* --- writing --- */

/* What one call writes: changes, or entries of other kinds. */
struct call {
    const struct author_change *changes;
    size_t count;
    const struct author_entry *entries;
    size_t entry_count;
    uint8_t lane;
};

static enum ayni_status fill_draft(struct author_draft *draft, const struct call *call)
{
    enum ayni_status status = author_draft_begin(draft);

    for (size_t i = 0; status == AYNI_OK && i < call->count; i++)
        status = author_draft_add(draft, &call->changes[i]);
    for (size_t i = 0; status == AYNI_OK && i < call->entry_count; i++)
        status = author_draft_add_entry(draft, &call->entries[i]);
    return status == AYNI_OK ? author_draft_end(draft) : status;
}

/* What belongs to an erasure is written on a full disk, too. */
static bool is_urgent(const struct call *call)
{
    for (size_t i = 0; i < call->entry_count; i++)
        if (call->entries[i].kind == AYNI_KIND_ERASE || call->entries[i].kind == AYNI_KIND_RECEIPT)
            return true;
    return false;
}

static enum ayni_status draft_call(struct author *author, const struct call *call,
                                   struct author_group *group)
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
    group->job = author_job();
    group->job.urgent = is_urgent(call);
    group->draft = (struct author_draft){
        .feeds = &author->feeds,
        .reader = reader,
        .secret = author->secret,
        .now = group->now,
        .lane = call->lane,
        .change_max = call->count + call->entry_count,
    };
    status = fill_draft(&group->draft, call);
    group->draft.reader = NULL;
    return status;
}

/* Draft it and hand it over; the lock is held. On AYNI_OK the group is on the list, with one user,
 * and has taken the keys. */
static enum ayni_status submit(struct author *author, const struct call *call,
                               struct author_keys *keys, struct author_group **group)
{
    struct author_group *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    pthread_cond_init(&made->told, NULL);
    enum ayni_status status = draft_call(author, call, made);
    if (status == AYNI_OK)
        status = log_writer_submit(author->records->writer, &made->job);
    if (status != AYNI_OK) {
        author_group_free(made);
        return status;
    }
    author_draft_accept(&made->draft);
    made->keys = *keys;
    *keys = (struct author_keys){ 0 };
    made->users = 1;
    made->listed = true;
    made->next = author->groups;
    author->groups = made;
    *group = made;
    return AYNI_OK;
}

/*
 * After a failure no group goes on from what isn't there: wait for all that
 * are on their way, and begin again from the log. A feed that holds more than
 * this author wrote into it, or is proven to have forked, has another hand (a
 * clone, a restored backup): it is left alone.
 */
static void recover(struct author *author)
{
    struct log_snapshot *log;

    author_groups_wait_committed(author);
    if (log_snapshot_begin(author->records->log, &log) != AYNI_OK)
        return;
    for (size_t i = 0; i < author->feeds.count; i++) {
        struct author_feed *feed = author->feeds.feeds[i];
        struct log_feed held;
        feed->head = feed->committed;
        if (log_find_feed(log, &feed->id, &held) == AYNI_OK &&
            (held.forked || held.head.seq != feed->committed.seq ||
             !ayni_id_equal(&held.head.chain, &feed->committed.chain)))
            author_feed_renew(&author->feeds, feed);
    }
    log_snapshot_end(log);
}

/* Its runs are in the log, or never will be; its records alone are still of interest. */
static void take_results(struct author_group *group, struct author_result *results)
{
    if (group->status == AYNI_OK && results != NULL)
        memcpy(results, group->draft.results, group->draft.count * sizeof(*results));
    author_draft_free(&group->draft);
    memset(&group->draft, 0, sizeof(group->draft));
}

/* Hand it to the log writer. On AYNI_OK end_write() follows. */
static enum ayni_status begin_write(struct author *author, const struct call *call,
                                    struct author_group **group)
{
    SCOPED_AUTHOR_KEYS keys = { 0 };
    enum ayni_status status = author_keys_of(call->changes, call->count, &keys);

    if (status != AYNI_OK)
        return status;
    pthread_mutex_lock(&author->mutex);
    status = author_groups_wait_turn(author, &keys);
    if (status == AYNI_OK)
        status = submit(author, call, &keys, group);
    pthread_mutex_unlock(&author->mutex);
    return status;
}

static enum ayni_status end_write(struct author *author, struct author_group *group, bool follow,
                                  struct author_result *results)
{
    author_group_wait_committed(author, group);
    pthread_mutex_lock(&author->mutex);
    enum ayni_status status = group->status;
    take_results(group, results);
    if (status == AYNI_OK && follow)
        (void)author_group_wait_followed(author,
                                         group); /* it is written, also where views/ can't follow */
    else if (status != AYNI_OK)
        recover(author);
    author_group_release(group);
    author_groups_prune(author);
    pthread_mutex_unlock(&author->mutex);
    return status;
}

static enum ayni_status write_once(struct author *author, const struct call *call, bool follow,
                                   struct author_result *results)
{
    struct author_group *group;
    enum ayni_status status = begin_write(author, call, &group);

    return status == AYNI_OK ? end_write(author, group, follow, results) : status;
}

/* Another call's failure or another hand took the place: once more from where the log is. */
static enum ayni_status write_again(struct author *author, const struct call *call, bool follow,
                                    struct author_result *results, enum ayni_status status)
{
    for (int again = 0;
         again < 3 && (status == AYNI_E_CHAIN || status == AYNI_E_FORK || status == AYNI_E_EXISTS);
         again++)
        status = write_once(author, call, follow, results);
    return status;
}

static enum ayni_status write_call(struct author *author, const struct call *call, bool follow,
                                   struct author_result *results)
{
    enum ayni_status status = projector_wait_ready(author->records->projector);

    if (status == AYNI_OK)
        status = write_once(author, call, follow, results);
    return write_again(author, call, follow, results, status);
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

enum ayni_status author_append_begin(struct author *author, const struct author_change *changes,
                                     size_t count, uint8_t lane, struct author_appending *appending)
{
    const struct call call = { .changes = changes, .count = count, .lane = lane };
    enum ayni_status status = projector_wait_ready(author->records->projector);

    *appending = (struct author_appending){ .changes = changes, .count = count, .lane = lane };
    return status == AYNI_OK && count > 0 ? begin_write(author, &call, &appending->group) : status;
}

enum ayni_status author_append_end(struct author *author, struct author_appending *appending)
{
    const struct call call = { .changes = appending->changes,
                               .count = appending->count,
                               .lane = appending->lane };
    struct author_group *group = appending->group;

    appending->group = NULL;
    return group == NULL
               ? AYNI_OK
               : write_again(author, &call, false, NULL, end_write(author, group, false, NULL));
}

enum ayni_status author_write_entries(struct author *author, const struct author_entry *entries,
                                      size_t count, struct author_result *results)
{
    const struct call call = { .entries = entries,
                               .entry_count = count,
                               .lane = AYNI_LANE_CONTROL };

    return count == 0 ? AYNI_OK : write_call(author, &call, true, results);
}

enum ayni_status author_write_entry(struct author *author, const struct ayni_space *space,
                                    uint64_t kind, struct ayni_bytes payload,
                                    struct author_result *result)
{
    const struct author_entry entry = { *space, kind, payload };

    return author_write_entries(author, &entry, 1, result);
}

/* --- renewing --- */

static enum ayni_status begin_era(struct log_job *job, struct log_txn *txn)
{
    enum ayni_status status = author_era_begin(log_txn_snapshot(txn), txn);

    (void)job;
    return status == AYNI_OK ? log_txn_renew_instance(txn) : status;
}

/* With the lock held. */
static enum ayni_status renew(struct author *author)
{
    struct log_job job = { .run = begin_era };

    author_groups_wait_committed(author);
    enum ayni_status status = log_writer_run(author->records->writer, &job);
    if (status != AYNI_OK)
        return status;
    author_feeds_forget(&author->feeds);
    author->renewed = true;
    return AYNI_OK;
}

/* Whether what was written elsewhere may be in a feed that this author would go on in. */
static enum ayni_status is_at_risk(const struct author *author, const struct ayni_feed *feed,
                                   const struct ayni_feed_descriptor *descriptor, bool *at_risk)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct log_feed held;
    bool in_use = false;
    enum ayni_status status = log_snapshot_begin(author->records->log, &log);

    if (status == AYNI_OK)
        status = author_feed_in_use(log, descriptor, &in_use);
    if (status != AYNI_OK)
        return status;
    status = log_find_feed(log, feed, &held);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    *at_risk = in_use || (status == AYNI_E_NOT_FOUND && !author->renewed);
    return AYNI_OK;
}

enum ayni_status author_meet(struct author *author, const struct ayni_feed *feed,
                             const struct ayni_feed_descriptor *descriptor)
{
    bool at_risk = false;

    pthread_mutex_lock(&author->mutex);
    enum ayni_status status = is_at_risk(author, feed, descriptor, &at_risk);
    if (status == AYNI_OK && at_risk)
        status = renew(author);
    pthread_mutex_unlock(&author->mutex);
    if (status == AYNI_OK && at_risk)
        report(REPORT_WARNING, "written_elsewhere", "what=new_incarnations");
    return status;
}
