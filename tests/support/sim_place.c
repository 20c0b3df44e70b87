/* Where runs of a bundle belong in a log in memory, the slow and simple way: entry by entry. */
#include "tests/support/sim_place.h"

#include <stdlib.h>

#include "proto/limits.h"

/* The entry, in whichever history of the feed. */
static bool is_held(const struct sim_log *log, const struct ayni_feed *feed,
                    const struct ayni_head *at)
{
    struct ayni_hash chain;

    for (size_t i = 0; i < log->feed_count; i++)
        if (ayni_id_equal(&log->feeds[i]->id, feed) &&
            sim_log_chain(log->feeds[i], at->seq, &chain) && ayni_id_equal(&chain, &at->chain))
            return true;
    return false;
}

/* How far the runs are held; `next` is the first entry that isn't. False: all of them are. */
static bool find_next(const struct sim_log *log, const struct ayni_feed *feed,
                      const struct ayni_bundle_runs *runs, struct ayni_head *common,
                      struct ayni_head *next)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_bytes rest = runs->runs;
    size_t used;

    *common = *next = runs->from;
    for (; rest.size > 0; rest.data += used, rest.size -= used) {
        struct ayni_run run = { .entries = room };
        if (ayni_run_read(rest, &used, &run) != AYNI_OK)
            abort();
        for (size_t i = 0; i < run.count; i++) {
            next->chain = ayni_chain_next(&next->chain, &room[i]);
            next->seq++;
            if (!is_held(log, feed, next))
                return true;
            *common = *next;
        }
    }
    return false;
}

/* The segment that ends with the entry and goes on, or that goes on in another way. */
static void leave(const struct sim_feed *root, const struct ayni_head *common,
                  struct bundle_place *place)
{
    static struct sim_segment segments[SIM_SEGMENTS_MAX];
    size_t count = sim_segments(root, segments);
    struct ayni_hash chain;

    for (size_t i = 0; i < count; i++) {
        const struct sim_segment *segment = &segments[i];
        bool ends = common->seq == segment->head.seq;
        if (common->seq < segment->start.seq || common->seq > segment->head.seq ||
            (ends && segment->ended) || !sim_log_chain(segment->history, common->seq, &chain) ||
            !ayni_id_equal(&chain, &common->chain))
            continue;
        if (ends && segment->branch && !segment->held)
            continue; /* it begins with another entry */
        place->is = ends ? BUNDLE_PLACE_FOLLOWS : BUNDLE_PLACE_FORKS;
        place->segment = segment->id;
        return;
    }
}

struct bundle_place sim_place_find(const struct sim_log *log, const struct ayni_bundle_runs *runs)
{
    struct ayni_feed feed = ayni_feed_of(&log->press->root, &runs->descriptor);
    const struct sim_feed *root = sim_log_find(log, &feed);
    struct bundle_place place = { .is = BUNDLE_PLACE_WAITS, .segment = feed };
    struct ayni_head common, next;
    struct sim_segment branch;

    if (!find_next(log, &feed, runs, &common, &next)) {
        place.is = BUNDLE_PLACE_HELD;
        return place;
    }
    place.held = common.seq;
    if (root == NULL && runs->from.seq == 0 && ayni_id_equal(&runs->feed, &feed))
        place.is = BUNDLE_PLACE_FOLLOWS;
    if (root == NULL || (runs->from.seq > 0 && !is_held(log, &feed, &runs->from)))
        return place;
    struct ayni_feed named = ayni_feed_branch(&feed, next.seq, &next.chain);
    if (sim_segment_find(log, &named, &branch)) {
        place.is = BUNDLE_PLACE_FOLLOWS;
        place.segment = named;
    } else {
        leave(root, &common, &place);
    }
    return place;
}
