#include "tests/support/sim_log.h"

#include <assert.h>
#include <stdlib.h>

#include "proto/limits.h"

void sim_log_init(struct sim_log *log, struct sim_press *press)
{
    *log = (struct sim_log){ .press = press };
}

void sim_log_free(struct sim_log *log)
{
    for (size_t i = 0; i < log->feed_count; i++) {
        if (log->feeds[i]->parent == NULL)
            sim_tree_free(log->feeds[i]->tree);
        free(log->feeds[i]->runs);
        free(log->feeds[i]);
    }
    free(log->feeds);
    free(log->by_id);
    free(log->fresh);
    free(log->erased);
    free(log->changes);
}

static struct sim_feed **place_of(struct sim_feed **slots, size_t count, const struct ayni_feed *id)
{
    size_t at = ayni_get_u32(id->bytes) % count;

    while (slots[at] != NULL && !ayni_id_equal(&slots[at]->id, id))
        at = (at + 1) % count;
    return &slots[at];
}

struct sim_feed *sim_log_find(const struct sim_log *log, const struct ayni_feed *id)
{
    return log->slot_count == 0 ? NULL : *place_of(log->by_id, log->slot_count, id);
}

static void grow_slots(struct sim_log *log)
{
    size_t count = log->slot_count == 0 ? 64 : 2 * log->slot_count;
    struct sim_feed **slots = calloc(count, sizeof(struct sim_feed *));

    for (size_t i = 0; i < log->feed_count; i++)
        if (log->feeds[i]->parent == NULL)
            *place_of(slots, count, &log->feeds[i]->id) = log->feeds[i];
    free(log->by_id);
    log->by_id = slots;
    log->slot_count = count;
}

static struct sim_feed *add(struct sim_log *log, const struct sim_feed *made)
{
    struct sim_feed *feed = calloc(1, sizeof(*feed));

    *feed = *made;
    if (log->feed_count == log->feed_capacity) {
        log->feed_capacity = log->feed_capacity == 0 ? 16 : 2 * log->feed_capacity;
        log->feeds = realloc(log->feeds, log->feed_capacity * sizeof(struct sim_feed *));
    }
    log->feeds[log->feed_count++] = feed;
    return feed;
}

struct sim_feed *sim_log_add(struct sim_log *log, const struct ayni_feed *id,
                             const struct ayni_feed_descriptor *descriptor)
{
    struct sim_feed made = {
        .id = *id, .descriptor = *descriptor, .first = 1, .head = { 0, ayni_chain_start(id) }
    };
    struct sim_feed *feed = sim_log_find(log, id);

    if (feed != NULL)
        return feed;
    sim_press_know(log->press, id, &descriptor->space);
    if (2 * (log->feed_count + 1) > log->slot_count)
        grow_slots(log);
    feed = add(log, &made);
    *place_of(log->by_id, log->slot_count, id) = feed;
    return feed;
}

struct sim_feed *sim_log_add_history(struct sim_log *log, const struct sim_feed *parent,
                                     const struct ayni_head *start)
{
    struct sim_feed made = { .id = parent->id,
                             .descriptor = parent->descriptor,
                             .first = start->seq + 1,
                             .parent = (struct sim_feed *)(uintptr_t)parent,
                             .head = *start,
                             .tree = parent->tree };

    return add(log, &made);
}

void sim_log_put_fresh(struct sim_log *log, struct sim_run *run)
{
    if (log->fresh_count == log->fresh_capacity) {
        log->fresh_capacity = log->fresh_capacity == 0 ? 8 : 2 * log->fresh_capacity;
        log->fresh = realloc(log->fresh, log->fresh_capacity * sizeof(struct sim_run *));
    }
    log->fresh[log->fresh_count++] = run;
}

void sim_log_append(struct sim_log *log, struct sim_feed *feed, struct sim_run *run)
{
    assert(run->before.seq == feed->head.seq &&
           ayni_id_equal(&run->before.chain, &feed->head.chain));
    assert(run->after.seq > feed->head.seq);
    if (feed->run_count == feed->run_capacity) {
        feed->run_capacity = feed->run_capacity == 0 ? 8 : 2 * feed->run_capacity;
        feed->runs = realloc(feed->runs, feed->run_capacity * sizeof(struct sim_run *));
    }
    feed->runs[feed->run_count++] = run;
    sim_log_put_fresh(log, run);
    feed->head = run->after;
    feed->arrival = ++log->arrival;
    if (run->hollow > 0 || log->erased_count > 0)
        sim_log_drop_erased(log, feed);
}

static struct ayni_instant last_time(const struct sim_feed *feed)
{
    return feed->run_count == 0 ? (struct ayni_instant){ 0 }
                                : feed->runs[feed->run_count - 1]->last_time;
}

void sim_log_write(struct sim_log *log, struct sim_feed *feed,
                   const struct ayni_signing_key *secret, struct ayni_entry *entries, size_t count)
{
    struct ayni_run run = { .entries = entries, .count = count };
    struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    struct ayni_head after;

    for (size_t i = 0; i < count; i++)
        if (entries[i].time.ms < last_time(feed).ms)
            entries[i].time = last_time(feed);
    ayni_run_seal(&run, &feed->id, secret, &feed->head, &after, chains);
    sim_log_append(log, feed,
                   sim_press_keep(log->press, &feed->id, &feed->head, &after, &run, chains));
}

/* --- what comes --- */

enum ayni_status sim_log_verify(struct sim_log *log, const struct sim_feed *feed,
                                const struct ayni_head *head, struct ayni_bytes bytes,
                                const struct ayni_run *content, struct sim_run **run)
{
    const struct ayni_instant any = { 0 };
    bool appends = head->seq == feed->head.seq;
    struct ayni_hash name = sim_press_name(&feed->id, head, bytes);
    struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    struct ayni_head after;

    *run = sim_press_find(log->press, &name);
    if (*run != NULL) {
        log->press->remembered++;
        return AYNI_OK;
    }
    enum ayni_status status =
        ayni_run_verify(content, &feed->id, &feed->descriptor.node, feed->descriptor.lane, head,
                        appends ? last_time(feed) : any, &after, chains);
    log->press->verified++;
    if (status == AYNI_OK)
        *run = sim_press_keep(log->press, &feed->id, head, &after, content, chains);
    return status;
}

/* The history that the segment's next run is appended to. */
static struct sim_feed *open_history(struct sim_log *log, const struct sim_segment *segment)
{
    if (segment->history->head.seq == segment->head.seq)
        return segment->history;
    return sim_log_add_history(log, segment->history, &segment->start);
}

/* Store one run that begins after `from`; entries that are held are skipped. */
static enum ayni_status store_run(struct sim_log *log, const struct sim_segment *segment,
                                  uint64_t from, struct ayni_bytes bytes, struct ayni_run *content,
                                  size_t *entries)
{
    SCOPED_BUFFER rest = { 0 };
    struct sim_run *run;

    if (from > segment->head.seq)
        return segment->ended ? AYNI_OK : AYNI_E_CHAIN;
    uint64_t held = segment->head.seq - from;
    if (held >= content->count || segment->ended)
        return AYNI_OK;
    if (held > 0) {
        content->entries += held;
        content->count -= held;
        ayni_run_encode(content, &rest);
        bytes = ayni_buffer_bytes(&rest);
    }
    enum ayni_status status =
        sim_log_verify(log, segment->history, &segment->head, bytes, content, &run);
    if (status == AYNI_OK && segment->branch && !segment->held &&
        !ayni_id_equal(&run->chains[0], &segment->first))
        status = AYNI_E_CHAIN;
    if (status != AYNI_OK)
        return status;
    *entries += content->count;
    sim_log_append(log, open_history(log, segment), run);
    return AYNI_OK;
}

enum ayni_status sim_log_store(struct sim_log *log, const struct ayni_sync_store *store,
                               size_t *entries)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_bytes runs = store->runs;
    uint64_t from = store->from;
    struct sim_segment segment;
    enum ayni_status status = AYNI_OK;

    *entries = 0;
    while (runs.size > 0 && status == AYNI_OK) {
        struct ayni_run content = { .entries = room };
        size_t used = 0;
        status = ayni_run_read(runs, &used, &content);
        if (status != AYNI_OK || !sim_segment_find(log, &store->feed, &segment))
            break;
        size_t count = content.count;
        status = store_run(log, &segment, from, (struct ayni_bytes){ runs.data, used }, &content,
                           entries);
        from += count;
        runs = (struct ayni_bytes){ runs.data + used, runs.size - used };
    }
    return status;
}

/* --- reading --- */

/* The index of the run that holds entry `seq`. */
static size_t find_run_of(const struct sim_feed *feed, uint64_t seq)
{
    size_t low = 0;
    size_t high = feed->run_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (feed->runs[middle]->after.seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool sim_log_chain(const struct sim_feed *feed, uint64_t seq, struct ayni_hash *chain)
{
    if (seq > feed->head.seq)
        return false;
    if (seq == 0) {
        *chain = ayni_chain_start(&feed->id);
        return true;
    }
    while (seq < feed->first)
        feed = feed->parent;
    const struct sim_run *run = feed->runs[find_run_of(feed, seq)];
    *chain = run->chains[seq - run->before.seq - 1];
    return true;
}

/* The rest of a run, from the entry after `from` on. */
static void put_rest(const struct sim_run *run, uint64_t from, struct ayni_buffer *to)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run content = { .entries = room };
    size_t used = 0;

    if (ayni_run_read(ayni_buffer_bytes(&run->bytes), &used, &content) != AYNI_OK)
        abort();
    content.entries += from - run->before.seq;
    content.count -= from - run->before.seq;
    ayni_run_encode(&content, to);
}

void sim_log_read(const struct sim_feed *feed, uint64_t from, size_t size_max, uint64_t seq_max,
                  struct ayni_buffer *runs, uint64_t *to)
{
    size_t start = runs->size;

    *to = from;
    for (size_t i = find_run_of(feed, from + 1); i < feed->run_count; i++) {
        const struct sim_run *run = feed->runs[i];
        bool first = runs->size == start;
        if (run->before.seq >= seq_max ||
            (!first && runs->size - start + run->bytes.size > size_max))
            break;
        if (run->before.seq < from)
            put_rest(run, from, runs);
        else
            ayni_buffer_append(runs, run->bytes.data, run->bytes.size);
        *to = run->after.seq;
    }
}

/* --- forks --- */

bool sim_log_run_after(const struct sim_feed *feed, uint64_t from, struct ayni_buffer *bytes,
                       struct ayni_run *run)
{
    size_t used = 0;
    uint64_t to;

    sim_log_read(feed, from, 1, UINT64_MAX, bytes, &to);
    return to > from && ayni_run_read(ayni_buffer_bytes(bytes), &used, run) == AYNI_OK;
}
