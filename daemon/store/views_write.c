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

enum ayni_status views_txn_outcome(struct views_txn *txn, int rc)
{
    if (rc == MDB_MAP_FULL)
        txn->map_full = true;
    return lmdb_status(lmdb_true_code(&txn->snapshot.views->lmdb, rc));
}

static const struct views_table *table_of(const struct views_txn *txn, size_t table)
{
    return &txn->snapshot.views->tables[table];
}

/* The part that is put into. */
static MDB_dbi part_of(struct views_txn *txn, size_t table)
{
    const struct views_table *at = table_of(txn, table);

    return views_keeps_recent(&txn->snapshot, table) ? at->recent : at->main;
}

/* For who copies the store meanwhile, and for cursors that are open. */
static void note(struct views_txn *txn, MDB_dbi part, struct ayni_bytes key)
{
    txn->snapshot.writes++;
    lmdb_changes_note(&txn->snapshot.views->lmdb.changes, part, key);
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
    MDB_dbi part = part_of(txn, table);
    note(txn, part, key);
    return views_txn_outcome(txn, mdb_put(txn->snapshot.txn, part, &k, &v, 0));
}

static int delete_from(struct views_txn *txn, MDB_dbi part, struct ayni_bytes key)
{
    MDB_val k = lmdb_val(key);

    note(txn, part, key);
    int rc = mdb_del(txn->snapshot.txn, part, &k, NULL);
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

enum ayni_status views_delete(struct views_txn *txn, size_t table, struct ayni_bytes key)
{
    if (!possible(key))
        return AYNI_E_LIMIT;
    int rc = delete_from(txn, table_of(txn, table)->main, key);
    if (rc == MDB_SUCCESS && views_keeps_recent(&txn->snapshot, table))
        rc = delete_from(txn, table_of(txn, table)->recent, key);
    return views_txn_outcome(txn, rc);
}

/* One key that begins with `prefix`; MDB_NOTFOUND when there is none left. */
static int delete_one(struct views_txn *txn, MDB_dbi part, MDB_cursor *cursor,
                      struct ayni_bytes prefix)
{
    MDB_val k = lmdb_val(prefix);
    MDB_val v;
    int rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);

    if (rc == MDB_SUCCESS && !lmdb_has_prefix(k, prefix))
        rc = MDB_NOTFOUND;
    if (rc != MDB_SUCCESS)
        return rc;
    note(txn, part, lmdb_bytes(k));
    return mdb_cursor_del(cursor, 0);
}

static int empty_part(struct views_txn *txn, MDB_dbi part)
{
    txn->snapshot.writes++;
    lmdb_changes_lose(&txn->snapshot.views->lmdb.changes);
    return mdb_drop(txn->snapshot.txn, part, 0);
}

static int delete_prefix_from(struct views_txn *txn, MDB_dbi part, struct ayni_bytes prefix)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;

    if (prefix.size == 0)
        return empty_part(txn, part);
    int rc = mdb_cursor_open(txn->snapshot.txn, part, &cursor);
    while (rc == MDB_SUCCESS)
        rc = delete_one(txn, part, cursor, prefix);
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

enum ayni_status views_delete_prefix(struct views_txn *txn, size_t table, struct ayni_bytes prefix)
{
    const struct views_table *at = table_of(txn, table);

    if (prefix.size != 0 && !possible(prefix))
        return AYNI_E_LIMIT;
    int rc = delete_prefix_from(txn, at->main, prefix);
    if (rc == MDB_SUCCESS && views_keeps_recent(&txn->snapshot, table))
        rc = delete_prefix_from(txn, at->recent, prefix);
    return views_txn_outcome(txn, rc);
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
static int put_items(struct views_txn *txn, MDB_dbi part, MDB_cursor *cursor,
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
        note(txn, part, items[i].key);
        rc = mdb_cursor_put(cursor, &k, &v, 0);
    }
    return rc;
}

enum ayni_status views_put_sorted(struct views_txn *txn, size_t table,
                                  const struct views_item *items, size_t count)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    enum ayni_status status = remove_items(txn, table, items, count);

    if (status != AYNI_OK)
        return status;
    MDB_dbi part = part_of(txn, table);
    int rc = mdb_cursor_open(txn->snapshot.txn, part, &cursor);
    if (rc == MDB_SUCCESS)
        rc = put_items(txn, part, cursor, items, count);
    return views_txn_outcome(txn, rc);
}

enum ayni_status views_set_position(struct views_txn *txn, uint64_t arrival)
{
    return views_txn_outcome(txn,
                             views_position_write(txn->snapshot.views, txn->snapshot.txn, arrival));
}

enum ayni_status views_clear(struct views_txn *txn)
{
    const struct ayni_bytes all = { 0 };
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < txn->snapshot.views->table_count; i++)
        status = views_delete_prefix(txn, i, all);
    return status == AYNI_OK ? views_set_position(txn, 0) : status;
}
