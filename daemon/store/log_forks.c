#include "daemon/store/log_private.h"

/*
 * Proofs of forks. A row is
 *
 *   feed no 4, seq 8, the first 8 bytes of both chains -> since 8, chain 32, chains 32 each, proof
 */
enum { KEY_SIZE = 4 + 8 + 8 + 8, HEAD_SIZE = 8 + 3 * 32 };

static void put_key(feed_no root, uint64_t seq, const struct ayni_hash chains[2],
                    uint8_t key[KEY_SIZE])
{
    ayni_put_u32(key, root);
    ayni_put_u64(key + 4, seq);
    memcpy(key + 12, chains[0].bytes, 8);
    memcpy(key + 20, chains[1].bytes, 8);
}

enum ayni_status log_fork_check(struct ayni_bytes key, struct ayni_bytes value)
{
    return key.size == KEY_SIZE && value.size >= HEAD_SIZE ? AYNI_OK : AYNI_E_IO;
}

/* --- reading --- */

static enum ayni_status read_row(const struct log_feed *root, uint64_t seq, MDB_val value,
                                 struct log_fork *fork)
{
    const uint8_t *at = value.mv_data;

    if (value.mv_size < HEAD_SIZE)
        return AYNI_E_IO;
    *fork = (struct log_fork){
        .feed = root->id,
        .descriptor = root->descriptor,
        .common = { .seq = seq },
        .since = { ayni_get_u64(at) },
        .proof = { at + HEAD_SIZE, value.mv_size - HEAD_SIZE },
    };
    memcpy(fork->common.chain.bytes, at + 8, 32);
    memcpy(fork->chains[0].bytes, at + 40, 32);
    memcpy(fork->chains[1].bytes, at + 72, 32);
    return AYNI_OK;
}

enum ayni_status log_get_fork(struct log_snapshot *snapshot, const struct ayni_feed *feed,
                              uint64_t seq, const struct ayni_hash chains[2], struct log_fork *fork)
{
    uint8_t bytes[KEY_SIZE];
    MDB_val key = { sizeof(bytes), bytes };
    MDB_val value;
    struct log_feed root;
    enum ayni_status status = log_find_feed(snapshot, feed, &root);

    if (status != AYNI_OK)
        return status;
    put_key(root.no, seq, chains, bytes);
    int rc = mdb_get(snapshot->txn, snapshot->store->forks, &key, &value);
    return rc == MDB_SUCCESS ? read_row(&root, seq, value, fork) : lmdb_status(rc);
}

enum ayni_status log_each_fork(struct log_snapshot *snapshot,
                               bool (*visit)(void *context, const struct log_fork *fork),
                               void *context)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    MDB_val key, value;
    struct log_feed root = { .no = 0 };
    struct log_fork fork;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->forks, &cursor);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    for (; rc == MDB_SUCCESS; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        const uint8_t *at = key.mv_data;
        enum ayni_status status = key.mv_size == KEY_SIZE ? AYNI_OK : AYNI_E_IO;
        if (status == AYNI_OK && root.no != ayni_get_u32(at))
            status = log_get_feed(snapshot, ayni_get_u32(at), &root);
        if (status == AYNI_OK)
            status = read_row(&root, ayni_get_u64(at + 4), value, &fork);
        if (status != AYNI_OK)
            return status;
        if (!visit(context, &fork))
            return AYNI_OK;
    }
    return rc == MDB_NOTFOUND ? AYNI_OK : lmdb_status(rc);
}

enum ayni_status log_each_fork_at(struct log_snapshot *snapshot, const struct log_feed *root,
                                  uint64_t from, uint64_t to,
                                  bool (*visit)(void *context, const struct log_fork *fork),
                                  void *context)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    uint8_t start[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(start), start };
    MDB_val value;
    struct log_fork fork;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->forks, &cursor);

    log_seq_key(root->no, from, start);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    for (; rc == MDB_SUCCESS; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        const uint8_t *at = key.mv_data;
        if (key.mv_size != KEY_SIZE)
            return AYNI_E_IO;
        if (ayni_get_u32(at) != root->no || ayni_get_u64(at + 4) > to)
            return AYNI_OK;
        enum ayni_status status = read_row(root, ayni_get_u64(at + 4), value, &fork);
        if (status != AYNI_OK)
            return status;
        if (!visit(context, &fork))
            return AYNI_OK;
    }
    return rc == MDB_NOTFOUND ? AYNI_OK : lmdb_status(rc);
}

/* --- writing --- */

enum ayni_status log_txn_put_fork_row(struct log_txn *txn, const struct log_feed *root,
                                      const struct ayni_fork_proof *proof, struct ayni_bytes bytes,
                                      struct ayni_instant now)
{
    SCOPED_BUFFER value = { 0 };
    uint8_t key[KEY_SIZE];
    uint8_t *since = ayni_buffer_extend(&value, 8);

    if (since == NULL)
        return AYNI_E_MEMORY;
    ayni_put_u64(since, now.ms);
    ayni_buffer_append(&value, proof->before.bytes, 32);
    ayni_buffer_append(&value, proof->chains[0].bytes, 32);
    ayni_buffer_append(&value, proof->chains[1].bytes, 32);
    ayni_buffer_append(&value, bytes.data, bytes.size);
    if (value.failed)
        return AYNI_E_MEMORY;
    put_key(root->no, proof->seq - 1, proof->chains, key);
    return log_txn_put(txn, txn->snapshot.store->forks, (struct ayni_bytes){ key, sizeof(key) },
                       ayni_buffer_bytes(&value));
}
