#include "daemon/records/projection.h"

#include <stdlib.h>

#include "daemon/records/charter_change.h"
#include "daemon/records/derive.h"
#include "daemon/records/problem.h"
#include "daemon/records/puts.h"
#include "daemon/records/task.h"
#include "proto/registry.h"

/* One record that the batch reaches. */
struct touched {
    struct record_key key;
    size_t from,
        to;     /* its new versions among the arrivals; none for one that is only folded again */
    bool fresh; /* views/ knew nothing of it */
};

/* What is at hand while a batch is made. */
struct making {
    struct projection *projection;
    struct views_txn *txn;
    struct views_snapshot *views;
    struct ayni_buffer refolds; /* struct record_key */
    struct touched *touched;    /* by key, each once */
    size_t count;
    struct reader *reader;
    struct derive derive;
    bool charter_touched;
    uint64_t position; /* before the batch */
};

static void making_done(struct making *making)
{
    derive_free(&making->derive);
    reader_end(making->reader);
    ayni_buffer_free(&making->refolds);
    free(making->touched);
}

/* --- which records --- */

/* Records whose contexts waited for what came in one span. */
static enum ayni_status awaited_by(struct making *making, const struct arrived_span *span,
                                   struct puts *done)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t from[AWAIT_KEY_SIZE] = { 0 };
    struct ayni_bytes key, value;
    struct record_key record;
    struct log_feed feed;
    enum ayni_status status = log_get_feed(making->projection->log, span->feed, &feed);

    if (status != AYNI_OK)
        return status;
    memcpy(from, feed.id.bytes, 16);
    ayni_put_u64(from + 16, span->from);
    views_cursor_open(making->views, RECORDS_TABLE_AWAITS, (struct ayni_bytes){ from, 16 },
                      &cursor);
    for (bool more = views_cursor_seek(&cursor, (struct ayni_bytes){ from, 24 }, &key, &value);
         more && key.size == AWAIT_KEY_SIZE && ayni_get_u64(key.data + 16) <= span->to;
         more = views_cursor_next(&cursor, &key, &value)) {
        memset(&record, 0, sizeof(record));
        record_key_decode(key.data + 24, &record);
        ayni_buffer_append(&making->refolds, &record, sizeof(record));
        puts_remove(done, key);
    }
    return cursor.status;
}

static enum ayni_status find_awaited(struct making *making)
{
    const struct arrivals *arrivals = making->projection->arrivals;
    struct puts done = { 0 };
    uint64_t waiting;
    enum ayni_status status = views_count(making->views, RECORDS_TABLE_AWAITS, &waiting);

    for (size_t i = 0; status == AYNI_OK && waiting > 0 && i < arrivals->span_count; i++)
        status = awaited_by(making, &arrivals->spans[i], &done);
    if (status == AYNI_OK)
        status = puts_flush(&done, making->txn, RECORDS_TABLE_AWAITS);
    puts_free(&done);
    return status;
}

/* Merge what arrived and what is folded again into one list by key. */
static enum ayni_status list_touched(struct making *making)
{
    const struct arrivals *arrivals = making->projection->arrivals;
    struct record_key *again = (struct record_key *)making->refolds.data;
    size_t again_count = making->refolds.size / sizeof(*again);
    size_t at = 0, old = 0;

    making->count = 0;
    making->touched = calloc(arrivals->count + again_count + 1, sizeof(*making->touched));
    if (making->touched == NULL || making->refolds.failed)
        return AYNI_E_MEMORY;
    if (again_count > 1)
        qsort(again, again_count, sizeof(*again), record_key_compare);
    while (at < arrivals->count || old < again_count) {
        struct touched *next = &making->touched[making->count++];
        bool arrived = old == again_count ||
                       (at < arrivals->count &&
                        record_key_compare(&arrivals->versions[at].key, &again[old]) <= 0);
        next->key = arrived ? arrivals->versions[at].key : again[old];
        next->from = at;
        while (at < arrivals->count &&
               record_key_compare(&arrivals->versions[at].key, &next->key) == 0)
            at++;
        next->to = at;
        while (old < again_count && record_key_compare(&again[old], &next->key) == 0)
            old++;
    }
    return AYNI_OK;
}

/* --- versions --- */

/* The record's versions, those held and those that came. */
static enum ayni_status put_versions(struct making *making, struct touched *touched,
                                     struct puts *records, struct ayni_buffer *refs)
{
    const struct arrivals *arrivals = making->projection->arrivals;
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes key = { name, sizeof(name) };
    struct ayni_bytes held = { 0 };
    enum ayni_status status;

    record_key_encode(&touched->key, name);
    status = views_get(making->views, RECORDS_TABLE_RECORDS, key, &held);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    touched->fresh = status == AYNI_E_NOT_FOUND;
    if (touched->from == touched->to)
        return AYNI_OK;
    ayni_buffer_clear(refs);
    if (!touched->fresh)
        ayni_buffer_append(refs, held.data, held.size);
    for (size_t i = touched->from; i < touched->to; i++) {
        uint8_t *room = ayni_buffer_extend(refs, VERSION_REF_SIZE);
        if (room != NULL)
            version_ref_encode(&arrivals->versions[i].ref, room);
    }
    puts_add(records, key, ayni_buffer_bytes(refs));
    return ayni_buffer_status(refs);
}

static enum ayni_status add_count(struct making *making, const struct record_key *key,
                                  uint64_t more)
{
    uint8_t name[COUNT_KEY_SIZE], value[8];
    struct ayni_bytes held;
    enum ayni_status status;

    count_key_encode(&key->space, key->type, name);
    status = views_get(making->views, RECORDS_TABLE_COUNTS,
                       (struct ayni_bytes){ name, sizeof(name) }, &held);
    if (status == AYNI_OK && held.size == sizeof(value))
        more += ayni_get_u64(held.data);
    else if (status != AYNI_E_NOT_FOUND)
        return status == AYNI_OK ? AYNI_E_IO : status;
    ayni_put_u64(value, more);
    return views_put(making->txn, RECORDS_TABLE_COUNTS, (struct ayni_bytes){ name, sizeof(name) },
                     (struct ayni_bytes){ value, sizeof(value) });
}

static bool same_place(const struct record_key *a, const struct record_key *b)
{
    return a->type == b->type && ayni_id_equal(&a->space, &b->space);
}

static enum ayni_status put_counts(struct making *making)
{
    enum ayni_status status = AYNI_OK;

    for (size_t from = 0, to; status == AYNI_OK && from < making->count; from = to) {
        uint64_t more = 0;
        for (to = from;
             to < making->count && same_place(&making->touched[from].key, &making->touched[to].key);
             to++)
            more += making->touched[to].fresh;
        if (more > 0)
            status = add_count(making, &making->touched[from].key, more);
    }
    return status;
}

static enum ayni_status put_records(struct making *making)
{
    struct puts records = { 0 };
    SCOPED_BUFFER refs = { 0 };
    const struct charter_owner *owner = making->projection->owner;
    struct ayni_space registry = ayni_registry_space(&owner->root);
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < making->count; i++) {
        struct touched *touched = &making->touched[i];
        status = put_versions(making, touched, &records, &refs);
        if (touched->from < touched->to && charter_is_of(touched->key.type) &&
            ayni_id_equal(&touched->key.space, &registry))
            making->charter_touched = true;
    }
    if (status == AYNI_OK)
        status = puts_flush(&records, making->txn, RECORDS_TABLE_RECORDS);
    puts_free(&records);
    return status;
}

/* --- what else came --- */

static enum ayni_status put_odd_problem(struct making *making, const struct arrived_version *odd,
                                        enum problem_kind kind)
{
    uint8_t name[PROBLEM_KEY_SIZE];
    SCOPED_BUFFER row = { 0 };

    problem_append(kind, 0, problem_kind_name(kind), &row);
    problem_key_encode(&odd->key, &odd->ref, name);
    if (row.failed)
        return AYNI_E_MEMORY;
    return views_put(making->txn, RECORDS_TABLE_PROBLEMS, (struct ayni_bytes){ name, sizeof(name) },
                     ayni_buffer_bytes(&row));
}

static enum ayni_status put_odd(struct making *making, size_t index)
{
    const struct arrived_version *odd = &making->projection->arrivals->odd[index];
    uint8_t cut[CUT_KEY_SIZE], unread[VERSION_REF_SIZE];

    switch ((enum arrived_odd)making->projection->arrivals->odd_kinds[index]) {
    case ARRIVED_CUT:
        making->charter_touched = true;
        cut_key_encode(&odd->key.space, &odd->ref, cut);
        return views_put(making->txn, RECORDS_TABLE_CUTS, (struct ayni_bytes){ cut, sizeof(cut) },
                         (struct ayni_bytes){ 0 });
    case ARRIVED_HOLLOW:
        version_ref_encode(&odd->ref, unread);
        return views_put(making->txn, RECORDS_TABLE_UNREAD,
                         (struct ayni_bytes){ unread, sizeof(unread) }, (struct ayni_bytes){ 0 });
    case ARRIVED_BAD_CUT:
        return put_odd_problem(making, odd, PROBLEM_CUT);
    case ARRIVED_MALFORMED:
        return put_odd_problem(making, odd, PROBLEM_MALFORMED);
    }
    return AYNI_OK;
}

static enum ayni_status put_future(struct making *making)
{
    const struct arrivals *arrivals = making->projection->arrivals;
    SCOPED_BUFFER row = { 0 };
    enum ayni_status status = AYNI_OK;

    problem_append(PROBLEM_FUTURE, 0, problem_kind_name(PROBLEM_FUTURE), &row);
    for (size_t i = 0; status == AYNI_OK && i < arrivals->count; i++) {
        struct version_ref ref = arrivals->versions[i].ref;
        uint8_t name[PROBLEM_KEY_SIZE];
        if (!arrivals->versions[i].future)
            continue;
        ref.seq = PROBLEM_LASTING_SEQ(ref.seq);
        problem_key_encode(&arrivals->versions[i].key, &ref, name);
        status = views_put(making->txn, RECORDS_TABLE_PROBLEMS,
                           (struct ayni_bytes){ name, sizeof(name) }, ayni_buffer_bytes(&row));
    }
    return row.failed ? AYNI_E_MEMORY : status;
}

/* Up to where each feed is followed. Spans are by feed and seq: the last of a feed is the highest.
 */
static enum ayni_status put_feeds(struct making *making)
{
    const struct arrivals *arrivals = making->projection->arrivals;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < arrivals->span_count; i++) {
        const struct arrived_span *span = &arrivals->spans[i];
        uint8_t key[4], value[8];
        if (i + 1 < arrivals->span_count && span[1].feed == span->feed)
            continue;
        ayni_put_u32(key, span->feed);
        ayni_put_u64(value, span->to);
        status = views_put(making->txn, RECORDS_TABLE_FEEDS, (struct ayni_bytes){ key, 4 },
                           (struct ayni_bytes){ value, 8 });
    }
    return status;
}

static enum ayni_status put_rest(struct making *making)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < making->projection->arrivals->odd_count; i++)
        status = put_odd(making, i);
    return status == AYNI_OK ? put_future(making) : status;
}

/* --- the charter, and what is derived under it --- */

/* Counts and feeds still say what was there before the batch: that alone is to be folded again. */
static enum ayni_status renew_charter(struct making *making)
{
    struct projection *projection = making->projection;
    SCOPED_BUFFER keys = { 0 };
    enum ayni_status status;

    if (!making->charter_touched)
        return AYNI_OK;
    status =
        charter_from_views(projection->owner, making->views, projection->log, &projection->charter);
    for (size_t i = 0; i < making->count; i++)
        if (making->touched[i].from < making->touched[i].to)
            ayni_buffer_append(&keys, &making->touched[i].key, sizeof(struct record_key));
    if (status == AYNI_OK)
        status = ayni_buffer_status(&keys);
    if (status != AYNI_OK)
        return status;
    return charter_change_plan(projection->before, projection->charter, making->txn,
                               projection->log, (struct record_key *)keys.data,
                               keys.size / sizeof(struct record_key));
}

static enum ayni_status derive_all(struct making *making)
{
    struct projection *projection = making->projection;
    enum ayni_status status = reader_over(
        making->views, projection->log,
        projection->charter != NULL ? projection->charter : projection->before, &making->reader);

    making->derive.reader = making->reader;
    for (size_t i = 0; status == AYNI_OK && i < making->count; i++)
        status = derive_record(&making->derive, &making->touched[i].key, making->touched[i].fresh);
    return status == AYNI_OK ? derive_flush(&making->derive, making->txn) : status;
}

static int by_record(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct ayni_record));
}

/* Sort things of `size`, each once; how many are left. */
static size_t sort_once(void *things, size_t count, size_t size)
{
    uint8_t *bytes = things;
    size_t kept = count > 0;

    if (count > 1)
        qsort(things, count, size, by_record);
    for (size_t i = 1; i < count; i++)
        if (memcmp(bytes + (kept - 1) * size, bytes + i * size, size) != 0)
            memmove(bytes + kept++ * size, bytes + i * size, size);
    return kept;
}

static enum ayni_status tell_hooks(struct making *making)
{
    struct projection *projection = making->projection;
    struct ayni_buffer *named = &making->derive.named;
    struct record_key *keys = calloc(making->count + 1, sizeof(*keys));
    struct projection_batch batch = {
        .views = making->txn,
        .reader = making->reader,
        .keys = keys,
        .key_count = making->count,
        .subjects = (struct ayni_record *)named->data,
        .subject_count = sort_once(named->data, named->size / sizeof(struct ayni_record),
                                   sizeof(struct ayni_record)),
        .new_charter = projection->charter != NULL,
        .empty_views = making->position == 0,
    };
    enum ayni_status status = keys == NULL ? AYNI_E_MEMORY : AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < making->count; i++)
        keys[i] = making->touched[i].key;
    for (size_t i = 0; status == AYNI_OK && i < projection->hook_count; i++)
        status = projection->hooks[i].project(projection->hooks[i].context, &batch);
    free(keys);
    return status;
}

static enum ayni_status make(struct making *making)
{
    struct projection *projection = making->projection;
    enum ayni_status status = views_position(making->views, &making->position);

    if (status == AYNI_OK)
        status = tasks_take(making->txn, projection->log, projection->refold_max, &making->refolds);
    if (status == AYNI_OK)
        status = find_awaited(making);
    if (status == AYNI_OK)
        status = list_touched(making);
    if (status == AYNI_OK)
        status = put_records(making);
    if (status == AYNI_OK)
        status = put_rest(making);
    if (status == AYNI_OK)
        status = renew_charter(making);
    if (status == AYNI_OK)
        status = put_counts(making);
    if (status == AYNI_OK)
        status = put_feeds(making);
    if (status == AYNI_OK)
        status = derive_all(making);
    if (status == AYNI_OK)
        status = tell_hooks(making);
    if (status != AYNI_OK)
        return status;
    projection->position =
        projection->arrivals->last != 0 ? projection->arrivals->last : making->position;
    status = views_set_position(making->txn, projection->position);
    return status == AYNI_OK ? tasks_count(making->views, &projection->tasks) : status;
}

enum ayni_status projection_make(void *context, struct views_txn *txn)
{
    struct projection *projection = context;
    struct making making = { .projection = projection,
                             .txn = txn,
                             .views = views_txn_snapshot(txn) };
    enum ayni_status status;

    if (projection->charter != NULL)
        charter_release(projection->charter);
    projection->charter = NULL;
    status = make(&making);
    making_done(&making);
    return status;
}
