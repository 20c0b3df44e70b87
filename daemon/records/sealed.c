#include "daemon/records/sealed.h"

#include <string.h>

#include "daemon/records/task.h"
#include "proto/erase.h"

/* Rows: arrival u64, time u64. Tasks: [5, feed no] -> the seq from which to look. */
enum { ROW_SIZE = 16, TASK_SIZE = 1 + 4 };

/* --- rows --- */

enum ayni_status sealed_put(struct views_txn *txn, const struct sealed_row *row)
{
    uint8_t key[VERSION_REF_SIZE], value[ROW_SIZE];

    version_ref_encode(&row->ref, key);
    ayni_put_u64(value, row->arrival);
    ayni_put_u64(value + 8, row->time.ms);
    return views_put(txn, RECORDS_TABLE_SEALED, (struct ayni_bytes){ key, sizeof(key) },
                     (struct ayni_bytes){ value, sizeof(value) });
}

enum ayni_status sealed_remove(struct views_txn *txn, const struct version_ref *ref)
{
    uint8_t key[VERSION_REF_SIZE];

    version_ref_encode(ref, key);
    return views_delete(txn, RECORDS_TABLE_SEALED, (struct ayni_bytes){ key, sizeof(key) });
}

/* Over the rows of one feed; to be ended with row_cursor_done(). */
struct row_cursor {
    struct views_cursor cursor;
    uint8_t from[VERSION_REF_SIZE]; /* the cursor borrows it */
    struct ayni_bytes key, value;
};

static void row_cursor_done(struct row_cursor *rows)
{
    views_cursor_close(&rows->cursor);
}
#define SCOPED_ROWS __attribute__((cleanup(row_cursor_done))) struct row_cursor

/* From `seq` of the feed on. */
static bool rows_seek(struct row_cursor *rows, struct views_snapshot *views, feed_no feed,
                      uint64_t seq)
{
    version_ref_encode(&(struct version_ref){ feed, seq }, rows->from);
    views_cursor_open(views, RECORDS_TABLE_SEALED, (struct ayni_bytes){ rows->from, 4 },
                      &rows->cursor);
    return views_cursor_seek(&rows->cursor, (struct ayni_bytes){ rows->from, VERSION_REF_SIZE },
                             &rows->key, &rows->value);
}

static bool rows_next(struct row_cursor *rows)
{
    return views_cursor_next(&rows->cursor, &rows->key, &rows->value);
}

/* False: what damage left. */
static bool rows_read(const struct row_cursor *rows, struct sealed_row *row)
{
    if (rows->key.size != VERSION_REF_SIZE || rows->value.size != ROW_SIZE)
        return false;
    *row = (struct sealed_row){ version_ref_decode(rows->key.data),
                                ayni_get_u64(rows->value.data),
                                { ayni_get_u64(rows->value.data + 8) } };
    return true;
}

enum ayni_status sealed_first(struct views_snapshot *views, feed_no feed, struct version_ref *ref)
{
    SCOPED_ROWS rows = { 0 };
    struct sealed_row row;

    for (bool more = rows_seek(&rows, views, feed, 0); more; more = rows_next(&rows))
        if (rows_read(&rows, &row)) {
            *ref = row.ref;
            return AYNI_OK;
        }
    return rows.cursor.status == AYNI_OK ? AYNI_E_NOT_FOUND : rows.cursor.status;
}

enum ayni_status sealed_count_of(struct views_snapshot *views, feed_no feed,
                                 struct sealed_count *count)
{
    SCOPED_ROWS rows = { 0 };
    struct sealed_count made = { 0 };
    struct sealed_row row;

    for (bool more = rows_seek(&rows, views, feed, 0); more; more = rows_next(&rows)) {
        if (!rows_read(&rows, &row))
            continue;
        made.count++;
        if (row.time.ms > made.time.ms)
            made.time = row.time;
    }
    *count = made;
    return rows.cursor.status;
}

enum ayni_status sealed_check(const struct epoch_keys *keys, const struct log_feed *feed,
                              const struct ayni_entry *entry, bool *sealed)
{
    SCOPED_BUFFER room = { 0 };
    struct ayni_erase erase = { 0 };
    struct ayni_bytes secret = entry->payload, plain;
    enum ayni_status status = AYNI_OK;

    if (entry->kind == AYNI_KIND_ERASE) {
        status = ayni_erase_decode(entry->payload, &erase);
        secret = erase.order;
    }
    if (status == AYNI_OK)
        status = payload_open(keys, feed, entry->kind, secret, &room, &plain);
    if (entry->kind == AYNI_KIND_ERASE)
        ayni_erase_free(&erase);
    *sealed = status == AYNI_E_SIGNATURE;
    return status == AYNI_E_MEMORY ? status : AYNI_OK;
}

/* --- tasks --- */

bool sealed_is_task(struct ayni_bytes key)
{
    return key.size > 0 && key.data[0] == TASK_UNSEAL;
}

enum ayni_status sealed_tasks_left(struct views_snapshot *views, bool *left)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t kind = TASK_UNSEAL;
    struct ayni_bytes key, value;

    views_cursor_open(views, RECORDS_TABLE_TASKS, (struct ayni_bytes){ &kind, 1 }, &cursor);
    *left = views_cursor_next(&cursor, &key, &value);
    return cursor.status;
}

static enum ayni_status put_task(struct views_txn *txn, feed_no feed, uint64_t seq)
{
    uint8_t key[TASK_SIZE] = { TASK_UNSEAL }, value[8];

    ayni_put_u32(key + 1, feed);
    ayni_put_u64(value, seq);
    return views_put(txn, RECORDS_TABLE_TASKS, (struct ayni_bytes){ key, sizeof(key) },
                     (struct ayni_bytes){ value, sizeof(value) });
}

struct planning {
    const struct charter *before, *after;
    struct views_txn *txn;
    enum ayni_status status;
};

static bool plan_feed(void *context, const struct log_feed *feed)
{
    struct planning *planning = context;
    struct version_ref first;

    if (!epoch_keys_grew(planning->before->epoch_keys, planning->after->epoch_keys,
                         &feed->descriptor.space))
        return true;
    planning->status = sealed_first(views_txn_snapshot(planning->txn), feed->no, &first);
    if (planning->status == AYNI_OK)
        planning->status = put_task(planning->txn, feed->no, first.seq);
    else if (planning->status == AYNI_E_NOT_FOUND)
        planning->status = AYNI_OK;
    return planning->status == AYNI_OK;
}

enum ayni_status sealed_plan(const struct charter *before, const struct charter *after,
                             struct views_txn *txn, struct log_snapshot *log)
{
    struct planning planning = { before, after, txn, AYNI_OK };
    uint64_t sealed;
    enum ayni_status status = views_count(views_txn_snapshot(txn), RECORDS_TABLE_SEALED, &sealed);

    if (status != AYNI_OK || sealed == 0)
        return status;
    status = log_each_feed(log, plan_feed, &planning);
    return status == AYNI_OK ? planning.status : status;
}

/* How far one task has come. A damaged one is named by its key, and goes. */
struct step {
    uint8_t key[VIEWS_KEY_SIZE_MAX];
    size_t key_size;
    bool done;
    feed_no feed;
    uint64_t next;
};

struct taking {
    struct views_snapshot *views;
    struct log_snapshot *log;
    const struct epoch_keys *keys;
    size_t left;
    struct sealed_work *work;
    enum ayni_status (*take)(void *context, const struct log_feed *feed,
                             const struct sealed_row *row, const struct log_entry *entry);
    void *context;
};

/* What is hollow by now was dropped, and its row goes, too. */
static enum ayni_status look_at(struct taking *taking, const struct log_feed *feed,
                                const struct sealed_row *row)
{
    struct log_entry entry;
    bool sealed = false;
    enum ayni_status status = log_get_entry(taking->log, feed->no, row->ref.seq, &entry);

    if (status == AYNI_E_NOT_FOUND) { /* a damaged row */
        ayni_buffer_append(&taking->work->opened, &row->ref, sizeof(row->ref));
        return AYNI_OK;
    }
    bool hollow = status == AYNI_OK && entry.entry.hollow != AYNI_HOLLOW_NONE;
    if (status == AYNI_OK && !hollow)
        status = sealed_check(taking->keys, feed, &entry.entry, &sealed);
    if (status != AYNI_OK || sealed)
        return status;
    ayni_buffer_append(&taking->work->opened, &row->ref, sizeof(row->ref));
    return hollow ? AYNI_OK : taking->take(taking->context, feed, row, &entry);
}

static enum ayni_status take_feed(struct taking *taking, struct step *step)
{
    SCOPED_ROWS rows = { 0 };
    struct sealed_row row;
    struct log_feed feed;
    enum ayni_status status = log_get_feed(taking->log, step->feed, &feed);
    bool more = status == AYNI_OK && rows_seek(&rows, taking->views, step->feed, step->next);

    while (status == AYNI_OK && more && taking->left > 0) {
        if (rows_read(&rows, &row)) {
            status = look_at(taking, &feed, &row);
            step->next = row.ref.seq + 1;
        }
        taking->left--;
        more = rows_next(&rows);
    }
    step->done = !more;
    if (status == AYNI_E_NOT_FOUND) /* of a feed that isn't there: a damaged task */
        return AYNI_OK;
    return status == AYNI_OK ? rows.cursor.status : status;
}

enum ayni_status sealed_take(struct views_snapshot *views, struct log_snapshot *log,
                             const struct epoch_keys *keys, size_t max, struct sealed_work *work,
                             enum ayni_status (*take)(void *context, const struct log_feed *feed,
                                                      const struct sealed_row *row,
                                                      const struct log_entry *entry),
                             void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct taking taking = { views, log, keys, max, work, take, context };
    uint8_t kind = TASK_UNSEAL;
    struct ayni_bytes key, value;
    enum ayni_status status = AYNI_OK;

    views_cursor_open(views, RECORDS_TABLE_TASKS, (struct ayni_bytes){ &kind, 1 }, &cursor);
    while (status == AYNI_OK && taking.left > 0 && views_cursor_next(&cursor, &key, &value)) {
        struct step step = { .key_size = key.size, .done = true };
        memcpy(step.key, key.data, key.size);
        if (key.size == TASK_SIZE && value.size == 8) {
            step.feed = ayni_get_u32(key.data + 1);
            step.next = ayni_get_u64(value.data);
            status = take_feed(&taking, &step);
        }
        ayni_buffer_append(&work->steps, &step, sizeof(step));
    }
    if (status == AYNI_OK)
        status = cursor.status;
    return status != AYNI_OK || !(work->opened.failed || work->steps.failed) ? status
                                                                             : AYNI_E_MEMORY;
}

enum ayni_status sealed_settle(struct views_txn *txn, const struct sealed_work *work)
{
    const struct version_ref *opened = (const struct version_ref *)(const void *)work->opened.data;
    const struct step *steps = (const struct step *)(const void *)work->steps.data;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < work->opened.size / sizeof(*opened); i++)
        status = sealed_remove(txn, &opened[i]);
    for (size_t i = 0; status == AYNI_OK && i < work->steps.size / sizeof(*steps); i++)
        status = steps[i].done
                     ? views_delete(txn, RECORDS_TABLE_TASKS,
                                    (struct ayni_bytes){ steps[i].key, steps[i].key_size })
                     : put_task(txn, steps[i].feed, steps[i].next);
    return status;
}

void sealed_work_free(struct sealed_work *work)
{
    ayni_buffer_free(&work->opened);
    ayni_buffer_free(&work->steps);
}
