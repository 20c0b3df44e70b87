/* Whether the store of a simulated node holds what its log in memory says. */
#include <assert.h>
#include <stdio.h>

#include "tests/support/log_check.h"
#include "tests/support/sim_store.h"

struct compared {
    struct sim_segment segments[SIM_SEGMENTS_MAX];
    size_t count, found;
};

static bool is_same(const struct sim_segment *one, const struct log_segment *other)
{
    return one->start.seq == other->start.seq && one->head.seq == other->head.seq &&
           ayni_id_equal(&one->start.chain, &other->start.chain) &&
           ayni_id_equal(&one->head.chain, &other->head.chain) && one->ended == other->ended;
}

static bool find_segment(void *context, const struct log_segment *segment)
{
    struct compared *compared = context;
    bool same = false;

    for (size_t i = 0; i < compared->count; i++)
        if (ayni_id_equal(&compared->segments[i].id, &segment->id)) {
            compared->found++;
            same = is_same(&compared->segments[i], segment);
        }
    if (!same)
        printf("a segment of a feed in the store, from %llu to %llu%s, is another in memory\n",
               (unsigned long long)segment->start.seq, (unsigned long long)segment->head.seq,
               segment->ended ? ", ended" : "");
    assert(same);
    return true;
}

static void check_feed(struct log_snapshot *snapshot, const struct sim_feed *root)
{
    static struct compared compared;

    compared.found = 0;
    compared.count = sim_segments(root, compared.segments);
    if (root->head.seq == 0 && root->tree == NULL)
        return; /* heard of, and nothing came */
    if (log_each_segment_of(snapshot, &root->id, find_segment, &compared) != AYNI_OK)
        assert(!"the segments of a feed can be read");
    assert(compared.found == compared.count);
}

void sim_store_check_feed(const struct sim_store *store, const struct sim_feed *root)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;

    if (log_snapshot_begin(store->log, &snapshot) != AYNI_OK)
        assert(!"the store can be read");
    check_feed(snapshot, root);
}

/* Entries of all histories that the log in memory holds. */
static uint64_t count_entries(const struct sim_log *log)
{
    uint64_t count = 0;

    for (size_t i = 0; i < log->feed_count; i++)
        count += log->feeds[i]->head.seq + 1 - log->feeds[i]->first;
    return count;
}

void sim_store_check(const struct sim_store *store, const struct sim_log *log)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;

    if (log_snapshot_begin(store->log, &snapshot) != AYNI_OK)
        assert(!"the store can be read");
    for (size_t i = 0; i < log->feed_count; i++)
        if (log->feeds[i]->parent == NULL)
            check_feed(snapshot, log->feeds[i]);
    uint64_t entries = test_log_check(store->log);
    if (entries != count_entries(log))
        printf("the store has %llu entries, the log in memory %llu\n", (unsigned long long)entries,
               (unsigned long long)count_entries(log));
    assert(entries == count_entries(log));
}
