#include "daemon/net/meets.h"

#include <stdlib.h>

#include "daemon/net/peer_settings.h"
#include "daemon/report.h"

static const char kind[] = "met";

/* --- in the settings: instance 16, then space 16, arrival u64 of each --- */

enum { MEET_SIZE = 24 };

static void put_meet(const struct meet *meet, struct ayni_buffer *to)
{
    uint8_t arrival[8];

    ayni_put_u64(arrival, meet->arrival);
    ayni_buffer_append(to, meet->space.bytes, sizeof(meet->space.bytes));
    ayni_buffer_append(to, arrival, sizeof(arrival));
}

static void get_meets(struct ayni_bytes value, const struct ayni_incarnation *instance,
                      struct ayni_buffer *meets)
{
    struct meet meet;

    if (value.size < sizeof(instance->bytes) ||
        memcmp(value.data, instance->bytes, sizeof(instance->bytes)) != 0)
        return;
    for (size_t at = sizeof(instance->bytes); at + MEET_SIZE <= value.size; at += MEET_SIZE) {
        memcpy(meet.space.bytes, value.data + at, sizeof(meet.space.bytes));
        meet.arrival = ayni_get_u64(value.data + at + sizeof(meet.space.bytes));
        ayni_buffer_append(meets, &meet, sizeof(meet));
    }
}

enum ayni_status meets_read(struct log_snapshot *snapshot, const struct ayni_incarnation *instance,
                            const struct ayni_node *node, struct ayni_buffer *meets)
{
    SCOPED_BUFFER value = { 0 };
    char name[PEER_SETTING_NAME_SIZE];

    peer_setting_name(kind, node, name);
    enum ayni_status status = log_get_setting(snapshot, name, &value);
    if (status == AYNI_OK)
        get_meets(ayni_buffer_bytes(&value), instance, meets);
    else if (status != AYNI_E_NOT_FOUND)
        return status;
    return ayni_buffer_status(meets);
}

enum ayni_status meets_forget(struct log_txn *txn, const struct ayni_node *node)
{
    char name[PEER_SETTING_NAME_SIZE];

    peer_setting_name(kind, node, name);
    return log_txn_put_setting(txn, name, (struct ayni_bytes){ NULL, 0 });
}

/* --- keeping, in the log writer's thread --- */

struct keeping {
    struct log_job job; /* first */
    struct ayni_incarnation instance;
    struct ayni_node node;
    size_t count;
    struct meet meets[];
};

static bool is_among(const struct keeping *keeping, const struct ayni_space *space)
{
    for (size_t i = 0; i < keeping->count; i++)
        if (ayni_id_equal(&keeping->meets[i].space, space))
            return true;
    return false;
}

static enum ayni_status keep(struct log_job *job, struct log_txn *txn)
{
    const struct keeping *keeping = (const struct keeping *)job;
    SCOPED_BUFFER before = { 0 };
    SCOPED_BUFFER value = { 0 };
    char name[PEER_SETTING_NAME_SIZE];
    enum ayni_status status =
        meets_read(log_txn_snapshot(txn), &keeping->instance, &keeping->node, &before);

    if (status != AYNI_OK)
        return status;
    const struct meet *old = (const struct meet *)before.data;
    ayni_buffer_append(&value, keeping->instance.bytes, sizeof(keeping->instance.bytes));
    for (size_t i = 0; i < before.size / sizeof(*old); i++)
        if (!is_among(keeping, &old[i].space))
            put_meet(&old[i], &value);
    for (size_t i = 0; i < keeping->count; i++)
        put_meet(&keeping->meets[i], &value);
    peer_setting_name(kind, &keeping->node, name);
    status = ayni_buffer_status(&value);
    return status == AYNI_OK ? log_txn_put_setting(txn, name, ayni_buffer_bytes(&value)) : status;
}

static void free_keeping(struct log_job *job, enum ayni_status status)
{
    if (status != AYNI_OK)
        report(REPORT_WARNING, "meets_not_kept", "reason=%s", ayni_status_name(status));
    free(job);
}

enum ayni_status meets_keep(struct log_writer *writer, const struct ayni_incarnation *instance,
                            const struct ayni_node *node, const struct meet *meets, size_t count)
{
    struct keeping *keeping = calloc(1, sizeof(*keeping) + count * sizeof(*meets));

    if (keeping == NULL)
        return AYNI_E_MEMORY;
    keeping->job = (struct log_job){ .run = keep, .done = free_keeping };
    keeping->instance = *instance;
    keeping->node = *node;
    keeping->count = count;
    memcpy(keeping->meets, meets, count * sizeof(*meets));
    enum ayni_status status = log_writer_submit(writer, &keeping->job);
    if (status != AYNI_OK)
        free(keeping);
    return status;
}
