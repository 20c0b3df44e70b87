#include "daemon/records/projection.h"

#include <stdlib.h>

#include "daemon/records/arrivals_note.h"
#include "daemon/records/charter_change.h"
#include "daemon/records/derive.h"
#include "daemon/records/puts.h"
#include "daemon/records/task.h"
#include "daemon/records/touched.h"
#include "proto/registry.h"

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
        status = *making->projection->stop ? AYNI_E_STOPPED
                                           : put_versions(making, touched, &records, &refs);
        if (touched->from < touched->to && charter_is_of(touched->key.type) &&
            ayni_id_equal(&touched->key.space, &registry))
            making->charter_touched = true;
    }
    if (status == AYNI_OK)
        status = puts_flush(&records, making->txn, RECORDS_TABLE_RECORDS);
    puts_free(&records);
    return status;
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
        status = *projection->stop ? AYNI_E_STOPPED
                                   : derive_record(&making->derive, &making->touched[i].key,
                                                   making->touched[i].fresh);
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
        .new_forks = projection->arrivals->fork_count > 0,
        .empty_views = making->position == 0,
        .stop = projection->stop,
        .first_arrival = making->position + 1,
        .last_arrival = projection->arrivals->last,
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
        status =
            touched_awaited(making->txn, projection->log, projection->arrivals, &making->refolds);
    if (status == AYNI_OK)
        status =
            touched_list(projection->arrivals, &making->refolds, &making->touched, &making->count);
    if (status == AYNI_OK)
        status = put_records(making);
    if (status == AYNI_OK)
        status = arrivals_note(projection->arrivals, making->txn, &making->charter_touched);
    if (status == AYNI_OK)
        status = renew_charter(making);
    if (status == AYNI_OK)
        status = put_counts(making);
    if (status == AYNI_OK)
        status = arrivals_note_feeds(projection->arrivals, making->txn);
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
