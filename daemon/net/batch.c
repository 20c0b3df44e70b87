#include "daemon/net/batch.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "proto/limits.h"

enum ayni_status batch_new(const struct ayni_sync_store *from, const struct ayni_node *root,
                           struct batch **batch)
{
    struct batch *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->number = from->number;
    made->segment = from->feed;
    made->feed = ayni_feed_of(root, &from->descriptor);
    made->descriptor = from->descriptor;
    ayni_buffer_append(&made->bytes, from->runs.data, from->runs.size);
    if (made->bytes.failed) {
        batch_free(made);
        return AYNI_E_MEMORY;
    }
    *batch = made;
    return AYNI_OK;
}

void batch_free(struct batch *batch)
{
    ayni_buffer_free(&batch->bytes);
    ayni_buffer_free(&batch->proof);
    free(batch->entries);
    free(batch->chains);
    free(batch->runs);
    free(batch->heads);
    free(batch);
}

/* --- reading and verifying, in the net thread --- */

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

enum ayni_status batch_verify(struct batch *batch, uint64_t held, struct ayni_head *head,
                              struct ayni_instant *last_time)
{
    batch->start = *head;
    enum ayni_status status = read_runs(batch, held);
    return status == AYNI_OK ? verify_runs(batch, head, last_time) : status;
}

enum ayni_status batch_choose(struct batch *batch, bool (*wanted)(void *context, uint64_t seq),
                              void *context)
{
    enum ayni_status status = read_runs(batch, 0);

    for (size_t i = 0; status == AYNI_OK && i < batch->entry_count; i++)
        if (batch->entries[i].hollow == AYNI_HOLLOW_NONE && !wanted(context, batch->first + i))
            batch->entries[i].hollow = AYNI_HOLLOW_LOST;
    return status;
}

bool batch_has_erasure(const struct batch *batch)
{
    if (batch->is_fork || batch->descriptor.lane != AYNI_LANE_CONTROL)
        return false;
    for (size_t i = 0; i < batch->entry_count; i++)
        if (batch->entries[i].kind == AYNI_KIND_ERASE)
            return true;
    return false;
}

/* --- storing, in the log writer's thread --- */

enum ayni_status batch_store(struct log_job *job, struct log_txn *txn)
{
    struct batch *batch = (struct batch *)job;
    const struct ayni_hash *chains = batch->chains;
    struct ayni_head head = batch->start;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < batch->run_count; i++) {
        status = log_txn_extend(txn, &batch->segment, &batch->feed, &batch->descriptor, &head,
                                &batch->runs[i], chains, &batch->heads[i], clock_now());
        if (status == AYNI_E_EXISTS)
            status = AYNI_OK;
        head = batch->heads[i];
        chains += batch->runs[i].count;
    }
    /* The segment has ended: what is left is of others, and comes with them. */
    return status == AYNI_E_FORK ? AYNI_OK : status;
}

enum ayni_status batch_fill(struct log_job *job, struct log_txn *txn)
{
    struct batch *batch = (struct batch *)job;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < batch->entry_count; i++) {
        if (batch->entries[i].hollow != AYNI_HOLLOW_NONE)
            continue;
        status =
            log_txn_fill(txn, batch->no, batch->first + i, batch->entries[i].payload, clock_now());
        if (status == AYNI_E_EXISTS)
            status = AYNI_OK;
    }
    return status == AYNI_E_INVALID ? AYNI_E_CHAIN : status; /* it is of another history */
}

enum ayni_status batch_store_fork(struct log_job *job, struct log_txn *txn)
{
    struct batch *batch = (struct batch *)job;
    enum ayni_status status =
        log_txn_put_fork(txn, &batch->fork, ayni_buffer_bytes(&batch->proof), clock_now());

    return status == AYNI_E_EXISTS ? AYNI_OK : status;
}
