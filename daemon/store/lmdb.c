#include "daemon/store/lmdb.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* --- codes --- */

enum ayni_status lmdb_status_of_errno(int error)
{
    switch (error) {
    case 0:
        return AYNI_OK;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return AYNI_E_FULL;
    case ENOMEM:
        return AYNI_E_MEMORY;
    default:
        return AYNI_E_IO;
    }
}

enum ayni_status lmdb_status(int rc)
{
    switch (rc) {
    case MDB_SUCCESS:
        return AYNI_OK;
    case MDB_NOTFOUND:
        return AYNI_E_NOT_FOUND;
    case MDB_KEYEXIST:
        return AYNI_E_EXISTS;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
        return AYNI_E_FULL;
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
        return AYNI_E_VERSION;
    case MDB_BAD_VALSIZE:
        return AYNI_E_LIMIT;
    case MDB_READERS_FULL:
        return AYNI_E_BUSY;
    default:
        return rc > 0 ? lmdb_status_of_errno(rc) : AYNI_E_IO;
    }
}

bool lmdb_has_prefix(MDB_val key, struct ayni_bytes prefix)
{
    return key.mv_size >= prefix.size &&
           (prefix.size == 0 || memcmp(key.mv_data, prefix.data, prefix.size) == 0);
}

/* --- the files --- */

static enum ayni_status measure_disk(struct lmdb *lmdb, struct lmdb_measures *measures)
{
    MDB_envinfo info;
    struct stat file = { 0 };
    struct statvfs disk = { 0 };
    int fd;

    pthread_mutex_lock(&lmdb->mutex); /* so that it is no env that is being replaced */
    int rc = mdb_env_get_fd(lmdb->env, &fd);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_info(lmdb->env, &info);
    if (rc == MDB_SUCCESS && (fstat(fd, &file) != 0 || fstatvfs(fd, &disk) != 0))
        rc = errno;
    pthread_mutex_unlock(&lmdb->mutex);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    measures->file_bytes = (uint64_t)file.st_blocks * 512;
    measures->map_bytes = info.me_mapsize;
    measures->free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return AYNI_OK;
}

int lmdb_true_code(struct lmdb *lmdb, int rc)
{
    struct lmdb_measures measures;

    if (rc == EIO && measure_disk(lmdb, &measures) == AYNI_OK &&
        measures.free_bytes < LMDB_ROOM_MIN)
        return ENOSPC;
    return rc;
}

/* Pages of the trees, LMDB's own two and what opens the file. No table has values that are sorted
 * (MDB_DUPSORT), whose pages wouldn't be counted. */
static int measure_used(struct lmdb *lmdb, MDB_txn *txn, uint64_t *used_bytes)
{
    enum { META_PAGES = 2, FREE_TABLE = 0, MAIN_TABLE = 1, OWN_TABLES = 2 };
    const MDB_dbi own[OWN_TABLES] = { FREE_TABLE, MAIN_TABLE };
    uint64_t pages = META_PAGES;
    MDB_stat stat = { 0 };
    int rc = MDB_SUCCESS;

    for (size_t i = 0; rc == MDB_SUCCESS && i < OWN_TABLES + lmdb->table_count; i++) {
        rc = mdb_stat(txn, i < OWN_TABLES ? own[i] : lmdb->tables[i - OWN_TABLES].dbi, &stat);
        pages += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
    }
    *used_bytes = pages * stat.ms_psize;
    return rc;
}

enum ayni_status lmdb_measure(struct lmdb *lmdb, struct lmdb_measures *measures)
{
    struct lmdb_measures m;
    MDB_txn *txn;
    uint64_t used_bytes = 0;
    enum ayni_status status = measure_disk(lmdb, &m);

    if (status != AYNI_OK)
        return status;
    int rc = lmdb_begin(lmdb, MDB_RDONLY, &txn);
    if (rc == MDB_SUCCESS)
        rc = measure_used(lmdb, txn, &used_bytes);
    lmdb_abort(lmdb, &txn);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    m.unused_bytes = m.file_bytes > used_bytes ? m.file_bytes - used_bytes : 0;
    *measures = m;
    return AYNI_OK;
}

bool lmdb_has_address_space(uint64_t size)
{
    if (size > SIZE_MAX)
        return false;
    void *room =
        mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        return false;
    munmap(room, (size_t)size);
    return true;
}
