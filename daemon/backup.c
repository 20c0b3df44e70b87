#include "daemon/backup.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/folder.h"
#include "daemon/report.h"
#include "daemon/store/log_backup.h"
#include "daemon/store/log_writer.h"

#define PARTIAL BACKUP_LOG ".partial"

static enum ayni_status of_errno(int error)
{
    return error == ENOSPC || error == EDQUOT ? AYNI_E_FULL : AYNI_E_IO;
}

static void name_file(char path[PATH_MAX], const char *folder, const char *name)
{
    /* A folder's path was checked to leave room for names. */
    (void)!snprintf(path, PATH_MAX, "%s/%s", folder, name);
}

/* --- what goes in --- */

static enum ayni_status prepare_folder(const char *folder, struct complaint *complaint)
{
    if (folder[0] != '/' || strlen(folder) > PATH_MAX - 64)
        return complain(complaint, AYNI_E_USAGE, N_("{} is no path of a folder"), folder, NULL);
    if (!folder_make(folder))
        return complain(complaint, of_errno(errno), N_("{}: the folder can't be made: {}"), folder,
                        strerror(errno), NULL);
    if (folder_is_empty(folder))
        return AYNI_OK;
    if (errno != ENOTEMPTY)
        return complain(complaint, AYNI_E_IO, N_("{} can't be read: {}"), folder, strerror(errno),
                        NULL);
    complain_hint(complaint, N_("name a folder that isn't there yet, or empty it"), NULL);
    return complain(complaint, AYNI_E_EXISTS, N_("{} is not empty"), folder, NULL);
}

static enum ayni_status copy_files(const struct daemon *daemon, const char *folder,
                                   struct complaint *complaint)
{
    char from[PATH_MAX], to[PATH_MAX], why[PATH_MAX + 128] = "";
    enum ayni_status status = identity_copy(daemon->config.home, folder, why, sizeof(why));

    if (status != AYNI_OK)
        return complain(complaint, status, "{}", why, NULL);
    name_file(from, daemon->config.home, BACKUP_CONFIG);
    name_file(to, folder, BACKUP_CONFIG);
    if (!folder_copy_file(from, to))
        return complain(complaint, of_errno(errno), N_("{} can't be written: {}"), to,
                        strerror(errno), NULL);
    return AYNI_OK;
}

static enum ayni_status explain_log(enum ayni_status status, const char *path,
                                    struct complaint *complaint)
{
    switch (status) {
    case AYNI_OK:
    case AYNI_E_STOPPED:
        return status;
    case AYNI_E_FULL:
        return complain(complaint, status, N_("there is no room for {} on its disk"), path, NULL);
    case AYNI_E_BUSY:
        complain_hint(complaint, N_("ask again in a while; nothing was changed"), NULL);
        return complain(complaint, status, N_("another copy of the store is being made"), NULL);
    default:
        return complain(complaint, status, N_("{} can't be written: {}"), path,
                        ayni_status_name(status), NULL);
    }
}

/* Under its name it is whole, and so is the backup. */
static enum ayni_status copy_log(const struct daemon *daemon, const char *folder,
                                 const struct store_listener *listener,
                                 struct backup_result *result, struct complaint *complaint)
{
    char partial[PATH_MAX], whole[PATH_MAX];
    struct log_backup_result made;

    name_file(partial, folder, PARTIAL);
    name_file(whole, folder, BACKUP_LOG);
    enum ayni_status status = log_backup(daemon->log, partial, listener, &made);
    if (status != AYNI_OK)
        return explain_log(status, partial, complaint);
    if (rename(partial, whole) != 0 || !folder_sync(folder))
        return complain(complaint, of_errno(errno), N_("{} can't be written: {}"), whole,
                        strerror(errno), NULL);
    *result = (struct backup_result){ made.entries, made.file_bytes };
    return AYNI_OK;
}

/* --- that it was made --- */

struct note_job {
    struct log_job job; /* first */
    const char *setting;
    bool once; /* what is there stays */
    struct ayni_buffer value;
};

static enum ayni_status put_note(struct log_job *job, struct log_txn *txn)
{
    const struct note_job *note = (struct note_job *)job;
    SCOPED_BUFFER held = { 0 };
    enum ayni_status status = note->once
                                  ? log_get_setting(log_txn_snapshot(txn), note->setting, &held)
                                  : AYNI_E_NOT_FOUND;

    return status == AYNI_E_NOT_FOUND
               ? log_txn_put_setting(txn, note->setting, ayni_buffer_bytes(&note->value))
               : status;
}

static void note_backup(const struct daemon *daemon, const char *folder, const char *setting,
                        bool once)
{
    struct note_job job = { .job.run = put_note, .setting = setting, .once = once };
    uint8_t now[8];

    ayni_put_u64(now, clock_now().ms);
    ayni_buffer_append(&job.value, now, sizeof(now));
    ayni_buffer_append_text(&job.value, folder);
    enum ayni_status status = ayni_buffer_status(&job.value);
    if (status == AYNI_OK)
        status = log_writer_run(daemon->writer, &job.job);
    if (status != AYNI_OK)
        report(REPORT_WARNING, "backup_not_noted", "reason=%s", ayni_status_name(status));
    ayni_buffer_free(&job.value);
}

/* --- all of it --- */

static void remove_rests(const char *folder)
{
    static const char *const names[] = { BACKUP_LOG, PARTIAL, BACKUP_CONFIG, "node.key" };
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        name_file(path, folder, names[i]);
        unlink(path);
    }
}

enum ayni_status backup_make(struct daemon *daemon, const char *folder,
                             const struct store_listener *listener, struct backup_result *result,
                             struct complaint *complaint)
{
    enum ayni_status status = prepare_folder(folder, complaint);

    if (status != AYNI_OK)
        return status;
    status = copy_files(daemon, folder, complaint);
    if (status == AYNI_OK) {
        note_backup(daemon, folder, BACKUP_FIRST_SETTING, true);
        status = copy_log(daemon, folder, listener, result, complaint);
    }
    if (status != AYNI_OK) {
        remove_rests(folder); /* it was empty */
        return status;
    }
    note_backup(daemon, folder, BACKUP_LAST_SETTING, false);
    report(REPORT_INFO, "backup_made", "entries=%llu bytes=%llu",
           (unsigned long long)result->entries, (unsigned long long)result->file_bytes);
    return AYNI_OK;
}
