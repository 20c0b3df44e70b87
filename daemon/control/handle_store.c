/* compact, backup, restore --alone: the stores as files. */
#include <stdio.h>

#include "daemon/backup.h"
#include "daemon/control/commands.h"
#include "daemon/daemon.h"
#include "daemon/eraser.h"
#include "daemon/net/net.h"
#include "daemon/records/erasure/scrub.h"

/* --- compact --- */

static bool show_progress(void *context, uint64_t done, uint64_t total)
{
    struct control_call *call = context;

    return call_progress(call, done, total) == AYNI_OK && !call_cancelled(call);
}

static enum ayni_status explain_compact(struct control_call *call, enum ayni_status status,
                                        const struct compaction_result *result)
{
    char room[32];

    switch (status) {
    case AYNI_E_FULL:
        snprintf(room, sizeof(room), "%.1f MB", (double)result->room_bytes / 1e6);
        call_hint(call, N_("make {} of room and ask again; nothing was changed"), room, NULL);
        return call_fail(call, status, N_("there is no room on the disk for a second copy"), NULL);
    case AYNI_E_BUSY:
        call_hint(call, N_("ask again in a while; nothing was changed"), NULL);
        return call_fail(call, status,
                         N_("another copy is being made, or somebody reads for very long"), NULL);
    case AYNI_E_CHANGED:
        call_hint(call, N_("ask again when `ayni status` says that it has ended"), NULL);
        return call_fail(call, AYNI_E_BUSY, N_("all that is derived is being computed anew"), NULL);
    default:
        return status;
    }
}

/* Receipts of erasures may follow from it. */
static enum ayni_status handle_compact(struct daemon *daemon, struct control_call *call)
{
    const struct store_listener listener = { call, show_progress };
    struct scrub_result done;
    enum ayni_status status = scrub_run(&daemon->records, &listener, &done);

    if (status != AYNI_OK)
        return explain_compact(call, status, &done.failed);
    eraser_wake(daemon->eraser);
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    ayni_control_put_int(item, "bytes_before",
                         (int64_t)(done.log.bytes_before + done.views.bytes_before));
    ayni_control_put_int(item, "bytes", (int64_t)(done.log.bytes_after + done.views.bytes_after));
    ayni_control_put_int(item, "log_bytes", (int64_t)done.log.bytes_after);
    ayni_control_put_int(item, "views_bytes", (int64_t)done.views.bytes_after);
    ayni_control_close(item);
    return call_send(call);
}

/* --- backup --- */

static enum ayni_status send_backup(struct control_call *call, const char *folder,
                                    const struct backup_result *result)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    ayni_control_put_text(item, "folder", folder);
    ayni_control_put_int(item, "entries", (int64_t)result->entries);
    ayni_control_put_int(item, "bytes", (int64_t)result->file_bytes);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status handle_backup(struct daemon *daemon, struct control_call *call)
{
    const struct store_listener listener = { call, show_progress };
    struct backup_result result;
    const char *folder;
    enum ayni_status status = call_text(call, "folder", &folder);

    if (status == AYNI_OK)
        status = backup_make(daemon, folder, &listener, &result, call_complaint(call));
    return status == AYNI_OK ? send_backup(call, folder, &result) : status;
}

/* --- restore --alone --- */

static enum ayni_status handle_alone(struct daemon *daemon, struct control_call *call)
{
    enum ayni_status status = net_stop_hearing(daemon->net);

    if (status == AYNI_E_NOT_FOUND)
        return call_fail(call, status, N_("this node isn't waiting to hear from another member"),
                         NULL);
    return status == AYNI_OK ? call_send_done(call) : status;
}

const struct control_command control_store_commands[] = {
    { "compact", handle_compact, CONTROL_NEED_TEND },
    { "backup", handle_backup, CONTROL_NEED_TEND },
    { "restore.alone", handle_alone, CONTROL_NEED_TEND },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
