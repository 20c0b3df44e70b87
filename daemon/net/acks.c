#include "daemon/net/acks.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/report.h"
#include "proto/cbor.h"

enum { GATHER_MS = 5000 };

/* Of one peer; there are as many as members that were connected. */
struct ack {
    struct ayni_node peer;
    struct ayni_sync_acked acked;
    bool is_new; /* not handed to the writer yet */
    struct ack *next;
};

struct acks {
    struct log_store *log;
    struct log_writer *writer;
    struct ack *list;
    uint64_t due_ms; /* 0: nothing is new */
};

enum ayni_status acks_new(struct log_store *log, struct log_writer *writer, struct acks **acks)
{
    struct acks *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    *made = (struct acks){ .log = log, .writer = writer };
    *acks = made;
    return AYNI_OK;
}

void acks_free(struct acks *acks)
{
    if (acks == NULL)
        return;
    while (acks->list != NULL) {
        struct ack *ack = acks->list;
        acks->list = ack->next;
        free(ack);
    }
    free(acks);
}

static struct ack *find(const struct acks *acks, const struct ayni_node *peer)
{
    for (struct ack *ack = acks->list; ack != NULL; ack = ack->next)
        if (ayni_id_equal(&ack->peer, peer))
            return ack;
    return NULL;
}

void acks_note(struct acks *acks, const struct ayni_node *peer, const struct ayni_sync_acked *acked,
               uint64_t now_ms)
{
    struct ack *ack = find(acks, peer);

    if (ack == NULL) {
        ack = calloc(1, sizeof(*ack));
        if (ack == NULL)
            return; /* losing it costs time alone */
        ack->peer = *peer;
        ack->next = acks->list;
        acks->list = ack;
    }
    ack->acked = *acked;
    ack->is_new = true;
    if (acks->due_ms == 0)
        acks->due_ms = now_ms + GATHER_MS;
}

/* --- in the settings: [instance, arrival] --- */

enum { NAME_SIZE = AYNI_NODE_TEXT_SIZE + 8 };

static void setting_name(const struct ayni_node *peer, char name[NAME_SIZE])
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(peer, text);
    snprintf(name, NAME_SIZE, "ack/%s", text);
}

static bool decode(struct ayni_bytes bytes, struct ayni_sync_acked *acked)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(bytes);

    if (ayni_cbor_read_array(&reader) != 2)
        ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
    ayni_cbor_read_id(&reader, &acked->instance);
    acked->arrival = ayni_cbor_read_uint(&reader);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

struct ayni_sync_acked acks_of(struct acks *acks, const struct ayni_node *peer)
{
    SCOPED_BUFFER value = { 0 };
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct ayni_sync_acked acked = { 0 };
    const struct ack *ack = find(acks, peer);
    char name[NAME_SIZE];

    if (ack != NULL)
        return ack->acked;
    setting_name(peer, name);
    if (log_snapshot_begin(acks->log, &snapshot) != AYNI_OK ||
        log_get_setting(snapshot, name, &value) != AYNI_OK ||
        !decode(ayni_buffer_bytes(&value), &acked))
        return (struct ayni_sync_acked){ 0 };
    return acked;
}

/* --- writing, in the log writer's thread --- */

struct writing {
    struct log_job job; /* first */
    size_t count;
    struct ack acks[];
};

static enum ayni_status put_all(struct log_job *job, struct log_txn *txn)
{
    const struct writing *writing = (const struct writing *)job;
    enum ayni_status status = AYNI_OK;
    char name[NAME_SIZE];

    for (size_t i = 0; status == AYNI_OK && i < writing->count; i++) {
        SCOPED_BUFFER value = { 0 };
        setting_name(&writing->acks[i].peer, name);
        ayni_cbor_put_array(&value, 2);
        ayni_cbor_put_id(&value, &writing->acks[i].acked.instance);
        ayni_cbor_put_uint(&value, writing->acks[i].acked.arrival);
        status = ayni_buffer_status(&value);
        if (status == AYNI_OK)
            status = log_txn_put_setting(txn, name, ayni_buffer_bytes(&value));
    }
    return status;
}

static void free_writing(struct log_job *job, enum ayni_status status)
{
    if (status != AYNI_OK)
        report(REPORT_WARNING, "acks_not_kept", "reason=%s", ayni_status_name(status));
    free(job);
}

static size_t count_new(const struct acks *acks)
{
    size_t count = 0;

    for (const struct ack *ack = acks->list; ack != NULL; ack = ack->next)
        count += ack->is_new;
    return count;
}

void acks_write(struct acks *acks, uint64_t now_ms)
{
    if (acks->due_ms == 0 || now_ms < acks->due_ms)
        return;
    struct writing *writing = calloc(1, sizeof(*writing) + count_new(acks) * sizeof(struct ack));
    if (writing == NULL)
        return;
    writing->job = (struct log_job){ .run = put_all, .done = free_writing };
    for (struct ack *ack = acks->list; ack != NULL; ack = ack->next) {
        if (ack->is_new)
            writing->acks[writing->count++] = *ack;
        ack->is_new = false;
    }
    acks->due_ms = 0;
    if (log_writer_submit(acks->writer, &writing->job) != AYNI_OK)
        free(writing);
}
