#include "daemon/records/writing/author_private.h"

/* In the log writer's thread. */

/* Whether the log's head of each feed is where the draft begins. */
static enum ayni_status check_heads(const struct author_group *group, struct log_snapshot *log)
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

static enum ayni_status store_run(struct author_group *group, struct log_txn *txn,
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
    struct author_group *group = (struct author_group *)job;
    enum ayni_status status = check_heads(group, log_txn_snapshot(txn));

    for (size_t i = 0; status == AYNI_OK && i < group->draft.run_count; i++)
        status = store_run(group, txn, &group->draft.runs[i]);
    return status;
}

static void stored(struct log_job *job, enum ayni_status status)
{
    struct author_group *group = (struct author_group *)job;
    struct author *author = group->author;

    pthread_mutex_lock(&author->telling);
    group->status = status;
    for (size_t i = 0; status == AYNI_OK && i < group->draft.touched_count; i++)
        group->draft.touched[i].feed->committed = group->draft.touched[i].head;
    group->committed = true;
    pthread_cond_broadcast(&group->told);
    pthread_mutex_unlock(&author->telling); /* whoever waited may free the group now */
}

struct log_job author_job(void)
{
    return (struct log_job){ .run = store, .done = stored };
}
