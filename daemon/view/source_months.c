#include "daemon/view/source_months.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/view/counters.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* Ordered: space, node, month. */
enum { PREFIX_SIZE = 16 + 32, KEY_SIZE = PREFIX_SIZE + 4 };

static void encode_key(const struct ayni_space *space, const struct ayni_node *node, month_no month,
                       uint8_t to[KEY_SIZE])
{
    memcpy(to, space->bytes, 16);
    memcpy(to + 16, node->bytes, 32);
    ayni_put_u32(to + PREFIX_SIZE, (uint32_t)month ^ UINT32_C(1) << 31);
}

static month_no month_in(struct ayni_bytes key)
{
    return (month_no)(ayni_get_u32(key.data + PREFIX_SIZE) ^ UINT32_C(1) << 31);
}

struct following {
    const struct projection_batch *batch;
    enum ayni_status status;
};

static enum ayni_status note(const struct projection_batch *batch,
                             const struct ayni_feed_descriptor *descriptor, month_no month,
                             struct ayni_instant came)
{
    uint8_t key[KEY_SIZE], value[8];
    struct ayni_bytes held;

    encode_key(&descriptor->space, &descriptor->node, month, key);
    enum ayni_status status = views_get(views_txn_snapshot(batch->views), VIEW_TABLE_SOURCES,
                                        (struct ayni_bytes){ key, sizeof(key) }, &held);
    if (status == AYNI_OK && held.size == sizeof(value) && ayni_get_u64(held.data) <= came.ms)
        return AYNI_OK;
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    ayni_put_u64(value, came.ms);
    return views_put(batch->views, VIEW_TABLE_SOURCES, (struct ayni_bytes){ key, sizeof(key) },
                     (struct ayni_bytes){ value, sizeof(value) });
}

/* The month in which an entry was written; where its clock was far ahead, that in which it came. */
static enum ayni_status month_of(struct log_snapshot *log, const struct log_arrival *arrival,
                                 uint64_t seq, month_no *month)
{
    struct log_entry entry;
    enum ayni_status status = log_get_entry(log, arrival->feed, seq, &entry);

    if (status != AYNI_OK)
        return status;
    struct ayni_instant written = entry.entry.time;
    if (written.ms > arrival->time.ms + DAY_MS)
        written = arrival->time;
    *month = month_of_day(clock_day_of(written));
    return AYNI_OK;
}

/* The first seq up to `to` + 1 that is of a later month: times never fall within a feed. */
static enum ayni_status end_of_month(struct log_snapshot *log, const struct log_arrival *arrival,
                                     uint64_t from, month_no month, uint64_t *end)
{
    uint64_t low = from, high = arrival->to + 1; /* low is of the month, high isn't */
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        month_no found;
        status = month_of(log, arrival, middle, &found);
        if (status == AYNI_OK && found <= month)
            low = middle;
        else
            high = middle;
    }
    *end = high;
    return status;
}

static enum ayni_status note_arrival(const struct projection_batch *batch,
                                     const struct log_arrival *arrival)
{
    struct log_snapshot *log = reader_log(batch->reader);
    const struct log_feed *feed = reader_feed(batch->reader, arrival->feed);
    enum ayni_status status = feed == NULL ? AYNI_E_MEMORY : AYNI_OK;

    if (feed != NULL &&
        ayni_id_equal(&feed->descriptor.space, &reader_charter(batch->reader)->registry_space))
        return AYNI_OK;
    for (uint64_t seq = arrival->from; status == AYNI_OK && seq <= arrival->to;) {
        month_no month;
        status = month_of(log, arrival, seq, &month);
        if (status == AYNI_OK)
            status = note(batch, &feed->descriptor, month, arrival->time);
        if (status == AYNI_OK)
            status = end_of_month(log, arrival, seq, month, &seq);
    }
    return status;
}

static bool follow(void *context, const struct log_arrival *arrival)
{
    struct following *following = context;

    if (arrival->no > following->batch->last_arrival)
        return false;
    following->status = note_arrival(following->batch, arrival);
    return following->status == AYNI_OK;
}

enum ayni_status source_months_project(const struct projection_batch *batch)
{
    struct following following = { .batch = batch };
    enum ayni_status status =
        log_each_arrival(reader_log(batch->reader), batch->first_arrival, follow, &following);

    return status == AYNI_OK ? following.status : status;
}

/* --- reading --- */

void source_months_open(struct reader *reader, const struct ayni_space *space,
                        const struct ayni_node *node, struct source_months *months)
{
    uint8_t key[KEY_SIZE];

    encode_key(space, node, 0, key);
    memcpy(months->prefix, key, PREFIX_SIZE);
    months->status = AYNI_OK;
    views_cursor_open(reader_views(reader), VIEW_TABLE_SOURCES,
                      (struct ayni_bytes){ months->prefix, PREFIX_SIZE }, &months->cursor);
}

bool source_months_next(struct source_months *months, month_no *month, struct ayni_instant *came)
{
    struct ayni_bytes key, value;

    if (!views_cursor_next(&months->cursor, &key, &value)) {
        months->status = months->cursor.status;
        return false;
    }
    if (key.size != KEY_SIZE || value.size != 8) {
        months->status = AYNI_E_MALFORMED;
        return false;
    }
    *month = month_in(key);
    came->ms = ayni_get_u64(value.data);
    return true;
}

void source_months_close(struct source_months *months)
{
    views_cursor_close(&months->cursor);
}
