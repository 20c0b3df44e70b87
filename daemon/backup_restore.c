/* A home made of a backup: daemon/backup.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/backup.h"
#include "daemon/config.h"
#include "daemon/federation/identity.h"
#include "daemon/folder.h"
#include "daemon/home.h"
#include "daemon/net/hearing.h"
#include "daemon/records/audit.h"
#include "daemon/store/log_backup.h"
#include "daemon/store/views.h"

enum { WHY_SIZE = PATH_MAX + 256 };

/* In the home as long as it is being made: what is there then is nobody's. */
#define UNFINISHED "restoring"

struct places {
    const struct backup_restore *restore;
    const struct store_listener *listener;
    char key[PATH_MAX], log[PATH_MAX], views[PATH_MAX], config[PATH_MAX], unfinished[PATH_MAX];
    char backup_log[PATH_MAX], backup_config[PATH_MAX], backup_key[PATH_MAX];
};

static bool exists(const char *path)
{
    struct stat is;

    return stat(path, &is) == 0;
}

static bool name_all(struct places *places)
{
    const struct {
        char *path;
        const char *folder, *name;
    } names[] = {
        { places->key, places->restore->home, "node.key" },
        { places->log, places->restore->home, "log" },
        { places->views, places->restore->home, "views" },
        { places->config, places->restore->home, BACKUP_CONFIG },
        { places->unfinished, places->restore->home, UNFINISHED },
        { places->backup_log, places->restore->folder, BACKUP_LOG },
        { places->backup_config, places->restore->folder, BACKUP_CONFIG },
        { places->backup_key, places->restore->folder, "node.key" },
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (snprintf(names[i].path, PATH_MAX, "%s/%s", names[i].folder, names[i].name) >= PATH_MAX)
            return false;
    return true;
}

/* --- whether it can be --- */

static enum ayni_status check_backup(const struct places *places, struct complaint *complaint)
{
    const char *folder = places->restore->folder;

    if (exists(places->backup_log) && exists(places->backup_key))
        return AYNI_OK;
    complain_hint(complaint, N_("name the folder that `ayni backup` has made, whole"), NULL);
    return complain(complaint, AYNI_E_NOT_FOUND,
                    exists(places->backup_key) ? N_("{} is a backup that wasn't finished")
                                               : N_("{} is no backup"),
                    folder, NULL);
}

static enum ayni_status check_home(const struct places *places, struct complaint *complaint)
{
    const char *home = places->restore->home;

    if (exists(places->key)) {
        complain_hint(complaint,
                      N_("restore into another folder with --home DIR, or move this one away"),
                      NULL);
        return complain(complaint, AYNI_E_EXISTS, N_("{} is a home already"), home, NULL);
    }
    if (exists(places->log) && !exists(places->unfinished)) {
        complain_hint(complaint, N_("move it away: it may hold what the backup doesn't"), NULL);
        return complain(complaint, AYNI_E_RIGHT, N_("{} holds a store, but no key"), home, NULL);
    }
    return AYNI_OK;
}

/* --- the log --- */

static enum ayni_status begin_home(const struct places *places, struct complaint *complaint)
{
    const char *home = places->restore->home;
    int mark;

    if (!folder_make_home(home) ||
        (mark = open(places->unfinished, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) < 0)
        return complain(complaint, errno == ENOSPC ? AYNI_E_FULL : AYNI_E_IO,
                        N_("{}: the folder can't be made: {}"), home, strerror(errno), NULL);
    close(mark);
    if (!folder_sync(home) || log_destroy(places->log) != AYNI_OK ||
        views_destroy(places->views) != AYNI_OK)
        return complain(complaint, AYNI_E_IO, N_("{} can't be written: {}"), home, strerror(errno),
                        NULL);
    return AYNI_OK;
}

static enum ayni_status take_log(const struct places *places, struct complaint *complaint)
{
    static const uint8_t waiting = 1;
    const struct log_setting settings[] = {
        { HOME_PLACE_SETTING, { NULL, 0 } },
        { HEARING_SETTING, { &waiting, places->restore->alone ? 0 : 1 } },
    };
    struct config config;
    char why[WHY_SIZE] = "";

    config_init(&config);
    struct log_options log = { .folder = places->log, .map_size = config.log_map_size };
    enum ayni_status status =
        log_restore(places->backup_log, &log, settings, 2, places->listener, why, sizeof(why));
    if (status == AYNI_OK || status == AYNI_E_STOPPED)
        return status;
    return complain(complaint, status, "{}", why, NULL);
}

struct auditing {
    const struct store_listener *listener;
    uint64_t failures;
};

static void note_failure(void *context, const struct audit_failure *failure)
{
    struct auditing *auditing = context;

    (void)failure;
    auditing->failures++;
}

static bool show_progress(void *context, uint64_t done, uint64_t total)
{
    const struct auditing *auditing = context;

    return auditing->listener->progress(auditing->listener->context, done, total);
}

/* The hash of the backup says that nothing was changed by accident; the seals, that nothing was. */
static enum ayni_status verify_log(const struct places *places, struct complaint *complaint)
{
    struct auditing auditing = { .listener = places->listener };
    struct audit_listener listener = { &auditing, note_failure, show_progress };
    struct audit_counts counts;
    struct records records = { 0 };
    struct config config;
    char why[WHY_SIZE] = "";

    config_init(&config);
    struct log_options log = { .folder = places->log, .map_size = config.log_map_size };
    enum ayni_status status = log_store_open(&log, &records.log, why, sizeof(why));
    if (status != AYNI_OK)
        return complain(complaint, status, "{}", why, NULL);
    status = audit_run(&records, false, &listener, &counts);
    log_store_close(records.log);
    if (status == AYNI_OK && auditing.failures > 0)
        return complain(complaint, AYNI_E_SIGNATURE,
                        N_("{} holds entries that their nodes didn't sign"),
                        places->restore->folder, NULL);
    return status;
}

/* --- all of it --- */

/* The key makes it a home, so it comes last. */
static enum ayni_status finish_home(const struct places *places, struct complaint *complaint)
{
    char why[WHY_SIZE] = "";

    if (!exists(places->config) && !folder_copy_file(places->backup_config, places->config))
        return complain(complaint, errno == ENOSPC ? AYNI_E_FULL : AYNI_E_IO,
                        N_("{} can't be written: {}"), places->config, strerror(errno), NULL);
    enum ayni_status status =
        identity_copy(places->restore->folder, places->restore->home, why, sizeof(why));
    if (status != AYNI_OK)
        return complain(complaint, status, "{}", why, NULL);
    unlink(places->unfinished);
    return AYNI_OK;
}

enum ayni_status backup_restore_home(const struct backup_restore *restore,
                                     const struct store_listener *listener,
                                     struct complaint *complaint)
{
    struct places places = { .restore = restore, .listener = listener };

    if (!name_all(&places))
        return complain(complaint, AYNI_E_USAGE, N_("{} is no path of a folder"), restore->home,
                        NULL);
    enum ayni_status status = check_home(&places, complaint);
    if (status == AYNI_OK)
        status = check_backup(&places, complaint);
    if (status == AYNI_OK)
        status = begin_home(&places, complaint);
    if (status == AYNI_OK)
        status = take_log(&places, complaint);
    if (status == AYNI_OK)
        status = verify_log(&places, complaint);
    return status == AYNI_OK ? finish_home(&places, complaint) : status;
}
