#include "daemon/store/log_private.h"

/* --- reading --- */

enum { FORK_HEAD_SIZE = 8 }; /* since when, before the proof */

static enum ayni_status read_fork(const struct log_feed *feed, uint64_t seq, MDB_val value,
                                  struct log_fork *fork)
{
    const uint8_t *at = value.mv_data;

    if (value.mv_size < FORK_HEAD_SIZE)
        return AYNI_E_IO;
    *fork = (struct log_fork){
        .feed = *feed,
        .seq = seq,
        .since = { ayni_get_u64(at) },
        .proof = { at + FORK_HEAD_SIZE, value.mv_size - FORK_HEAD_SIZE },
    };
    return AYNI_OK;
}

enum ayni_status log_get_fork(struct log_snapshot *snapshot, const struct log_feed *feed,
                              uint64_t seq, struct log_fork *fork)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value;

    log_seq_key(feed->no, seq, place);
    int rc = mdb_get(snapshot->txn, snapshot->store->forks, &key, &value);
    return rc == MDB_SUCCESS ? read_fork(feed, seq, value, fork) : lmdb_status(rc);
}

static enum ayni_status fork_of_row(struct log_snapshot *snapshot, MDB_val key, MDB_val value,
                                    struct log_fork *fork)
{
    const uint8_t *at = key.mv_data;
    struct log_feed feed;

    if (key.mv_size != LOG_SEQ_KEY_SIZE)
        return AYNI_E_IO;
    enum ayni_status status = log_get_feed(snapshot, ayni_get_u32(at), &feed);
    return status == AYNI_OK ? read_fork(&feed, ayni_get_u64(at + 4), value, fork) : status;
}

enum ayni_status log_each_fork(struct log_snapshot *snapshot,
                               bool (*visit)(void *context, const struct log_fork *fork),
                               void *context)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    MDB_val key, value;
    struct log_fork fork;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->forks, &cursor);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    for (; rc == MDB_SUCCESS; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        enum ayni_status status = fork_of_row(snapshot, key, value, &fork);
        if (status != AYNI_OK)
            return status;
        if (!visit(context, &fork))
            return AYNI_OK;
    }
    return rc == MDB_NOTFOUND ? AYNI_OK : lmdb_status(rc);
}

/* --- writing --- */

static enum ayni_status put_row(struct log_txn *txn, const struct log_feed *feed, uint64_t seq,
                                struct ayni_bytes proof, struct ayni_instant now)
{
    SCOPED_BUFFER value = { 0 };
    uint8_t place[LOG_SEQ_KEY_SIZE];
    uint8_t *since = ayni_buffer_extend(&value, FORK_HEAD_SIZE);

    if (since == NULL)
        return AYNI_E_MEMORY;
    ayni_put_u64(since, now.ms);
    ayni_buffer_append(&value, proof.data, proof.size);
    if (value.failed)
        return AYNI_E_MEMORY;
    log_seq_key(feed->no, seq, place);
    return log_txn_put(txn, txn->snapshot.store->forks, (struct ayni_bytes){ place, sizeof(place) },
                       ayni_buffer_bytes(&value));
}

enum ayni_status log_txn_put_fork(struct log_txn *txn, feed_no no, const struct ayni_head *common,
                                  struct ayni_bytes proof, struct ayni_instant now)
{
    struct log_feed feed;
    struct log_fork known;
    enum ayni_status status = log_get_feed(&txn->snapshot, no, &feed);

    if (status != AYNI_OK)
        return status;
    status = log_get_fork(&txn->snapshot, &feed, common->seq, &known);
    if (status != AYNI_E_NOT_FOUND)
        return status == AYNI_OK ? AYNI_E_EXISTS : status;
    status = put_row(txn, &feed, common->seq, proof, now);
    if (status != AYNI_OK || (feed.forked && feed.fork_seq <= common->seq))
        return status;
    feed.forked = true;
    feed.fork_seq = common->seq;
    feed.fork_chain = common->chain;
    return log_txn_put_feed(txn, &feed);
}
