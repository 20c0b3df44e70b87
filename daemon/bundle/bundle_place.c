#include "daemon/bundle/bundle_place.h"

#include "proto/limits.h"

/* --- walking the runs --- */

/* An entry at its place, and its run; false to stop. */
typedef bool visit_entry(void *context, const struct ayni_head *at, const struct ayni_run *run,
                         size_t index);

static enum ayni_status each_entry(const struct ayni_bundle_runs *runs, visit_entry *visit,
                                   void *context)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_bytes rest = runs->runs;

    for (struct ayni_head at = runs->from; rest.size > 0;) {
        struct ayni_run run = { .entries = entries };
        size_t used;
        enum ayni_status status = ayni_run_read(rest, &used, &run);
        if (status != AYNI_OK)
            return status;
        for (size_t i = 0; i < run.count; i++) {
            at.chain = ayni_chain_next(&at.chain, &entries[i]);
            at.seq++;
            if (!visit(context, &at, &run, i))
                return AYNI_OK;
        }
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
    }
    return AYNI_OK;
}

static bool keep_head(void *context, const struct ayni_head *at, const struct ayni_run *run,
                      size_t index)
{
    struct ayni_head *kept = context;

    (void)run;
    (void)index;
    *kept = *at;
    return true;
}

/* Where the runs end. */
static enum ayni_status find_end(const struct ayni_bundle_runs *runs, struct ayni_head *end)
{
    *end = runs->from;
    return each_entry(runs, keep_head, end);
}

enum ayni_status bundle_place_count(const struct ayni_bundle_runs *runs, uint64_t *count)
{
    struct ayni_head end;
    enum ayni_status status = find_end(runs, &end);

    if (status == AYNI_OK)
        *count = end.seq - runs->from.seq;
    return status;
}

/* --- where they leave what is held --- */

/* In whichever history of the feed. */
static bool is_held(struct log_snapshot *log, const struct ayni_feed *feed,
                    const struct ayni_head *at)
{
    struct ayni_bytes chain = { at->chain.bytes, sizeof(at->chain.bytes) };
    struct log_feed history;

    return log_find_history(log, feed, at->seq, chain, &history) == AYNI_OK;
}

struct parting {
    struct log_snapshot *log;
    const struct ayni_feed *feed;
    struct ayni_head common; /* the last entry that is held */
    struct ayni_head next;   /* the first that isn't */
    struct log_segment from; /* that goes on otherwise */
    bool continues;          /* no: it ends there */
    bool forks;
};

static bool go_along(void *context, const struct ayni_head *at, const struct ayni_run *run,
                     size_t index)
{
    struct parting *parting = context;

    (void)run;
    (void)index;
    if (is_held(parting->log, parting->feed, at)) {
        parting->common = *at;
        return true;
    }
    parting->next = *at;
    return false;
}

/* A branch of which a proof tells and nothing is held goes on with the entry that the proof names,
 * and with no other. */
static bool is_only_named(const struct log_segment *segment)
{
    return segment->head.seq == segment->start.seq && !ayni_id_equal(&segment->id, &segment->feed);
}

static bool look_at_segment(void *context, const struct log_segment *segment)
{
    struct parting *parting = context;
    const struct ayni_head *common = &parting->common;
    struct ayni_hash chain;

    if (is_only_named(segment) || common->seq < segment->start.seq ||
        common->seq > segment->head.seq ||
        log_get_chain(parting->log, segment->no, common->seq, &chain) != AYNI_OK ||
        !ayni_id_equal(&chain, &common->chain))
        return true;
    parting->continues = common->seq == segment->head.seq && !segment->ended;
    parting->forks = common->seq < segment->head.seq;
    if (parting->continues || parting->forks)
        parting->from = *segment;
    return !parting->continues && !parting->forks;
}

/* Runs of a feed that is known, from an entry on that is held: they go into a branch that is known,
 * continue a segment, or show a branch that nobody knows. */
static enum ayni_status find_parting(struct log_snapshot *log, const struct ayni_feed *feed,
                                     const struct ayni_bundle_runs *runs,
                                     struct bundle_place *place)
{
    struct parting parting = { .log = log, .feed = feed, .common = runs->from };
    struct log_segment branch;

    place->is = BUNDLE_PLACE_WAITS;
    if (runs->from.seq > 0 && !is_held(log, feed, &runs->from))
        return AYNI_OK;
    enum ayni_status status = each_entry(runs, go_along, &parting);
    if (status != AYNI_OK)
        return status;
    place->held = parting.common.seq;
    place->segment = ayni_feed_branch(feed, parting.next.seq, &parting.next.chain);
    status = log_find_segment(log, &place->segment, &branch);
    if (status == AYNI_OK)
        place->is = BUNDLE_PLACE_FOLLOWS;
    if (status != AYNI_E_NOT_FOUND)
        return status;
    status = log_each_segment_of(log, feed, look_at_segment, &parting);
    place->segment = parting.from.id;
    if (parting.continues || parting.forks)
        place->is = parting.continues ? BUNDLE_PLACE_FOLLOWS : BUNDLE_PLACE_FORKS;
    return status;
}

/* --- what most runs are: those of a feed that is one history --- */

struct looking {
    uint64_t seq;
    struct ayni_hash chain;
};

static bool keep_chain(void *context, const struct ayni_head *at, const struct ayni_run *run,
                       size_t index)
{
    struct looking *looking = context;

    (void)run;
    (void)index;
    looking->chain = at->chain;
    return at->seq < looking->seq;
}

/* Whether they agree with the segment as far as both go. */
static enum ayni_status compare(struct log_snapshot *log, const struct log_segment *segment,
                                const struct ayni_bundle_runs *runs, uint64_t end, bool *agree)
{
    uint64_t seq = end < segment->head.seq ? end : segment->head.seq;
    struct looking looking = { seq, runs->from.chain };
    struct ayni_hash chain;
    enum ayni_status status = AYNI_OK;

    *agree = runs->from.seq > segment->head.seq;
    if (*agree)
        return AYNI_OK;
    if (seq > runs->from.seq)
        status = each_entry(runs, keep_chain, &looking);
    if (status == AYNI_OK)
        status = log_get_chain(log, segment->no, seq, &chain);
    if (status == AYNI_OK)
        *agree = ayni_id_equal(&chain, &looking.chain);
    return status;
}

/* Nothing is known of the feed. */
static void place_first(const struct ayni_feed *feed, const struct ayni_bundle_runs *runs,
                        struct bundle_place *place)
{
    bool is_whole = ayni_id_equal(&runs->feed, feed);

    place->is = is_whole ? BUNDLE_PLACE_FOLLOWS : BUNDLE_PLACE_WAITS;
    place->first = is_whole && runs->from.seq == 0;
}

static enum ayni_status find(struct log_snapshot *log, const struct ayni_feed *feed,
                             const struct ayni_bundle_runs *runs, uint64_t end,
                             struct bundle_place *place)
{
    struct log_segment segment;
    struct log_feed history;
    bool agree = false;
    enum ayni_status status = log_find_segment(log, &runs->feed, &segment);

    if (status == AYNI_OK && !ayni_id_equal(&segment.feed, feed)) {
        place->is = BUNDLE_PLACE_OTHER;
        return AYNI_OK;
    }
    if (status == AYNI_OK && !segment.ended) {
        place->held = segment.head.seq;
        status = compare(log, &segment, runs, end, &agree);
        if (status != AYNI_OK || agree)
            return status;
    }
    if (status == AYNI_E_NOT_FOUND)
        status = log_find_feed(log, feed, &history);
    if (status == AYNI_OK)
        return find_parting(log, feed, runs, place);
    if (status == AYNI_E_NOT_FOUND)
        place_first(feed, runs, place);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status bundle_place_find(struct log_store *log, const struct ayni_node *root,
                                   const struct ayni_bundle_runs *runs, struct bundle_place *place)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct ayni_feed feed = ayni_feed_of(root, &runs->descriptor);
    struct bundle_place found = { .is = BUNDLE_PLACE_FOLLOWS, .segment = runs->feed };
    struct ayni_head end;

    enum ayni_status status = find_end(runs, &end);
    if (status == AYNI_OK)
        status = log_snapshot_begin(log, &snapshot);
    if (status != AYNI_OK)
        return status;
    found.count = end.seq - runs->from.seq;
    if (is_held(snapshot, &feed, &end))
        found.is = BUNDLE_PLACE_HELD;
    else
        status = find(snapshot, &feed, runs, end.seq, &found);
    if (status == AYNI_OK)
        *place = found;
    return status;
}

/* --- what shows a fork --- */

struct cutting {
    uint64_t first; /* seq */
    struct ayni_buffer *to;
};

static bool cut_run(void *context, const struct ayni_head *at, const struct ayni_run *run,
                    size_t index)
{
    struct cutting *cutting = context;
    struct ayni_run rest = *run;

    if (at->seq < cutting->first)
        return true;
    rest.entries += index;
    rest.count -= index;
    ayni_run_encode(&rest, cutting->to);
    return false;
}

enum ayni_status bundle_place_evidence(const struct ayni_bundle_runs *runs,
                                       const struct bundle_place *place, struct ayni_buffer *run)
{
    struct cutting cutting = { place->held + 1, run };
    enum ayni_status status = each_entry(runs, cut_run, &cutting);

    return status == AYNI_OK ? ayni_buffer_status(run) : status;
}
