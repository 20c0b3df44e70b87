#include "daemon/store/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/lmdb_compact.h"
#include "daemon/store/log_private.h"
#include "po/language.h"
#include "proto/crypto.h"

enum { FORMAT = 2, TABLE_COUNT = 10 };

/* --- what says that a file is ours --- */

static int get_meta(const struct log_store *store, MDB_txn *txn, const char *name, void *to,
                    size_t size)
{
    MDB_val key = lmdb_val(ayni_bytes_of_text(name));
    MDB_val value;
    int rc = mdb_get(txn, store->meta, &key, &value);

    if (rc != MDB_SUCCESS)
        return rc;
    if (value.mv_size != size)
        return MDB_INCOMPATIBLE;
    memcpy(to, value.mv_data, size);
    return MDB_SUCCESS;
}

static int put_meta(const struct log_store *store, MDB_txn *txn, const char *name, void *from,
                    size_t size)
{
    MDB_val key = lmdb_val(ayni_bytes_of_text(name));
    MDB_val value = { size, from };

    return mdb_put(txn, store->meta, &key, &value, 0);
}

/* A new store gets its format and instance; another program's file is not empty and has no `meta`.
 */
static int open_meta(struct log_store *store, MDB_txn *txn)
{
    MDB_dbi names;
    MDB_stat stat;
    int rc = mdb_dbi_open(txn, "meta", 0, &store->meta);

    if (rc == MDB_SUCCESS)
        return lmdb_open_table(&store->lmdb, txn, "meta", &store->meta);
    if (rc != MDB_NOTFOUND)
        return rc;
    rc = mdb_dbi_open(txn, NULL, 0, &names);
    if (rc == MDB_SUCCESS)
        rc = mdb_stat(txn, names, &stat);
    if (rc == MDB_SUCCESS && stat.ms_entries > 0)
        rc = MDB_INCOMPATIBLE;
    if (rc == MDB_SUCCESS)
        rc = lmdb_open_table(&store->lmdb, txn, "meta", &store->meta);

    uint8_t format[4];
    ayni_put_u32(format, FORMAT);
    ayni_random(store->instance.bytes, sizeof(store->instance.bytes));
    if (rc == MDB_SUCCESS)
        rc = put_meta(store, txn, LOG_FORMAT_KEY, format, sizeof(format));
    if (rc == MDB_SUCCESS)
        rc = put_meta(store, txn, LOG_INSTANCE_KEY, store->instance.bytes,
                      sizeof(store->instance.bytes));
    return rc;
}

static int check_meta(struct log_store *store, MDB_txn *txn, uint32_t *format)
{
    uint8_t bytes[4];
    int rc = get_meta(store, txn, LOG_FORMAT_KEY, bytes, sizeof(bytes));

    if (rc == MDB_SUCCESS) {
        *format = ayni_get_u32(bytes);
        rc = *format != FORMAT ? MDB_VERSION_MISMATCH
                               : get_meta(store, txn, LOG_INSTANCE_KEY, store->instance.bytes,
                                          sizeof(store->instance.bytes));
    }
    if (rc != MDB_SUCCESS)
        return rc == MDB_NOTFOUND ? MDB_INCOMPATIBLE : rc;
    rc = get_meta(store, txn, LOG_INSTANCE_BEFORE_KEY, store->instance_before.bytes,
                  sizeof(store->instance_before.bytes));
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

/* --- open and close --- */

static int open_tables(struct log_store *store, MDB_txn *txn)
{
    const struct {
        const char *name;
        MDB_dbi *dbi;
    } tables[] = {
        { "feeds", &store->feeds },       { "feed_ids", &store->feed_ids },
        { "entries", &store->entries },   { "journal", &store->journal },
        { "forks", &store->forks },       { "settings", &store->settings },
        { "stubs", &store->stubs },       { "points", &store->points },
        { "branches", &store->branches },
    };
    int rc = MDB_SUCCESS;

    for (size_t i = 0; rc == MDB_SUCCESS && i < sizeof(tables) / sizeof(tables[0]); i++)
        rc = lmdb_open_table(&store->lmdb, txn, tables[i].name, tables[i].dbi);
    return rc;
}

static int prepare(struct log_store *store, uint32_t *format)
{
    MDB_txn *txn = NULL;
    int rc = lmdb_begin(&store->lmdb, 0, &txn);

    if (rc == MDB_SUCCESS)
        rc = open_meta(store, txn);
    if (rc == MDB_SUCCESS)
        rc = check_meta(store, txn, format);
    if (rc == MDB_SUCCESS)
        rc = open_tables(store, txn);
    if (rc == MDB_SUCCESS)
        return lmdb_commit(&store->lmdb, &txn);
    lmdb_abort(&store->lmdb, &txn);
    return rc;
}

static void explain(int rc, const char *folder, uint32_t format, char *why, size_t why_size)
{
    if (rc == MDB_VERSION_MISMATCH)
        snprintf(why, why_size,
                 format > FORMAT
                     ? _("%s is of format %u, and this program knows format %d: use a newer ayni")
                     : _("%s is of format %u, and this program knows format %d: use the ayni that "
                         "made it, or begin with a new home"),
                 folder, (unsigned)format, FORMAT);
    else if (rc == MDB_INCOMPATIBLE)
        snprintf(why, why_size, _("%s/data.mdb is not a log of ayni"), folder);
    else
        snprintf(why, why_size, _("%s cannot be used: %s"), folder, mdb_strerror(rc));
}

enum ayni_status log_store_open(const struct log_options *options, struct log_store **store,
                                char *why, size_t why_size)
{
    const struct lmdb_options lmdb = { options->folder, options->map_size, TABLE_COUNT };
    struct log_store *s = calloc(1, sizeof(*s));
    uint32_t format = 0;

    if (s == NULL) {
        snprintf(why, why_size, _("%s: no memory"), options->folder);
        return AYNI_E_MEMORY;
    }
    enum ayni_status status = lmdb_open(&lmdb, &s->lmdb, why, why_size);
    if (status != AYNI_OK) {
        free(s);
        return status;
    }
    pthread_mutex_init(&s->mutex, NULL);
    int rc = prepare(s, &format);
    while (rc == MDB_MAP_FULL && lmdb_grow(&s->lmdb) == AYNI_OK)
        rc = prepare(s, &format);
    if (rc != MDB_SUCCESS) {
        explain(rc, options->folder, format, why, why_size);
        log_store_close(s);
        return lmdb_status(rc);
    }
    *store = s;
    return AYNI_OK;
}

void log_store_close(struct log_store *store)
{
    if (store == NULL)
        return;
    lmdb_close(&store->lmdb);
    pthread_mutex_destroy(&store->mutex);
    free(store);
}

struct ayni_incarnation log_instance(struct log_store *store)
{
    pthread_mutex_lock(&store->mutex);
    struct ayni_incarnation instance = store->instance;
    pthread_mutex_unlock(&store->mutex);
    return instance;
}

enum ayni_status log_destroy(const char *folder)
{
    return lmdb_destroy(folder);
}

/* --- snapshots --- */

enum ayni_status log_clear_readers(struct log_store *store, unsigned *cleared)
{
    return lmdb_clear_readers(&store->lmdb, cleared);
}

enum ayni_status log_snapshot_begin(struct log_store *store, struct log_snapshot **snapshot)
{
    struct log_snapshot *s = malloc(sizeof(*s));

    if (s == NULL)
        return AYNI_E_MEMORY;
    s->store = store;
    int rc = lmdb_begin(&store->lmdb, MDB_RDONLY, &s->txn);
    if (rc != MDB_SUCCESS) {
        free(s);
        return lmdb_status(rc);
    }
    *snapshot = s;
    return AYNI_OK;
}

void log_snapshot_end(struct log_snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    lmdb_abort(&snapshot->store->lmdb, &snapshot->txn);
    free(snapshot);
}

enum ayni_status log_read_lineage(struct log_store *store, struct log_lineage *lineage)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(store, &snapshot);

    if (status != AYNI_OK)
        return status;
    pthread_mutex_lock(&store->mutex);
    *lineage = (struct log_lineage){ store->instance, store->instance_before, 0 };
    pthread_mutex_unlock(&store->mutex);
    lineage->last = log_last_arrival(snapshot);
    return AYNI_OK;
}

bool log_lineage_includes(const struct log_lineage *lineage,
                          const struct ayni_incarnation *instance)
{
    static const struct ayni_incarnation none;

    return ayni_id_equal(instance, &lineage->instance) ||
           (ayni_id_equal(instance, &lineage->before) && !ayni_id_equal(instance, &none));
}

/* --- settings and sizes --- */

enum ayni_status log_get_setting(struct log_snapshot *snapshot, const char *name,
                                 struct ayni_buffer *value)
{
    MDB_val key = lmdb_val(ayni_bytes_of_text(name));
    MDB_val found;
    int rc = mdb_get(snapshot->txn, snapshot->store->settings, &key, &found);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    ayni_buffer_clear(value);
    ayni_buffer_append(value, found.mv_data, found.mv_size);
    return ayni_buffer_status(value);
}

enum ayni_status log_measure(struct log_store *store, struct log_space *space)
{
    struct lmdb_measures m;
    MDB_txn *txn = NULL;
    MDB_stat stat;
    enum ayni_status status = lmdb_measure(&store->lmdb, &m);

    if (status != AYNI_OK)
        return status;
    int rc = lmdb_begin(&store->lmdb, MDB_RDONLY, &txn);
    if (rc == MDB_SUCCESS)
        rc = mdb_stat(txn, store->entries, &stat);
    lmdb_abort(&store->lmdb, &txn);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    *space = (struct log_space){
        .file_bytes = m.file_bytes,
        .unused_bytes = m.unused_bytes,
        .free_bytes = m.free_bytes,
        .entries = stat.ms_entries,
    };
    return AYNI_OK;
}

enum ayni_status log_compact(struct log_store *store, const struct store_listener *listener,
                             struct compaction_result *result)
{
    return lmdb_compact(&store->lmdb, listener, result);
}
