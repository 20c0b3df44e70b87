#include <stdlib.h>

#include "daemon/bundle/known.h"
#include "daemon/bundle/taking_private.h"

/* --- begin and end --- */

static enum ayni_status own_came(void *context, const struct ayni_feed *feed,
                                 const struct ayni_feed_descriptor *descriptor)
{
    struct taking *taking = context;

    return author_meet(taking->options.records->author, feed, descriptor);
}

/* In the log writer's thread. */
static void wake(void *context)
{
    struct taking *taking = context;

    pthread_mutex_lock(&taking->mutex);
    taking->wakes++;
    pthread_cond_signal(&taking->done);
    pthread_mutex_unlock(&taking->mutex);
}

enum ayni_status taking_begin(const struct taking_options *options, struct taking **taking)
{
    const struct records *records = options->records;
    struct taking *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    rights_begin(&made->rights, records, federation_ticket(options->federation));
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->done, NULL);
    struct intake_options intake = {
        .log = records->log,
        .writer = records->writer,
        .root = made->rights.charter->root,
        .self = options->identity->node,
        .own_came = own_came,
        .wake = wake,
        .context = made,
    };
    enum ayni_status status = intake_new(&intake, &made->intake);
    if (status != AYNI_OK) {
        taking_end(made);
        return status;
    }
    projector_bulk_begin(records->projector);
    *taking = made;
    return AYNI_OK;
}

void taking_end(struct taking *taking)
{
    if (taking == NULL)
        return;
    if (taking->intake != NULL)
        projector_bulk_end(taking->options.records->projector);
    intake_free(taking->intake);
    rights_end(&taking->rights);
    ayni_buffer_free(&taking->sent);
    pthread_cond_destroy(&taking->done);
    pthread_mutex_destroy(&taking->mutex);
    free(taking);
}

/* --- what is under way --- */

/* Each batch that was handed over wakes once, with the last that the log writer does for it. */
static void wait_for_all(struct taking *taking)
{
    pthread_mutex_lock(&taking->mutex);
    while (taking->wakes < taking->handed)
        pthread_cond_wait(&taking->done, &taking->mutex);
    pthread_mutex_unlock(&taking->mutex);
}

/* What the log writer has said of one; a failure that isn't about these runs is answered. */
static enum ayni_status note_result(struct taking *taking, const struct intake_result *result)
{
    const struct under_way *sent = (const struct under_way *)taking->sent.data + result->number;

    switch (result->status) {
    case AYNI_OK:
        if (result->is_fork)
            taking->options.fork_found(taking->options.context, &result->feed);
        taking->counts->stored += sent->entries;
        taking->rights.registry_moved =
            taking->rights.registry_moved ||
            ayni_id_equal(&sent->descriptor.space, &taking->rights.charter->registry_space);
        return AYNI_OK;
    case AYNI_E_CHAIN:
        taking->counts->waiting += sent->entries;
        return AYNI_OK;
    case AYNI_E_FORK:
        taking->counts->refused += sent->entries;
        return AYNI_OK;
    default:
        return result->status;
    }
}

enum ayni_status taking_drain(struct taking *taking)
{
    struct intake_result result;
    enum ayni_status status = AYNI_OK;

    wait_for_all(taking);
    while (intake_next(taking->intake, &result)) {
        enum ayni_status noted = note_result(taking, &result);
        status = status == AYNI_OK ? noted : status;
    }
    ayni_buffer_clear(&taking->sent);
    return status;
}

/* --- volumes --- */

static enum ayni_status take_items(struct taking *taking, struct ayni_bytes items,
                                   struct known_statement *statement)
{
    struct ayni_bundle_item item;
    size_t used;

    while (items.size > 0) {
        enum ayni_status status = ayni_bundle_item_read(items, &used, &item);
        if (status == AYNI_OK && item.type == AYNI_BUNDLE_RUNS)
            status = taking_runs(taking, &item.runs);
        if (status == AYNI_OK && item.type == AYNI_BUNDLE_HEADS)
            known_add(statement, &item.heads);
        if (status != AYNI_OK)
            return status;
        items = (struct ayni_bytes){ items.data + used, items.size - used };
    }
    return AYNI_OK;
}

static bool goes_on(const struct taking *taking, const struct ayni_bundle_volume *volume)
{
    const struct store_listener *listener = taking->options.listener;

    return !*taking->options.stop &&
           (listener == NULL || listener->progress(listener->context, volume->size, 0));
}

/* What is under way ends in any case. */
static enum ayni_status take_chunks(struct taking *taking, struct ayni_bundle_volume *volume,
                                    struct known_statement *statement)
{
    enum ayni_status status;

    while ((status = ayni_bundle_volume_next(volume)) == AYNI_OK) {
        if (!goes_on(taking, volume))
            return AYNI_E_STOPPED;
        status = take_items(taking, ayni_buffer_bytes(&volume->plain), statement);
        enum ayni_status drained = taking_drain(taking);
        status = status == AYNI_OK ? drained : status;
        if (status != AYNI_OK)
            return status;
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status keep_statement(struct taking *taking,
                                       const struct known_statement *statement)
{
    enum ayni_status status =
        taking->rights.registry_moved ? rights_renew(&taking->rights) : AYNI_OK;

    if (status != AYNI_OK || statement->heads.size == 0 || !rights_has_sender(&taking->rights))
        return status;
    return known_keep(taking->options.records->writer, statement);
}

enum ayni_status taking_volume(struct taking *taking, struct ayni_bundle_source *source,
                               struct taking_counts *counts)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct known_statement statement = { 0 };

    *counts = (struct taking_counts){ 0 };
    taking->counts = counts;
    enum ayni_status status = ayni_bundle_volume_begin(
        &volume, source, &taking->options.identity->node, taking->options.identity->secret);
    if (status != AYNI_OK)
        return status;
    taking->rights.sender = volume.head.sender;
    statement.node = volume.head.sender;
    statement.bundle = volume.head.bundle;
    statement.time = volume.head.time;
    status = take_chunks(taking, &volume, &statement);
    if (status == AYNI_OK)
        status = keep_statement(taking, &statement);
    ayni_buffer_free(&statement.heads);
    return status;
}

enum ayni_status taking_settle(struct taking *taking)
{
    return rights_renew(&taking->rights);
}
