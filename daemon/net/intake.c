#include "daemon/net/intake.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/net/fork_evidence.h"
#include "proto/limits.h"

/* Where a feed will stand once the batches under way are stored. */
struct tip {
    struct ayni_feed feed;
    struct ayni_head head;
    struct ayni_instant last_time;
    unsigned under_way;
    bool broken; /* one of them failed: what continues it can't be stored */
    struct tip *next;
};

/* One batch on its way: its own copy of the bytes, and what they decode to. */
struct batch {
    struct log_job job; /* first: the writer hands this back */
    struct intake *intake;
    uint64_t number;
    struct ayni_feed feed;
    struct ayni_feed_descriptor descriptor;
    struct ayni_head start; /* the head that the first run continues */
    struct ayni_buffer bytes;
    struct ayni_entry *entries;
    struct ayni_hash *chains;
    size_t entry_count, entry_room;
    struct ayni_run *runs;   /* `entries` of each is set when all are read */
    struct ayni_head *heads; /* after each run */
    size_t run_count, run_room;
    bool is_fork;            /* evidence of one: nothing to append but the proof */
    struct ayni_head common; /* up to there both histories agree */
    struct ayni_buffer proof;
    struct batch *next;
};

struct intake {
    struct log_store *log;
    struct log_writer *writer;
    intake_done *done;
    void *context;
    struct tip *tips;
    struct batch *batches; /* under way */
};

enum ayni_status intake_new(struct log_store *log, struct log_writer *writer, intake_done *done,
                            void *context, struct intake **intake)
{
    struct intake *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    *made = (struct intake){ log, writer, done, context, NULL, NULL };
    *intake = made;
    return AYNI_OK;
}

static void free_batch(struct batch *batch)
{
    ayni_buffer_free(&batch->bytes);
    ayni_buffer_free(&batch->proof);
    free(batch->entries);
    free(batch->chains);
    free(batch->runs);
    free(batch->heads);
    free(batch);
}

void intake_free(struct intake *intake)
{
    if (intake == NULL)
        return;
    for (struct batch *batch = intake->batches, *next; batch != NULL; batch = next) {
        next = batch->next;
        free_batch(batch);
    }
    for (struct tip *tip = intake->tips, *next; tip != NULL; tip = next) {
        next = tip->next;
        free(tip);
    }
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
static enum ayni_status open_tip(struct intake *intake, const struct ayni_feed *feed,
                                 struct tip **tip)
{
    struct log_snapshot *snapshot;
    struct log_feed held;

    *tip = find_tip(intake, feed);
    if (*tip != NULL)
        return (*tip)->broken ? AYNI_E_CHAIN : AYNI_OK;
    struct tip *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return AYNI_E_MEMORY;
    made->feed = *feed;
    made->head = (struct ayni_head){ 0, ayni_chain_start(feed) };
    enum ayni_status status = log_snapshot_begin(intake->log, &snapshot);
    if (status == AYNI_OK) {
        status = log_find_feed(snapshot, feed, &held);
        if (status == AYNI_OK) {
            made->head = held.head;
            made->last_time = held.last_time;
        } else if (status == AYNI_E_NOT_FOUND) {
            status = AYNI_OK;
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

/* --- reading and verifying --- */

static bool grow(void **array, size_t *room, size_t needed, size_t size)
{
    size_t larger = *room == 0 ? 64 : *room;

    if (needed <= *room)
        return true;
    while (larger < needed)
        larger *= 2;
    void *grown = realloc(*array, larger * size);
    if (grown == NULL)
        return false;
    *array = grown;
    *room = larger;
    return true;
}

static bool add_run(struct batch *batch, const struct ayni_run *run)
{
    size_t chains_room = batch->entry_room, heads_room = batch->run_room;

    if (!grow((void **)&batch->entries, &batch->entry_room, batch->entry_count + run->count,
              sizeof(*batch->entries)) ||
        !grow((void **)&batch->chains, &chains_room, batch->entry_count + run->count,
              sizeof(*batch->chains)) ||
        !grow((void **)&batch->runs, &batch->run_room, batch->run_count + 1,
              sizeof(*batch->runs)) ||
        !grow((void **)&batch->heads, &heads_room, batch->run_count + 1, sizeof(*batch->heads)))
        return false;
    memcpy(batch->entries + batch->entry_count, run->entries, run->count * sizeof(*run->entries));
    batch->runs[batch->run_count] = *run;
    batch->entry_count += run->count;
    batch->run_count++;
    return true;
}

/* Leave out the first `held` entries, which the log holds already. */
static void skip_held(struct ayni_run *run, uint64_t *held)
{
    size_t skipped = *held < run->count ? (size_t)*held : run->count;

    run->entries += skipped;
    run->count -= skipped;
    *held -= skipped;
}

static enum ayni_status read_runs(struct batch *batch, uint64_t held)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_bytes rest = ayni_buffer_bytes(&batch->bytes);

    while (rest.size > 0) {
        struct ayni_run run = { .entries = entries };
        size_t used;
        enum ayni_status status = ayni_run_read(rest, &used, &run);
        if (status != AYNI_OK)
            return status == AYNI_E_TRUNCATED ? AYNI_E_MALFORMED : status;
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
        skip_held(&run, &held);
        if (run.count > 0 && !add_run(batch, &run))
            return AYNI_E_MEMORY;
    }
    size_t at = 0;
    for (size_t i = 0; i < batch->run_count; at += batch->runs[i++].count)
        batch->runs[i].entries = batch->entries + at;
    return AYNI_OK;
}

static enum ayni_status verify_runs(struct batch *batch, struct ayni_head *head,
                                    struct ayni_instant *last_time)
{
    struct ayni_hash *chains = batch->chains;

    for (size_t i = 0; i < batch->run_count; i++) {
        const struct ayni_run *run = &batch->runs[i];
        enum ayni_status status =
            ayni_run_verify(run, &batch->feed, &batch->descriptor.node, batch->descriptor.lane,
                            head, *last_time, &batch->heads[i], chains);
        if (status != AYNI_OK)
            return status;
        *head = batch->heads[i];
        *last_time = run->entries[run->count - 1].time;
        chains += run->count;
    }
    return AYNI_OK;
}

/* --- storing, in the log writer's thread --- */

static enum ayni_status store_runs(struct log_job *job, struct log_txn *txn)
{
    struct batch *batch = (struct batch *)job;
    const struct ayni_hash *chains = batch->chains;
    struct ayni_head head = batch->start;
    struct log_feed feed;

    enum ayni_status status = log_txn_feed(txn, &batch->feed, &batch->descriptor, &feed);
    for (size_t i = 0; status == AYNI_OK && i < batch->run_count; i++) {
        status = log_txn_append(txn, feed.no, &head, &batch->runs[i], chains, &batch->heads[i],
                                clock_now());
        if (status == AYNI_E_EXISTS)
            status = AYNI_OK;
        head = batch->heads[i];
        chains += batch->runs[i].count;
    }
    return status;
}

static enum ayni_status store_fork(struct log_job *job, struct log_txn *txn)
{
    struct batch *batch = (struct batch *)job;
    struct log_feed feed;

    enum ayni_status status = log_txn_feed(txn, &batch->feed, &batch->descriptor, &feed);
    if (status == AYNI_OK)
        status = log_txn_put_fork(txn, feed.no, &batch->common, ayni_buffer_bytes(&batch->proof));
    return status;
}

static void tell_done(struct log_job *job, enum ayni_status status)
{
    struct batch *batch = (struct batch *)job;

    batch->intake->done(batch->intake->context, batch->number, status);
}

static enum ayni_status new_batch(struct intake *intake, const struct ayni_sync_store *from,
                                  struct batch **batch)
{
    struct batch *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->intake = intake;
    made->number = from->number;
    made->feed = from->feed;
    made->descriptor = from->descriptor;
    ayni_buffer_append(&made->bytes, from->runs.data, from->runs.size);
    if (made->bytes.failed) {
        free_batch(made);
        return AYNI_E_MEMORY;
    }
    *batch = made;
    return AYNI_OK;
}

static enum ayni_status hand_over(struct intake *intake, struct batch *batch)
{
    batch->next = intake->batches;
    intake->batches = batch;
    enum ayni_status status = log_writer_submit(intake->writer, &batch->job);
    if (status != AYNI_OK) {
        intake->batches = batch->next;
        free_batch(batch);
    }
    return status;
}

enum ayni_status intake_take(struct intake *intake, const struct ayni_sync_store *from)
{
    struct batch *batch;
    struct tip *tip;

    enum ayni_status status = open_tip(intake, &from->feed, &tip);
    if (status == AYNI_OK && from->from > tip->head.seq)
        status = AYNI_E_CHAIN;
    if (status != AYNI_OK)
        return status;
    status = new_batch(intake, from, &batch);
    if (status != AYNI_OK)
        return status;
    struct ayni_head head = tip->head;
    struct ayni_instant last_time = tip->last_time;
    batch->start = head;
    status = read_runs(batch, tip->head.seq - from->from);
    if (status == AYNI_OK)
        status = verify_runs(batch, &head, &last_time);
    if (status != AYNI_OK) {
        free_batch(batch);
        return status;
    }
    batch->job = (struct log_job){ .run = store_runs, .done = tell_done };
    status = hand_over(intake, batch);
    if (status == AYNI_OK) {
        tip->head = head;
        tip->last_time = last_time;
        tip->under_way++;
    }
    return status;
}

void intake_settle(struct intake *intake, uint64_t number, enum ayni_status status)
{
    for (struct batch **at = &intake->batches; *at != NULL; at = &(*at)->next) {
        struct batch *batch = *at;
        if (batch->number != number)
            continue;
        struct tip *tip = batch->is_fork ? NULL : find_tip(intake, &batch->feed);
        if (tip != NULL) {
            tip->broken = tip->broken || status != AYNI_OK;
            if (--tip->under_way == 0)
                drop_tip(intake, tip);
        }
        *at = batch->next;
        free_batch(batch);
        return;
    }
}

enum ayni_status intake_take_fork(struct intake *intake, const struct ayni_node *root,
                                  const struct ayni_sync_store *evidence)
{
    struct batch *batch;

    enum ayni_status status = new_batch(intake, evidence, &batch);
    if (status != AYNI_OK)
        return status;
    batch->is_fork = true;
    status = fork_evidence_prove(intake->log, root, evidence, &batch->common, &batch->proof);
    if (status != AYNI_OK) {
        free_batch(batch);
        return status;
    }
    batch->job = (struct log_job){ .run = store_fork, .done = tell_done };
    return hand_over(intake, batch);
}
