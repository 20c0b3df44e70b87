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

/* --- names --- */

enum ayni_status log_name_read(struct ayni_bytes row, struct log_name *name)
{
    *name = (struct log_name){ 0 };
    if (row.size == 1 + LOG_BRANCH_KEY_SIZE && row.data[0] == LOG_NAME_BRANCH) {
        name->is_branch = true;
        name->branch = (struct ayni_bytes){ row.data + 1, LOG_BRANCH_KEY_SIZE };
        return AYNI_OK;
    }
    if (row.size < 1 + LOG_FEED_KEY_SIZE || (row.size - 1) % LOG_FEED_KEY_SIZE != 0 ||
        row.data[0] != LOG_NAME_FEED)
        return AYNI_E_IO;
    name->numbers = (struct ayni_bytes){ row.data + 1, row.size - 1 };
    return AYNI_OK;
}

enum ayni_status log_get_name(struct log_snapshot *snapshot, const struct ayni_feed *id,
                              struct log_name *name)
{
    MDB_val key = lmdb_val((struct ayni_bytes){ id->bytes, sizeof(id->bytes) });
    MDB_val row;
    int rc = mdb_get(snapshot->txn, snapshot->store->feed_ids, &key, &row);

    return rc == MDB_SUCCESS ? log_name_read(lmdb_bytes(row), name) : lmdb_status(rc);
}

static enum ayni_status first_of(struct log_snapshot *snapshot, const struct log_name *name,
                                 struct log_feed *feed)
{
    return name->is_branch ? AYNI_E_NOT_FOUND
                           : log_get_feed(snapshot, ayni_get_u32(name->numbers.data), feed);
}

enum ayni_status log_find_feed(struct log_snapshot *snapshot, const struct ayni_feed *id,
                               struct log_feed *feed)
{
    struct log_name name;
    enum ayni_status status = log_get_name(snapshot, id, &name);

    return status == AYNI_OK ? first_of(snapshot, &name, feed) : status;
}

/* --- all of them --- */

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

enum ayni_status log_each_history(struct log_snapshot *snapshot, const struct ayni_feed *id,
                                  bool (*visit)(void *context, const struct log_feed *feed),
                                  void *context)
{
    struct log_name name;
    struct log_feed feed;
    SCOPED_BUFFER numbers = { 0 }; /* a visitor may put something, and then the row may move */
    enum ayni_status status = log_get_name(snapshot, id, &name);

    if (status != AYNI_OK || name.is_branch)
        return status == AYNI_OK ? AYNI_E_NOT_FOUND : status;
    ayni_buffer_append(&numbers, name.numbers.data, name.numbers.size);
    if (numbers.failed)
        return AYNI_E_MEMORY;
    for (size_t at = 0; status == AYNI_OK && at < numbers.size; at += LOG_FEED_KEY_SIZE) {
        status = log_get_feed(snapshot, ayni_get_u32(numbers.data + at), &feed);
        if (status == AYNI_OK && !visit(context, &feed))
            return AYNI_OK;
    }
    return status;
}

struct search {
    struct log_snapshot *snapshot;
    uint64_t seq;
    struct ayni_bytes prefix;
    struct log_feed found;
    bool is_found;
};

static bool goes_through(void *context, const struct log_feed *feed)
{
    struct search *search = context;
    struct ayni_hash chain;

    if (search->seq > feed->head.seq ||
        log_get_chain(search->snapshot, feed->no, search->seq, &chain) != AYNI_OK ||
        search->prefix.size > sizeof(chain.bytes) ||
        memcmp(chain.bytes, search->prefix.data, search->prefix.size) != 0)
        return true;
    search->found = *feed;
    search->is_found = true;
    return false;
}

enum ayni_status log_find_history(struct log_snapshot *snapshot, const struct ayni_feed *id,
                                  uint64_t seq, struct ayni_bytes prefix, struct log_feed *feed)
{
    struct search search = { .snapshot = snapshot, .seq = seq, .prefix = prefix };
    enum ayni_status status = log_each_history(snapshot, id, goes_through, &search);

    if (status != AYNI_OK)
        return status;
    if (!search.is_found)
        return AYNI_E_NOT_FOUND;
    *feed = search.found;
    return AYNI_OK;
}
