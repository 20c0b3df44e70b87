#include "daemon/store/views_private.h"

/* --- the transaction --- */

/* Once: `*map_full` says whether to grow and try again. */
static enum ayni_status update_once(struct views *views, views_change *change, void *context,
                                    bool *map_full)
{
    struct views_txn txn = { .snapshot.views = views };
    int rc = lmdb_begin(&views->lmdb, 0, &txn.snapshot.txn);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    enum ayni_status status = change(context, &txn);
    if (status != AYNI_OK) {
        lmdb_abort(&views->lmdb, &txn.snapshot.txn);
        *map_full = txn.map_full;
        return status;
    }
    rc = lmdb_commit(&views->lmdb, &txn.snapshot.txn);
    *map_full = rc == MDB_MAP_FULL;
    return lmdb_status(rc);
}

enum ayni_status views_update(struct views *views, views_change *change, void *context)
{
    for (;;) {
        bool map_full = false;
        enum ayni_status status = update_once(views, change, context, &map_full);

        if (status == AYNI_OK || !map_full)
            return status;
        status = lmdb_grow(&views->lmdb);
        if (status != AYNI_OK)
            return status;
    }
}

struct views_snapshot *views_txn_snapshot(struct views_txn *txn)
{
    return &txn->snapshot;
}

/* --- changes --- */

static enum ayni_status outcome(struct views_txn *txn, int rc)
{
    if (rc == MDB_MAP_FULL)
        txn->map_full = true;
    return lmdb_status(lmdb_true_code(&txn->snapshot.views->lmdb, rc));
}

static MDB_dbi dbi_of(const struct views_txn *txn, size_t table)
{
    return txn->snapshot.views->tables[table];
}

/* For who copies the store meanwhile. */
static void note(struct views_txn *txn, size_t table, struct ayni_bytes key)
{
    lmdb_changes_note(&txn->snapshot.views->lmdb.changes, dbi_of(txn, table), key);
}

/* LMDB would refuse it too, but not before it has marked the transaction as failed. */
static bool possible(struct ayni_bytes key)
{
    return key.size > 0 && key.size <= VIEWS_KEY_SIZE_MAX;
}

enum ayni_status views_put(struct views_txn *txn, size_t table, struct ayni_bytes key,
                           struct ayni_bytes value)
{
    MDB_val k = lmdb_val(key);
    MDB_val v = lmdb_val(value);

    if (!possible(key))
        return AYNI_E_LIMIT;
    note(txn, table, key);
    return outcome(txn, mdb_put(txn->snapshot.txn, dbi_of(txn, table), &k, &v, 0));
}

enum ayni_status views_delete(struct views_txn *txn, size_t table, struct ayni_bytes key)
{
    MDB_val k = lmdb_val(key);

    if (!possible(key))
        return AYNI_E_LIMIT;
    note(txn, table, key);
    int rc = mdb_del(txn->snapshot.txn, dbi_of(txn, table), &k, NULL);
    return outcome(txn, rc == MDB_NOTFOUND ? MDB_SUCCESS : rc);
}

/* One key that begins with `prefix`; MDB_NOTFOUND when there is none left. */
static int delete_one(struct views_txn *txn, size_t table, MDB_cursor *cursor,
                      struct ayni_bytes prefix)
{
    MDB_val k = lmdb_val(prefix);
    MDB_val v;
    int rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);

    if (rc == MDB_SUCCESS && !lmdb_has_prefix(k, prefix))
        rc = MDB_NOTFOUND;
    if (rc != MDB_SUCCESS)
        return rc;
    note(txn, table, lmdb_bytes(k));
    return mdb_cursor_del(cursor, 0);
}

enum ayni_status views_delete_prefix(struct views_txn *txn, size_t table, struct ayni_bytes prefix)
{
    MDB_cursor *cursor;

    if (prefix.size == 0) {
        lmdb_changes_lose(&txn->snapshot.views->lmdb.changes);
        return outcome(txn, mdb_drop(txn->snapshot.txn, dbi_of(txn, table), 0));
    }
    if (!possible(prefix))
        return AYNI_E_LIMIT;
    int rc = mdb_cursor_open(txn->snapshot.txn, dbi_of(txn, table), &cursor);
    if (rc != MDB_SUCCESS)
        return outcome(txn, rc);
    while (rc == MDB_SUCCESS)
        rc = delete_one(txn, table, cursor, prefix);
    mdb_cursor_close(cursor);
    return outcome(txn, rc == MDB_NOTFOUND ? MDB_SUCCESS : rc);
}

/* The removals, one by one: a cursor that puts stays clear of them. */
static enum ayni_status remove_items(struct views_txn *txn, size_t table,
                                     const struct views_item *items, size_t count)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        if (items[i].removed)
            status = views_delete(txn, table, items[i].key);
    return status;
}

/* A cursor that stays where it put last finds the next key's page without a search. */
static int put_items(struct views_txn *txn, size_t table, MDB_cursor *cursor,
                     const struct views_item *items, size_t count)
{
    int rc = MDB_SUCCESS;

    for (size_t i = 0; rc == MDB_SUCCESS && i < count; i++) {
        MDB_val k = lmdb_val(items[i].key);
        MDB_val v = lmdb_val(items[i].value);
        if (items[i].removed)
            continue;
        if (!possible(items[i].key))
            return MDB_BAD_VALSIZE;
        note(txn, table, items[i].key);
        rc = mdb_cursor_put(cursor, &k, &v, 0);
    }
    return rc;
}

enum ayni_status views_put_sorted(struct views_txn *txn, size_t table,
                                  const struct views_item *items, size_t count)
{
    MDB_cursor *cursor;
    enum ayni_status status = remove_items(txn, table, items, count);

    if (status != AYNI_OK)
        return status;
    int rc = mdb_cursor_open(txn->snapshot.txn, dbi_of(txn, table), &cursor);
    if (rc == MDB_SUCCESS) {
        rc = put_items(txn, table, cursor, items, count);
        mdb_cursor_close(cursor);
    }
    return outcome(txn, rc);
}

enum ayni_status views_set_position(struct views_txn *txn, uint64_t arrival)
{
    return outcome(txn, views_position_write(txn->snapshot.views, txn->snapshot.txn, arrival));
}

enum ayni_status views_clear(struct views_txn *txn)
{
    const struct views *views = txn->snapshot.views;
    int rc = MDB_SUCCESS;

    lmdb_changes_lose(&txn->snapshot.views->lmdb.changes);
    for (size_t i = 0; rc == MDB_SUCCESS && i < views->table_count; i++)
        rc = mdb_drop(txn->snapshot.txn, views->tables[i], 0);
    return rc == MDB_SUCCESS ? views_set_position(txn, 0) : outcome(txn, rc);
}
