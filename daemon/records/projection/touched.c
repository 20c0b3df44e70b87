#include "daemon/records/projection/touched.h"

#include <stdlib.h>

#include "daemon/records/projection/puts.h"

/* Records whose contexts waited for what came in one span. */
static enum ayni_status awaited_by(struct views_snapshot *views, struct log_snapshot *log,
                                   const struct arrived_span *span, struct ayni_buffer *refolds,
                                   struct puts *done)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t from[AWAIT_KEY_SIZE] = { 0 };
    struct ayni_bytes key, value;
    struct record_key record;
    struct log_feed feed;
    enum ayni_status status = log_get_feed(log, span->feed, &feed);

    if (status != AYNI_OK)
        return status;
    memcpy(from, feed.id.bytes, 16);
    ayni_put_u64(from + 16, span->from);
    views_cursor_open(views, RECORDS_TABLE_AWAITS, (struct ayni_bytes){ from, 16 }, &cursor);
    for (bool more = views_cursor_seek(&cursor, (struct ayni_bytes){ from, 24 }, &key, &value);
         more && key.size == AWAIT_KEY_SIZE && ayni_get_u64(key.data + 16) <= span->to;
         more = views_cursor_next(&cursor, &key, &value)) {
        memset(&record, 0, sizeof(record));
        record_key_decode(key.data + 24, &record);
        ayni_buffer_append(refolds, &record, sizeof(record));
        puts_remove(done, key);
    }
    return cursor.status;
}

enum ayni_status touched_awaited(struct views_txn *txn, struct log_snapshot *log,
                                 const struct arrivals *arrivals, struct ayni_buffer *refolds)
{
    struct views_snapshot *views = views_txn_snapshot(txn);
    struct puts done = { 0 };
    uint64_t waiting;
    enum ayni_status status = views_count(views, RECORDS_TABLE_AWAITS, &waiting);

    for (size_t i = 0; status == AYNI_OK && waiting > 0 && i < arrivals->span_count; i++)
        status = awaited_by(views, log, &arrivals->spans[i], refolds, &done);
    if (status == AYNI_OK)
        status = puts_flush(&done, txn, RECORDS_TABLE_AWAITS);
    puts_free(&done);
    return status;
}

enum ayni_status touched_list(const struct arrivals *arrivals, struct ayni_buffer *refolds,
                              struct touched **touched, size_t *count)
{
    struct record_key *again = (struct record_key *)refolds->data;
    size_t again_count = refolds->size / sizeof(*again);
    struct touched *list = calloc(arrivals->count + again_count + 1, sizeof(*list));
    size_t at = 0, old = 0, made = 0;

    if (list == NULL || refolds->failed) {
        free(list);
        return AYNI_E_MEMORY;
    }
    if (again_count > 1)
        qsort(again, again_count, sizeof(*again), record_key_compare);
    while (at < arrivals->count || old < again_count) {
        struct touched *next = &list[made++];
        bool arrived = old == again_count ||
                       (at < arrivals->count &&
                        record_key_compare(&arrivals->versions[at].key, &again[old]) <= 0);
        next->key = arrived ? arrivals->versions[at].key : again[old];
        next->from = at;
        while (at < arrivals->count &&
               record_key_compare(&arrivals->versions[at].key, &next->key) == 0)
            at++;
        next->to = at;
        while (old < again_count && record_key_compare(&again[old], &next->key) == 0)
            old++;
    }
    *touched = list;
    *count = made;
    return AYNI_OK;
}
