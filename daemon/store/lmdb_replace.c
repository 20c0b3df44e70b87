#include "daemon/store/lmdb_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/report.h"

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return synced;
}

enum ayni_status lmdb_replace(struct lmdb *lmdb, const char *data, const char *lock, MDB_env **env)
{
    char own_data[LMDB_PATH_SIZE], own_lock[LMDB_PATH_SIZE];
    MDB_env *old = lmdb->env;

    snprintf(own_data, sizeof(own_data), "%s/data.mdb", lmdb->folder);
    snprintf(own_lock, sizeof(own_lock), "%s/lock.mdb", lmdb->folder);
    if (rename(data, own_data) != 0)
        return lmdb_status_of_errno(errno);
    if (!sync_folder(lmdb->folder)) {
        report(REPORT_ERROR, "store_broken", "folder=%s reason=the_folder_cannot_be_synced",
               lmdb->folder);
        lmdb->broken = true;
    }
    (void)!rename(lock, own_lock); /* LMDB goes by the open file; the next start by the name */
    lmdb->env = *env;
    *env = old;
    return AYNI_OK;
}
