#include "daemon/net/peer_settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/report.h"

void peer_setting_name(const char *kind, const struct ayni_node *peer,
                       char name[PEER_SETTING_NAME_SIZE])
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(peer, text);
    snprintf(name, PEER_SETTING_NAME_SIZE, "%s/%s", kind, text);
}

static void load(const struct peer_settings *settings, struct peer_setting *setting)
{
    SCOPED_BUFFER value = { 0 };
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    char name[PEER_SETTING_NAME_SIZE];

    peer_setting_name(settings->kind->name, &setting->peer, name);
    if (log_snapshot_begin(settings->log, &snapshot) == AYNI_OK &&
        log_get_setting(snapshot, name, &value) == AYNI_OK)
        settings->kind->decode(ayni_buffer_bytes(&value), setting);
}

struct peer_setting *peer_settings_of(struct peer_settings *settings, const struct ayni_node *peer)
{
    for (struct peer_setting *setting = settings->list; setting != NULL; setting = setting->next)
        if (ayni_id_equal(&setting->peer, peer))
            return setting;
    struct peer_setting *made = calloc(1, settings->kind->size);
    if (made == NULL)
        return NULL;
    made->peer = *peer;
    load(settings, made);
    made->next = settings->list;
    settings->list = made;
    return made;
}

void peer_settings_free(struct peer_settings *settings)
{
    while (settings->list != NULL) {
        struct peer_setting *setting = settings->list;
        settings->list = setting->next;
        free(setting);
    }
    settings->due_ms = 0;
}

void peer_settings_changed(struct peer_settings *settings, struct peer_setting *setting,
                           uint64_t now_ms)
{
    setting->is_new = true;
    if (settings->due_ms == 0)
        settings->due_ms = now_ms + settings->kind->gather_ms;
}

/* --- writing, in the log writer's thread --- */

struct writing {
    struct log_job job; /* first */
    const struct peer_settings_kind *kind;
    size_t count;
    struct {
        struct ayni_node peer;
        struct ayni_buffer value;
    } settings[];
};

static enum ayni_status put_all(struct log_job *job, struct log_txn *txn)
{
    const struct writing *writing = (const struct writing *)job;
    enum ayni_status status = AYNI_OK;
    char name[PEER_SETTING_NAME_SIZE];

    for (size_t i = 0; status == AYNI_OK && i < writing->count; i++) {
        const struct ayni_buffer *value = &writing->settings[i].value;
        peer_setting_name(writing->kind->name, &writing->settings[i].peer, name);
        status = ayni_buffer_status(value);
        if (status == AYNI_OK)
            status = log_txn_put_setting(txn, name, ayni_buffer_bytes(value));
    }
    return status;
}

static void free_writing(struct log_job *job, enum ayni_status status)
{
    struct writing *writing = (struct writing *)job;

    if (status != AYNI_OK)
        report(REPORT_WARNING, "peer_settings_not_kept", "kind=%s reason=%s", writing->kind->name,
               ayni_status_name(status));
    for (size_t i = 0; i < writing->count; i++)
        ayni_buffer_free(&writing->settings[i].value);
    free(writing);
}

static size_t count_new(const struct peer_settings *settings)
{
    size_t count = 0;

    for (const struct peer_setting *setting = settings->list; setting != NULL;
         setting = setting->next)
        count += setting->is_new;
    return count;
}

void peer_settings_write(struct peer_settings *settings, uint64_t now_ms)
{
    if (settings->due_ms == 0 || now_ms < settings->due_ms)
        return;
    struct writing *writing =
        calloc(1, sizeof(*writing) + count_new(settings) * sizeof(writing->settings[0]));
    if (writing == NULL)
        return;
    writing->job = (struct log_job){ .run = put_all, .done = free_writing };
    writing->kind = settings->kind;
    for (struct peer_setting *setting = settings->list; setting != NULL; setting = setting->next) {
        if (!setting->is_new)
            continue;
        setting->is_new = false;
        writing->settings[writing->count].peer = setting->peer;
        settings->kind->encode(setting, &writing->settings[writing->count++].value);
    }
    settings->due_ms = 0;
    enum ayni_status status = log_writer_submit(settings->writer, &writing->job);
    if (status != AYNI_OK)
        free_writing(&writing->job, status);
}
