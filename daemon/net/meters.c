#include "daemon/net/meters.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/report.h"
#include "proto/cbor.h"

enum { GATHER_MS = 30 * 1000, RATE_MS = 5000, NAME_SIZE = AYNI_NODE_TEXT_SIZE + 8 };

/* --- in the settings: [day, sent today, received today, sent, received] --- */

static void setting_name(const struct ayni_node *peer, char name[NAME_SIZE])
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(peer, text);
    snprintf(name, NAME_SIZE, "meter/%s", text);
}

static void encode(const struct meter *meter, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 5);
    ayni_cbor_put_int(to, meter->day);
    ayni_cbor_put_uint(to, meter->sent_today);
    ayni_cbor_put_uint(to, meter->received_today);
    ayni_cbor_put_uint(to, meter->sent);
    ayni_cbor_put_uint(to, meter->received);
}

static void decode(struct ayni_bytes bytes, struct meter *meter)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(bytes);
    struct meter read = *meter;

    if (ayni_cbor_read_array(&reader) != 5)
        return;
    read.day = ayni_cbor_read_int(&reader);
    read.sent_today = ayni_cbor_read_uint(&reader);
    read.received_today = ayni_cbor_read_uint(&reader);
    read.sent = ayni_cbor_read_uint(&reader);
    read.received = ayni_cbor_read_uint(&reader);
    if (ayni_cbor_done(&reader) == AYNI_OK)
        *meter = read;
}

static void load(const struct meters *meters, struct meter *meter)
{
    SCOPED_BUFFER value = { 0 };
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    char name[NAME_SIZE];

    setting_name(&meter->peer, name);
    if (log_snapshot_begin(meters->log, &snapshot) == AYNI_OK &&
        log_get_setting(snapshot, name, &value) == AYNI_OK)
        decode(ayni_buffer_bytes(&value), meter);
}

struct meter *meters_of(struct meters *meters, const struct ayni_node *peer)
{
    for (struct meter *meter = meters->list; meter != NULL; meter = meter->next)
        if (ayni_id_equal(&meter->peer, peer))
            return meter;
    struct meter *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return NULL;
    made->peer = *peer;
    load(meters, made);
    made->next = meters->list;
    meters->list = made;
    return made;
}

void meters_free(struct meters *meters)
{
    while (meters->list != NULL) {
        struct meter *meter = meters->list;
        meters->list = meter->next;
        free(meter);
    }
}

/* --- counting --- */

static void count_rate(struct meter *meter, size_t size, uint64_t now_ms)
{
    uint64_t took = now_ms - meter->rate_from_ms;

    if (took >= RATE_MS) {
        meter->rate = meter_rate(meter, now_ms);
        meter->rate_from_ms = now_ms;
        meter->rate_bytes = 0;
    }
    meter->rate_bytes += size;
}

uint64_t meter_rate(const struct meter *meter, uint64_t now_ms)
{
    uint64_t took = now_ms - meter->rate_from_ms;

    return took >= RATE_MS ? meter->rate_bytes * 1000 / took : meter->rate;
}

void meters_count(struct meters *meters, struct meter *meter, bool sent, size_t size,
                  uint64_t now_ms)
{
    int64_t today = clock_today();

    if (meter->day != today) {
        meter->day = today;
        meter->sent_today = meter->received_today = 0;
    }
    count_rate(meter, size, now_ms);
    if (sent) {
        meter->sent_today += size;
        meter->sent += size;
    } else {
        meter->received_today += size;
        meter->received += size;
    }
    meter->is_new = true;
    if (meters->due_ms == 0)
        meters->due_ms = now_ms + GATHER_MS;
}

uint64_t meter_today(const struct meter *meter, int64_t today)
{
    return meter->day == today ? meter->sent_today + meter->received_today : 0;
}

/* --- writing, in the log writer's thread --- */

struct writing {
    struct log_job job; /* first */
    size_t count;
    struct meter meters[];
};

static enum ayni_status put_all(struct log_job *job, struct log_txn *txn)
{
    const struct writing *writing = (const struct writing *)job;
    enum ayni_status status = AYNI_OK;
    char name[NAME_SIZE];

    for (size_t i = 0; status == AYNI_OK && i < writing->count; i++) {
        SCOPED_BUFFER value = { 0 };
        setting_name(&writing->meters[i].peer, name);
        encode(&writing->meters[i], &value);
        status = ayni_buffer_status(&value);
        if (status == AYNI_OK)
            status = log_txn_put_setting(txn, name, ayni_buffer_bytes(&value));
    }
    return status;
}

static void free_writing(struct log_job *job, enum ayni_status status)
{
    if (status != AYNI_OK)
        report(REPORT_WARNING, "meters_not_kept", "reason=%s", ayni_status_name(status));
    free(job);
}

void meters_write(struct meters *meters, uint64_t now_ms)
{
    size_t count = 0;

    if (meters->due_ms == 0 || now_ms < meters->due_ms)
        return;
    for (const struct meter *meter = meters->list; meter != NULL; meter = meter->next)
        count += meter->is_new;
    struct writing *writing = calloc(1, sizeof(*writing) + count * sizeof(struct meter));
    if (writing == NULL)
        return;
    writing->job = (struct log_job){ .run = put_all, .done = free_writing };
    for (struct meter *meter = meters->list; meter != NULL; meter = meter->next) {
        if (meter->is_new)
            writing->meters[writing->count++] = *meter;
        meter->is_new = false;
    }
    meters->due_ms = 0;
    if (log_writer_submit(meters->writer, &writing->job) != AYNI_OK)
        free(writing);
}
