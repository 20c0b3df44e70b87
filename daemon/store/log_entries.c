#include "daemon/store/log_private.h"
#include "proto/limits.h"

enum ayni_status log_get_entry(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                               struct log_entry *entry)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value;

    log_seq_key(feed, seq, place);
    int rc = mdb_get(snapshot->txn, snapshot->store->entries, &key, &value);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    return log_entry_decode(lmdb_bytes(value), entry);
}

enum ayni_status log_get_chain(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                               struct ayni_hash *chain)
{
    struct log_entry entry;
    struct log_feed f;
    enum ayni_status status;

    if (seq > 0) {
        status = log_get_entry(snapshot, feed, seq, &entry);
        if (status == AYNI_OK)
            *chain = entry.chain;
        return status;
    }
    status = log_get_feed(snapshot, feed, &f);
    if (status == AYNI_OK)
        *chain = ayni_chain_start(&f.id);
    return status;
}

/* --- seals --- */

/* A row of `seals` that a cursor found, if it is of `feed`. */
static enum ayni_status take_seal(MDB_val key, MDB_val value, feed_no feed, uint64_t *seq,
                                  struct ayni_signature *signature)
{
    const uint8_t *at = key.mv_data;

    if (key.mv_size != LOG_SEQ_KEY_SIZE || value.mv_size != sizeof(signature->bytes))
        return AYNI_E_IO;
    if (ayni_get_u32(at) != feed)
        return AYNI_E_NOT_FOUND;
    *seq = ayni_get_u64(at + 4);
    memcpy(signature->bytes, value.mv_data, sizeof(signature->bytes));
    return AYNI_OK;
}

enum ayni_status log_get_seal(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                              uint64_t *sealed_seq, struct ayni_signature *signature)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value;
    SCOPED_LMDB_CURSOR *cursor = NULL;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->seals, &cursor);

    log_seq_key(feed, seq, place);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    return take_seal(key, value, feed, sealed_seq, signature);
}

/* --- runs --- */

/* Two cursors that walk a feed side by side: its entries, and the seals that end its runs. */
struct walk {
    MDB_cursor *entries, *seals;
    feed_no feed;
    uint64_t next; /* the seq that the next run begins with */
    uint64_t seq_max;
};

static int move(MDB_cursor *cursor, feed_no feed, uint64_t seq, MDB_cursor_op op, MDB_val *key,
                MDB_val *value)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];

    log_seq_key(feed, seq, place);
    *key = (MDB_val){ sizeof(place), place };
    return mdb_cursor_get(cursor, key, value, op);
}

/* The entries up to `last`, from walk->next on; the first is sought, the others follow it. */
static enum ayni_status read_entries(struct walk *walk, uint64_t last, struct ayni_run *run)
{
    MDB_val key, value;
    struct log_entry entry;

    if (last < walk->next || last - walk->next >= AYNI_RUN_ENTRIES_MAX)
        return AYNI_E_IO;
    int rc = move(walk->entries, walk->feed, walk->next, MDB_SET_KEY, &key, &value);
    for (run->count = 0; rc == MDB_SUCCESS;
         rc = mdb_cursor_get(walk->entries, &key, &value, MDB_NEXT)) {
        enum ayni_status status = log_entry_decode(lmdb_bytes(value), &entry);
        if (status != AYNI_OK)
            return status;
        run->entries[run->count++] = entry.entry;
        if (walk->next++ == last)
            return AYNI_OK;
    }
    return AYNI_E_IO; /* a seal without all its entries */
}

/* AYNI_E_NOT_FOUND after the last run that is wanted. */
static enum ayni_status read_run(struct walk *walk, struct ayni_run *run)
{
    MDB_val key, value;
    uint64_t last;
    int rc = move(walk->seals, walk->feed, walk->next, MDB_SET_RANGE, &key, &value);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    enum ayni_status status = take_seal(key, value, walk->feed, &last, &run->signature);
    if (status == AYNI_OK && last > walk->seq_max)
        return AYNI_E_NOT_FOUND;
    return status == AYNI_OK ? read_entries(walk, last, run) : status;
}

static enum ayni_status append_runs(struct walk *walk, size_t size_max, struct ayni_buffer *runs,
                                    uint64_t *next)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run run = { .entries = entries };
    size_t start = runs->size;
    size_t before = start;
    enum ayni_status status;

    while ((status = read_run(walk, &run)) == AYNI_OK) {
        ayni_run_encode(&run, runs);
        if (ayni_buffer_status(runs) != AYNI_OK)
            return AYNI_E_MEMORY;
        if (before > start && runs->size - start > size_max) {
            runs->size = before; /* one too many */
            return AYNI_OK;
        }
        before = runs->size;
        *next = walk->next;
        if (runs->size - start >= size_max)
            return AYNI_OK;
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status log_read_runs(struct log_snapshot *snapshot, feed_no feed, uint64_t from,
                               uint64_t seq_max, size_t size_max, struct ayni_buffer *runs,
                               uint64_t *next)
{
    SCOPED_LMDB_CURSOR *entries = NULL;
    SCOPED_LMDB_CURSOR *seals = NULL;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->entries, &entries);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_open(snapshot->txn, snapshot->store->seals, &seals);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    *next = from;
    if (from == 0)
        return AYNI_OK;
    struct walk walk = { entries, seals, feed, from, seq_max };
    return append_runs(&walk, size_max, runs, next);
}
