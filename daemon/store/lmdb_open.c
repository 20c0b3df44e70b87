#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/store/lmdb.h"
#include "po/language.h"

/* --- the folder --- */

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

static enum ayni_status prepare_folder(const char *folder, char *why, size_t why_size)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        int error = errno;
        snprintf(why, why_size, _("%s cannot be made: %s"), folder, strerror(error));
        return lmdb_status_of_errno(error);
    }
    if (on_network(folder)) {
        snprintf(
            why, why_size,
            _("%s is on a network file system, where the store would not be safe: use a disk of "
              "this machine"),
            folder);
        return AYNI_E_IO;
    }
    return AYNI_OK;
}

/* LMDB lets many processes write one after another; we want one daemon to own the folder. */
static enum ayni_status lock_folder(const char *folder, int *lock, char *why, size_t why_size)
{
    char path[LMDB_PATH_SIZE];

    snprintf(path, sizeof(path), "%s/lock", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        int error = errno;
        snprintf(why, why_size, _("%s cannot be opened: %s"), path, strerror(error));
        return lmdb_status_of_errno(error);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        snprintf(why, why_size, _("%s is in use by another daemon"), folder);
        close(fd);
        return AYNI_E_BUSY;
    }
    *lock = fd;
    return AYNI_OK;
}

/* --- the files --- */

/*
 * LMDB's table of readers is a mapped file with holes: written on a full disk,
 * a hole is a SIGBUS. So its room is taken before.
 */
enum ayni_status lmdb_reserve_readers(const char *path, char *why, size_t why_size)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int error = fd < 0 ? errno : posix_fallocate(fd, 0, LMDB_READERS_SIZE);
    if (fd >= 0)
        close(fd);
    if (error != 0)
        snprintf(why, why_size, _("%s cannot be made: %s"), path, strerror(error));
    return lmdb_status_of_errno(error);
}

/*
 * A file that was cut off would be a SIGBUS where it is read. With a hole in
 * its place LMDB finds pages that can't be, and says so. (A sound file can be
 * shorter than its map as well: its last pages were never written.)
 */
static int extend_file(MDB_env *env)
{
    MDB_envinfo info;
    MDB_stat stat;
    struct stat file;
    int fd;
    int rc = mdb_env_info(env, &info);

    if (rc == MDB_SUCCESS)
        rc = mdb_env_stat(env, &stat);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_get_fd(env, &fd);
    if (rc != MDB_SUCCESS)
        return rc;
    off_t size = (off_t)((info.me_last_pgno + 1) * stat.ms_psize);
    if (fstat(fd, &file) != 0 || (file.st_size < size && ftruncate(fd, size) != 0))
        return errno;
    return MDB_SUCCESS;
}

static bool has_data(const char *folder)
{
    char path[LMDB_PATH_SIZE];
    struct stat is;

    snprintf(path, sizeof(path), "%s/data.mdb", folder);
    return stat(path, &is) == 0;
}

/* 0 or the errno of what couldn't be removed. */
static int remove_named(const char *folder, const char *const *names, size_t count)
{
    char path[LMDB_PATH_SIZE];

    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR)
            return errno;
    }
    return 0;
}

int lmdb_remove_successor(const char *folder)
{
    static const char *const names[] = { LMDB_SUCCESSOR, LMDB_SUCCESSOR "-lock" };

    return remove_named(folder, names, 2);
}

static int remove_files(const char *folder)
{
    static const char *const names[] = { "data.mdb", "lock.mdb" };
    int error = lmdb_remove_successor(folder);

    return error != 0 ? error : remove_named(folder, names, 2);
}

/* What a compaction left that didn't end. */
static enum ayni_status clean_up(const char *folder, char *why, size_t why_size)
{
    int error = lmdb_remove_successor(folder);

    if (error != 0)
        snprintf(why, why_size, _("%s/%s cannot be removed: %s"), folder, LMDB_SUCCESSOR,
                 strerror(error));
    return lmdb_status_of_errno(error);
}

/* --- open and close --- */

int lmdb_create_env(const char *path, unsigned flags, size_t table_count, uint64_t map_size,
                    MDB_env **env)
{
    int rc = mdb_env_create(env);

    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_maxdbs(*env, (MDB_dbi)table_count);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_maxreaders(*env, LMDB_READERS_MAX);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_mapsize(*env, map_size);
    /* NOTLS: a snapshot is bound to no thread. */
    if (rc == MDB_SUCCESS)
        rc = mdb_env_open(*env, path, MDB_NOTLS | flags, 0600);
    return rc;
}

/* The map that was asked for, or on a small machine the largest half, quarter ... of it. */
static uint64_t possible_map(uint64_t size)
{
    while (size > LMDB_MAP_MIN && !lmdb_has_address_space(size))
        size /= 2;
    return size;
}

static int open_env(const struct lmdb_options *options, MDB_env **env)
{
    uint64_t map_size = possible_map(options->map_size);
    int rc = lmdb_create_env(options->folder, 0, options->table_count, map_size, env);

    if (rc == MDB_SUCCESS) {
        int dead;
        rc = mdb_reader_check(*env, &dead);
    }
    if (rc == MDB_SUCCESS)
        rc = extend_file(*env);
    return rc;
}

static void explain(int rc, const char *folder, char *why, size_t why_size)
{
    if (rc == MDB_INVALID)
        snprintf(why, why_size, _("%s/data.mdb is not a store of ayni, or is damaged"), folder);
    else if (rc == MDB_VERSION_MISMATCH)
        snprintf(why, why_size, _("%s/data.mdb is of another version of LMDB"), folder);
    else
        snprintf(why, why_size, _("%s cannot be opened: %s"), folder, mdb_strerror(rc));
}

enum ayni_status lmdb_open(const struct lmdb_options *options, struct lmdb *lmdb, char *why,
                           size_t why_size)
{
    char path[LMDB_PATH_SIZE];

    *lmdb = (struct lmdb){ .lock = -1 };
    if (snprintf(lmdb->folder, sizeof(lmdb->folder), "%s", options->folder) >=
        (int)sizeof(lmdb->folder)) {
        snprintf(why, why_size, _("the path of the store is too long"));
        return AYNI_E_IO;
    }
    enum ayni_status status = prepare_folder(options->folder, why, why_size);
    if (status == AYNI_OK)
        status = lock_folder(options->folder, &lmdb->lock, why, why_size);
    if (status != AYNI_OK)
        return status;
    status = clean_up(options->folder, why, why_size);
    snprintf(path, sizeof(path), "%s/lock.mdb", options->folder);
    if (status == AYNI_OK)
        status = lmdb_reserve_readers(path, why, why_size);
    if (status != AYNI_OK) {
        close(lmdb->lock);
        return status;
    }

    bool is_new = !has_data(options->folder);
    int rc = open_env(options, &lmdb->env);
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
    lmdb_changes_init(&lmdb->changes);
    return AYNI_OK;
}

void lmdb_close(struct lmdb *lmdb)
{
    mdb_env_close(lmdb->env);
    lmdb_changes_done(&lmdb->changes);
    pthread_cond_destroy(&lmdb->changed);
    pthread_mutex_destroy(&lmdb->mutex);
    close(lmdb->lock); /* last: the next daemon may open now */
}

enum ayni_status lmdb_destroy(const char *folder)
{
    return lmdb_status_of_errno(remove_files(folder));
}
