#include "daemon/records/projection.h"

#include <stdlib.h>

#include "daemon/records/arrivals_note.h"
#include "daemon/records/charter_change.h"
#include "daemon/records/derive.h"
#include "daemon/records/drop.h"
#include "daemon/records/erasure_note.h"
#include "daemon/records/erasure_part.h"
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
    struct erasure_work erasure;
    struct parting parting;
    bool charter_touched;
    uint64_t position; /* before the batch */
};

static void making_done(struct making *making)
{
    derive_free(&making->derive);
    parting_free(&making->parting);
    erasure_work_free(&making->erasure);
    reader_end(making->reader);
    ayni_buffer_free(&making->refolds);
    free(making->touched);
}

/* --- versions --- */

/* A payload that came later than its entry: they are sorted, so it is the one before. */
static bool came_before(const struct arrivals *arrivals, size_t from, size_t index)
{
    const struct version_ref *ref = &arrivals->versions[index].ref;

    return index > from && ref->feed == arrivals->versions[index - 1].ref.feed &&
           ref->seq == arrivals->versions[index - 1].ref.seq;
}

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
    touched->held = !touched->fresh || touched->from < touched->to;
    if (touched->from == touched->to)
        return AYNI_OK;
    ayni_buffer_clear(refs);
    if (!touched->fresh)
        ayni_buffer_append(refs, held.data, held.size);
    for (size_t i = touched->from; i < touched->to; i++) {
        uint8_t ref[VERSION_REF_SIZE];
        version_ref_encode(&arrivals->versions[i].ref, ref);
        if (!came_before(arrivals, touched->from, i) && !version_refs_have(held, ref))
            ayni_buffer_append(refs, ref, sizeof(ref));
    }
    puts_add(records, key, ayni_buffer_bytes(refs));
    return ayni_buffer_status(refs);
}

static enum ayni_status add_count(struct making *making, const struct record_key *key, int64_t more)
{
    uint8_t name[COUNT_KEY_SIZE], value[8];
    struct ayni_bytes held;
    enum ayni_status status;

    count_key_encode(&key->space, key->type, name);
    status = views_get(making->views, RECORDS_TABLE_COUNTS,
                       (struct ayni_bytes){ name, sizeof(name) }, &held);
    if (status == AYNI_OK && held.size == sizeof(value))
        more += (int64_t)ayni_get_u64(held.data);
    else if (status != AYNI_E_NOT_FOUND)
        return status == AYNI_OK ? AYNI_E_IO : status;
    if (more <= 0) /* the last of them was erased */
        return views_delete(making->txn, RECORDS_TABLE_COUNTS,
                            (struct ayni_bytes){ name, sizeof(name) });
    ayni_put_u64(value, (uint64_t)more);
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
        int64_t more = 0;
        for (to = from;
             to < making->count && same_place(&making->touched[from].key, &making->touched[to].key);
             to++)
            more += making->touched[to].held - !making->touched[to].fresh;
        if (more != 0)
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
    status =
        charter_change_plan(projection->before, projection->charter, making->txn, projection->log,
                            (struct record_key *)keys.data, keys.size / sizeof(struct record_key));
    if (status == AYNI_OK &&
        ayni_registry_orders_changed(projection->before->registry, projection->charter->registry))
        status = erasure_weigh_all(making->txn);
    return status;
}

/* What is erased is for nobody; under the charter that holds from here on. */
static enum ayni_status part_erased(struct making *making)
{
    struct projection *projection = making->projection;
    const struct charter *charter =
        projection->charter != NULL ? projection->charter : projection->before;
    enum ayni_status status = reader_over(making->views, projection->log, charter, &making->reader);

    making->derive.reader = making->parting.reader = making->reader;
    making->parting.txn = making->txn;
    making->parting.arrivals = projection->arrivals;
    making->parting.work = &making->erasure;
    return status == AYNI_OK ? parting_run(&making->parting, making->touched, making->count)
                             : status;
}

static enum ayni_status derive_all(struct making *making)
{
    const struct projection *projection = making->projection;
    const struct ayni_buffer *unnamed = &making->parting.unnamed;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; i < unnamed->size / sizeof(struct parting_subject); i++) {
        const struct parting_subject *was = &((const struct parting_subject *)unnamed->data)[i];
        derive_unname(&making->derive, &was->key, &was->subject);
    }
    for (size_t i = 0; status == AYNI_OK && i < making->count; i++)
        status = *projection->stop
                     ? AYNI_E_STOPPED
                     : derive_record(&making->derive, &making->touched[i].key,
                                     making->touched[i].fresh && !making->touched[i].parted);
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
        .new_charter = projection->charter != NULL || projection->elsewhere,
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
        if (projection->hooks[i].derives || !projection->beside)
            status = projection->hooks[i].project(projection->hooks[i].context, &batch);
    free(keys);
    return status;
}

/* Orders that came, and records that are to be judged: they are touched, too. */
static enum ayni_status note_erasures(struct making *making)
{
    struct projection *projection = making->projection;
    struct ayni_space registry = ayni_registry_space(&projection->owner->root);
    enum ayni_status status = drops_settle(making->txn, projection->log);

    if (status == AYNI_OK)
        status = erasure_note(making->txn, projection->log, &registry, projection->arrivals,
                              projection->refold_max, &making->erasure);
    ayni_buffer_append(&making->refolds, making->erasure.keys.data, making->erasure.keys.size);
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
        status = note_erasures(making);
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
        status = part_erased(making);
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
