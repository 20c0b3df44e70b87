#include "daemon/records/projection/projection.h"

#include <stdlib.h>

#include "daemon/records/charter_change.h"
#include "daemon/records/cut_branches.h"
#include "daemon/records/erasure/drop.h"
#include "daemon/records/erasure/erasure_note.h"
#include "daemon/records/erasure/erasure_part.h"
#include "daemon/records/erasure/receipt.h"
#include "daemon/records/projection/arrivals_note.h"
#include "daemon/records/projection/derive.h"
#include "daemon/records/projection/put_versions.h"
#include "daemon/records/projection/touched.h"
#include "daemon/records/task.h"
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
    SCOPED_PUT_VERSIONS put = put_versions_begin(making->views);
    const struct charter_owner *owner = making->projection->owner;
    struct ayni_space registry = ayni_registry_space(&owner->root);
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < making->count; i++) {
        struct touched *touched = &making->touched[i];
        status = *making->projection->stop
                     ? AYNI_E_STOPPED
                     : put_versions_of(&put, making->projection->arrivals, touched);
        if (touched->from < touched->to && charter_is_of(touched->key.type) &&
            ayni_id_equal(&touched->key.space, &registry))
            making->charter_touched = true;
    }
    return status == AYNI_OK ? put_versions_flush(&put, making->txn) : status;
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
    making->parting.position = projection->position;
    making->parting.work = &making->erasure;
    if (status == AYNI_OK)
        status = parting_run(&making->parting, making->touched, making->count);
    return status == AYNI_OK ? receipts_settle(making->reader, making->txn,
                                               &projection->owner->node, projection->arrivals)
                             : status;
}

/* Most records come once, in one version, and are read once. */
static enum ayni_status derive_one(struct making *making, const struct touched *touched)
{
    const struct arrived_version *versions = making->projection->arrivals->versions;
    bool fresh = touched->fresh && !touched->parted;

    if (fresh && touched->to - touched->from == 1 && !versions[touched->from].hollow)
        return derive_only(&making->derive, &versions[touched->from]);
    return derive_record(&making->derive, &touched->key, fresh);
}

static enum ayni_status derive_all(struct making *making)
{
    const struct projection *projection = making->projection;
    const struct ayni_buffer *unnamed = &making->parting.unnamed;
    const struct ayni_buffer *unlisted = &making->parting.unlisted;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; i < unnamed->size / sizeof(struct parting_subject); i++) {
        const struct parting_subject *was = &((const struct parting_subject *)unnamed->data)[i];
        derive_subject_without(&making->derive.subjects, &was->key, &was->subject);
    }
    for (size_t i = 0; i < unlisted->size / sizeof(struct parting_occasion); i++) {
        const struct parting_occasion *was = &((const struct parting_occasion *)unlisted->data)[i];
        derive_occasion_without(&making->derive.occasions, &was->key, &was->ref, &was->occasion);
    }
    for (size_t i = 0; status == AYNI_OK && i < making->count; i++)
        status = *projection->stop ? AYNI_E_STOPPED : derive_one(making, &making->touched[i]);
    return status == AYNI_OK ? derive_flush(&making->derive, making->txn) : status;
}

static enum ayni_status tell_hooks(struct making *making)
{
    struct projection *projection = making->projection;
    struct record_key *keys = calloc(making->count + 1, sizeof(*keys));
    struct projection_batch batch = {
        .views = making->txn,
        .reader = making->reader,
        .keys = keys,
        .key_count = making->count,
        .new_charter = projection->charter != NULL || projection->elsewhere,
        .new_forks = projection->arrivals->fork_count > 0,
        .new_owed = making->erasure.owed,
        .empty_views = making->position == 0,
        .stop = projection->stop,
        .first_arrival = making->position + 1,
        .last_arrival = projection->arrivals->last,
    };
    enum ayni_status status = keys == NULL ? AYNI_E_MEMORY : AYNI_OK;

    if (status == AYNI_OK)
        status =
            derive_subjects_named(&making->derive.subjects, &batch.subjects, &batch.subject_count);
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

    making->erasure.epoch_keys = projection->before->epoch_keys;

    if (status == AYNI_OK)
        status = erasure_note(making->txn, projection->log, &registry, projection->arrivals,
                              projection->refold_max, &making->erasure);
    if (status == AYNI_OK)
        status = receipts_note(making->txn, projection->log, projection->arrivals);
    ayni_buffer_append(&making->refolds, making->erasure.keys.data, making->erasure.keys.size);
    return status;
}

static enum ayni_status make(struct making *making)
{
    struct projection *projection = making->projection;
    enum ayni_status status = views_position(making->views, &making->position);

    projection->position =
        projection->arrivals->last != 0 ? projection->arrivals->last : making->position;
    if (status == AYNI_OK)
        status = tasks_take(making->txn, projection->log, projection->before->epoch_keys,
                            projection->refold_max, &making->refolds);
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
        status = cut_branches_note(projection->arrivals, making->txn, projection->log,
                                   &making->charter_touched);
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
    status = views_set_position(making->txn, projection->position);
    if (status == AYNI_OK)
        status = sealed_tasks_left(making->views, &projection->unseals);
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
