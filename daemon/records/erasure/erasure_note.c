#include "daemon/records/erasure/erasure_note.h"

#include <string.h>

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/erasure/erasure_tables.h"
#include "daemon/records/plain_payload.h"
#include "daemon/records/problem.h"
#include "daemon/records/projection/arrivals_note.h"

/* What is at hand while one order is noted. */
struct noting {
    struct views_txn *txn;
    struct log_snapshot *log;
    struct version_ref ref;
    struct ayni_space space;
    uint64_t arrival;
    struct ayni_erase erase;
    struct erasure_row row;
};

/* --- ranges --- */

static enum ayni_status note_longest(struct noting *noting, const struct ayni_erase_range *range)
{
    struct ayni_bytes key = { range->feed.bytes, sizeof(range->feed.bytes) }, held;
    uint64_t length = range->to - range->from + 1; /* from is 1 or more */
    uint8_t value[8];
    enum ayni_status status =
        views_get(views_txn_snapshot(noting->txn), RECORDS_TABLE_RANGES, key, &held);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    if (status == AYNI_OK && held.size == 8 && ayni_get_u64(held.data) >= length)
        return AYNI_OK;
    ayni_put_u64(value, length);
    return views_put(noting->txn, RECORDS_TABLE_RANGES, key,
                     (struct ayni_bytes){ value, sizeof(value) });
}

static enum ayni_status note_range(struct noting *noting, const struct ayni_erase_range *range)
{
    struct erasure_range noted = { .range = *range, .order = noting->ref };
    uint8_t key[ERASURE_RANGE_KEY_SIZE];
    uint8_t adds = (noting->row.flags & ERASURE_ROW_ADDS) != 0;
    enum ayni_status status;

    erasure_range_encode(&noted, key);
    status = views_put(noting->txn, RECORDS_TABLE_RANGES, (struct ayni_bytes){ key, sizeof(key) },
                       (struct ayni_bytes){ &adds, 1 });
    if (status == AYNI_OK)
        status = note_longest(noting, range);
    return status == AYNI_OK ? erasure_weigh_range(noting->txn, noting->log, range) : status;
}

/* --- orders --- */

/* One under a key that isn't here has its ranges all the same. */
static enum ayni_status read_order(const struct epoch_keys *keys, const struct log_feed *feed,
                                   struct ayni_bytes bytes, struct erasure_row *row)
{
    SCOPED_BUFFER room = { 0 };
    struct ayni_erase_order order;
    struct ayni_bytes plain;
    enum ayni_status opened = payload_open(keys, feed, AYNI_KIND_ERASE, bytes, &room, &plain);
    enum ayni_status status =
        opened == AYNI_OK ? ayni_erase_order_decode(plain, &order) : AYNI_E_MALFORMED;

    *row = (struct erasure_row){ 0 };
    if (status == AYNI_OK) {
        row->flags = order.has_earlier ? ERASURE_ROW_ADDS : 0;
        row->type = order.type;
        row->record = order.record;
    } else if (opened == AYNI_E_MEMORY) {
        status = opened;
    } else if (status != AYNI_E_MEMORY && payload_is_sealed(bytes)) {
        row->flags = ERASURE_ROW_UNREAD;
        status = AYNI_OK;
    }
    return status;
}

static enum ayni_status note_row(struct noting *noting, struct erasure_work *work)
{
    uint8_t key[ENTRY_KEY_SIZE], row[ERASURE_ROW_SIZE], since[8];
    struct ayni_bytes name = { key, sizeof(key) };
    enum ayni_status status;

    entry_key_encode(&noting->space, &noting->ref, key);
    erasure_row_encode(&noting->row, row);
    status =
        views_put(noting->txn, RECORDS_TABLE_ERASES, name, (struct ayni_bytes){ row, sizeof(row) });
    ayni_put_u64(since, noting->arrival);
    work->owed = true;
    return status == AYNI_OK ? views_put(noting->txn, RECORDS_TABLE_OWED, name,
                                         (struct ayni_bytes){ since, sizeof(since) })
                             : status;
}

/* The record that it is about is judged now; by its record it reaches if it adds to no other. */
static enum ayni_status note_about(struct noting *noting, struct erasure_work *work)
{
    uint8_t name[PROBLEM_KEY_SIZE];
    struct record_key key;

    if ((noting->row.flags & ERASURE_ROW_UNREAD) != 0)
        return AYNI_OK;
    erasure_row_key(&noting->space, &noting->row, &key);
    ayni_buffer_append(&work->keys, &key, sizeof(key));
    if ((noting->row.flags & ERASURE_ROW_ADDS) != 0)
        return AYNI_OK;
    problem_key_encode(&key, &noting->ref, name);
    return views_put(noting->txn, RECORDS_TABLE_ORDERS, (struct ayni_bytes){ name, sizeof(name) },
                     (struct ayni_bytes){ 0 });
}

static enum ayni_status note_order(struct noting *noting, struct erasure_work *work)
{
    enum ayni_status status = note_row(noting, work);

    if (status == AYNI_OK)
        status = note_about(noting, work);
    for (size_t i = 0; status == AYNI_OK && i < noting->erase.range_count; i++)
        status = note_range(noting, &noting->erase.ranges[i]);
    return status;
}

/* The payload's form first; what isn't of it erases nothing and is listed. */
static enum ayni_status note_arrived(struct views_txn *txn, struct log_snapshot *log,
                                     const struct ayni_space *registry,
                                     const struct arrived_odd *arrived, struct erasure_work *work)
{
    struct noting noting = { .txn = txn,
                             .log = log,
                             .ref = arrived->ref,
                             .space = arrived->space,
                             .arrival = arrived->arrival };
    struct log_entry entry;
    struct log_feed feed;
    enum ayni_status status = log_get_entry(log, arrived->ref.feed, arrived->ref.seq, &entry);

    if (status == AYNI_OK)
        status = log_get_feed(log, arrived->ref.feed, &feed);
    if (status != AYNI_OK || entry.entry.hollow != AYNI_HOLLOW_NONE)
        return status;
    status = ayni_erase_decode(entry.entry.payload, &noting.erase);
    if (status == AYNI_OK) {
        status = read_order(work->epoch_keys, &feed, noting.erase.order, &noting.row);
        if (status == AYNI_OK && ayni_id_equal(&noting.space, registry))
            status = AYNI_E_RIGHT;
        if (status == AYNI_OK)
            status = note_order(&noting, work);
        ayni_erase_free(&noting.erase);
    }
    if (status == AYNI_E_MALFORMED || status == AYNI_E_LIMIT)
        return arrivals_note_problem(txn, arrived, PROBLEM_ERASE);
    return status == AYNI_E_RIGHT ? arrivals_note_problem(txn, arrived, PROBLEM_NO_RIGHT) : status;
}

/* --- entries that came after a range that ends with one of them --- */

static enum ayni_status note_span(struct views_txn *txn, struct log_snapshot *log,
                                  const struct log_feed *feed, const struct arrived_span *span)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    SCOPED_BUFFER found = { 0 };
    struct erasure_range range = { .range = { .feed = feed->id, .to = span->from } };
    uint8_t from[ERASURE_RANGE_KEY_SIZE];
    struct ayni_bytes key, value;
    enum ayni_status status;

    erasure_range_encode(&range, from);
    views_cursor_open(views_txn_snapshot(txn), RECORDS_TABLE_RANGES,
                      (struct ayni_bytes){ feed->id.bytes, sizeof(feed->id.bytes) }, &cursor);
    for (bool more =
             views_cursor_seek(&cursor, (struct ayni_bytes){ from, sizeof(from) }, &key, &value);
         more && erasure_range_decode(key, value, &range) && range.range.to <= span->to;
         more = views_cursor_next(&cursor, &key, &value))
        ayni_buffer_append(&found, &range.range, sizeof(range.range));
    status = cursor.status != AYNI_OK ? cursor.status : ayni_buffer_status(&found);
    for (size_t i = 0; status == AYNI_OK && i < found.size / sizeof(range.range); i++)
        status = erasure_weigh_range(txn, log, &((const struct ayni_erase_range *)found.data)[i]);
    return status;
}

static enum ayni_status note_spans(struct views_txn *txn, struct log_snapshot *log,
                                   const struct arrivals *arrivals)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < arrivals->span_count; i++) {
        struct log_feed feed;
        bool has = false;
        status = log_get_feed(log, arrivals->spans[i].feed, &feed);
        if (status == AYNI_OK)
            status = erasure_has_ranges(views_txn_snapshot(txn), &feed.id, &has);
        if (status == AYNI_OK && has)
            status = note_span(txn, log, &feed, &arrivals->spans[i]);
    }
    return status;
}

/* What came hollow may be told to be of a record by the ranges that name it. */
static enum ayni_status note_hollow(struct views_txn *txn, struct log_snapshot *log,
                                    const struct arrivals *arrivals, struct erasure_work *work)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < arrivals->odd_count; i++) {
        struct log_feed feed;
        if (arrivals->odd[i].kind != ARRIVED_HOLLOW)
            continue;
        status = log_get_feed(log, arrivals->odd[i].ref.feed, &feed);
        if (status == AYNI_OK)
            status =
                erasure_weigh_named(views_txn_snapshot(txn), &feed, arrivals->odd[i].ref.seq, work);
    }
    return status;
}

enum ayni_status erasure_note(struct views_txn *txn, struct log_snapshot *log,
                              const struct ayni_space *registry, const struct arrivals *arrivals,
                              size_t max, struct erasure_work *work)
{
    bool known;
    enum ayni_status status = erasure_is_known(views_txn_snapshot(txn), &known);

    if (status == AYNI_OK && known)
        status = note_spans(txn, log, arrivals);
    if (status == AYNI_OK && known)
        status = note_hollow(txn, log, arrivals, work);
    for (size_t i = 0; status == AYNI_OK && i < arrivals->odd_count; i++)
        if (arrivals->odd[i].kind == ARRIVED_ERASE)
            status = note_arrived(txn, log, registry, &arrivals->odd[i], work);
    if (status == AYNI_OK && (work->keys.failed || work->refs.failed))
        status = AYNI_E_MEMORY;
    return status == AYNI_OK ? erasure_tasks_take(txn, log, max, work) : status;
}
