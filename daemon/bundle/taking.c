#include "daemon/bundle/taking.h"

#include <pthread.h>
#include <stdlib.h>

#include "daemon/bundle/bundle_place.h"
#include "daemon/bundle/known.h"
#include "daemon/bundle/rights.h"
#include "daemon/net/intake.h"
#include "proto/limits.h"

/* Runs that were handed over, and how many of their entries are new. */
struct under_way {
    struct ayni_feed_descriptor descriptor;
    bool first; /* of their feed */
    uint64_t entries;
};

struct taking {
    struct taking_options options;
    struct intake *intake;
    struct rights rights;
    struct taking_counts *counts; /* of the volume that is taken */
    struct ayni_buffer sent;      /* struct under_way; the index is the number of the batch */
    uint64_t handed;              /* batches, to the log writer */
    pthread_mutex_t mutex;        /* of what follows */
    pthread_cond_t done;
    uint64_t wakes; /* of them, that it is done with */
};

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

/* Until nothing is under way. */
static enum ayni_status drain(struct taking *taking)
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

/* --- runs --- */

/* Whether its runs are taken, if need be after what this bundle has brought. */
static enum ayni_status admit(struct taking *taking, const struct ayni_feed_descriptor *descriptor,
                              bool *admitted)
{
    enum ayni_status status = AYNI_OK;

    *admitted = rights_admit(&taking->rights, descriptor);
    if (*admitted)
        return AYNI_OK;
    status = drain(taking);
    if (status == AYNI_OK && taking->rights.registry_moved) {
        status = rights_renew(&taking->rights);
        *admitted = rights_admit(&taking->rights, descriptor);
    }
    return status;
}

/* Whether one more feed of the author would be too many; those that are on their way into the log
 * count, too. */
static enum ayni_status check_quota(const struct taking *taking,
                                    const struct ayni_feed_descriptor *descriptor, bool *used_up)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    const struct under_way *sent = (const struct under_way *)taking->sent.data;
    size_t count = 0;
    enum ayni_status status = log_snapshot_begin(taking->options.records->log, &snapshot);

    if (status == AYNI_OK)
        status = rights_count_feeds(snapshot, descriptor, &count);
    for (size_t i = 0; i < taking->sent.size / sizeof(*sent); i++)
        count += sent[i].first && rights_are_alike(&sent[i].descriptor, descriptor);
    *used_up = count >= AYNI_FEEDS_PER_AUTHOR_MAX;
    return status;
}

static enum ayni_status hand_over(struct taking *taking, const struct ayni_bundle_runs *runs,
                                  const struct bundle_place *place)
{
    uint64_t skipped = place->held > runs->from.seq ? place->held - runs->from.seq : 0;
    struct under_way sent = { runs->descriptor, place->first, place->count - skipped };
    struct ayni_sync_store batch = {
        .number = taking->sent.size / sizeof(sent),
        .feed = runs->feed,
        .descriptor = runs->descriptor,
        .from = runs->from.seq,
        .runs = runs->runs,
    };

    ayni_buffer_append(&taking->sent, &sent, sizeof(sent));
    if (taking->sent.failed)
        return AYNI_E_MEMORY;
    enum ayni_status status = intake_take(taking->intake, &batch);
    switch (status) {
    case AYNI_OK:
        taking->counts->held += skipped;
        taking->handed++;
        return AYNI_OK;
    case AYNI_E_CHAIN:
        taking->counts->waiting += place->count;
        return AYNI_OK;
    case AYNI_E_SIGNATURE: /* it was verified as it stands: here the feed goes on otherwise */
    case AYNI_E_INVALID:
        taking->counts->refused += place->count;
        return AYNI_OK;
    default:
        return status;
    }
}

static enum ayni_status place_runs(struct taking *taking, const struct ayni_bundle_runs *runs)
{
    struct bundle_place place;
    bool used_up = false;
    enum ayni_status status = bundle_place_find(taking->options.records->log,
                                                &taking->rights.charter->root, runs, &place);

    if (status == AYNI_OK && place.is == BUNDLE_PLACE_FOLLOWS && place.first)
        status = check_quota(taking, &runs->descriptor, &used_up);
    if (status != AYNI_OK)
        return status;
    if (used_up)
        place.is = BUNDLE_PLACE_OTHER;
    switch (place.is) {
    case BUNDLE_PLACE_FOLLOWS:
        return hand_over(taking, runs, &place);
    case BUNDLE_PLACE_HELD:
        taking->counts->held += place.count;
        return AYNI_OK;
    case BUNDLE_PLACE_WAITS:
        taking->counts->waiting += place.count;
        return AYNI_OK;
    case BUNDLE_PLACE_OTHER:
        break;
    }
    taking->counts->refused += place.count;
    return AYNI_OK;
}

static enum ayni_status take_runs(struct taking *taking, const struct ayni_bundle_runs *runs)
{
    uint64_t count;
    bool admitted;
    enum ayni_status status = admit(taking, &runs->descriptor, &admitted);

    if (status == AYNI_OK && admitted)
        return place_runs(taking, runs);
    if (status == AYNI_OK)
        status = bundle_place_count(runs, &count);
    if (status == AYNI_OK)
        taking->counts->waiting += count;
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
            status = take_runs(taking, &item.runs);
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
        enum ayni_status drained = drain(taking);
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
