#include "daemon/store/log_private.h"

enum ayni_status log_get_feed(struct log_snapshot *snapshot, feed_no no, struct log_feed *feed)
{
    uint8_t number[LOG_FEED_KEY_SIZE];
    MDB_val key = { sizeof(number), number };
    MDB_val value;

    log_feed_key(no, number);
    int rc = mdb_get(snapshot->txn, snapshot->store->feeds, &key, &value);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    return log_feed_decode(no, lmdb_bytes(value), feed);
}

/* The feed that a row of `feed_ids` names. */
static enum ayni_status feed_of_row(struct log_snapshot *snapshot, MDB_val row,
                                    struct log_feed *feed)
{
    if (row.mv_size != LOG_FEED_KEY_SIZE)
        return AYNI_E_IO;
    return log_get_feed(snapshot, ayni_get_u32(row.mv_data), feed);
}

enum ayni_status log_find_feed(struct log_snapshot *snapshot, const struct ayni_feed *id,
                               struct log_feed *feed)
{
    MDB_val key = lmdb_val((struct ayni_bytes){ id->bytes, sizeof(id->bytes) });
    MDB_val row;
    int rc = mdb_get(snapshot->txn, snapshot->store->feed_ids, &key, &row);

    return rc == MDB_SUCCESS ? feed_of_row(snapshot, row, feed) : lmdb_status(rc);
}

enum ayni_status log_each_feed(struct log_snapshot *snapshot,
                               bool (*visit)(void *context, const struct log_feed *feed),
                               void *context)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    MDB_val key, value;
    struct log_feed feed;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->feeds, &cursor);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    for (; rc == MDB_SUCCESS; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        if (key.mv_size != LOG_FEED_KEY_SIZE)
            return AYNI_E_IO;
        enum ayni_status status =
            log_feed_decode(ayni_get_u32(key.mv_data), lmdb_bytes(value), &feed);
        if (status != AYNI_OK)
            return status;
        if (!visit(context, &feed))
            return AYNI_OK;
    }
    return rc == MDB_NOTFOUND ? AYNI_OK : lmdb_status(rc);
}
