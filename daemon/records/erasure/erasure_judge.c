#include <string.h>

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/erasure/erasure_tables.h"

/* What is at hand while one version is judged. */
struct judging {
    struct reader *reader;
    const struct erasure_version *version;
    struct ayni_registry_entry place;
    struct erasure_verdict verdict;
    struct ayni_buffer *orders;
    enum ayni_status status;
};

static bool reaches(struct judging *judging, const struct erasure_order *order)
{
    if (erasure_order_standing(judging->reader, order, &judging->place) == AYNI_STANDING_NO_RIGHT)
        return false;
    if (judging->orders != NULL)
        ayni_buffer_append(judging->orders, &order->ref, sizeof(order->ref));
    return true;
}

/* --- by its record --- */

static bool has_seen(const struct erasure_version *version, const struct ayni_hash *order)
{
    for (size_t i = 0; i < version->seen_count; i++)
        if (memcmp(version->seen[i].bytes, order->bytes, sizeof(version->seen[i].bytes)) == 0)
            return true;
    return false;
}

static bool judge_order(void *context, const struct erasure_order *order)
{
    struct judging *judging = context;

    if (!has_seen(judging->version, &order->place.chain) && reaches(judging, order))
        judging->verdict.ordered = true;
    return true;
}

/* --- by ranges --- */

/* On the history whose end the range names. */
static bool fits(struct judging *judging, const struct ayni_erase_range *range)
{
    struct log_snapshot *log = reader_log(judging->reader);
    const struct erasure_version *version = judging->version;
    struct ayni_bytes end = { range->chain.bytes, sizeof(range->chain.bytes) };
    struct log_feed history;
    struct ayni_hash chain;

    return log_find_history(log, &range->feed, range->to, end, &history) == AYNI_OK &&
           log_get_chain(log, history.no, version->ref.seq, &chain) == AYNI_OK &&
           ayni_id_equal(&chain, &version->chain);
}

static bool judge_range(void *context, const struct erasure_range *range)
{
    struct judging *judging = context;
    struct erasure_order order;

    if (!fits(judging, &range->range))
        return true;
    judging->status = erasure_order_get(judging->reader, &range->order, &order);
    if (judging->status == AYNI_OK && ayni_id_equal(&order.place.space, &judging->place.space) &&
        reaches(judging, &order)) {
        judging->verdict.named = true;
        judging->verdict.named_at_once = judging->verdict.named_at_once || !range->adds;
    }
    return judging->status == AYNI_OK;
}

enum ayni_status erasure_judge(struct reader *reader, const struct erasure_version *version,
                               struct erasure_verdict *verdict, struct ayni_buffer *orders)
{
    const struct log_feed *feed = version->feed;
    struct judging judging = {
        .reader = reader,
        .version = version,
        .place = { .space = feed->descriptor.space,
                   .feed = feed->id,
                   .node = feed->descriptor.node,
                   .seq = version->ref.seq,
                   .chain = version->chain,
                   .time = version->time },
        .orders = orders,
    };
    enum ayni_status status = erasure_each_range(reader_views(reader), &feed->id, version->ref.seq,
                                                 judge_range, &judging);

    if (status == AYNI_OK)
        status = judging.status;
    if (status == AYNI_OK && version->key != NULL)
        status = erasure_each_order_of(reader, version->key, judge_order, &judging);
    if (status == AYNI_OK)
        *verdict = judging.verdict;
    return status;
}

/* --- whether there is anything to ask --- */

enum ayni_status erasure_is_known(struct views_snapshot *views, bool *known)
{
    uint64_t count;
    enum ayni_status status = views_count(views, RECORDS_TABLE_ERASES, &count);

    if (status == AYNI_OK)
        *known = count > 0;
    return status;
}

enum ayni_status erasure_has_orders(struct views_snapshot *views, const struct record_key *key,
                                    bool *has)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t prefix[RECORD_KEY_SIZE];
    struct ayni_bytes found, value;

    record_key_encode(key, prefix);
    views_cursor_open(views, RECORDS_TABLE_ORDERS, (struct ayni_bytes){ prefix, sizeof(prefix) },
                      &cursor);
    *has = views_cursor_next(&cursor, &found, &value);
    return cursor.status;
}

enum ayni_status erasure_has_ranges(struct views_snapshot *views, const struct ayni_feed *feed,
                                    bool *has)
{
    struct ayni_bytes value;
    enum ayni_status status =
        views_get(views, RECORDS_TABLE_RANGES,
                  (struct ayni_bytes){ feed->bytes, sizeof(feed->bytes) }, &value);

    *has = status == AYNI_OK;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}
