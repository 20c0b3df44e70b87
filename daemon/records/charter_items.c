#include "daemon/records/charter_items.h"

#include <stdlib.h>

#include "daemon/records/charter.h"
#include "daemon/records/tables.h"

/* Room for one more in an array of things of `size`; NULL where there is no memory. */
static void *one_more(void *array, size_t count, size_t *capacity, size_t size)
{
    size_t wider = *capacity == 0 ? 64 : *capacity * 2;
    void *grown;

    if (count < *capacity)
        return array;
    grown = reallocarray(array, wider, size);
    if (grown != NULL)
        *capacity = wider;
    return grown;
}

static enum ayni_status keep_version(struct charter_items *items, const struct log_feed *feed,
                                     uint64_t seq, const struct log_entry *entry,
                                     struct ayni_version *version)
{
    struct ayni_version *kept = malloc(sizeof(*kept));
    struct ayni_registry_item *room =
        one_more(items->items, items->count, &items->capacity, sizeof(*room));

    if (room != NULL)
        items->items = room;
    if (room == NULL || kept == NULL) {
        free(kept);
        ayni_version_free(version);
        return AYNI_E_MEMORY;
    }
    *kept = *version;
    items->items[items->count++] = (struct ayni_registry_item){
        .feed = feed->id,
        .node = feed->descriptor.node,
        .seq = seq,
        .chain = entry->chain,
        .time = entry->entry.time,
        .version = kept,
    };
    return AYNI_OK;
}

/* What can't be read or is no part of a charter is left out. */
static enum ayni_status add_version(struct charter_items *items, const struct log_feed *feed,
                                    uint64_t seq, const struct log_entry *entry)
{
    struct ayni_version version;
    struct ayni_record record;
    uint32_t type;
    enum ayni_status status;

    if (entry->entry.hollow != AYNI_HOLLOW_NONE ||
        ayni_version_peek(entry->entry.payload, &record, &type) != AYNI_OK || !charter_is_of(type))
        return AYNI_OK;
    status = ayni_version_decode(entry->entry.payload, &version);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    return keep_version(items, feed, seq, entry, &version);
}

static enum ayni_status add_cut(struct charter_items *items, const struct log_feed *feed,
                                uint64_t seq, const struct log_entry *entry)
{
    struct ayni_cut *cut = malloc(sizeof(*cut));
    struct ayni_registry_cut *room =
        one_more(items->cuts, items->cut_count, &items->cut_capacity, sizeof(*room));
    enum ayni_status status = cut == NULL || room == NULL ? AYNI_E_MEMORY : AYNI_OK;

    if (room != NULL)
        items->cuts = room;
    if (status == AYNI_OK && entry->entry.hollow == AYNI_HOLLOW_NONE)
        status = ayni_cut_decode(entry->entry.payload, cut);
    else if (status == AYNI_OK)
        status = AYNI_E_NOT_FOUND;
    if (status != AYNI_OK) {
        free(cut);
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    }
    items->cuts[items->cut_count++] = (struct ayni_registry_cut){
        .space = feed->descriptor.space,
        .feed = feed->id,
        .node = feed->descriptor.node,
        .seq = seq,
        .chain = entry->chain,
        .time = entry->entry.time,
        .cut = cut,
    };
    return AYNI_OK;
}

void charter_items_free(struct charter_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        struct ayni_version *version = (struct ayni_version *)(uintptr_t)items->items[i].version;
        ayni_version_free(version);
        free(version);
    }
    for (size_t i = 0; i < items->cut_count; i++) {
        struct ayni_cut *cut = (struct ayni_cut *)(uintptr_t)items->cuts[i].cut;
        ayni_cut_free(cut);
        free(cut);
    }
    free(items->items);
    free(items->cuts);
    free(items->records);
    *items = (struct charter_items){ 0 };
}

static int by_record(const void *a, const void *b)
{
    const struct ayni_version *left = ((const struct ayni_registry_item *)a)->version;
    const struct ayni_version *right = ((const struct ayni_registry_item *)b)->version;

    if (left->type != right->type)
        return left->type < right->type ? -1 : 1;
    return ayni_id_compare(&left->record, &right->record);
}

static int by_id(const void *a, const void *b)
{
    return ayni_id_compare((const struct ayni_record *)a, (const struct ayni_record *)b);
}

static void sort(struct charter_items *items)
{
    if (items->count > 1)
        qsort(items->items, items->count, sizeof(items->items[0]), by_record);
}

size_t charter_items_same(const struct charter_items *items, size_t from)
{
    size_t to = from + 1;

    while (to < items->count && by_record(&items->items[from], &items->items[to]) == 0)
        to++;
    return to;
}

/* --- from views/ --- */

static enum ayni_status add_ref(struct charter_items *items, const struct version_ref *ref)
{
    struct log_feed feed;
    struct log_entry entry;
    enum ayni_status status = log_get_feed(items->log, ref->feed, &feed);

    if (status == AYNI_OK)
        status = log_get_entry(items->log, ref->feed, ref->seq, &entry);
    if (status != AYNI_OK)
        return status;
    return entry.entry.kind == AYNI_KIND_CUT ? add_cut(items, &feed, ref->seq, &entry)
                                             : add_version(items, &feed, ref->seq, &entry);
}

static enum ayni_status add_record(struct charter_items *items, const struct ayni_record *record)
{
    struct ayni_record *room =
        one_more(items->records, items->record_count, &items->record_capacity, sizeof(*room));

    if (room == NULL)
        return AYNI_E_MEMORY;
    items->records = room;
    room[items->record_count++] = *record;
    return AYNI_OK;
}

static enum ayni_status add_records(struct charter_items *items, const struct ayni_space *space,
                                    struct views_snapshot *views)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;
    struct record_key record;
    enum ayni_status status = AYNI_OK;

    views_cursor_open(views, RECORDS_TABLE_RECORDS, (struct ayni_bytes){ space->bytes, 16 },
                      &cursor);
    while (status == AYNI_OK && views_cursor_next(&cursor, &key, &value)) {
        if (key.size != RECORD_KEY_SIZE)
            continue;
        record_key_decode(key.data, &record);
        if (!charter_is_of(record.type))
            continue;
        status = add_record(items, &record.record);
        for (size_t at = 0; status == AYNI_OK && at + VERSION_REF_SIZE <= value.size;
             at += VERSION_REF_SIZE) {
            struct version_ref ref = version_ref_decode(value.data + at);
            status = add_ref(items, &ref);
        }
    }
    return status == AYNI_OK ? cursor.status : status;
}

static enum ayni_status add_cuts(struct charter_items *items, struct views_snapshot *views)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;
    enum ayni_status status = AYNI_OK;

    views_cursor_open(views, RECORDS_TABLE_CUTS, (struct ayni_bytes){ 0 }, &cursor);
    while (status == AYNI_OK && views_cursor_next(&cursor, &key, &value)) {
        struct version_ref ref;
        if (key.size != ENTRY_KEY_SIZE)
            continue;
        ref = version_ref_decode(key.data + 16);
        status = add_ref(items, &ref);
    }
    return status == AYNI_OK ? cursor.status : status;
}

enum ayni_status charter_items_from_views(const struct ayni_node *root,
                                          struct views_snapshot *views, struct log_snapshot *log,
                                          struct charter_items *items)
{
    struct ayni_space space = ayni_registry_space(root);
    enum ayni_status status;

    items->log = log;
    status = add_records(items, &space, views);
    if (status == AYNI_OK)
        status = add_cuts(items, views);
    sort(items);
    if (items->record_count > 1)
        qsort(items->records, items->record_count, sizeof(items->records[0]), by_id);
    return status;
}

/* --- from the log itself --- */

struct feed_scan {
    struct charter_items *items;
    struct ayni_space registry;
    enum ayni_status status;
};

/* All of a feed of the registry; of others' control lanes the cuts. */
static bool scan_feed(void *context, const struct log_feed *feed)
{
    struct feed_scan *scan = context;
    bool registry = ayni_id_equal(&feed->descriptor.space, &scan->registry);
    struct log_entry entry;

    if (!registry && feed->descriptor.lane != AYNI_LANE_CONTROL)
        return true;
    for (uint64_t seq = feed->first; scan->status == AYNI_OK && seq <= feed->head.seq; seq++) {
        scan->status = log_get_entry(scan->items->log, feed->no, seq, &entry);
        if (scan->status != AYNI_OK)
            break;
        if (entry.entry.kind == AYNI_KIND_CUT && feed->descriptor.lane == AYNI_LANE_CONTROL)
            scan->status = add_cut(scan->items, feed, seq, &entry);
        else if (registry && entry.entry.kind == AYNI_KIND_VERSION)
            scan->status = add_version(scan->items, feed, seq, &entry);
    }
    return scan->status == AYNI_OK;
}

enum ayni_status charter_items_from_log(const struct ayni_node *root, struct log_snapshot *log,
                                        struct charter_items *items)
{
    struct feed_scan scan = { .items = items, .registry = ayni_registry_space(root) };
    enum ayni_status status;

    items->log = log;
    status = log_each_feed(log, scan_feed, &scan);
    sort(items);
    return scan.status != AYNI_OK ? scan.status : status;
}
