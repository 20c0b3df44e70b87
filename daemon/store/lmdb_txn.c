/* Transactions, counted; being alone; growing. */
#include <string.h>

#include "daemon/clock.h"
#include "daemon/report.h"
#include "daemon/store/lmdb.h"

int lmdb_open_table(struct lmdb *lmdb, MDB_txn *txn, const char *name, MDB_dbi *dbi)
{
    size_t i = 0;

    while (i < lmdb->table_count && strcmp(lmdb->tables[i].name, name) != 0)
        i++;
    if (i == LMDB_TABLES_MAX)
        return MDB_DBS_FULL;
    int rc = mdb_dbi_open(txn, name, MDB_CREATE, dbi);
    if (rc != MDB_SUCCESS)
        return rc;
    lmdb->tables[i] = (struct lmdb_table){ name, *dbi };
    if (i == lmdb->table_count)
        lmdb->table_count++;
    return MDB_SUCCESS;
}

/* --- begin and end --- */

static void note_end(struct lmdb *lmdb, bool was_writer)
{
    pthread_mutex_lock(&lmdb->mutex);
    lmdb->active--;
    if (was_writer) {
        lmdb->writing = false;
        lmdb->writer = NULL;
    }
    /* Who waits to be alone, or to write. */
    if (was_writer || lmdb->alone)
        pthread_cond_broadcast(&lmdb->changed);
    pthread_mutex_unlock(&lmdb->mutex);
}

static int begin_once(struct lmdb *lmdb, unsigned flags, MDB_txn **txn)
{
    bool writes = (flags & MDB_RDONLY) == 0;
    bool broken;

    *txn = NULL;
    pthread_mutex_lock(&lmdb->mutex);
    while (lmdb->alone || (writes && lmdb->writing))
        pthread_cond_wait(&lmdb->changed, &lmdb->mutex);
    broken = writes && lmdb->broken;
    if (!broken) {
        lmdb->active++;
        lmdb->writing = lmdb->writing || writes;
    }
    pthread_mutex_unlock(&lmdb->mutex);
    if (broken)
        return MDB_PANIC;

    int rc = lmdb->env == NULL ? MDB_PANIC : mdb_txn_begin(lmdb->env, NULL, flags, txn);
    if (rc != MDB_SUCCESS) {
        *txn = NULL;
        note_end(lmdb, writes);
    } else if (writes) {
        lmdb->writer = *txn; /* nobody else writes now */
    }
    return rc;
}

int lmdb_begin(struct lmdb *lmdb, unsigned flags, MDB_txn **txn)
{
    int rc = begin_once(lmdb, flags, txn);

    return rc == MDB_PANIC && lmdb_mend(lmdb) == AYNI_OK ? begin_once(lmdb, flags, txn) : rc;
}

int lmdb_commit(struct lmdb *lmdb, MDB_txn **txn)
{
    bool was_writer = *txn == lmdb->writer;
    int rc = lmdb_true_code(lmdb, mdb_txn_commit(*txn));

    *txn = NULL; /* LMDB has freed it, committed or not */
    if (was_writer)
        lmdb_changes_publish(&lmdb->changes, true);
    note_end(lmdb, was_writer);
    return rc;
}

void lmdb_abort(struct lmdb *lmdb, MDB_txn **txn)
{
    if (*txn == NULL)
        return;
    bool was_writer = *txn == lmdb->writer;
    mdb_txn_abort(*txn);
    *txn = NULL;
    if (was_writer)
        lmdb_changes_publish(&lmdb->changes, false);
    note_end(lmdb, was_writer);
}

/* --- alone --- */

/* With the mutex held: hold back new transactions until the others have ended, or for a while. */
static bool wait_alone(struct lmdb *lmdb, unsigned own)
{
    struct timespec deadline = clock_after_ms(LMDB_GROW_WAIT_MS);
    int rc = 0;

    lmdb->alone = true;
    while (lmdb->active > own && rc == 0)
        rc = pthread_cond_timedwait(&lmdb->changed, &lmdb->mutex, &deadline);
    return lmdb->active <= own;
}

enum ayni_status lmdb_alone(struct lmdb *lmdb, unsigned own,
                            enum ayni_status (*act)(struct lmdb *lmdb, void *context),
                            void *context)
{
    enum ayni_status status = AYNI_E_BUSY;

    pthread_mutex_lock(&lmdb->mutex);
    while (lmdb->alone)
        pthread_cond_wait(&lmdb->changed, &lmdb->mutex);
    if (wait_alone(lmdb, own))
        status = act(lmdb, context);
    lmdb->alone = false;
    pthread_cond_broadcast(&lmdb->changed);
    pthread_mutex_unlock(&lmdb->mutex);
    return status;
}

/* --- readers --- */

enum ayni_status lmdb_clear_readers(struct lmdb *lmdb, unsigned *cleared)
{
    int dead = 0;

    pthread_mutex_lock(&lmdb->mutex); /* nobody opens another file now */
    int rc = lmdb->env == NULL ? MDB_PANIC : mdb_reader_check(lmdb->env, &dead);
    pthread_mutex_unlock(&lmdb->mutex);
    *cleared = (unsigned)dead;
    return lmdb_status(rc);
}

/* --- growing --- */

static enum ayni_status double_map(struct lmdb *lmdb, void *context)
{
    MDB_envinfo info;
    int rc = mdb_env_info(lmdb->env, &info);

    (void)context;
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    size_t size = info.me_mapsize * 2;
    if (info.me_mapsize > SIZE_MAX / 2 || !lmdb_has_address_space(size))
        return AYNI_E_FULL;
    if (mdb_env_set_mapsize(lmdb->env, size) != MDB_SUCCESS) {
        enum ayni_status status = lmdb_open_again(lmdb, info.me_mapsize);
        return status == AYNI_OK ? AYNI_E_FULL : status;
    }
    report(REPORT_INFO, "store_map_grown", "folder=%s bytes=%zu", lmdb->folder, size);
    return AYNI_OK;
}

/* A thread may hold a snapshot while it waits for another to begin: let it. */
static void pause_growing(struct lmdb *lmdb)
{
    struct timespec deadline = clock_after_ms(LMDB_GROW_PAUSE_MS);

    pthread_mutex_lock(&lmdb->mutex);
    pthread_cond_timedwait(&lmdb->changed, &lmdb->mutex, &deadline);
    pthread_mutex_unlock(&lmdb->mutex);
}

enum ayni_status lmdb_grow(struct lmdb *lmdb)
{
    enum ayni_status status = lmdb_alone(lmdb, 0, double_map, NULL);

    for (int i = 1; status == AYNI_E_BUSY && i < LMDB_GROW_TRIES; i++) {
        pause_growing(lmdb);
        status = lmdb_alone(lmdb, 0, double_map, NULL);
    }
    return status;
}
