/*
 * Opening the file again while the daemon runs. Where LMDB couldn't write its
 * meta page it refuses everything from then on, reading too; and where it
 * couldn't map a grown file it has nothing mapped any more. What was committed
 * is on the disk in both cases.
 */
#include "daemon/report.h"
#include "daemon/store/lmdb.h"

static bool is_lost(struct lmdb *lmdb)
{
    MDB_txn *txn;

    if (lmdb->env == NULL)
        return true;
    int rc = mdb_txn_begin(lmdb->env, NULL, MDB_RDONLY, &txn);
    if (rc == MDB_SUCCESS)
        mdb_txn_abort(txn);
    return rc == MDB_PANIC;
}

/* In the order of the first time, so that they have the numbers that everybody knows. */
static int open_tables(const struct lmdb *lmdb, MDB_env *env)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);

    if (rc != MDB_SUCCESS)
        return rc;
    for (size_t i = 0; rc == MDB_SUCCESS && i < lmdb->table_count; i++) {
        MDB_dbi dbi;
        rc = mdb_dbi_open(txn, lmdb->tables[i].name, 0, &dbi);
        if (rc == MDB_SUCCESS && dbi != lmdb->tables[i].dbi)
            rc = MDB_BAD_DBI;
    }
    if (rc == MDB_SUCCESS)
        return mdb_txn_commit(txn); /* tables stay open */
    mdb_txn_abort(txn);
    return rc;
}

enum ayni_status lmdb_open_again(struct lmdb *lmdb, uint64_t map_size)
{
    MDB_env *env = NULL;

    mdb_env_close(lmdb->env);
    lmdb->env = NULL;
    lmdb->map_size = map_size;
    int rc = lmdb_create_env(lmdb->folder, 0, lmdb->table_count, map_size, &env);
    if (rc == MDB_SUCCESS)
        rc = open_tables(lmdb, env);
    if (rc != MDB_SUCCESS) {
        mdb_env_close(env);
        return lmdb_status(rc);
    }
    lmdb->env = env;
    report(REPORT_WARNING, "store_opened_again", "folder=%s", lmdb->folder);
    return AYNI_OK;
}

static enum ayni_status open_if_lost(struct lmdb *lmdb, void *context)
{
    MDB_envinfo info;
    uint64_t map_size = lmdb->map_size;

    (void)context;
    if (!is_lost(lmdb))
        return AYNI_OK;
    if (mdb_env_info(lmdb->env, &info) == MDB_SUCCESS)
        map_size = info.me_mapsize;
    return lmdb_open_again(lmdb, map_size);
}

enum ayni_status lmdb_mend(struct lmdb *lmdb)
{
    return lmdb_alone(lmdb, 0, open_if_lost, NULL);
}
