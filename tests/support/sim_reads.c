#include "tests/support/sim_reads.h"

void sim_read_runs(const struct sim_log *log, const struct ayni_sync_read *read,
                   struct ayni_buffer *runs, struct ayni_sync_runs *answer)
{
    struct sim_segment segment;
    struct ayni_hash chain;

    ayni_buffer_clear(runs);
    *answer = (struct ayni_sync_runs){ .to = read->from };
    if (!sim_segment_find(log, &read->feed, &segment) || read->from < segment.start.seq ||
        read->from > segment.head.seq || !sim_log_chain(segment.history, read->from, &chain)) {
        answer->status = AYNI_E_NOT_FOUND;
    } else if (read->has_mark &&
               memcmp(chain.bytes, read->mark.bytes, sizeof(read->mark.bytes)) != 0) {
        answer->status = AYNI_E_FORK;
    } else if (read->from < segment.head.seq) {
        sim_log_read(segment.history, read->from, read->size_max, read->seq_max, runs, &answer->to);
        answer->runs = ayni_buffer_bytes(runs);
    }
}

void sim_read_chains(const struct sim_log *log, const struct ayni_sync_trace *trace,
                     struct ayni_chain_point *points, struct ayni_sync_chains *answer)
{
    struct sim_segment segment;
    bool known = sim_segment_find(log, &trace->feed, &segment);
    uint64_t between = trace->high - trace->low - 1;
    uint64_t wanted = between < AYNI_CHAIN_POINTS_MAX ? between : AYNI_CHAIN_POINTS_MAX;

    *answer = (struct ayni_sync_chains){ points, 0 };
    for (uint64_t i = 0; known && i < wanted; i++) {
        uint64_t seq = trace->low + 1 + i * between / wanted;
        struct ayni_hash chain;
        if (seq > segment.head.seq || !sim_log_chain(segment.history, seq, &chain))
            break;
        points[answer->point_count++] =
            (struct ayni_chain_point){ seq, ayni_chain_mark_of(&chain) };
    }
}

void sim_read_compared(const struct sim_log *log, const struct ayni_sync_compare *compare,
                       struct ayni_sync_compared *answer)
{
    struct sim_segment segment;
    bool known = sim_segment_find(log, &compare->feed, &segment);

    *answer = (struct ayni_sync_compared){ compare->low, compare->high };
    for (size_t i = 0; known && i < compare->point_count; i++) {
        const struct ayni_chain_point *point = &compare->points[i];
        struct ayni_hash chain;
        if (!sim_log_chain(segment.history, point->seq, &chain))
            break;
        if (memcmp(chain.bytes, point->mark.bytes, sizeof(point->mark.bytes)) != 0) {
            answer->high = point->seq;
            break;
        }
        answer->low = point->seq;
    }
}
