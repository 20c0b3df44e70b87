#include "daemon/store/log_private.h"

/* Feeds and their histories, as they are made. */

static enum ayni_status next_no(struct log_txn *txn, feed_no *no)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    MDB_val key = { 0 };
    MDB_val value;
    int rc = mdb_cursor_open(txn->snapshot.txn, txn->snapshot.store->feeds, &cursor);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND)
        return lmdb_status(rc);
    if (rc == MDB_SUCCESS && key.mv_size != LOG_FEED_KEY_SIZE)
        return AYNI_E_IO;
    feed_no last = rc == MDB_NOTFOUND ? 0 : ayni_get_u32(key.mv_data);
    if (last == UINT32_MAX)
        return AYNI_E_LIMIT;
    *no = last + 1;
    return AYNI_OK;
}

/* The numbers of the feed's histories, and one more. */
static enum ayni_status put_name(struct log_txn *txn, const struct log_feed *feed)
{
    SCOPED_BUFFER row = { 0 };
    uint8_t number[LOG_FEED_KEY_SIZE];
    struct log_name name = { 0 };
    enum ayni_status status = log_get_name(&txn->snapshot, &feed->id, &name);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    if (name.is_branch)
        return AYNI_E_IO;
    ayni_buffer_append_byte(&row, LOG_NAME_FEED);
    ayni_buffer_append(&row, name.numbers.data, name.numbers.size);
    log_feed_key(feed->no, number);
    ayni_buffer_append(&row, number, sizeof(number));
    if (row.failed)
        return AYNI_E_MEMORY;
    return log_txn_put(txn, txn->snapshot.store->feed_ids,
                       (struct ayni_bytes){ feed->id.bytes, sizeof(feed->id.bytes) },
                       ayni_buffer_bytes(&row));
}

enum ayni_status log_txn_add_history(struct log_txn *txn, struct log_feed *feed)
{
    enum ayni_status status = next_no(txn, &feed->no);

    if (status == AYNI_OK)
        status = log_txn_put_feed(txn, feed);
    return status == AYNI_OK ? put_name(txn, feed) : status;
}

enum ayni_status log_txn_feed(struct log_txn *txn, const struct ayni_feed *id,
                              const struct ayni_feed_descriptor *descriptor, struct log_feed *feed)
{
    struct log_feed made = {
        .id = *id, .descriptor = *descriptor, .first = 1, .head = { 0, ayni_chain_start(id) }
    };
    enum ayni_status status = log_find_feed(&txn->snapshot, id, feed);

    if (status != AYNI_E_NOT_FOUND)
        return status;
    status = log_txn_add_history(txn, &made);
    if (status == AYNI_OK)
        *feed = made;
    return status;
}
