#include "daemon/records/erasure/erase_order.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/erasure/erasure_tables.h"
#include "proto/crypto.h"

/* Ranges of one entry: with the longest reason they are within a payload. */
enum { RANGES_MAX = 512 };

void erase_draft_free(struct erase_draft *draft)
{
    free(draft->ranges);
    draft->ranges = NULL;
}

/* --- which versions --- */

/* By feed and seq, so that those that follow one another are one range. */
static int by_ref(const void *a, const void *b)
{
    const struct version_ref *left = a;
    const struct version_ref *right = b;

    if (left->feed != right->feed)
        return left->feed < right->feed ? -1 : 1;
    return (left->seq > right->seq) - (left->seq < right->seq);
}

static void add_ref(struct ayni_buffer *refs, const uint8_t encoded[VERSION_REF_SIZE])
{
    struct version_ref ref;
    struct version_ref decoded = version_ref_decode(encoded);

    memset(&ref, 0, sizeof(ref));
    ref.feed = decoded.feed;
    ref.seq = decoded.seq;
    ayni_buffer_append(refs, &ref, sizeof(ref));
}

/* Those here, and those gone that no order's giver knew. */
static enum ayni_status list_versions(struct reader *reader, const struct record_key *key,
                                      struct ayni_buffer *refs)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes prefix = { name, sizeof(name) }, found, value;
    enum ayni_status status;

    record_key_encode(key, name);
    status = views_get(reader_views(reader), RECORDS_TABLE_RECORDS, prefix, &value);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    for (size_t at = 0; status == AYNI_OK && at + VERSION_REF_SIZE <= value.size;
         at += VERSION_REF_SIZE)
        add_ref(refs, value.data + at);
    views_cursor_open(reader_views(reader), RECORDS_TABLE_GONE, prefix, &cursor);
    while (views_cursor_next(&cursor, &found, &value))
        if (found.size == PROBLEM_KEY_SIZE && value.size == 1 &&
            value.data[0] != ERASURE_GONE_ERASED)
            add_ref(refs, found.data + RECORD_KEY_SIZE);
    return cursor.status != AYNI_OK ? cursor.status : ayni_buffer_status(refs);
}

/* --- ranges --- */

static bool continues(const struct ayni_erase_range *last, const struct log_feed *feed,
                      uint64_t seq)
{
    return ayni_id_equal(&last->feed, &feed->id) && last->to + 1 == seq;
}

static enum ayni_status name_version(struct reader *reader, const struct ayni_node *giver,
                                     const struct version_ref *before,
                                     const struct version_ref *ref, struct erase_draft *draft)
{
    const struct log_feed *feed = reader_feed(reader, ref->feed);
    struct ayni_erase_range *range = &draft->ranges[draft->range_count];
    struct log_entry entry;
    enum ayni_status status;

    if (feed == NULL)
        return AYNI_E_MEMORY;
    status = log_get_entry(reader_log(reader), ref->feed, ref->seq, &entry);
    if (status != AYNI_OK)
        return status;
    struct ayni_registry_entry version = { .space = feed->descriptor.space,
                                           .feed = feed->id,
                                           .node = feed->descriptor.node,
                                           .seq = ref->seq,
                                           .chain = entry.chain,
                                           .time = entry.entry.time };
    if (!ayni_registry_may_erase(reader_charter(reader)->registry, giver, &version)) {
        draft->kept++;
        return AYNI_OK;
    }
    if (draft->range_count > 0 && before != NULL && before->feed == ref->feed &&
        continues(range - 1, feed, ref->seq))
        range--;
    else
        *range = (struct ayni_erase_range){ .feed = feed->id, .from = ref->seq };
    range->to = ref->seq;
    range->chain = ayni_chain_prefix_of(&entry.chain);
    draft->range_count = (size_t)(range - draft->ranges) + 1;
    draft->versions++;
    return AYNI_OK;
}

static enum ayni_status name_versions(struct reader *reader, const struct ayni_node *giver,
                                      struct version_ref *refs, size_t count,
                                      struct erase_draft *draft)
{
    enum ayni_status status = AYNI_OK;

    draft->ranges = calloc(count + 1, sizeof(*draft->ranges));
    if (draft->ranges == NULL)
        return AYNI_E_MEMORY;
    if (count > 1)
        qsort(refs, count, sizeof(*refs), by_ref);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = name_version(reader, giver, i == 0 ? NULL : &refs[i - 1], &refs[i], draft);
    ayni_erase_sort(draft->ranges, draft->range_count);
    return status;
}

static enum ayni_status make(struct reader *reader, const struct ayni_node *giver,
                             struct ayni_buffer *refs, struct erase_draft *draft)
{
    struct erase_draft made = { .key = draft->key };
    enum ayni_status status = name_versions(reader, giver, (struct version_ref *)refs->data,
                                            refs->size / sizeof(struct version_ref), &made);

    if (status != AYNI_OK) {
        erase_draft_free(&made);
        return status;
    }
    *draft = made;
    return AYNI_OK;
}

enum ayni_status erase_draft_of_record(struct reader *reader, const struct record_key *key,
                                       const struct ayni_node *giver, struct erase_draft *draft)
{
    SCOPED_BUFFER refs = { 0 };
    enum ayni_status status = list_versions(reader, key, &refs);

    if (status != AYNI_OK || refs.size == 0)
        return status == AYNI_OK ? AYNI_E_NOT_FOUND : status;
    *draft = (struct erase_draft){ .key = *key };
    return make(reader, giver, &refs, draft);
}

enum ayni_status erase_draft_of_versions(struct reader *reader, const struct record_key *key,
                                         const struct ayni_node *giver,
                                         const struct version_ref *refs, size_t count,
                                         struct erase_draft *draft)
{
    SCOPED_BUFFER copy = { 0 };

    ayni_buffer_append(&copy, refs, count * sizeof(*refs));
    if (copy.failed)
        return AYNI_E_MEMORY;
    *draft = (struct erase_draft){ .key = *key };
    return make(reader, giver, &copy, draft);
}

/* --- entries --- */

struct writing {
    struct ayni_bytes steward, reason;
    struct author_entry *entries;
    struct ayni_buffer *payloads;
    size_t count;
};

static enum ayni_status add_entry(struct writing *writing, const struct erase_draft *draft,
                                  size_t from, const struct ayni_entry_name *earlier)
{
    size_t left = draft->range_count - from;
    struct ayni_erase_order order = { .record = draft->key.record,
                                      .type = draft->key.type,
                                      .steward = writing->steward,
                                      .reason = writing->reason,
                                      .has_earlier = earlier != NULL };
    struct ayni_buffer *payload = &writing->payloads[writing->count];
    SCOPED_BUFFER bytes = { 0 };

    if (earlier != NULL)
        order.earlier = *earlier;
    ayni_random(order.salt, sizeof(order.salt));
    ayni_erase_order_encode(&order, &bytes);
    struct ayni_erase erase = { .ranges = draft->ranges + from,
                                .range_count = left < RANGES_MAX ? left : RANGES_MAX,
                                .order = ayni_buffer_bytes(&bytes) };
    ayni_erase_encode(&erase, payload);
    writing->entries[writing->count++] =
        (struct author_entry){ draft->key.space, AYNI_KIND_ERASE, ayni_buffer_bytes(payload) };
    return bytes.failed ? AYNI_E_MEMORY : ayni_buffer_status(payload);
}

/* The first part of each order; then what follows, once the names of the orders are known. */
static enum ayni_status add_first(struct writing *writing, const struct erase_draft *drafts,
                                  size_t count, const struct ayni_entry_name *earlier)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = add_entry(writing, &drafts[i], 0, earlier == NULL ? NULL : &earlier[i]);
    return status;
}

static enum ayni_status add_rest(struct writing *writing, const struct erase_draft *drafts,
                                 size_t count, const struct author_result *first,
                                 const struct ayni_entry_name *earlier)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; i < count; i++)
        for (size_t from = RANGES_MAX; status == AYNI_OK && from < drafts[i].range_count;
             from += RANGES_MAX)
            status = add_entry(writing, &drafts[i], from,
                               earlier == NULL ? &first[i].name : &earlier[i]);
    return status;
}

static enum ayni_status write_all(struct author *author, struct writing *writing,
                                  const struct erase_draft *drafts, size_t count,
                                  const struct ayni_entry_name *earlier,
                                  struct author_result *results)
{
    enum ayni_status status = add_first(writing, drafts, count, earlier);

    if (status == AYNI_OK)
        status = author_write_entries(author, writing->entries, writing->count, results);
    if (status == AYNI_OK)
        status = add_rest(writing, drafts, count, results, earlier);
    return status == AYNI_OK ? author_write_entries(author, writing->entries + count,
                                                    writing->count - count, NULL)
                             : status;
}

enum ayni_status erase_drafts_write(struct author *author, const struct erase_draft *drafts,
                                    size_t count, const struct ayni_entry_name *earlier,
                                    struct ayni_bytes steward, struct ayni_bytes reason)
{
    struct writing writing = { .steward = steward, .reason = reason };
    struct author_result *results = calloc(count + 1, sizeof(*results));
    enum ayni_status status = AYNI_E_MEMORY;
    size_t entries = 0;

    for (size_t i = 0; i < count; i++)
        entries += 1 + drafts[i].range_count / RANGES_MAX;
    writing.entries = calloc(entries + 1, sizeof(*writing.entries));
    writing.payloads = calloc(entries + 1, sizeof(*writing.payloads));
    if (results != NULL && writing.entries != NULL && writing.payloads != NULL)
        status = write_all(author, &writing, drafts, count, earlier, results);
    for (size_t i = 0; i < writing.count; i++)
        ayni_buffer_free(&writing.payloads[i]);
    free(writing.payloads);
    free(writing.entries);
    free(results);
    return status;
}
