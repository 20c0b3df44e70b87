#include "daemon/records/erasure/erasure_drops.h"

#include "daemon/records/erasure/erasure_tables.h"

/* Entries of one order that are looked at; of more the last drop of all counts. */
enum { ENTRIES_MAX = 4096 };

struct looking {
    struct reader *reader;
    uint64_t newest; /* of all drops */
    size_t left;
    struct erasure_drops drops;
};

static void look_at(struct looking *looking, const struct version_ref *ref)
{
    uint8_t key[VERSION_REF_SIZE];
    struct log_stub stub;
    struct ayni_bytes reason;

    if (looking->left == 0) {
        looking->drops.last = looking->newest;
        return;
    }
    looking->left--;
    if (log_get_stub(reader_log(looking->reader), ref->feed, ref->seq, &stub) == AYNI_OK) {
        if (stub.number > looking->drops.last)
            looking->drops.last = stub.number;
        return;
    }
    version_ref_encode(ref, key);
    looking->drops.pending = looking->drops.pending ||
                             views_get(reader_views(looking->reader), RECORDS_TABLE_DROPS,
                                       (struct ayni_bytes){ key, sizeof(key) }, &reason) == AYNI_OK;
}

static enum ayni_status look_at_ranges(struct looking *looking, const struct erasure_order *order)
{
    struct log_snapshot *log = reader_log(looking->reader);
    struct log_entry entry;
    struct ayni_erase erase;
    struct log_feed feed;
    enum ayni_status status = log_get_entry(log, order->ref.feed, order->ref.seq, &entry);

    if (status == AYNI_OK)
        status = ayni_erase_decode(entry.entry.payload, &erase);
    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < erase.range_count; i++) {
        const struct ayni_erase_range *range = &erase.ranges[i];
        if (log_find_feed(log, &range->feed, &feed) != AYNI_OK)
            continue;
        struct version_ref ref = { feed.no, range->from };
        for (; ref.seq <= range->to && ref.seq <= feed.head.seq && looking->left > 0; ref.seq++)
            look_at(looking, &ref);
        if (ref.seq <= range->to && ref.seq <= feed.head.seq)
            look_at(looking, &ref);
    }
    ayni_erase_free(&erase);
    return AYNI_OK;
}

/* Each version under the prefix that is in GONE with these flags. */
static enum ayni_status each_gone_under(struct reader *reader, struct ayni_bytes prefix,
                                        uint32_t type, uint8_t flags,
                                        void (*visit)(void *context, const struct version_ref *ref),
                                        void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes found, value;
    struct record_key key;

    views_cursor_open(reader_views(reader), RECORDS_TABLE_GONE, prefix, &cursor);
    while (views_cursor_next(&cursor, &found, &value)) {
        struct version_ref ref;
        if (found.size != PROBLEM_KEY_SIZE || value.size != 1 || (value.data[0] & flags) != flags)
            continue;
        record_key_decode(found.data, &key);
        ref = version_ref_decode(found.data + RECORD_KEY_SIZE);
        if (type == 0 || key.type == type)
            visit(context, &ref);
    }
    return cursor.status;
}

/* Those of one record. */
static enum ayni_status each_gone(struct reader *reader, const struct record_key *key,
                                  uint8_t flags,
                                  void (*visit)(void *context, const struct version_ref *ref),
                                  void *context)
{
    uint8_t prefix[RECORD_KEY_SIZE];

    record_key_encode(key, prefix);
    return each_gone_under(reader, (struct ayni_bytes){ prefix, sizeof(prefix) }, 0, flags, visit,
                           context);
}

static void look_at_gone(void *context, const struct version_ref *ref)
{
    look_at(context, ref);
}

enum ayni_status erasure_drops_of(struct reader *reader, const struct erasure_order *order,
                                  struct erasure_drops *drops)
{
    struct looking looking = { .reader = reader, .left = ENTRIES_MAX };
    enum ayni_status status = log_last_drop(reader_log(reader), &looking.newest);

    if (status == AYNI_OK)
        status = look_at_ranges(&looking, order);
    if (status == AYNI_OK && order->readable)
        status = each_gone(reader, &order->key, 0, look_at_gone, &looking);
    if (status == AYNI_OK)
        *drops = looking.drops;
    return status;
}

/* --- what was here --- */

struct counting {
    struct reader *reader;
    size_t count;
};

static void count_dropped(void *context, const struct version_ref *ref)
{
    struct counting *counting = context;
    struct log_stub stub;

    counting->count +=
        reader_allows(counting->reader, ref) &&
        log_get_stub(reader_log(counting->reader), ref->feed, ref->seq, &stub) == AYNI_OK;
}

enum ayni_status erasure_dropped_of(struct reader *reader, const struct record_key *key,
                                    size_t *count)
{
    struct counting counting = { .reader = reader };
    enum ayni_status status = each_gone(reader, key, ERASURE_GONE_ERASED, count_dropped, &counting);

    if (status == AYNI_OK)
        *count = counting.count;
    return status;
}

enum ayni_status erasure_dropped_in(struct reader *reader, const struct ayni_space *space,
                                    uint32_t type, size_t *count)
{
    struct counting counting = { .reader = reader };
    struct ayni_bytes prefix = { 0 };

    if (space != NULL)
        prefix = (struct ayni_bytes){ space->bytes, sizeof(space->bytes) };
    enum ayni_status status =
        each_gone_under(reader, prefix, type, ERASURE_GONE_ERASED, count_dropped, &counting);
    if (status == AYNI_OK)
        *count = counting.count;
    return status;
}
