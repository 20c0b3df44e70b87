#include "daemon/home.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/records/writing/author_feed.h"
#include "daemon/report.h"
#include "po/language.h"

struct place_job {
    struct log_job job; /* first */
    struct ayni_bytes place;
    bool is_elsewhere;
};

/* All of it, or none. */
static enum ayni_status note_place(struct log_job *job, struct log_txn *txn)
{
    const struct place_job *place = (struct place_job *)job;
    enum ayni_status status = log_txn_put_setting(txn, HOME_PLACE_SETTING, place->place);

    if (status == AYNI_OK && place->is_elsewhere)
        status = author_era_begin(log_txn_snapshot(txn), txn);
    if (status == AYNI_OK && place->is_elsewhere)
        status = log_txn_renew_instance(txn);
    return status;
}

static enum ayni_status read_place(struct log_store *log, struct ayni_buffer *kept)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(log, &snapshot);

    return status == AYNI_OK ? log_get_setting(snapshot, HOME_PLACE_SETTING, kept) : status;
}

enum ayni_status home_check_place(struct log_store *log, struct log_writer *writer,
                                  const struct identity *identity)
{
    SCOPED_BUFFER kept = { 0 };
    struct place_job job = { .job.run = note_place,
                             .place = { identity->place, sizeof(identity->place) } };
    enum ayni_status status = read_place(log, &kept);

    if (status == AYNI_OK && ayni_bytes_equal(ayni_buffer_bytes(&kept), job.place))
        return AYNI_OK;
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    job.is_elsewhere = status == AYNI_OK; /* a new log was nowhere before */
    if (job.is_elsewhere)
        report(REPORT_WARNING, "home_elsewhere", "what=new_incarnations");
    return log_writer_run(writer, &job.job);
}

/* --- whose it is --- */

/* "HOME/name" that is there, and what it is. */
static bool find(const char *home, const char *name, char path[PATH_MAX], struct stat *is)
{
    return snprintf(path, PATH_MAX, "%s/%s", home, name) < PATH_MAX && stat(path, is) == 0;
}

static enum ayni_status check_owner(const char *path, const struct stat *is, char *why,
                                    size_t why_size)
{
    const struct passwd *owner;

    if (is->st_uid == geteuid())
        return AYNI_OK;
    owner = getpwuid(is->st_uid);
    snprintf(why, why_size, _("%s is another user's (%s, %lu): start aynid as that user"), path,
             owner != NULL ? owner->pw_name : "without a name", (unsigned long)is->st_uid);
    return AYNI_E_RIGHT;
}

enum ayni_status home_check(const char *home, char *why, size_t why_size)
{
    char path[PATH_MAX];
    struct stat is;
    enum ayni_status status;

    if (stat(home, &is) != 0)
        return AYNI_OK;
    if (!S_ISDIR(is.st_mode)) {
        snprintf(why, why_size, _("%s is no folder: a home is one; --home says another"), home);
        return AYNI_E_USAGE;
    }
    if (!find(home, "node.key", path, &is))
        return AYNI_OK;
    status = check_owner(path, &is, why, why_size);
    if (status != AYNI_OK || (find(home, "log/data.mdb", path, &is) && is.st_size > 0))
        return status;
    snprintf(why, why_size,
             _("%s: the log is gone, and with it all records. Put it back, or bring a backup into "
               "another home: ayni --home DIR restore BACKUP"),
             path);
    return AYNI_E_NOT_FOUND;
}
