#include "daemon/bundle/bundle_place.h"

#include "proto/limits.h"

/* Where the runs end. */
static enum ayni_status find_end(const struct ayni_bundle_runs *runs, struct ayni_head *end)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_bytes rest = runs->runs;

    for (*end = runs->from; rest.size > 0;) {
        struct ayni_run run = { .entries = entries };
        size_t used;
        enum ayni_status status = ayni_run_read(rest, &used, &run);
        if (status != AYNI_OK)
            return status;
        for (size_t i = 0; i < run.count; i++) {
            ayni_entry_complete(&entries[i]);
            end->chain = ayni_chain_next(&end->chain, &entries[i]);
        }
        end->seq += run.count;
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
    }
    return AYNI_OK;
}

enum ayni_status bundle_place_count(const struct ayni_bundle_runs *runs, uint64_t *count)
{
    struct ayni_head end;
    enum ayni_status status = find_end(runs, &end);

    if (status == AYNI_OK)
        *count = end.seq - runs->from.seq;
    return status;
}

/* In whichever history of the feed. */
static bool is_held(struct log_snapshot *log, const struct ayni_feed *feed,
                    const struct ayni_head *at)
{
    struct ayni_bytes chain = { at->chain.bytes, sizeof(at->chain.bytes) };
    struct log_feed history;

    return log_find_history(log, feed, at->seq, chain, &history) == AYNI_OK;
}

static enum ayni_status compare(struct log_snapshot *log, const struct log_segment *segment,
                                const struct ayni_bundle_runs *runs, struct bundle_place *place)
{
    struct ayni_hash chain;

    place->held = segment->head.seq;
    if (segment->ended) {
        place->is = BUNDLE_PLACE_WAITS; /* what follows are other segments, for who knows that */
        return AYNI_OK;
    }
    if (runs->from.seq > segment->head.seq)
        return AYNI_OK;
    enum ayni_status status = log_get_chain(log, segment->no, runs->from.seq, &chain);
    if (status == AYNI_OK && !ayni_id_equal(&chain, &runs->from.chain))
        place->is = BUNDLE_PLACE_OTHER;
    return status;
}

static enum ayni_status find(struct log_snapshot *log, const struct ayni_feed *feed,
                             const struct ayni_bundle_runs *runs, struct bundle_place *place)
{
    struct log_segment segment;
    enum ayni_status status = log_find_segment(log, &runs->feed, &segment);

    if (status == AYNI_OK && ayni_id_equal(&segment.feed, feed))
        return compare(log, &segment, runs, place);
    if (status == AYNI_OK)
        place->is = BUNDLE_PLACE_OTHER;
    else if (!ayni_id_equal(&runs->feed, feed))
        place->is = BUNDLE_PLACE_WAITS;
    else
        place->first = runs->from.seq == 0;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status bundle_place_find(struct log_store *log, const struct ayni_node *root,
                                   const struct ayni_bundle_runs *runs, struct bundle_place *place)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct ayni_feed feed = ayni_feed_of(root, &runs->descriptor);
    struct bundle_place found = { .is = BUNDLE_PLACE_FOLLOWS };
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
        status = find(snapshot, &feed, runs, &found);
    if (status == AYNI_OK)
        *place = found;
    return status;
}
