#include "daemon/net/holes.h"

#include "daemon/net/batch.h"
#include "daemon/records/tables.h"
#include "proto/limits.h"

/* So many payloads that are here come along, rather than another round trip. */
enum { GAP_MAX = 4 };

uint64_t holes_count(struct views *views)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    uint64_t count;

    if (views_snapshot_begin(views, &snapshot) != AYNI_OK ||
        views_count(snapshot, RECORDS_TABLE_UNREAD, &count) != AYNI_OK)
        return 0;
    return count;
}

/* --- looking --- */

/* The first entry after a place, and the last of those that follow it at once. */
static bool find_entries(struct views_snapshot *views, const struct ayni_sync_place *after,
                         struct version_ref *first, uint64_t *last)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct version_ref from = { (feed_no)after->feed, after->seq };
    uint8_t name[VERSION_REF_SIZE];
    struct ayni_bytes key, value;

    version_ref_encode(&from, name);
    views_cursor_open(views, RECORDS_TABLE_UNREAD, (struct ayni_bytes){ 0 }, &cursor);
    bool found =
        views_cursor_seek(&cursor, (struct ayni_bytes){ name, sizeof(name) }, &key, &value);
    if (found && memcmp(key.data, name, sizeof(name)) == 0)
        found = views_cursor_next(&cursor, &key, &value);
    if (!found)
        return false;
    *first = version_ref_decode(key.data);
    *last = first->seq;
    while (*last - first->seq < AYNI_RUN_ENTRIES_MAX && views_cursor_next(&cursor, &key, &value)) {
        struct version_ref next = version_ref_decode(key.data);
        if (next.feed != first->feed || next.seq > *last + 1 + GAP_MAX)
            break;
        *last = next.seq;
    }
    return true;
}

struct search {
    feed_no no;
    uint64_t seq;
    struct log_segment segment;
    bool found;
};

static bool is_elsewhere(void *context, const struct log_segment *segment)
{
    struct search *search = context;

    search->found = segment->no == search->no && segment->start.seq < search->seq &&
                    search->seq <= segment->head.seq;
    search->segment = *segment;
    return !search->found;
}

/* As what peers know the entry. */
static enum ayni_status find_segment(struct log_snapshot *log, const struct version_ref *ref,
                                     struct log_segment *segment)
{
    struct search search = { .no = ref->feed, .seq = ref->seq };
    struct log_feed feed;
    enum ayni_status status = log_get_feed(log, ref->feed, &feed);

    if (status == AYNI_OK)
        status = log_each_segment_of(log, &feed.id, is_elsewhere, &search);
    if (status == AYNI_OK && !search.found)
        status = AYNI_E_NOT_FOUND;
    if (status == AYNI_OK)
        *segment = search.segment;
    return status;
}

/* AYNI_E_EXISTS: it has come, and views/ doesn't know that yet. */
static enum ayni_status describe(struct log_snapshot *log, const struct version_ref *first,
                                 uint64_t last, struct ayni_sync_hole *hole)
{
    struct log_segment segment;
    struct log_entry entry;
    struct ayni_hash chain;
    enum ayni_status status = log_get_entry(log, first->feed, first->seq, &entry);

    if (status == AYNI_OK && entry.entry.hollow == AYNI_HOLLOW_NONE)
        status = AYNI_E_EXISTS;
    if (status == AYNI_OK)
        status = find_segment(log, first, &segment);
    if (status == AYNI_OK)
        status = log_get_chain(log, first->feed, first->seq - 1, &chain);
    if (status != AYNI_OK)
        return status;
    *hole = (struct ayni_sync_hole){
        .found = true,
        .place = { first->feed, first->seq },
        .feed = segment.id,
        .from = first->seq - 1,
        .to = last < segment.head.seq ? last : segment.head.seq,
        .mark = ayni_chain_mark_of(&chain),
    };
    return AYNI_OK;
}

void holes_find(struct log_store *log, struct views *views, const struct ayni_sync_place *after,
                struct ayni_sync_hole *hole)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    SCOPED_LOG_SNAPSHOT *held = NULL;
    struct ayni_sync_place place = *after;
    struct version_ref first;
    uint64_t last;

    *hole = (struct ayni_sync_hole){ 0 };
    if (views_snapshot_begin(views, &snapshot) != AYNI_OK ||
        log_snapshot_begin(log, &held) != AYNI_OK)
        return;
    while (!hole->found && find_entries(snapshot, &place, &first, &last)) {
        place = (struct ayni_sync_place){ first.feed, first.seq };
        if (describe(held, &first, last, hole) != AYNI_OK)
            *hole = (struct ayni_sync_hole){ 0 }; /* the next one, then */
    }
}

/* --- choosing --- */

struct choice {
    struct views_snapshot *views;
    feed_no no;
};

static bool is_wanted(void *context, uint64_t seq)
{
    const struct choice *choice = context;
    uint8_t name[VERSION_REF_SIZE];
    struct ayni_bytes value;

    version_ref_encode(&(struct version_ref){ choice->no, seq }, name);
    return views_get(choice->views, RECORDS_TABLE_UNREAD, (struct ayni_bytes){ name, sizeof(name) },
                     &value) == AYNI_OK;
}

enum ayni_status holes_choose(struct log_store *log, struct views *views, uint64_t from,
                              struct batch *batch)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    SCOPED_LOG_SNAPSHOT *held = NULL;
    struct log_segment segment;
    enum ayni_status status = views_snapshot_begin(views, &snapshot);

    if (status == AYNI_OK)
        status = log_snapshot_begin(log, &held);
    if (status == AYNI_OK)
        status = log_find_segment(held, &batch->segment, &segment);
    if (status != AYNI_OK)
        return status;
    batch->no = segment.no;
    batch->first = from + 1;
    return batch_choose(batch, is_wanted, &(struct choice){ snapshot, segment.no });
}
