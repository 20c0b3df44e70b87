#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/sim_log.h"

enum { GAP_MAX = 4 };

void sim_run_read(const struct sim_run *run, struct ayni_entry *room, struct ayni_run *content)
{
    size_t used = 0;

    *content = (struct ayni_run){ .entries = room };
    if (ayni_run_read(ayni_buffer_bytes(&run->bytes), &used, content) != AYNI_OK)
        abort();
}

const struct ayni_entry *sim_feed_entry(const struct sim_feed *history, uint64_t seq,
                                        struct ayni_entry *room, struct ayni_run *content)
{
    size_t at = 0;

    while (history->runs[at]->after.seq < seq)
        at++;
    sim_run_read(history->runs[at], room, content);
    return &content->entries[seq - history->runs[at]->before.seq - 1];
}

static bool is_lost(const struct sim_log *log, const struct sim_feed *history, uint64_t seq,
                    const struct ayni_entry *entry)
{
    return entry->hollow != AYNI_HOLLOW_NONE && !sim_log_is_erased(log, history, seq);
}

void sim_log_note_change(struct sim_log *log, struct sim_feed *history, uint64_t seq)
{
    if (log->change_count == log->change_capacity) {
        log->change_capacity = log->change_capacity == 0 ? 8 : 2 * log->change_capacity;
        log->changes = realloc(log->changes, log->change_capacity * sizeof(*log->changes));
    }
    log->changes[log->change_count++] = (struct sim_change){ history, seq };
}

void sim_log_count_lost(struct sim_log *log, struct sim_feed *history)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run content;

    log->lost -= history->lost;
    history->lost = 0;
    for (size_t i = 0; i < history->run_count; i++) {
        const struct sim_run *run = history->runs[i];
        if (run->hollow == 0)
            continue;
        sim_run_read(run, room, &content);
        for (size_t j = 0; j < content.count; j++)
            history->lost += is_lost(log, history, run->before.seq + 1 + j, &content.entries[j]);
    }
    log->lost += history->lost;
}

void sim_log_replace(struct sim_log *log, struct sim_feed *history, size_t at,
                     const struct ayni_run *content)
{
    SCOPED_BUFFER bytes = { 0 };
    struct sim_run *run = history->runs[at];
    struct ayni_head before = run->before;

    ayni_run_encode(content, &bytes);
    if (sim_log_verify(log, history, &before, ayni_buffer_bytes(&bytes), content, &run) != AYNI_OK)
        abort();
    history->runs[at] = run;
    sim_log_put_fresh(log, run);
}

void sim_log_lose(struct sim_log *log, struct sim_feed *feed, size_t run, uint64_t which)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run content;

    sim_run_read(feed->runs[run], room, &content);
    for (size_t i = 0; i < content.count; i++)
        if ((which >> (i % 64) & 1) != 0 && content.entries[i].hollow == AYNI_HOLLOW_NONE) {
            content.entries[i].hollow = AYNI_HOLLOW_LOST;
            content.entries[i].payload = (struct ayni_bytes){ 0 };
            sim_log_note_change(log, feed, feed->runs[run]->before.seq + 1 + i);
        }
    sim_log_replace(log, feed, run, &content);
    sim_log_count_lost(log, feed);
}

/* --- holes --- */

/* The segment that an entry of a history is in. */
static bool find_segment(const struct sim_log *log, const struct sim_feed *feed, uint64_t seq,
                         struct ayni_feed *id)
{
    static struct sim_segment segments[SIM_SEGMENTS_MAX];
    size_t count = sim_segments(sim_log_find(log, &feed->id), segments);

    for (size_t i = 0; i < count; i++)
        if (segments[i].held && segments[i].history == feed && segments[i].start.seq < seq &&
            seq <= segments[i].head.seq) {
            *id = segments[i].id;
            return true;
        }
    return false;
}

/* The first lost entries of a run after `seq`; false where there are none. */
static bool find_in_run(const struct sim_log *log, const struct sim_feed *feed,
                        const struct sim_run *run, uint64_t seq, uint64_t *from, uint64_t *to)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run content;

    sim_run_read(run, room, &content);
    *from = *to = 0;
    for (size_t i = 0; i < content.count; i++) {
        uint64_t at = run->before.seq + 1 + i;
        bool lost = at > seq && is_lost(log, feed, at, &content.entries[i]);
        if (lost && *to == 0)
            *from = at - 1;
        if (lost)
            *to = at;
        else if (*to > 0 && at > *to + GAP_MAX)
            break;
    }
    return *to > 0;
}

static bool find_in_feed(const struct sim_log *log, const struct sim_feed *feed, uint64_t seq,
                         struct ayni_sync_hole *hole)
{
    struct ayni_hash chain;

    for (size_t i = 0; i < feed->run_count; i++) {
        const struct sim_run *run = feed->runs[i];
        if (run->hollow == 0 || run->after.seq <= seq ||
            !find_in_run(log, feed, run, seq, &hole->from, &hole->to) ||
            !find_segment(log, feed, hole->from + 1, &hole->feed))
            continue;
        if (!sim_log_chain(feed, hole->from, &chain))
            abort();
        hole->mark = ayni_chain_mark_of(&chain);
        return true;
    }
    return false;
}

void sim_log_find_hole(const struct sim_log *log, const struct ayni_sync_place *after,
                       struct ayni_sync_hole *hole)
{
    *hole = (struct ayni_sync_hole){ 0 };
    for (size_t i = after->feed == 0 ? 0 : (size_t)after->feed - 1; i < log->feed_count; i++) {
        uint64_t seq = i + 1 == after->feed ? after->seq : 0;
        if (!find_in_feed(log, log->feeds[i], seq, hole))
            continue;
        hole->found = true;
        hole->place = (struct ayni_sync_place){ i + 1, hole->from + 1 };
        return;
    }
}

/* --- filling --- */

/* What came of the entries of one held run. */
static void fill_run(struct sim_log *log, struct sim_feed *feed, size_t at, uint64_t from,
                     const struct ayni_run *came)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    const struct sim_run *run = feed->runs[at];
    struct ayni_run content;

    if (run->hollow == 0)
        return;
    sim_run_read(run, room, &content);
    for (size_t i = 0; i < content.count; i++) {
        uint64_t seq = run->before.seq + 1 + i;
        if (seq <= from || seq > from + came->count ||
            !is_lost(log, feed, seq, &content.entries[i]) ||
            came->entries[seq - from - 1].hollow != AYNI_HOLLOW_NONE)
            continue;
        content.entries[i] = came->entries[seq - from - 1];
        sim_log_note_change(log, feed, seq);
    }
    sim_log_replace(log, feed, at, &content);
}

static enum ayni_status fill_from(struct sim_log *log, struct sim_feed *feed, uint64_t from,
                                  struct ayni_bytes bytes, const struct ayni_run *came)
{
    struct ayni_head before = { .seq = from };
    struct ayni_hash held;
    struct sim_run *run;

    if (!sim_log_chain(feed, from, &before.chain))
        return AYNI_E_CHAIN;
    if (!sim_log_chain(feed, from + came->count, &held))
        return AYNI_OK; /* past the head */
    enum ayni_status status = sim_log_verify(log, feed, &before, bytes, came, &run);
    if (status != AYNI_OK)
        return status;
    if (!ayni_id_equal(&run->after.chain, &held))
        return AYNI_E_CHAIN;
    while (feed->first > from + 1)
        feed = feed->parent;
    for (size_t i = 0; i < feed->run_count; i++)
        fill_run(log, feed, i, from, came);
    sim_log_count_lost(log, feed);
    return AYNI_OK;
}

enum ayni_status sim_log_fill(struct sim_log *log, const struct ayni_sync_store *store)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_bytes rest = store->runs;
    uint64_t from = store->from;
    enum ayni_status status = AYNI_OK;

    while (rest.size > 0 && status == AYNI_OK) {
        struct ayni_run came = { .entries = room };
        struct sim_segment segment;
        size_t used = 0;
        status = ayni_run_read(rest, &used, &came);
        if (status == AYNI_OK && !sim_segment_find(log, &store->feed, &segment))
            status = AYNI_E_CHAIN;
        if (status == AYNI_OK)
            status = fill_from(log, segment.history, from, (struct ayni_bytes){ rest.data, used },
                               &came);
        from += came.count;
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
    }
    return status;
}
