#include "daemon/store/lmdb.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "daemon/clock.h"
#include "daemon/report.h"

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

enum ayni_status lmdb_measure(struct lmdb *lmdb, uint64_t *file_bytes, uint64_t *free_bytes)
{
    struct stat file;
    struct statvfs disk;
    int fd;
    int rc = mdb_env_get_fd(lmdb->env, &fd);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    if (fstat(fd, &file) != 0 || fstatvfs(fd, &disk) != 0)
        return AYNI_E_IO;
    *file_bytes = (uint64_t)file.st_blocks * 512;
    *free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return AYNI_OK;
}

/* --- transactions --- */

static void note_end(struct lmdb *lmdb)
{
    pthread_mutex_lock(&lmdb->mutex);
    lmdb->active--;
    if (lmdb->growing && lmdb->active == 0)
        pthread_cond_broadcast(&lmdb->changed);
    pthread_mutex_unlock(&lmdb->mutex);
}

int lmdb_begin(struct lmdb *lmdb, unsigned flags, MDB_txn **txn)
{
    pthread_mutex_lock(&lmdb->mutex);
    while (lmdb->growing)
        pthread_cond_wait(&lmdb->changed, &lmdb->mutex);
    lmdb->active++;
    pthread_mutex_unlock(&lmdb->mutex);

    int rc = mdb_txn_begin(lmdb->env, NULL, flags, txn);
    if (rc != MDB_SUCCESS) {
        *txn = NULL;
        note_end(lmdb);
    }
    return rc;
}

int lmdb_true_code(struct lmdb *lmdb, int rc)
{
    uint64_t file_bytes, free_bytes;

    if (rc == EIO && lmdb_measure(lmdb, &file_bytes, &free_bytes) == AYNI_OK &&
        free_bytes < LMDB_ROOM_MIN)
        return ENOSPC;
    return rc;
}

int lmdb_commit(struct lmdb *lmdb, MDB_txn **txn)
{
    int rc = lmdb_true_code(lmdb, mdb_txn_commit(*txn));

    *txn = NULL; /* LMDB has freed it, committed or not */
    note_end(lmdb);
    return rc;
}

void lmdb_abort(struct lmdb *lmdb, MDB_txn **txn)
{
    if (*txn == NULL)
        return;
    mdb_txn_abort(*txn);
    *txn = NULL;
    note_end(lmdb);
}

/* --- growing --- */

/* With the mutex held: hold back new transactions until the open ones have ended, or for a while.
 */
static bool wait_idle(struct lmdb *lmdb)
{
    struct timespec deadline = clock_after_ms(LMDB_GROW_WAIT_MS);
    int rc = 0;

    lmdb->growing = true;
    while (lmdb->active > 0 && rc == 0)
        rc = pthread_cond_timedwait(&lmdb->changed, &lmdb->mutex, &deadline);
    return lmdb->active == 0;
}

/* LMDB unmaps before it maps again and is lost if that fails: try first whether there is room. */
static bool has_address_space(size_t size)
{
    void *room = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (room == MAP_FAILED)
        return false;
    munmap(room, size);
    return true;
}

static enum ayni_status double_map(struct lmdb *lmdb)
{
    MDB_envinfo info;
    const char *folder = "";
    int rc = mdb_env_info(lmdb->env, &info);

    if (rc == MDB_SUCCESS)
        rc = mdb_env_get_path(lmdb->env, &folder);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    size_t size = info.me_mapsize * 2;
    if (info.me_mapsize > SIZE_MAX / 2 || !has_address_space(size) ||
        mdb_env_set_mapsize(lmdb->env, size) != MDB_SUCCESS)
        return AYNI_E_FULL;
    report(REPORT_INFO, "store_map_grown", "folder=%s bytes=%zu", folder, size);
    return AYNI_OK;
}

enum ayni_status lmdb_grow(struct lmdb *lmdb)
{
    enum ayni_status status = AYNI_E_BUSY;

    pthread_mutex_lock(&lmdb->mutex);
    for (int i = 0; status == AYNI_E_BUSY && i < LMDB_GROW_TRIES; i++) {
        if (wait_idle(lmdb))
            status = double_map(lmdb);
        lmdb->growing = false;
        pthread_cond_broadcast(&lmdb->changed);
        /* A thread may hold a snapshot while it waits for another to begin: let it. */
        struct timespec deadline = clock_after_ms(LMDB_GROW_PAUSE_MS);
        if (status == AYNI_E_BUSY)
            pthread_cond_timedwait(&lmdb->changed, &lmdb->mutex, &deadline);
    }
    pthread_mutex_unlock(&lmdb->mutex);
    return status;
}
