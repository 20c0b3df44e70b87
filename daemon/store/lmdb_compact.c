#include "daemon/store/lmdb_compact.h"

#include <inttypes.h>
#include <stdio.h>

#include "daemon/report.h"
#include "daemon/store/lmdb_copy.h"
#include "daemon/store/lmdb_replace.h"

enum {
    COMMIT_BYTES = 32 * 1024 * 1024,
    ROOM_BESIDE = 1024 * 1024, /* what commits write twice, a sixteenth more, and this */
};

/* The file that is being made. Nobody but the copy knows it until it is whole. */
struct successor {
    struct lmdb *lmdb;
    const struct store_listener *listener;
    char path[LMDB_PATH_SIZE], lock[LMDB_PATH_SIZE];
    MDB_env *env;
    MDB_dbi dbis[LMDB_TABLES_MAX];
    MDB_txn *txn;       /* NULL between commits */
    MDB_cursor *cursor; /* that appends, of the table below; dies with the transaction */
    size_t table;
    size_t bytes;      /* in the transaction */
    bool map_full;     /* the old one has grown meanwhile: once more, with a larger map */
    MDB_env *replaced; /* the old one, once it was */
};

/* --- begin --- */

/* The same tables in the same order have the same handles: what the stores remember goes on. */
static int open_tables(struct successor *to)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(to->env, NULL, 0, &txn);

    if (rc != MDB_SUCCESS)
        return rc;
    for (size_t i = 0; rc == MDB_SUCCESS && i < to->lmdb->table_count; i++) {
        rc = mdb_dbi_open(txn, to->lmdb->tables[i].name, MDB_CREATE, &to->dbis[i]);
        if (rc == MDB_SUCCESS && to->dbis[i] != to->lmdb->tables[i].dbi)
            rc = MDB_BAD_DBI;
    }
    if (rc == MDB_SUCCESS)
        return mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return rc;
}

static enum ayni_status open_successor(struct successor *to, uint64_t map_bytes)
{
    char why[256] = "";
    int error = lmdb_remove_successor(to->lmdb->folder);
    enum ayni_status status = lmdb_status_of_errno(error);

    if (status == AYNI_OK)
        status = lmdb_reserve_readers(to->lock, why, sizeof(why));
    if (status != AYNI_OK)
        return status;
    if (!lmdb_has_address_space(map_bytes))
        return AYNI_E_MEMORY;
    /* Nothing rests on it before all of it is synced. */
    int rc = lmdb_create_env(to->path, MDB_NOSUBDIR | MDB_NOSYNC, to->lmdb->table_count, map_bytes,
                             &to->env);
    return lmdb_status(rc == MDB_SUCCESS ? open_tables(to) : rc);
}

static void abandon(struct successor *to)
{
    if (to->txn != NULL)
        mdb_txn_abort(to->txn);
    if (to->env != NULL)
        mdb_env_close(to->env);
    (void)!lmdb_remove_successor(to->lmdb->folder);
}

/* --- filling it --- */

static enum ayni_status outcome(struct successor *to, int rc)
{
    to->map_full = to->map_full || rc == MDB_MAP_FULL;
    return lmdb_status(lmdb_true_code(to->lmdb, rc));
}

static int commit(struct successor *to)
{
    int rc = to->txn == NULL ? MDB_SUCCESS : mdb_txn_commit(to->txn);

    to->txn = NULL;
    to->cursor = NULL;
    to->bytes = 0;
    return rc;
}

static int need_txn(struct successor *to, size_t more)
{
    int rc = to->bytes > COMMIT_BYTES ? commit(to) : MDB_SUCCESS;

    if (rc == MDB_SUCCESS && to->txn == NULL)
        rc = mdb_txn_begin(to->env, NULL, 0, &to->txn);
    to->bytes += more;
    return rc;
}

static int need_cursor(struct successor *to, size_t table)
{
    if (to->cursor != NULL && to->table == table)
        return MDB_SUCCESS;
    if (to->cursor != NULL)
        mdb_cursor_close(to->cursor);
    to->cursor = NULL;
    to->table = table;
    return mdb_cursor_open(to->txn, to->dbis[table], &to->cursor);
}

static enum ayni_status append(void *context, size_t table, struct ayni_bytes key,
                               struct ayni_bytes value)
{
    struct successor *to = context;
    MDB_val k = lmdb_val(key), v = lmdb_val(value);
    int rc = need_txn(to, key.size + value.size);

    if (rc == MDB_SUCCESS)
        rc = need_cursor(to, table);
    return outcome(to, rc == MDB_SUCCESS ? mdb_cursor_put(to->cursor, &k, &v, MDB_APPEND) : rc);
}

static enum ayni_status put(void *context, size_t table, struct ayni_bytes key,
                            struct ayni_bytes value)
{
    struct successor *to = context;
    MDB_val k = lmdb_val(key), v = lmdb_val(value);
    int rc = need_txn(to, key.size + value.size);

    return outcome(to, rc == MDB_SUCCESS ? mdb_put(to->txn, to->dbis[table], &k, &v, 0) : rc);
}

static enum ayni_status remove_key(void *context, size_t table, struct ayni_bytes key)
{
    struct successor *to = context;
    MDB_val k = lmdb_val(key);
    int rc = need_txn(to, key.size);

    if (rc == MDB_SUCCESS)
        rc = mdb_del(to->txn, to->dbis[table], &k, NULL);
    return outcome(to, rc == MDB_NOTFOUND ? MDB_SUCCESS : rc);
}

static enum ayni_status tell(void *context, uint64_t done, uint64_t total)
{
    const struct successor *to = context;

    return to->listener->progress(to->listener->context, done, total) ? AYNI_OK : AYNI_E_STOPPED;
}

/* --- putting it in place --- */

/* Everything but the last changes is on the disk before others have to wait. */
static enum ayni_status prepare(void *context)
{
    struct successor *to = context;
    int rc = commit(to);

    return outcome(to, rc == MDB_SUCCESS ? mdb_env_sync(to->env, 1) : rc);
}

/* Nobody has the store open, and both files hold the same. */
static enum ayni_status replace(struct lmdb *lmdb, void *context)
{
    struct successor *to = context;
    enum ayni_status status = lmdb_replace(lmdb, to->path, to->lock, &to->env);

    if (status != AYNI_OK)
        return status;
    to->replaced = to->env;
    to->env = NULL;
    return AYNI_OK;
}

/* The caller's transaction, which keeps others from writing, is the only one. */
static enum ayni_status finish(void *context)
{
    struct successor *to = context;
    int rc = commit(to);

    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_flags(to->env, MDB_NOSYNC, 0);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_sync(to->env, 1);
    if (rc != MDB_SUCCESS)
        return outcome(to, rc);
    enum ayni_status status = lmdb_alone(to->lmdb, 1, replace, to);
    if (status == AYNI_E_BUSY && mdb_env_set_flags(to->env, MDB_NOSYNC, 1) != MDB_SUCCESS)
        status = AYNI_E_IO;
    return status;
}

/* --- all of it --- */

static enum ayni_status check_room(const struct lmdb_measures *measures,
                                   struct compaction_result *result)
{
    uint64_t used = measures->file_bytes - measures->unused_bytes;

    *result = (struct compaction_result){
        .bytes_before = measures->file_bytes,
        .bytes_after = measures->file_bytes,
        .room_bytes = used + used / 16 + ROOM_BESIDE,
    };
    return measures->free_bytes < result->room_bytes ? AYNI_E_FULL : AYNI_OK;
}

static enum ayni_status fill(struct successor *to, uint64_t map_bytes)
{
    const struct lmdb_copy_sink sink = {
        .context = to,
        .append = append,
        .put = put,
        .remove = remove_key,
        .progress = tell,
        .prepare = prepare,
        .finish = finish,
    };
    enum ayni_status status = open_successor(to, map_bytes);

    return status == AYNI_OK ? lmdb_copy(to->lmdb, &sink) : status;
}

/* Make the file; `*again` where its map was full. */
static enum ayni_status attempt(struct lmdb *lmdb, const struct store_listener *listener,
                                uint64_t map_bytes, bool *again)
{
    struct successor to = { .lmdb = lmdb, .listener = listener };

    snprintf(to.path, sizeof(to.path), "%s/%s", lmdb->folder, LMDB_SUCCESSOR);
    snprintf(to.lock, sizeof(to.lock), "%s/%s-lock", lmdb->folder, LMDB_SUCCESSOR);
    enum ayni_status status = fill(&to, map_bytes);
    *again = to.map_full;
    if (to.replaced != NULL)
        mdb_env_close(to.replaced);
    else
        abandon(&to);
    return status;
}

/* With a map as large as the old one, so that it isn't the first to be full; unless that grows. */
static enum ayni_status compact(struct lmdb *lmdb, const struct store_listener *listener,
                                struct compaction_result *result)
{
    struct lmdb_measures measures;
    enum ayni_status status;
    bool again;

    do {
        again = false;
        status = lmdb_measure(lmdb, &measures);
        if (status == AYNI_OK)
            status = check_room(&measures, result);
        if (status == AYNI_OK)
            status = attempt(lmdb, listener, measures.map_bytes, &again);
    } while (status == AYNI_E_FULL && again);
    return status;
}

enum ayni_status lmdb_compact(struct lmdb *lmdb, const struct store_listener *listener,
                              struct compaction_result *result)
{
    struct lmdb_measures measures;

    *result = (struct compaction_result){ 0 };
    if (atomic_exchange(&lmdb->compacting, true))
        return AYNI_E_BUSY;
    enum ayni_status status = compact(lmdb, listener, result);
    lmdb->compacting = false;
    if (status == AYNI_OK)
        status = lmdb_measure(lmdb, &measures);
    if (status != AYNI_OK)
        return status;
    result->bytes_after = measures.file_bytes;
    report(REPORT_INFO, "store_compacted", "folder=%s before=%" PRIu64 " after=%" PRIu64,
           lmdb->folder, result->bytes_before, result->bytes_after);
    return AYNI_OK;
}
