#include <stdlib.h>

#include "daemon/store/log_private.h"
#include "proto/crypto.h"

/* --- begin and end --- */

static int read_last_arrival(struct log_txn *txn)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    MDB_val key = { 0 };
    MDB_val value = { 0 };
    int rc = mdb_cursor_open(txn->snapshot.txn, txn->snapshot.store->journal, &cursor);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
    if (rc == MDB_SUCCESS && log_arrival_decode(key, value, &txn->arrival) != AYNI_OK)
        rc = MDB_CORRUPTED;
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

enum ayni_status log_txn_begin(struct log_store *store, struct log_txn **txn)
{
    struct log_txn *t = calloc(1, sizeof(*t));

    if (t == NULL)
        return AYNI_E_MEMORY;
    t->snapshot.store = store;
    int rc = lmdb_begin(&store->lmdb, 0, &t->snapshot.txn);
    if (rc == MDB_SUCCESS)
        rc = read_last_arrival(t);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_open(t->snapshot.txn, store->entries, &t->entries);
    if (rc != MDB_SUCCESS) {
        log_txn_abort(t);
        return lmdb_status(rc);
    }
    *txn = t;
    return AYNI_OK;
}

static void take_instance(struct log_store *store, const struct ayni_incarnation *instance)
{
    pthread_mutex_lock(&store->mutex);
    store->instance_before = store->instance;
    store->instance = *instance;
    pthread_mutex_unlock(&store->mutex);
}

int log_txn_finish(struct log_txn *txn)
{
    struct log_store *store = txn->snapshot.store;
    int rc = lmdb_commit(&store->lmdb, &txn->snapshot.txn);

    if (rc == MDB_SUCCESS && txn->renews)
        take_instance(store, &txn->instance);
    free(txn); /* its cursor has gone with LMDB's transaction */
    return rc;
}

enum ayni_status log_txn_commit(struct log_txn *txn)
{
    return lmdb_status(log_txn_finish(txn));
}

void log_txn_abort(struct log_txn *txn)
{
    if (txn == NULL)
        return;
    lmdb_abort(&txn->snapshot.store->lmdb, &txn->snapshot.txn);
    free(txn);
}

struct log_snapshot *log_txn_snapshot(struct log_txn *txn)
{
    return &txn->snapshot;
}

/* --- puts --- */

static enum ayni_status outcome(struct log_txn *txn, int rc)
{
    if (rc != MDB_SUCCESS) {
        txn->failed = true;
        txn->map_full = txn->map_full || rc == MDB_MAP_FULL;
    }
    return lmdb_status(lmdb_true_code(&txn->snapshot.store->lmdb, rc));
}

enum ayni_status log_txn_put(struct log_txn *txn, MDB_dbi table, struct ayni_bytes key,
                             struct ayni_bytes value)
{
    MDB_val k = lmdb_val(key);
    MDB_val v = lmdb_val(value);

    txn->changes++;
    txn->bytes += key.size + value.size;
    lmdb_changes_note(&txn->snapshot.store->lmdb.changes, table, key);
    return outcome(txn, mdb_put(txn->snapshot.txn, table, &k, &v, 0));
}

enum ayni_status log_txn_delete(struct log_txn *txn, MDB_dbi table, struct ayni_bytes key)
{
    MDB_val k = lmdb_val(key);

    txn->changes++;
    lmdb_changes_note(&txn->snapshot.store->lmdb.changes, table, key);
    int rc = mdb_del(txn->snapshot.txn, table, &k, NULL);
    return rc == MDB_NOTFOUND ? AYNI_OK : outcome(txn, rc);
}

enum ayni_status log_txn_put_feed(struct log_txn *txn, const struct log_feed *feed)
{
    uint8_t number[LOG_FEED_KEY_SIZE];
    uint8_t value[LOG_FEED_SIZE];

    log_feed_key(feed->no, number);
    log_feed_encode(feed, value);
    return log_txn_put(txn, txn->snapshot.store->feeds,
                       (struct ayni_bytes){ number, sizeof(number) },
                       (struct ayni_bytes){ value, sizeof(value) });
}

enum ayni_status log_txn_put_setting(struct log_txn *txn, const char *name, struct ayni_bytes value)
{
    struct ayni_bytes key = ayni_bytes_of_text(name);

    if (key.size == 0 || key.size > 511) /* LMDB's largest key */
        return AYNI_E_LIMIT;
    return log_txn_put(txn, txn->snapshot.store->settings, key, value);
}

enum ayni_status log_txn_renew_instance(struct log_txn *txn)
{
    struct log_store *store = txn->snapshot.store;
    struct ayni_incarnation before = log_instance(store);

    ayni_random(txn->instance.bytes, sizeof(txn->instance.bytes));
    txn->renews = true;
    enum ayni_status status =
        log_txn_put(txn, store->meta, ayni_bytes_of_text(LOG_INSTANCE_BEFORE_KEY),
                    (struct ayni_bytes){ before.bytes, sizeof(before.bytes) });
    return status != AYNI_OK ? status
                             : log_txn_put(txn, store->meta, ayni_bytes_of_text(LOG_INSTANCE_KEY),
                                           (struct ayni_bytes){ txn->instance.bytes,
                                                                sizeof(txn->instance.bytes) });
}

/* --- append --- */

/* Whether the run can follow what is stored. */
static enum ayni_status check_place(struct log_txn *txn, const struct log_feed *feed,
                                    const struct ayni_head *head, const struct ayni_head *after)
{
    struct ayni_hash held;

    if (after->seq <= feed->head.seq) {
        enum ayni_status status = log_get_chain(&txn->snapshot, feed->no, after->seq, &held);
        if (status != AYNI_OK)
            return status;
        return ayni_id_equal(&held, &after->chain) ? AYNI_E_EXISTS : AYNI_E_CHAIN;
    }
    if (head->seq != feed->head.seq || !ayni_id_equal(&head->chain, &feed->head.chain))
        return AYNI_E_CHAIN;
    return AYNI_OK;
}

enum ayni_status log_txn_put_row(struct log_txn *txn, feed_no feed, uint64_t seq,
                                 const struct log_row *row)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value = { log_row_size(row), NULL };

    log_seq_key(feed, seq, place);
    txn->changes++;
    txn->bytes += key.mv_size + value.mv_size;
    lmdb_changes_note(&txn->snapshot.store->lmdb.changes, txn->snapshot.store->entries,
                      lmdb_bytes(key));
    int rc = mdb_cursor_put(txn->entries, &key, &value, MDB_RESERVE);
    if (rc == MDB_SUCCESS)
        log_row_encode(row, value.mv_data);
    return outcome(txn, rc);
}

static enum ayni_status put_run(struct log_txn *txn, feed_no feed, uint64_t from,
                                const struct ayni_run *run, const struct ayni_hash *chains)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < run->count; i++) {
        struct log_row row = { .entry = { run->entries[i], chains[i] },
                               .seal = i + 1 == run->count ? &run->signature : NULL };
        status = log_txn_put_row(txn, feed, from + i, &row);
    }
    return status;
}

/* Runs of one feed that come together at one time are one arrival, up to a size that whoever
 * follows the journal can take whole. */
static bool continues(const struct log_txn *txn, feed_no feed, uint64_t from, uint64_t to,
                      struct ayni_instant now)
{
    const struct log_arrival *last = &txn->arrival;

    return txn->arrival_is_ours && last->feed == feed && last->to + 1 == from &&
           last->time.ms == now.ms && to - last->from < LOG_ARRIVAL_ENTRIES_MAX;
}

enum ayni_status log_txn_put_arrival(struct log_txn *txn, feed_no feed, uint64_t from, uint64_t to,
                                     struct ayni_instant now)
{
    uint8_t number[LOG_ARRIVAL_KEY_SIZE];
    uint8_t value[LOG_ARRIVAL_SIZE];

    if (continues(txn, feed, from, to, now))
        txn->arrival.to = to;
    else
        txn->arrival = (struct log_arrival){ txn->arrival.no + 1, now, feed, from, to };
    txn->arrival_is_ours = true;
    log_arrival_key(txn->arrival.no, number);
    log_arrival_encode(&txn->arrival, value);
    return log_txn_put(txn, txn->snapshot.store->journal,
                       (struct ayni_bytes){ number, sizeof(number) },
                       (struct ayni_bytes){ value, sizeof(value) });
}

enum ayni_status log_txn_append_to(struct log_txn *txn, struct log_feed *feed,
                                   const struct ayni_head *head, const struct ayni_run *run,
                                   const struct ayni_hash *chains, const struct ayni_head *after,
                                   struct ayni_instant now)
{
    uint64_t from = head->seq + 1;
    enum ayni_status status = check_place(txn, feed, head, after);

    if (status == AYNI_OK)
        status = put_run(txn, feed->no, from, run, chains);
    if (status == AYNI_OK)
        status = log_txn_put_arrival(txn, feed->no, from, after->seq, now);
    if (status != AYNI_OK)
        return status;
    feed->head = *after;
    feed->last_time = run->entries[run->count - 1].time;
    feed->arrival = txn->arrival.no;
    status = log_txn_put_feed(txn, feed);
    return status == AYNI_OK && feed->forked ? log_txn_pass_points(txn, feed, from, now) : status;
}

enum ayni_status log_txn_append(struct log_txn *txn, feed_no no, const struct ayni_head *head,
                                const struct ayni_run *run, const struct ayni_hash *chains,
                                const struct ayni_head *after, struct ayni_instant now)
{
    struct log_feed feed;
    enum ayni_status status = log_get_feed(&txn->snapshot, no, &feed);

    if (status == AYNI_OK && feed.forked)
        status = AYNI_E_FORK;
    return status == AYNI_OK ? log_txn_append_to(txn, &feed, head, run, chains, after, now)
                             : status;
}
