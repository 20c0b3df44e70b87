/* Another views/ that is made beside the one that everybody reads, to take its place. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/lmdb_replace.h"
#include "daemon/store/views_private.h"

static void beside_path(const char *folder, const char *name, char path[LMDB_PATH_SIZE])
{
    snprintf(path, LMDB_PATH_SIZE, "%s/" VIEWS_BESIDE "%s", folder, name);
}

enum ayni_status views_remove_beside(const char *folder)
{
    char path[LMDB_PATH_SIZE];

    beside_path(folder, "", path);
    enum ayni_status status = views_destroy(path);
    beside_path(folder, "/lock", path);
    (void)!unlink(path);
    beside_path(folder, "", path);
    if (status == AYNI_OK && rmdir(path) != 0 && errno != ENOENT)
        status = lmdb_status_of_errno(errno);
    return status;
}

enum ayni_status views_open_beside(struct views *views, struct views **beside)
{
    char path[LMDB_PATH_SIZE], why[256];
    const char *tables[VIEWS_TABLES_MAX];
    struct lmdb_measures measures;
    enum ayni_status status = views_remove_beside(views->lmdb.folder);

    if (status == AYNI_OK)
        status = lmdb_measure(&views->lmdb, &measures);
    if (status != AYNI_OK)
        return status;
    beside_path(views->lmdb.folder, "", path);
    for (size_t i = 0; i < views->table_count; i++)
        tables[i] = views->lmdb.tables[i + 1].name; /* the first is the position's */
    struct views_options options = { .folder = path,
                                     .map_size = measures.map_bytes,
                                     .log = views->log,
                                     .format = views->format,
                                     .tables = tables,
                                     .table_count = views->table_count,
                                     .scattered = views->scattered,
                                     .recent_from = views->recent_from };
    status = views_open(&options, beside, why, sizeof(why));
    if (status != AYNI_OK)
        return status;
    /* Nothing rests on it before all of it is synced. */
    return lmdb_status(mdb_env_set_flags((*beside)->lmdb.env, MDB_NOSYNC, 1));
}

void views_discard_beside(struct views *views, struct views *beside)
{
    views_close(beside);
    (void)!views_remove_beside(views->lmdb.folder);
}

static bool same_handles(const struct lmdb *a, const struct lmdb *b)
{
    if (a->table_count != b->table_count)
        return false;
    for (size_t i = 0; i < a->table_count; i++)
        if (a->tables[i].dbi != b->tables[i].dbi)
            return false;
    return true;
}

static enum ayni_status replace(struct lmdb *lmdb, void *context)
{
    struct lmdb *with = context;
    char data[LMDB_PATH_SIZE], lock[LMDB_PATH_SIZE];

    beside_path(lmdb->folder, "/data.mdb", data);
    beside_path(lmdb->folder, "/lock.mdb", lock);
    enum ayni_status status = lmdb_replace(lmdb, data, lock, &with->env);
    if (status == AYNI_OK) { /* a copy of the old one that is being made begins anew */
        lmdb_changes_lose(&lmdb->changes);
        lmdb_changes_publish(&lmdb->changes, true);
    }
    return status;
}

enum ayni_status views_replace(struct views *views, struct views *beside)
{
    MDB_env *env = beside->lmdb.env;
    int rc = same_handles(&views->lmdb, &beside->lmdb) ? MDB_SUCCESS : MDB_BAD_DBI;

    if (rc == MDB_SUCCESS)
        rc = mdb_env_sync(env, 1);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_flags(env, MDB_NOSYNC, 0);
    if (rc != MDB_SUCCESS)
        return lmdb_status(lmdb_true_code(&beside->lmdb, rc));
    enum ayni_status status = lmdb_alone(&views->lmdb, 0, replace, &beside->lmdb);
    if (status == AYNI_OK) /* which has the old file now */
        views_discard_beside(views, beside);
    return status;
}
