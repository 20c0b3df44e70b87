#include "daemon/records/erasure/erasure_task.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/erasure/erasure_tables.h"
#include "daemon/records/plain_payload.h"
#include "daemon/records/task.h"
#include "proto/payload.h"

/* Keys: [3] -> the ERASES key after which to go on, or nothing; [4, feed no, from u64] -> to u64.
 */
enum { WEIGH_KEY_SIZE = 1 + 4 + 8 };

bool erasure_is_task(struct ayni_bytes key)
{
    return key.size > 0 && (key.data[0] == TASK_ORDERS || key.data[0] == TASK_WEIGH);
}

void erasure_work_free(struct erasure_work *work)
{
    ayni_buffer_free(&work->keys);
    ayni_buffer_free(&work->refs);
}

/* --- adding --- */

static const uint8_t orders_key[] = { TASK_ORDERS };

enum ayni_status erasure_weigh_all(struct views_txn *txn)
{
    bool known;
    enum ayni_status status = erasure_is_known(views_txn_snapshot(txn), &known);

    if (status != AYNI_OK || !known)
        return status;
    return views_put(txn, RECORDS_TABLE_TASKS,
                     (struct ayni_bytes){ orders_key, sizeof(orders_key) },
                     (struct ayni_bytes){ 0 });
}

static enum ayni_status weigh(struct views_txn *txn, feed_no feed, uint64_t from, uint64_t to)
{
    uint8_t name[WEIGH_KEY_SIZE] = { TASK_WEIGH }, value[8];
    struct ayni_bytes key = { name, sizeof(name) }, held;
    enum ayni_status status;

    ayni_put_u32(name + 1, feed);
    ayni_put_u64(name + 5, from);
    status = views_get(views_txn_snapshot(txn), RECORDS_TABLE_TASKS, key, &held);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    if (status == AYNI_OK && held.size == 8 && ayni_get_u64(held.data) >= to)
        return AYNI_OK;
    ayni_put_u64(value, to);
    return views_put(txn, RECORDS_TABLE_TASKS, key, (struct ayni_bytes){ value, sizeof(value) });
}

/* A branch keeps what is its own; what is before it is kept where it leaves. */
enum ayni_status erasure_weigh_range(struct views_txn *txn, struct log_snapshot *log,
                                     const struct ayni_erase_range *range)
{
    struct ayni_bytes end = { range->chain.bytes, sizeof(range->chain.bytes) };
    uint64_t to = range->to;
    struct log_feed history;
    enum ayni_status status = log_find_history(log, &range->feed, range->to, end, &history);

    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    while (status == AYNI_OK && range->from < history.first) {
        if (to >= history.first)
            status = weigh(txn, history.no, history.first, to);
        to = to < history.first ? to : history.first - 1;
        if (status == AYNI_OK)
            status = log_get_feed(log, history.parent, &history);
    }
    return status == AYNI_OK ? weigh(txn, history.no, range->from, to) : status;
}

/* --- taking --- */

static enum ayni_status peek(const struct epoch_keys *keys, const struct log_feed *feed,
                             const struct ayni_entry *entry, struct record_key *key)
{
    SCOPED_BUFFER room = { 0 };
    struct ayni_bytes plain;
    enum ayni_status status = payload_open(keys, feed, entry->kind, entry->payload, &room, &plain);

    if (status == AYNI_OK)
        status = ayni_version_peek(plain, &key->record, &key->type);
    return status == AYNI_OK || status == AYNI_E_MEMORY || status == AYNI_E_SIGNATURE
               ? status
               : AYNI_E_NOT_FOUND;
}

enum ayni_status erasure_record_of(struct log_snapshot *log, const struct epoch_keys *keys,
                                   const struct log_feed *feed, uint64_t seq,
                                   const struct ayni_entry *entry, struct record_key *key)
{
    struct version_ref ref = { feed->no, seq };
    struct erasure_stub stub;
    struct record_key made;
    enum ayni_status status;

    memset(&made, 0, sizeof(made)); /* it is compared and sorted as bytes */
    made.space = feed->descriptor.space;
    if (entry->hollow == AYNI_HOLLOW_NONE) {
        status = peek(keys, feed, entry, &made);
    } else {
        status = erasure_stub_get(log, &ref, &stub);
        if (status == AYNI_OK) {
            made.type = stub.type;
            made.record = stub.record;
            free(stub.seen);
        }
    }
    if (status == AYNI_OK)
        *key = made;
    return status;
}

struct naming {
    struct views_snapshot *views;
    const struct ayni_space *space;
    struct erasure_work *work;
    enum ayni_status status;
};

static bool weigh_order_of(void *context, const struct erasure_range *range)
{
    struct naming *naming = context;
    uint8_t name[ENTRY_KEY_SIZE];
    struct record_key key;
    struct erasure_row row;
    struct ayni_bytes held;

    entry_key_encode(naming->space, &range->order, name);
    naming->status = views_get(naming->views, RECORDS_TABLE_ERASES,
                               (struct ayni_bytes){ name, sizeof(name) }, &held);
    if (naming->status == AYNI_OK && erasure_row_decode(held, &row)) {
        erasure_row_key(naming->space, &row, &key);
        ayni_buffer_append(&naming->work->keys, &key, sizeof(key));
    } else if (naming->status == AYNI_E_NOT_FOUND) {
        naming->status = AYNI_OK; /* of an order in another space */
    }
    return naming->status == AYNI_OK;
}

enum ayni_status erasure_weigh_named(struct views_snapshot *views, const struct log_feed *feed,
                                     uint64_t seq, struct erasure_work *work)
{
    struct naming naming = { views, &feed->descriptor.space, work, AYNI_OK };
    enum ayni_status status = erasure_each_range(views, &feed->id, seq, weigh_order_of, &naming);

    return status == AYNI_OK ? naming.status : status;
}

static enum ayni_status weigh_entry(struct views_snapshot *views, struct log_snapshot *log,
                                    const struct log_feed *feed, uint64_t seq,
                                    struct erasure_work *work)
{
    struct version_ref ref;
    struct log_entry entry;
    struct record_key key;
    enum ayni_status status = log_get_entry(log, feed->no, seq, &entry);

    if (status != AYNI_OK || entry.entry.kind != AYNI_KIND_VERSION)
        return status;
    status = erasure_record_of(log, work->epoch_keys, feed, seq, &entry.entry, &key);
    if (status == AYNI_OK) {
        ayni_buffer_append(&work->keys, &key, sizeof(key));
    } else if (status == AYNI_E_NOT_FOUND || status == AYNI_E_SIGNATURE) {
        memset(&ref, 0, sizeof(ref));
        ref.feed = feed->no;
        ref.seq = seq;
        ayni_buffer_append(&work->refs, &ref, sizeof(ref));
        status = erasure_weigh_named(views, feed, seq, work);
    }
    return status;
}

static enum ayni_status take_weigh(struct views_txn *txn, struct log_snapshot *log, feed_no no,
                                   uint64_t from, uint64_t to, size_t *left,
                                   struct erasure_work *work)
{
    uint8_t name[WEIGH_KEY_SIZE] = { TASK_WEIGH };
    struct log_feed feed;
    enum ayni_status status = log_get_feed(log, no, &feed);
    uint64_t seq = from;

    if (status == AYNI_OK && to > feed.head.seq)
        to = feed.head.seq;
    for (; status == AYNI_OK && seq <= to && *left > 0; seq++, --*left)
        status = weigh_entry(views_txn_snapshot(txn), log, &feed, seq, work);
    if (status != AYNI_OK)
        return status;
    ayni_put_u32(name + 1, no);
    ayni_put_u64(name + 5, from);
    status = views_delete(txn, RECORDS_TABLE_TASKS, (struct ayni_bytes){ name, sizeof(name) });
    return status == AYNI_OK && seq <= to ? weigh(txn, no, seq, to) : status;
}

/* The ranges of one order that lie in feeds that are held, as far as they are. */
static enum ayni_status weigh_ranges(struct views_txn *txn, struct log_snapshot *log,
                                     const struct version_ref *order)
{
    struct log_entry entry;
    struct ayni_erase erase;
    enum ayni_status status = log_get_entry(log, order->feed, order->seq, &entry);

    if (status != AYNI_OK || entry.entry.hollow != AYNI_HOLLOW_NONE)
        return status;
    status = ayni_erase_decode(entry.entry.payload, &erase);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    for (size_t i = 0; status == AYNI_OK && i < erase.range_count; i++)
        status = erasure_weigh_range(txn, log, &erase.ranges[i]);
    ayni_erase_free(&erase);
    return status;
}

/* The next order after `*last`, which it becomes; AYNI_E_NOT_FOUND after the last one. */
static enum ayni_status next_order(struct views_txn *txn, uint8_t last[ENTRY_KEY_SIZE], bool *begun,
                                   struct erasure_row *row)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes from = { last, ENTRY_KEY_SIZE }, key, value;
    bool more;

    views_cursor_open(views_txn_snapshot(txn), RECORDS_TABLE_ERASES, (struct ayni_bytes){ 0 },
                      &cursor);
    more = *begun ? views_cursor_after(&cursor, from, &key, &value)
                  : views_cursor_next(&cursor, &key, &value);
    while (more && (key.size != ENTRY_KEY_SIZE || !erasure_row_decode(value, row)))
        more = views_cursor_next(&cursor, &key, &value);
    if (!more)
        return cursor.status == AYNI_OK ? AYNI_E_NOT_FOUND : cursor.status;
    memcpy(last, key.data, ENTRY_KEY_SIZE);
    *begun = true;
    return AYNI_OK;
}

static enum ayni_status take_order(struct views_txn *txn, struct log_snapshot *log,
                                   const uint8_t name[ENTRY_KEY_SIZE],
                                   const struct erasure_row *row, struct erasure_work *work)
{
    struct version_ref ref = version_ref_decode(name + 16);
    struct ayni_space space;
    struct record_key key;

    memcpy(space.bytes, name, sizeof(space.bytes));
    erasure_row_key(&space, row, &key);
    ayni_buffer_append(&work->keys, &key, sizeof(key));
    return weigh_ranges(txn, log, &ref);
}

static enum ayni_status take_orders(struct views_txn *txn, struct log_snapshot *log,
                                    struct ayni_bytes after, size_t *left,
                                    struct erasure_work *work)
{
    uint8_t last[ENTRY_KEY_SIZE];
    bool begun = after.size == ENTRY_KEY_SIZE;
    struct ayni_bytes task = { orders_key, sizeof(orders_key) };
    struct erasure_row row;
    enum ayni_status status = AYNI_OK;

    if (begun)
        memcpy(last, after.data, sizeof(last));
    while (status == AYNI_OK && *left > 0) {
        status = next_order(txn, last, &begun, &row);
        if (status == AYNI_E_NOT_FOUND)
            return views_delete(txn, RECORDS_TABLE_TASKS, task);
        if (status == AYNI_OK)
            status = take_order(txn, log, last, &row, work);
        --*left;
    }
    return status == AYNI_OK ? views_put(txn, RECORDS_TABLE_TASKS, task,
                                         (struct ayni_bytes){ last, sizeof(last) })
                             : status;
}

/* The first task of this kind, copied; false where there is none. */
static bool first_task(struct views_txn *txn, uint8_t kind, struct ayni_buffer *key,
                       struct ayni_buffer *value, enum ayni_status *status)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes found, data;

    ayni_buffer_clear(key);
    ayni_buffer_clear(value);
    views_cursor_open(views_txn_snapshot(txn), RECORDS_TABLE_TASKS, (struct ayni_bytes){ &kind, 1 },
                      &cursor);
    bool found_one = views_cursor_next(&cursor, &found, &data);
    if (found_one) {
        ayni_buffer_append(key, found.data, found.size);
        ayni_buffer_append(value, data.data, data.size);
    }
    *status = cursor.status != AYNI_OK       ? cursor.status
              : key->failed || value->failed ? AYNI_E_MEMORY
                                             : AYNI_OK;
    return found_one && *status == AYNI_OK;
}

enum ayni_status erasure_tasks_left(struct views_snapshot *views, bool *left)
{
    static const uint8_t kinds[] = { TASK_ORDERS, TASK_WEIGH };

    *left = false;
    for (size_t i = 0; !*left && i < sizeof(kinds); i++) {
        SCOPED_VIEWS_CURSOR cursor = { 0 };
        struct ayni_bytes key, value;
        views_cursor_open(views, RECORDS_TABLE_TASKS, (struct ayni_bytes){ &kinds[i], 1 }, &cursor);
        *left = views_cursor_next(&cursor, &key, &value);
        if (cursor.status != AYNI_OK)
            return cursor.status;
    }
    return AYNI_OK;
}

enum ayni_status erasure_tasks_take(struct views_txn *txn, struct log_snapshot *log, size_t max,
                                    struct erasure_work *work)
{
    SCOPED_BUFFER key = { 0 }, value = { 0 };
    size_t left = max;
    enum ayni_status status = AYNI_OK;

    while (left > 0 && first_task(txn, TASK_ORDERS, &key, &value, &status)) {
        status = key.size == sizeof(orders_key)
                     ? take_orders(txn, log, ayni_buffer_bytes(&value), &left, work)
                     : views_delete(txn, RECORDS_TABLE_TASKS, ayni_buffer_bytes(&key));
        if (status != AYNI_OK)
            return status;
    }
    while (status == AYNI_OK && left > 0 && first_task(txn, TASK_WEIGH, &key, &value, &status)) {
        if (key.size == WEIGH_KEY_SIZE && value.size == 8)
            status = take_weigh(txn, log, ayni_get_u32(key.data + 1), ayni_get_u64(key.data + 5),
                                ayni_get_u64(value.data), &left, work);
        else
            status = views_delete(txn, RECORDS_TABLE_TASKS, ayni_buffer_bytes(&key));
    }
    if (status == AYNI_OK && (work->keys.failed || work->refs.failed))
        status = AYNI_E_MEMORY;
    return status;
}
