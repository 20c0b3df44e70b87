#include "daemon/records/change_feed.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/plain_payload.h"

enum { ENTRIES_AT_ONCE = 4096, INSTANCE_SIZE = 4 };

static void instance_text(struct log_store *log, char text[2 * INSTANCE_SIZE + 1])
{
    struct ayni_incarnation instance = log_instance(log);

    ayni_hex_text((struct ayni_bytes){ instance.bytes, INSTANCE_SIZE }, text);
}

void change_cursor_text(struct log_store *log, const struct change_cursor *cursor, char *text)
{
    char instance[2 * INSTANCE_SIZE + 1];

    instance_text(log, instance);
    snprintf(text, CHANGE_CURSOR_TEXT_SIZE, "%s.%llu.%llu", instance,
             (unsigned long long)cursor->arrival, (unsigned long long)cursor->seq);
}

enum ayni_status change_cursor_parse(struct log_store *log, const char *text,
                                     struct change_cursor *cursor)
{
    char instance[2 * INSTANCE_SIZE + 1], given[2 * INSTANCE_SIZE + 1];
    unsigned long long arrival, seq;
    int used = 0;

    if (strcmp(text, "0") == 0) {
        *cursor = (struct change_cursor){ 0 };
        return AYNI_OK;
    }
    if (sscanf(text, "%8[0-9a-f].%20llu.%20llu%n", given, &arrival, &seq, &used) != 3 ||
        text[used] != 0)
        return AYNI_E_MALFORMED;
    instance_text(log, instance);
    if (strcmp(instance, given) != 0)
        return AYNI_E_VERSION;
    *cursor = (struct change_cursor){ .arrival = arrival, .seq = seq };
    return AYNI_OK;
}

enum ayni_status change_cursor_now(const struct records *records, struct change_cursor *cursor)
{
    struct log_snapshot *log;
    enum ayni_status status = log_snapshot_begin(records->log, &log);

    if (status != AYNI_OK)
        return status;
    *cursor = (struct change_cursor){ .arrival = log_last_arrival(log) + 1 };
    log_snapshot_end(log);
    return AYNI_OK;
}

struct reading {
    const struct records *records;
    struct log_snapshot *log;
    const struct charter *charter;
    struct change_cursor *cursor;
    bool (*tell)(void *context, const struct charter *charter, const struct change *change);
    void *context;
    uint64_t followed;
    size_t left;
    bool stopped, more;
    enum ayni_status status;
};

static enum ayni_status tell_entry(struct reading *reading, const struct log_arrival *arrival,
                                   const struct log_feed *feed, const struct ayni_entry *entry)
{
    struct change change = { .cursor = *reading->cursor,
                             .time = arrival->time,
                             .key.space = feed->descriptor.space,
                             .node = feed->descriptor.node };
    SCOPED_BUFFER room = { 0 };
    struct ayni_version version;
    struct ayni_bytes plain;
    enum ayni_status status;

    if (entry->kind != AYNI_KIND_VERSION || entry->hollow != AYNI_HOLLOW_NONE)
        return AYNI_OK;
    status = payload_open(reading->charter->epoch_keys, feed, entry->kind, entry->payload, &room,
                          &plain);
    if (status == AYNI_OK)
        status = ayni_version_decode(plain, &version);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    change.key.type = version.type;
    change.key.record = version.record;
    change.version = &version;
    reading->stopped = !reading->tell(reading->context, reading->charter, &change);
    ayni_version_free(&version);
    return AYNI_OK;
}

static bool read_arrival(void *context, const struct log_arrival *arrival)
{
    struct reading *reading = context;
    struct change_cursor *cursor = reading->cursor;
    uint64_t from = cursor->arrival == arrival->no && cursor->seq >= arrival->from ? cursor->seq + 1
                                                                                   : arrival->from;
    struct log_feed feed;
    struct log_entry entry;

    if (arrival->no > reading->followed)
        return false;
    reading->status = log_get_feed(reading->log, arrival->feed, &feed);
    for (uint64_t seq = from; reading->status == AYNI_OK && seq <= arrival->to; seq++) {
        if (reading->left == 0) {
            reading->more = true;
            return false;
        }
        reading->left--;
        *cursor = (struct change_cursor){ .arrival = arrival->no, .seq = seq };
        reading->status = log_get_entry(reading->log, arrival->feed, seq, &entry);
        if (reading->status == AYNI_OK)
            reading->status = tell_entry(reading, arrival, &feed, &entry.entry);
        if (reading->stopped)
            return false;
    }
    return reading->status == AYNI_OK;
}

enum ayni_status change_feed_read(const struct records *records, struct change_cursor *cursor,
                                  bool (*tell)(void *context, const struct charter *charter,
                                               const struct change *change),
                                  void *context, bool *more)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    struct reading reading = { .records = records,
                               .charter = charter,
                               .cursor = cursor,
                               .tell = tell,
                               .context = context,
                               .followed = follow_reached(projector_follow(records->projector)),
                               .left = ENTRIES_AT_ONCE };
    enum ayni_status status = log_snapshot_begin(records->log, &reading.log);

    if (status != AYNI_OK)
        return status;
    status = log_each_arrival(reading.log, cursor->arrival, read_arrival, &reading);
    log_snapshot_end(reading.log);
    *more = reading.more;
    return status != AYNI_OK ? status : reading.status;
}
