#include "daemon/records/change_feed.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/plain_payload.h"
#include "daemon/records/sealed.h"
#include "proto/registry.h"
#include "proto/registry_records.h"

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
    int size = snprintf(text, CHANGE_CURSOR_TEXT_SIZE, "%s.%llu.%llu", instance,
                        (unsigned long long)cursor->arrival, (unsigned long long)cursor->seq);
    if (cursor->late_arrival != 0)
        snprintf(text + size, CHANGE_CURSOR_TEXT_SIZE - (size_t)size, ".%llu.%llu",
                 (unsigned long long)cursor->late_arrival, (unsigned long long)cursor->late_seq);
}

enum ayni_status change_cursor_parse(struct log_store *log, const char *text,
                                     struct change_cursor *cursor)
{
    char instance[2 * INSTANCE_SIZE + 1], given[2 * INSTANCE_SIZE + 1];
    unsigned long long arrival, seq, late_arrival = 0, late_seq = 0;
    int used = 0, more = 0;

    if (strcmp(text, "0") == 0) {
        *cursor = (struct change_cursor){ 0 };
        return AYNI_OK;
    }
    if (sscanf(text, "%8[0-9a-f].%20llu.%20llu%n", given, &arrival, &seq, &used) != 3)
        return AYNI_E_MALFORMED;
    if (sscanf(text + used, ".%20llu.%20llu%n", &late_arrival, &late_seq, &more) == 2)
        used += more;
    if (text[used] != 0)
        return AYNI_E_MALFORMED;
    instance_text(log, instance);
    if (strcmp(instance, given) != 0)
        return AYNI_E_VERSION;
    *cursor = (struct change_cursor){ arrival, seq, late_arrival, late_seq };
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

/* More than can be told at once, or too much was looked at. */
static bool is_enough(struct reading *reading)
{
    reading->more |= reading->left == 0;
    if (reading->left > 0)
        reading->left--;
    return reading->more;
}

static enum ayni_status tell_entry(struct reading *reading, struct ayni_instant time,
                                   const struct log_feed *feed, const struct ayni_entry *entry)
{
    struct change change = { .cursor = *reading->cursor,
                             .time = time,
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

/* --- what a key opens that came before it --- */

struct key_given {
    struct reading *reading;
    struct ayni_space space;
    struct ayni_epoch epoch;
    const struct log_arrival *arrival; /* with which it came */
};

static bool field_bytes(const struct ayni_version *version, uint32_t number, void *to, size_t size)
{
    for (size_t i = 0; i < version->field_count; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(version->fields[i].value);
        if (version->fields[i].number != number)
            continue;
        struct ayni_bytes bytes = ayni_cbor_read_bytes(&reader);
        if (ayni_cbor_done(&reader) != AYNI_OK || bytes.size != size)
            return false;
        memcpy(to, bytes.data, size);
        return true;
    }
    return false;
}

/* Whether the entry gives this node the key of an epoch, which opens something. Its own were there
 * before anything was written under them. */
static bool gives_key(const struct reading *reading, const struct log_feed *feed,
                      const struct ayni_entry *entry, struct key_given *key)
{
    const struct charter *charter = reading->charter;
    struct ayni_version version;
    struct ayni_node node;

    if (!ayni_id_equal(&feed->descriptor.space, &charter->registry_space) ||
        ayni_id_equal(&feed->descriptor.node, &charter->self) || entry->kind != AYNI_KIND_VERSION ||
        entry->hollow != AYNI_HOLLOW_NONE ||
        ayni_version_decode(entry->payload, &version) != AYNI_OK)
        return false;
    bool gives = version.type == AYNI_TYPE_WRAPPED_KEY &&
                 field_bytes(&version, AYNI_FIELD_WRAPPED_KEY_NODE, node.bytes, 32) &&
                 field_bytes(&version, AYNI_FIELD_WRAPPED_KEY_SPACE, key->space.bytes, 16) &&
                 field_bytes(&version, AYNI_FIELD_WRAPPED_KEY_EPOCH, key->epoch.bytes, 16) &&
                 ayni_id_equal(&node, &charter->self);
    ayni_version_free(&version);
    return gives && epoch_keys_find(charter->epoch_keys, &key->space, &key->epoch) != NULL;
}

static bool is_under(const struct key_given *key, const struct ayni_entry *entry)
{
    struct ayni_epoch epoch;

    return entry->kind == AYNI_KIND_VERSION && entry->hollow == AYNI_HOLLOW_NONE &&
           ayni_confidential_epoch(entry->payload, &epoch) == AYNI_OK &&
           ayni_id_equal(&epoch, &key->epoch);
}

/* One arrival before the key's. */
static bool read_late(void *context, const struct log_arrival *arrival)
{
    const struct key_given *key = context;
    struct reading *reading = key->reading;
    struct change_cursor *cursor = reading->cursor;
    uint64_t from = cursor->late_arrival == arrival->no && cursor->late_seq >= arrival->from
                        ? cursor->late_seq + 1
                        : arrival->from;
    struct log_feed feed;
    struct log_entry entry;

    if (arrival->no >= key->arrival->no || is_enough(reading))
        return false;
    if (cursor->late_arrival != arrival->no) {
        cursor->late_arrival = arrival->no;
        cursor->late_seq = 0;
    }
    reading->status = log_get_feed(reading->log, arrival->feed, &feed);
    if (reading->status != AYNI_OK || !ayni_id_equal(&feed.descriptor.space, &key->space))
        return reading->status == AYNI_OK;
    for (uint64_t seq = from; reading->status == AYNI_OK && seq <= arrival->to; seq++) {
        if (is_enough(reading))
            return false;
        cursor->late_arrival = arrival->no;
        cursor->late_seq = seq;
        reading->status = log_get_entry(reading->log, arrival->feed, seq, &entry);
        if (reading->status == AYNI_OK && is_under(key, &entry.entry))
            reading->status = tell_entry(reading, key->arrival->time, &feed, &entry.entry);
        if (reading->stopped)
            return false;
    }
    return reading->status == AYNI_OK;
}

/* Whether views/ has taken in what keys opened. */
static bool is_shown(struct reading *reading)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    bool left = true;

    reading->status = views_snapshot_begin(reading->records->views, &views);
    if (reading->status == AYNI_OK)
        reading->status = sealed_tasks_left(views, &left);
    return reading->status == AYNI_OK && !left;
}

/* Before the entry `seq` of that arrival. False: not all was told. */
static bool tell_late(struct reading *reading, const struct log_feed *feed, uint64_t seq,
                      const struct ayni_entry *entry, const struct log_arrival *arrival)
{
    struct key_given key = { .reading = reading, .arrival = arrival };
    struct change_cursor *cursor = reading->cursor;

    if (!gives_key(reading, feed, entry, &key))
        return true;
    if (!is_shown(reading))
        return false;
    if (cursor->arrival != arrival->no || cursor->seq != seq - 1)
        *cursor = (struct change_cursor){ .arrival = arrival->no, .seq = seq - 1 };
    enum ayni_status status = log_each_arrival(reading->log, cursor->late_arrival, read_late, &key);
    if (status != AYNI_OK)
        reading->status = status;
    return reading->status == AYNI_OK && !reading->stopped && !reading->more;
}

/* --- one arrival after the other --- */

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
        if (is_enough(reading))
            return false;
        reading->status = log_get_entry(reading->log, arrival->feed, seq, &entry);
        if (reading->status == AYNI_OK && !tell_late(reading, &feed, seq, &entry.entry, arrival))
            return false;
        *cursor = (struct change_cursor){ .arrival = arrival->no, .seq = seq };
        if (reading->status == AYNI_OK)
            reading->status = tell_entry(reading, arrival->time, &feed, &entry.entry);
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
    uint64_t followed = follow_reached(projector_follow(records->projector));
    SCOPED_CHARTER charter = standing_hold(records->standing); /* not older than that */
    struct reading reading = { .records = records,
                               .charter = charter,
                               .cursor = cursor,
                               .tell = tell,
                               .context = context,
                               .followed = followed,
                               .left = ENTRIES_AT_ONCE };
    enum ayni_status status = log_snapshot_begin(records->log, &reading.log);

    if (status != AYNI_OK)
        return status;
    status = log_each_arrival(reading.log, cursor->arrival, read_arrival, &reading);
    log_snapshot_end(reading.log);
    *more = reading.more;
    return status != AYNI_OK ? status : reading.status;
}
