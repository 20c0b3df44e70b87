#include "daemon/store/lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/report.h"

enum { PATH_SIZE_MAX = 4096 };

/* --- opening --- */

/* File systems whose maps or locks are not those of one machine. */
static const unsigned long network_file_systems[] = {
    NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC,
    AFS_SUPER_MAGIC,  AFS_FS_MAGIC,    CODA_SUPER_MAGIC, NCP_SUPER_MAGIC,
    CEPH_SUPER_MAGIC, V9FS_MAGIC,      0x0BD00BD0, /* lustre */
};

static bool on_network(const char *folder)
{
    struct statfs is;

    if (statfs(folder, &is) != 0)
        return false;
    for (size_t i = 0; i < sizeof(network_file_systems) / sizeof(network_file_systems[0]); i++)
        if ((unsigned long)is.f_type == network_file_systems[i])
            return true;
    return false;
}

static enum ayni_status status_of_errno(int error)
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

static enum ayni_status prepare_folder(const char *folder, char *why, size_t why_size)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        int error = errno;
        snprintf(why, why_size, "%s cannot be made: %s", folder, strerror(error));
        return status_of_errno(error);
    }
    if (on_network(folder)) {
        snprintf(why, why_size,
                 "%s is on a network file system, where the store would not be safe: use a disk of "
                 "this machine",
                 folder);
        return AYNI_E_IO;
    }
    return AYNI_OK;
}

/* LMDB lets many processes write one after another; we want one daemon to own the folder. */
static enum ayni_status lock_folder(const char *folder, int *lock, char *why, size_t why_size)
{
    char path[PATH_SIZE_MAX];

    snprintf(path, sizeof(path), "%s/lock", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        int error = errno;
        snprintf(why, why_size, "%s cannot be opened: %s", path, strerror(error));
        return status_of_errno(error);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        snprintf(why, why_size, "%s is in use by another daemon", folder);
        close(fd);
        return AYNI_E_BUSY;
    }
    *lock = fd;
    return AYNI_OK;
}

/*
 * LMDB's table of readers is a mapped file with holes: written on a full disk,
 * a hole is a SIGBUS. So its room is taken before.
 */
static enum ayni_status reserve_readers(const char *folder, char *why, size_t why_size)
{
    char path[PATH_SIZE_MAX];

    snprintf(path, sizeof(path), "%s/lock.mdb", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int error = fd < 0 ? errno : posix_fallocate(fd, 0, LMDB_READERS_SIZE);
    if (fd >= 0)
        close(fd);
    if (error != 0)
        snprintf(why, why_size, "%s cannot be made: %s", path, strerror(error));
    return status_of_errno(error);
}

static int create_env(const struct lmdb_options *options, MDB_env **env)
{
    int rc = mdb_env_create(env);

    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_maxdbs(*env, (MDB_dbi)options->table_count);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_maxreaders(*env, LMDB_READERS_MAX);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_mapsize(*env, options->map_size);
    /* NOTLS: a snapshot is bound to no thread. */
    if (rc == MDB_SUCCESS)
        rc = mdb_env_open(*env, options->folder, MDB_NOTLS, 0600);
    if (rc == MDB_SUCCESS) {
        int dead;
        rc = mdb_reader_check(*env, &dead);
    }
    return rc;
}

static bool has_data(const char *folder)
{
    char path[PATH_SIZE_MAX];
    struct stat is;

    snprintf(path, sizeof(path), "%s/data.mdb", folder);
    return stat(path, &is) == 0;
}

/* 0 or the errno of what couldn't be removed. */
static int remove_files(const char *folder)
{
    static const char *const names[] = { "data.mdb", "lock.mdb" };
    char path[PATH_SIZE_MAX];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR)
            return errno;
    }
    return 0;
}

static void explain(int rc, const char *folder, char *why, size_t why_size)
{
    if (rc == MDB_INVALID)
        snprintf(why, why_size, "%s/data.mdb is not a store of ayni, or is damaged", folder);
    else if (rc == MDB_VERSION_MISMATCH)
        snprintf(why, why_size, "%s/data.mdb is of another version of LMDB", folder);
    else
        snprintf(why, why_size, "%s cannot be opened: %s", folder, mdb_strerror(rc));
}

enum ayni_status lmdb_open(const struct lmdb_options *options, struct lmdb *lmdb, char *why,
                           size_t why_size)
{
    *lmdb = (struct lmdb){ .lock = -1 };
    enum ayni_status status = prepare_folder(options->folder, why, why_size);
    if (status == AYNI_OK)
        status = lock_folder(options->folder, &lmdb->lock, why, why_size);
    if (status != AYNI_OK)
        return status;
    status = reserve_readers(options->folder, why, why_size);
    if (status != AYNI_OK) {
        close(lmdb->lock);
        return status;
    }

    bool is_new = !has_data(options->folder);
    int rc = create_env(options, &lmdb->env);
    if (rc != MDB_SUCCESS) {
        explain(rc, options->folder, why, why_size);
        mdb_env_close(lmdb->env);
        if (is_new) /* a file that began on a full disk would be taken for damaged */
            remove_files(options->folder);
        close(lmdb->lock);
        return lmdb_status(rc);
    }
    clock_condition_init(&lmdb->changed);
    pthread_mutex_init(&lmdb->mutex, NULL);
    return AYNI_OK;
}

void lmdb_close(struct lmdb *lmdb)
{
    mdb_env_close(lmdb->env);
    pthread_cond_destroy(&lmdb->changed);
    pthread_mutex_destroy(&lmdb->mutex);
    close(lmdb->lock); /* last: the next daemon may open now */
}

enum ayni_status lmdb_destroy(const char *folder)
{
    return status_of_errno(remove_files(folder));
}

/* --- codes --- */

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
        return rc > 0 ? status_of_errno(rc) : AYNI_E_IO;
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
