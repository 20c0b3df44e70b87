#include "daemon/store/log_private.h"

/* Entries whose payload goes, or comes again. A stub is [number 8, what is kept]. */

enum { NUMBER_SIZE = 8 };
static const char drops_key[] = "drops"; /* in `meta`: the number of the last one */

/* --- reading --- */

enum ayni_status log_get_stub(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                              struct log_stub *stub)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value;

    log_seq_key(feed, seq, place);
    int rc = mdb_get(snapshot->txn, snapshot->store->stubs, &key, &value);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    if (value.mv_size < NUMBER_SIZE)
        return AYNI_E_IO;
    const uint8_t *at = value.mv_data;
    *stub =
        (struct log_stub){ ayni_get_u64(at), { at + NUMBER_SIZE, value.mv_size - NUMBER_SIZE } };
    return AYNI_OK;
}

enum ayni_status log_last_drop(struct log_snapshot *snapshot, uint64_t *number)
{
    MDB_val key = lmdb_val(ayni_bytes_of_text(drops_key));
    MDB_val value;
    int rc = mdb_get(snapshot->txn, snapshot->store->meta, &key, &value);

    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND)
        return lmdb_status(rc);
    if (rc == MDB_SUCCESS && value.mv_size != NUMBER_SIZE)
        return AYNI_E_IO;
    *number = rc == MDB_NOTFOUND ? 0 : ayni_get_u64(value.mv_data);
    return AYNI_OK;
}

/* --- writing --- */

/* A row that is about to be put anew, with nothing in it that borrows from its page but the
 * payload. */
struct copied {
    struct log_row row;
    struct ayni_signature seal;
};

static enum ayni_status copy_row(struct log_txn *txn, feed_no feed, uint64_t seq,
                                 struct copied *copied)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value;

    log_seq_key(feed, seq, place);
    int rc = mdb_get(txn->snapshot.txn, txn->snapshot.store->entries, &key, &value);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    enum ayni_status status = log_row_decode(lmdb_bytes(value), &copied->row);
    if (status != AYNI_OK || copied->row.seal == NULL)
        return status;
    copied->seal = *copied->row.seal;
    copied->row.seal = &copied->seal;
    return AYNI_OK;
}

static enum ayni_status put_stub(struct log_txn *txn, feed_no feed, uint64_t seq,
                                 struct ayni_bytes kept)
{
    SCOPED_BUFFER value = { 0 };
    uint8_t place[LOG_SEQ_KEY_SIZE], number[NUMBER_SIZE];
    uint64_t last;
    enum ayni_status status = log_last_drop(&txn->snapshot, &last);

    if (status != AYNI_OK)
        return status;
    ayni_put_u64(number, last + 1);
    ayni_buffer_append(&value, number, sizeof(number));
    ayni_buffer_append(&value, kept.data, kept.size);
    if (value.failed)
        return AYNI_E_MEMORY;
    status = log_txn_put(txn, txn->snapshot.store->meta, ayni_bytes_of_text(drops_key),
                         (struct ayni_bytes){ number, sizeof(number) });
    if (status != AYNI_OK)
        return status;
    log_seq_key(feed, seq, place);
    return log_txn_put(txn, txn->snapshot.store->stubs, (struct ayni_bytes){ place, sizeof(place) },
                       ayni_buffer_bytes(&value));
}

enum ayni_status log_txn_drop(struct log_txn *txn, feed_no feed, uint64_t seq, uint8_t reason,
                              struct ayni_bytes kept)
{
    struct copied copied = { 0 };
    struct ayni_entry *entry = &copied.row.entry.entry;
    enum ayni_status status = copy_row(txn, feed, seq, &copied);

    if (status != AYNI_OK)
        return status;
    if (entry->hollow != AYNI_HOLLOW_NONE)
        return AYNI_E_EXISTS;
    ayni_entry_complete(entry);
    entry->hollow = reason;
    entry->payload = (struct ayni_bytes){ 0 };
    status = put_stub(txn, feed, seq, kept); /* `kept` may borrow from the payload */
    return status == AYNI_OK ? log_txn_put_row(txn, feed, seq, &copied.row) : status;
}

enum ayni_status log_txn_set_reason(struct log_txn *txn, feed_no feed, uint64_t seq, uint8_t reason)
{
    struct copied copied = { 0 };
    struct ayni_entry *entry = &copied.row.entry.entry;
    enum ayni_status status = copy_row(txn, feed, seq, &copied);

    if (status != AYNI_OK)
        return status;
    if (entry->hollow == AYNI_HOLLOW_NONE || entry->hollow == reason)
        return AYNI_E_EXISTS;
    entry->hollow = reason;
    return log_txn_put_row(txn, feed, seq, &copied.row);
}

enum ayni_status log_txn_fill(struct log_txn *txn, feed_no feed, uint64_t seq,
                              struct ayni_bytes payload, struct ayni_instant now)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    struct copied copied = { 0 };
    struct ayni_entry *entry = &copied.row.entry.entry;
    struct ayni_hash hash = ayni_payload_hash(payload);
    enum ayni_status status = copy_row(txn, feed, seq, &copied);

    if (status != AYNI_OK)
        return status;
    if (entry->hollow == AYNI_HOLLOW_NONE)
        return AYNI_E_EXISTS;
    if (payload.size != entry->payload_size || !ayni_id_equal(&hash, &entry->payload_hash))
        return AYNI_E_INVALID;
    entry->hollow = AYNI_HOLLOW_NONE;
    entry->payload = payload;
    status = log_txn_put_row(txn, feed, seq, &copied.row);
    log_seq_key(feed, seq, place);
    if (status == AYNI_OK)
        status = log_txn_delete(txn, txn->snapshot.store->stubs,
                                (struct ayni_bytes){ place, sizeof(place) });
    return status == AYNI_OK ? log_txn_put_arrival(txn, feed, seq, seq, now) : status;
}
