#include "daemon/records/task.h"

#include "daemon/records/erasure/erasure_task.h"
#include "daemon/records/sealed.h"

/* Keys: [1, feed no] -> the next seq; [2, space, type] -> the record after which to go on, or
 * nothing. */
enum { TASK_KEY_MAX = 1 + COUNT_KEY_SIZE };

static struct ayni_bytes feed_key(feed_no feed, uint8_t key[TASK_KEY_MAX])
{
    key[0] = TASK_FEED;
    ayni_put_u32(key + 1, feed);
    return (struct ayni_bytes){ key, 5 };
}

static enum ayni_status put_feed(struct views_txn *txn, struct ayni_bytes key, uint64_t seq,
                                 uint64_t last)
{
    uint8_t value[16];

    ayni_put_u64(value, seq);
    ayni_put_u64(value + 8, last);
    return views_put(txn, RECORDS_TABLE_TASKS, key, (struct ayni_bytes){ value, sizeof(value) });
}

/* The seq up to which views/ has followed a feed. */
static uint64_t followed(struct views_snapshot *views, feed_no feed)
{
    uint8_t key[4];
    struct ayni_bytes value;

    ayni_put_u32(key, feed);
    if (views_get(views, RECORDS_TABLE_FEEDS, (struct ayni_bytes){ key, 4 }, &value) != AYNI_OK)
        return 0;
    return value.size == 8 ? ayni_get_u64(value.data) : 0;
}

enum ayni_status task_add_feed(struct views_txn *txn, feed_no feed)
{
    uint64_t last = followed(views_txn_snapshot(txn), feed);
    uint8_t key[TASK_KEY_MAX];

    return last == 0 ? AYNI_OK : put_feed(txn, feed_key(feed, key), 1, last);
}

enum ayni_status task_add_type(struct views_txn *txn, const struct ayni_space *space, uint32_t type)
{
    uint8_t key[TASK_KEY_MAX] = { TASK_TYPE };

    count_key_encode(space, type, key + 1);
    return views_put(txn, RECORDS_TABLE_TASKS, (struct ayni_bytes){ key, sizeof(key) },
                     (struct ayni_bytes){ 0 });
}

enum ayni_status tasks_fold_again(struct views_snapshot *views, bool *any)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;

    views_cursor_open(views, RECORDS_TABLE_TASKS, (struct ayni_bytes){ 0 }, &cursor);
    *any = views_cursor_next(&cursor, &key, &value) && key.data[0] <= TASK_TYPE;
    return cursor.status;
}

enum ayni_status tasks_count(struct views_snapshot *views, uint64_t *count)
{
    uint64_t tasks, drops;
    enum ayni_status status = views_count(views, RECORDS_TABLE_TASKS, &tasks);

    if (status == AYNI_OK)
        status = views_count(views, RECORDS_TABLE_DROPS, &drops);
    if (status == AYNI_OK)
        *count = tasks + drops;
    return status;
}

/* Up to `*left` entries, also those that are no versions. */
static enum ayni_status take_feed(struct views_txn *txn, struct log_snapshot *log,
                                  const struct epoch_keys *epoch_keys, feed_no no, uint64_t seq,
                                  uint64_t last, size_t *left, struct ayni_buffer *keys)
{
    uint8_t name[TASK_KEY_MAX];
    struct log_feed feed;
    struct log_entry entry;
    struct record_key key;
    enum ayni_status status = log_get_feed(log, no, &feed);

    if (status == AYNI_E_NOT_FOUND) /* what damage left */
        return views_delete(txn, RECORDS_TABLE_TASKS, feed_key(no, name));
    if (status == AYNI_OK && seq < feed.first)
        seq = feed.first;
    if (status == AYNI_OK && last > feed.head.seq)
        last = feed.head.seq;
    for (; status == AYNI_OK && seq <= last && *left > 0; seq++, (*left)--) {
        status = log_get_entry(log, no, seq, &entry);
        if (status != AYNI_OK || entry.entry.kind != AYNI_KIND_VERSION ||
            entry.entry.hollow != AYNI_HOLLOW_NONE)
            continue;
        status = erasure_record_of(log, epoch_keys, &feed, seq, &entry.entry, &key);
        if (status == AYNI_OK)
            ayni_buffer_append(keys, &key, sizeof(key));
        else if (status == AYNI_E_NOT_FOUND || status == AYNI_E_SIGNATURE)
            status = AYNI_OK;
    }
    if (status != AYNI_OK)
        return status;
    if (seq > last)
        return views_delete(txn, RECORDS_TABLE_TASKS, feed_key(no, name));
    return put_feed(txn, feed_key(no, name), seq, last);
}

/* Keys of the type after `after`, up to `*left`, and the last of them; whether that was all. What
 * is no key, of damage, is passed over. */
static enum ayni_status read_type(struct views_snapshot *views, struct ayni_bytes place,
                                  struct ayni_bytes after, size_t *left, struct ayni_buffer *keys,
                                  struct record_key *last, bool *all)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes found, value;
    uint8_t from[RECORD_KEY_SIZE];
    bool more;

    memcpy(from, place.data, COUNT_KEY_SIZE);
    views_cursor_open(views, RECORDS_TABLE_RECORDS, place, &cursor);
    if (after.size == 16) {
        memcpy(from + COUNT_KEY_SIZE, after.data, 16);
        more =
            views_cursor_after(&cursor, (struct ayni_bytes){ from, sizeof(from) }, &found, &value);
    } else {
        more = views_cursor_next(&cursor, &found, &value);
    }
    for (; more && *left > 0; more = views_cursor_next(&cursor, &found, &value)) {
        if (found.size != RECORD_KEY_SIZE)
            continue;
        memset(last, 0, sizeof(*last));
        record_key_decode(found.data, last);
        ayni_buffer_append(keys, last, sizeof(*last));
        (*left)--;
    }
    *all = !more;
    return cursor.status;
}

static enum ayni_status take_type(struct views_txn *txn, struct ayni_bytes task,
                                  struct ayni_bytes after, size_t *left, struct ayni_buffer *keys)
{
    struct ayni_bytes place = { task.data + 1, COUNT_KEY_SIZE };
    struct record_key last = { 0 };
    bool all;
    enum ayni_status status =
        read_type(views_txn_snapshot(txn), place, after, left, keys, &last, &all);

    if (status != AYNI_OK)
        return status;
    if (all)
        return views_delete(txn, RECORDS_TABLE_TASKS, task);
    return views_put(txn, RECORDS_TABLE_TASKS, task, (struct ayni_bytes){ last.record.bytes, 16 });
}

/* The first task, copied, its key whole so that a damaged one can be deleted; a size of 0: none. */
static enum ayni_status first_task(struct views_snapshot *views, uint8_t key[VIEWS_KEY_SIZE_MAX],
                                   size_t *key_size, uint8_t value[16], size_t *value_size)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes found, data;

    *key_size = 0;
    views_cursor_open(views, RECORDS_TABLE_TASKS, (struct ayni_bytes){ 0 }, &cursor);
    if (!views_cursor_next(&cursor, &found, &data))
        return cursor.status;
    *key_size = found.size;
    *value_size = data.size <= 16 ? data.size : 16;
    memcpy(key, found.data, *key_size);
    if (*value_size > 0)
        memcpy(value, data.data, *value_size);
    return AYNI_OK;
}

enum ayni_status tasks_take(struct views_txn *txn, struct log_snapshot *log,
                            const struct epoch_keys *epoch_keys, size_t max,
                            struct ayni_buffer *keys)
{
    uint8_t key[VIEWS_KEY_SIZE_MAX], value[16];
    size_t key_size, value_size;
    size_t left = max;
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && left > 0) {
        status = first_task(views_txn_snapshot(txn), key, &key_size, value, &value_size);
        if (status != AYNI_OK || key_size == 0 ||
            erasure_is_task((struct ayni_bytes){ key, key_size }) || /* those come last */
            sealed_is_task((struct ayni_bytes){ key, key_size }))
            break;
        if (key[0] == TASK_FEED && key_size == 5 && value_size == 16)
            status = take_feed(txn, log, epoch_keys, ayni_get_u32(key + 1), ayni_get_u64(value),
                               ayni_get_u64(value + 8), &left, keys);
        else if (key[0] == TASK_TYPE && key_size == TASK_KEY_MAX)
            status = take_type(txn, (struct ayni_bytes){ key, key_size },
                               (struct ayni_bytes){ value, value_size }, &left, keys);
        else
            status = views_delete(txn, RECORDS_TABLE_TASKS, (struct ayni_bytes){ key, key_size });
        if (status == AYNI_OK)
            status = ayni_buffer_status(keys);
    }
    return status;
}
