#include "daemon/records/projection/arrivals.h"

#include <stdlib.h>

#include "daemon/records/erasure/erasure_task.h"
#include "daemon/records/order.h"
#include "daemon/records/problem.h"
#include "proto/cut.h"

enum { MEMORY_VERSIONS, MEMORY_SPANS, MEMORY_ODD, MEMORY_FORKS, MEMORY_COUNT };

struct take {
    struct log_snapshot *log;
    const struct arrivals_wish *wish;
    struct arrivals *arrivals;
    uint64_t arrival; /* being taken */
    struct ayni_instant time;
    enum ayni_status status;
};

static void keep_odd(const struct take *take, const struct log_feed *feed, uint64_t seq,
                     enum arrived_kind kind)
{
    struct arrived_odd odd = { .space = feed->descriptor.space,
                               .ref = { feed->no, seq },
                               .arrival = take->arrival,
                               .time = take->time,
                               .kind = kind };

    ayni_buffer_append(&take->arrivals->memory[MEMORY_ODD], &odd, sizeof(odd));
}

/* What is hollow belongs to its record where that is still known. */
static enum ayni_status keep_version(const struct take *take, const struct log_feed *feed,
                                     uint64_t seq, const struct log_entry *logged)
{
    const struct ayni_entry *entry = &logged->entry;
    struct arrived_version version;
    enum ayni_status status;

    memset(&version, 0, sizeof(version));
    version.hollow = entry->hollow != AYNI_HOLLOW_NONE;
    status = erasure_record_of(take->log, take->wish->epoch_keys, feed, seq, entry, &version.key);
    if (status == AYNI_E_SIGNATURE) {
        keep_odd(take, feed, seq, ARRIVED_SEALED);
        return AYNI_OK;
    }
    if (status == AYNI_E_NOT_FOUND) {
        keep_odd(take, feed, seq, version.hollow ? ARRIVED_HOLLOW : ARRIVED_MALFORMED);
        return AYNI_OK;
    }
    version.ref = (struct version_ref){ feed->no, seq };
    version.entry = *logged;
    problem_key_encode(&version.key, &version.ref, version.name);
    version.future = !version.hollow && entry->time.ms > PROBLEM_FUTURE_MS &&
                     entry->time.ms - PROBLEM_FUTURE_MS > take->time.ms;
    ayni_buffer_append(&take->arrivals->memory[MEMORY_VERSIONS], &version, sizeof(version));
    return status;
}

/* Its ranges count whether or not the order can be read. */
static enum ayni_status keep_erase(const struct take *take, const struct log_feed *feed,
                                   uint64_t seq, const struct ayni_entry *entry)
{
    bool sealed;
    enum ayni_status status = sealed_check(take->wish->epoch_keys, feed, entry, &sealed);

    keep_odd(take, feed, seq, ARRIVED_ERASE);
    if (status == AYNI_OK && sealed)
        keep_odd(take, feed, seq, ARRIVED_SEALED);
    return status;
}

static enum ayni_status keep_cut(const struct take *take, const struct log_feed *feed, uint64_t seq,
                                 const struct ayni_entry *entry)
{
    struct ayni_cut cut;
    enum ayni_status status = ayni_cut_decode(entry->payload, &cut);

    if (status == AYNI_OK)
        ayni_cut_free(&cut);
    else if (status == AYNI_E_MEMORY)
        return status;
    keep_odd(take, feed, seq, status == AYNI_OK ? ARRIVED_CUT : ARRIVED_BAD_CUT);
    return AYNI_OK;
}

static enum ayni_status keep_proof(const struct take *take, const struct log_feed *feed,
                                   uint64_t seq, const struct ayni_entry *entry)
{
    struct fork_told told;
    enum ayni_status status =
        fork_told_read(entry->payload, take->wish->root, &feed->descriptor.space, &told);

    if (status == AYNI_E_MEMORY)
        return status;
    if (status != AYNI_OK) {
        keep_odd(take, feed, seq, ARRIVED_BAD_PROOF);
        return AYNI_OK;
    }
    told.entry = (struct version_ref){ feed->no, seq };
    ayni_buffer_append(&take->arrivals->memory[MEMORY_FORKS], &told, sizeof(told));
    return AYNI_OK;
}

/* The entries of one arrival. */
struct taking {
    struct take *take;
    struct log_feed feed;
};

static bool take_entry(void *context, uint64_t seq, const struct log_entry *entry)
{
    const struct taking *taking = context;
    const struct log_feed *feed = &taking->feed;
    struct take *take = taking->take;
    bool control = feed->descriptor.lane == AYNI_LANE_CONTROL;

    if (*take->wish->stop)
        take->status = AYNI_E_STOPPED;
    else if (entry->entry.kind == AYNI_KIND_VERSION)
        take->status = keep_version(take, feed, seq, entry);
    else if (entry->entry.hollow != AYNI_HOLLOW_NONE)
        keep_odd(take, feed, seq, ARRIVED_LACKING);
    else if (entry->entry.kind == AYNI_KIND_ERASE && control)
        take->status = keep_erase(take, feed, seq, &entry->entry);
    else if (entry->entry.kind == AYNI_KIND_RECEIPT && control)
        keep_odd(take, feed, seq, ARRIVED_RECEIPT);
    else if (entry->entry.kind == AYNI_KIND_CUT && control)
        take->status = keep_cut(take, feed, seq, &entry->entry);
    else if (entry->entry.kind == AYNI_KIND_FORK_PROOF && control)
        take->status = keep_proof(take, feed, seq, &entry->entry);
    return take->status == AYNI_OK;
}

static enum ayni_status take_entries(struct take *take, const struct log_arrival *arrival)
{
    struct taking taking = { .take = take };
    enum ayni_status status = log_get_feed(take->log, arrival->feed, &taking.feed);

    if (status == AYNI_OK)
        status = log_each_entry(take->log, arrival->feed, arrival->from, arrival->to, take_entry,
                                &taking);
    return status == AYNI_OK ? take->status : status;
}

static bool take_arrival(void *context, const struct log_arrival *arrival)
{
    struct take *take = context;
    struct arrivals *arrivals = take->arrivals;
    uint64_t more = arrival->to - arrival->from + 1;
    struct arrived_span span;

    if (arrivals->last != 0 && (arrivals->entries + more > take->wish->entries_max ||
                                (take->wish->until != 0 && arrivals->last >= take->wish->until)))
        return false;
    take->arrival = arrival->no;
    take->time = arrival->time;
    take->status = take_entries(take, arrival);
    memset(&span, 0, sizeof(span));
    span.feed = arrival->feed;
    span.from = arrival->from;
    span.to = arrival->to;
    ayni_buffer_append(&arrivals->memory[MEMORY_SPANS], &span, sizeof(span));
    arrivals->entries += more;
    arrivals->last = arrival->no;
    return take->status == AYNI_OK;
}

static struct ayni_bytes name_of(const void *versions, size_t index)
{
    const struct arrived_version *version = (const struct arrived_version *)versions + index;

    return (struct ayni_bytes){ version->name, sizeof(version->name) };
}

/* Each moves once, along the cycles of the order. */
static void arrange(struct arrived_version *versions, uint32_t *order, size_t count)
{
    for (size_t start = 0; start < count; start++) {
        struct arrived_version first = versions[start];
        size_t at = start;
        if (order[start] == start)
            continue;
        while (order[at] != start) {
            size_t from = order[at];
            versions[at] = versions[from];
            order[at] = (uint32_t)at;
            at = from;
        }
        versions[at] = first;
        order[at] = (uint32_t)at;
    }
}

static enum ayni_status sort_versions(struct arrivals *arrivals)
{
    uint32_t *order;
    enum ayni_status status = order_by_key(arrivals->versions, arrivals->count, name_of, &order);

    if (status != AYNI_OK)
        return status;
    arrange(arrivals->versions, order, arrivals->count);
    free(order);
    return AYNI_OK;
}

static int by_feed(const void *a, const void *b)
{
    const struct arrived_span *left = a;
    const struct arrived_span *right = b;

    if (left->feed != right->feed)
        return left->feed < right->feed ? -1 : 1;
    return (left->from > right->from) - (left->from < right->from);
}

/* What a key that came opens: as if it had just come, but that its feed was followed long ago. */
static enum ayni_status take_opened(void *context, const struct log_feed *feed,
                                    const struct sealed_row *row, const struct log_entry *entry)
{
    struct take *take = context;

    take->arrival = row->arrival;
    take->time = row->time;
    if (entry->entry.kind == AYNI_KIND_VERSION)
        return keep_version(take, feed, row->ref.seq, entry);
    return keep_erase(take, feed, row->ref.seq, &entry->entry);
}

enum ayni_status arrivals_take(struct log_snapshot *log, const struct arrivals_wish *wish,
                               struct arrivals *arrivals)
{
    struct take take = { .log = log, .wish = wish, .arrivals = arrivals };
    enum ayni_status status = AYNI_OK;

    *arrivals = (struct arrivals){ 0 };
    if (wish->from != 0)
        status = log_each_arrival(log, wish->from, take_arrival, &take);
    if (status == AYNI_OK)
        status = take.status;
    if (status == AYNI_OK)
        status = sealed_take(wish->views, log, wish->epoch_keys, wish->entries_max,
                             &arrivals->unsealed, take_opened, &take);
    for (size_t i = 0; status == AYNI_OK && i < MEMORY_COUNT; i++)
        status = ayni_buffer_status(&arrivals->memory[i]);
    if (status != AYNI_OK)
        return status;
    arrivals->versions = (struct arrived_version *)arrivals->memory[MEMORY_VERSIONS].data;
    arrivals->count = arrivals->memory[MEMORY_VERSIONS].size / sizeof(struct arrived_version);
    arrivals->spans = (struct arrived_span *)arrivals->memory[MEMORY_SPANS].data;
    arrivals->span_count = arrivals->memory[MEMORY_SPANS].size / sizeof(struct arrived_span);
    arrivals->odd = (struct arrived_odd *)arrivals->memory[MEMORY_ODD].data;
    arrivals->odd_count = arrivals->memory[MEMORY_ODD].size / sizeof(struct arrived_odd);
    arrivals->forks = (struct fork_told *)arrivals->memory[MEMORY_FORKS].data;
    arrivals->fork_count = arrivals->memory[MEMORY_FORKS].size / sizeof(struct fork_told);
    if (arrivals->span_count > 1)
        qsort(arrivals->spans, arrivals->span_count, sizeof(*arrivals->spans), by_feed);
    return sort_versions(arrivals);
}

void arrivals_free(struct arrivals *arrivals)
{
    for (size_t i = 0; i < MEMORY_COUNT; i++)
        ayni_buffer_free(&arrivals->memory[i]);
    sealed_work_free(&arrivals->unsealed);
    *arrivals = (struct arrivals){ 0 };
}
