#include "daemon/net/intake.h"

#include <pthread.h>
#include <stdlib.h>

#include "daemon/net/batch.h"
#include "daemon/net/fork_evidence.h"
#include "daemon/net/holes.h"

/* Where a feed, or a segment, will stand once the batches under way are stored. */
struct tip {
    struct ayni_feed feed; /* as peers name it */
    struct ayni_head head;
    struct ayni_instant last_time;
    unsigned under_way;
    bool broken; /* one of them failed: what continues it can't be stored */
    struct tip *next;
};

struct intake {
    struct intake_options options;
    struct tip *tips;      /* of feeds with batches under way */
    pthread_mutex_t mutex; /* of what follows */
    struct batch *finished, **finished_last;
};

enum ayni_status intake_new(const struct intake_options *options, struct intake **intake)
{
    struct intake *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    made->finished_last = &made->finished;
    pthread_mutex_init(&made->mutex, NULL);
    *intake = made;
    return AYNI_OK;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL)
        return;
    for (struct batch *batch = intake->finished, *next; batch != NULL; batch = next) {
        next = batch->next;
        batch_free(batch);
    }
    for (struct tip *tip = intake->tips, *next; tip != NULL; tip = next) {
        next = tip->next;
        free(tip);
    }
    pthread_mutex_destroy(&intake->mutex);
    free(intake);
}

/* --- where feeds stand --- */

static struct tip *find_tip(struct intake *intake, const struct ayni_feed *feed)
{
    for (struct tip *tip = intake->tips; tip != NULL; tip = tip->next)
        if (ayni_id_equal(&tip->feed, feed))
            return tip;
    return NULL;
}

static void drop_tip(struct intake *intake, struct tip *tip)
{
    for (struct tip **at = &intake->tips; *at != NULL; at = &(*at)->next) {
        if (*at == tip) {
            *at = tip->next;
            free(tip);
            return;
        }
    }
}

/* The tip of a feed without batches under way is what the log holds. */
static enum ayni_status open_tip(struct intake *intake, const struct ayni_sync_store *batch,
                                 struct tip **tip)
{
    const struct ayni_feed *feed = &batch->feed;
    struct ayni_feed own = ayni_feed_of(&intake->options.root, &batch->descriptor);
    struct log_snapshot *snapshot;
    struct log_segment held;

    *tip = find_tip(intake, feed);
    if (*tip != NULL)
        return (*tip)->broken ? AYNI_E_CHAIN : AYNI_OK;
    struct tip *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return AYNI_E_MEMORY;
    made->feed = *feed;
    made->head = (struct ayni_head){ 0, ayni_chain_start(feed) };
    enum ayni_status status = log_snapshot_begin(intake->options.log, &snapshot);
    if (status == AYNI_OK) {
        status = log_find_segment(snapshot, feed, &held);
        if (status == AYNI_OK) {
            made->head = held.head;
            made->last_time = held.last_time;
        } else if (status == AYNI_E_NOT_FOUND) {
            /* A segment is known before anything of it is asked for. */
            status = ayni_id_equal(feed, &own) ? AYNI_OK : AYNI_E_CHAIN;
        }
        log_snapshot_end(snapshot);
    }
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    made->next = intake->tips;
    intake->tips = made;
    *tip = made;
    return AYNI_OK;
}

/* Nothing came of what the tip was opened for. */
static void close_tip(struct intake *intake, struct tip *tip)
{
    if (tip->under_way == 0)
        drop_tip(intake, tip);
}

/* --- to the log writer and back --- */

/* In the log writer's thread. */
static void note_finished(struct log_job *job, enum ayni_status status)
{
    struct batch *batch = (struct batch *)job;
    struct intake *intake = batch->intake;

    job->status = status;
    batch->next = NULL;
    pthread_mutex_lock(&intake->mutex);
    *intake->finished_last = batch;
    intake->finished_last = &batch->next;
    pthread_mutex_unlock(&intake->mutex);
    intake->options.wake(intake->options.context);
}

/* Takes the batch over, whatever the answer. */
static enum ayni_status hand_over(struct intake *intake, struct batch *batch)
{
    enum ayni_status status = AYNI_OK;

    batch->intake = intake;
    batch->job.run = batch->is_fork ? batch_store_fork : batch->fills ? batch_fill : batch_store;
    batch->job.done = note_finished;
    batch->job.urgent = batch_has_erasure(batch);
    if (!batch->fills && ayni_id_equal(&batch->descriptor.node, &intake->options.self))
        status =
            intake->options.own_came(intake->options.context, &batch->feed, &batch->descriptor);
    if (status == AYNI_OK)
        status = log_writer_submit(intake->options.writer, &batch->job);
    if (status != AYNI_OK)
        batch_free(batch);
    return status;
}

static enum ayni_status take_after(struct intake *intake, const struct ayni_sync_store *from,
                                   struct tip *tip)
{
    struct batch *batch;
    struct ayni_head head = tip->head;
    struct ayni_instant last_time = tip->last_time;

    if (from->from > tip->head.seq)
        return AYNI_E_CHAIN;
    enum ayni_status status = batch_new(from, &intake->options.root, &batch);
    if (status != AYNI_OK)
        return status;
    status = batch_verify(batch, tip->head.seq - from->from, &head, &last_time);
    if (status != AYNI_OK) {
        batch_free(batch);
        return status;
    }
    status = hand_over(intake, batch);
    if (status != AYNI_OK)
        return status;
    tip->head = head;
    tip->last_time = last_time;
    tip->under_way++;
    return AYNI_OK;
}

enum ayni_status intake_take(struct intake *intake, const struct ayni_sync_store *from)
{
    struct tip *tip;

    enum ayni_status status = open_tip(intake, from, &tip);
    if (status != AYNI_OK)
        return status;
    status = take_after(intake, from, tip);
    close_tip(intake, tip);
    return status;
}

enum ayni_status intake_take_fork(struct intake *intake, const struct ayni_sync_store *evidence)
{
    struct batch *batch;

    enum ayni_status status = batch_new(evidence, &intake->options.root, &batch);
    if (status != AYNI_OK)
        return status;
    batch->is_fork = true;
    status = fork_evidence_prove(intake->options.log, &intake->options.root, evidence, &batch->fork,
                                 &batch->proof);
    if (status != AYNI_OK) {
        batch_free(batch);
        return status;
    }
    return hand_over(intake, batch);
}

enum ayni_status intake_take_payloads(struct intake *intake, const struct ayni_sync_store *from)
{
    struct batch *batch;

    enum ayni_status status = batch_new(from, &intake->options.root, &batch);
    if (status != AYNI_OK)
        return status;
    batch->fills = true;
    status = holes_choose(intake->options.log, intake->options.views, from->from, batch);
    if (status != AYNI_OK) {
        batch_free(batch);
        return status;
    }
    return hand_over(intake, batch);
}

static struct batch *take_finished(struct intake *intake)
{
    pthread_mutex_lock(&intake->mutex);
    struct batch *batch = intake->finished;
    if (batch != NULL)
        intake->finished = batch->next;
    if (intake->finished == NULL)
        intake->finished_last = &intake->finished;
    pthread_mutex_unlock(&intake->mutex);
    return batch;
}

bool intake_next(struct intake *intake, struct intake_result *result)
{
    struct batch *batch = take_finished(intake);

    if (batch == NULL)
        return false;
    struct tip *tip = batch->is_fork || batch->fills ? NULL : find_tip(intake, &batch->segment);
    if (tip != NULL) {
        tip->broken = tip->broken || batch->job.status != AYNI_OK;
        tip->under_way--;
        close_tip(intake, tip);
    }
    *result =
        (struct intake_result){ batch->number, batch->job.status, batch->feed, batch->is_fork };
    batch_free(batch);
    return true;
}
