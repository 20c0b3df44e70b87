#include "daemon/net/sync_reads.h"

/* --- runs --- */

static enum ayni_status check_mark(struct log_snapshot *snapshot, feed_no feed,
                                   const struct ayni_sync_read *read)
{
    struct ayni_hash chain;
    enum ayni_status status = log_get_chain(snapshot, feed, read->from, &chain);

    if (status == AYNI_OK && memcmp(chain.bytes, read->mark.bytes, sizeof(read->mark.bytes)) != 0)
        status = AYNI_E_FORK;
    return status;
}

static enum ayni_status read_runs(struct log_snapshot *snapshot, const struct ayni_sync_read *read,
                                  struct ayni_buffer *runs, uint64_t *to)
{
    struct log_segment segment;
    uint64_t next;

    enum ayni_status status = log_find_segment(snapshot, &read->feed, &segment);
    if (status == AYNI_OK && (read->from < segment.start.seq || read->from > segment.head.seq))
        status = AYNI_E_NOT_FOUND;
    if (status == AYNI_OK && read->has_mark)
        status = check_mark(snapshot, segment.no, read);
    if (status != AYNI_OK || read->from == segment.head.seq)
        return status;
    status = log_read_runs(snapshot, segment.no, read->from + 1, read->seq_max, read->size_max,
                           runs, &next);
    if (status == AYNI_OK)
        *to = next - 1;
    return status;
}

void sync_read_runs(struct log_store *log, const struct ayni_sync_read *read,
                    struct ayni_buffer *runs, struct ayni_sync_runs *answer)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;

    ayni_buffer_clear(runs);
    answer->to = read->from;
    answer->status = log_snapshot_begin(log, &snapshot);
    if (answer->status == AYNI_OK)
        answer->status = read_runs(snapshot, read, runs, &answer->to);
    answer->runs = ayni_buffer_bytes(runs);
}

/* --- places in a chain --- */

static bool point_at(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                     struct ayni_chain_point *point)
{
    struct ayni_hash chain;

    if (log_get_chain(snapshot, feed, seq, &chain) != AYNI_OK)
        return false;
    *point = (struct ayni_chain_point){ seq, ayni_chain_mark_of(&chain) };
    return true;
}

void sync_read_chains(struct log_store *log, const struct ayni_sync_trace *trace,
                      struct ayni_chain_point *points, struct ayni_sync_chains *answer)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct log_segment segment;
    uint64_t width = trace->high - trace->low;
    uint64_t count = width - 1 < AYNI_CHAIN_POINTS_MAX ? width - 1 : AYNI_CHAIN_POINTS_MAX;

    answer->points = points;
    answer->point_count = 0;
    if (trace->high <= trace->low || log_snapshot_begin(log, &snapshot) != AYNI_OK ||
        log_find_segment(snapshot, &trace->feed, &segment) != AYNI_OK)
        return;
    for (uint64_t i = 1; i <= count; i++) {
        /* i * width / (count + 1), which may not overflow for what a peer claims */
        uint64_t step = width / (count + 1) * i + width % (count + 1) * i / (count + 1);
        if (trace->low + step <= segment.head.seq &&
            point_at(snapshot, segment.no, trace->low + step, &points[answer->point_count]))
            answer->point_count++;
    }
}

static bool agrees(struct log_snapshot *snapshot, feed_no feed, const struct ayni_chain_point *with)
{
    struct ayni_chain_point own;

    return point_at(snapshot, feed, with->seq, &own) &&
           memcmp(own.mark.bytes, with->mark.bytes, sizeof(own.mark.bytes)) == 0;
}

void sync_read_compared(struct log_store *log, const struct ayni_sync_compare *compare,
                        struct ayni_sync_compared *answer)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct log_segment segment;

    *answer = (struct ayni_sync_compared){ compare->low, compare->high };
    if (log_snapshot_begin(log, &snapshot) != AYNI_OK ||
        log_find_segment(snapshot, &compare->feed, &segment) != AYNI_OK)
        return;
    for (size_t i = 0; i < compare->point_count; i++) {
        if (!agrees(snapshot, segment.no, &compare->points[i])) {
            answer->high = compare->points[i].seq;
            return;
        }
        answer->low = compare->points[i].seq;
    }
}
