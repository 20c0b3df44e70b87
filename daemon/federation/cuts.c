#include "daemon/federation/cuts.h"

#include <stdlib.h>

#include "daemon/records/standing.h"
#include "daemon/records/writing/author.h"
#include "proto/registry.h"

/* The feeds of one node in one space, each up to what is held here. */
struct points {
    const struct ayni_ending *ending;
    struct ayni_cut_point *list;
    size_t count, room;
    bool failed;
};

static bool add_point(void *context, const struct log_feed *feed)
{
    struct points *points = context;

    if (!ayni_id_equal(&feed->descriptor.space, &points->ending->space) ||
        !ayni_id_equal(&feed->descriptor.node, &points->ending->node) || feed->head.seq == 0)
        return true;
    if (points->count == points->room) {
        size_t room = points->room == 0 ? 8 : 2 * points->room;
        struct ayni_cut_point *list = realloc(points->list, room * sizeof(*list));
        if (list == NULL) {
            points->failed = true;
            return false;
        }
        points->list = list;
        points->room = room;
    }
    points->list[points->count++] =
        (struct ayni_cut_point){ feed->id, feed->head.seq, feed->head.chain };
    return true;
}

static enum ayni_status find_points(struct records *records, struct points *points)
{
    struct log_snapshot *snapshot;

    enum ayni_status status = log_snapshot_begin(records->log, &snapshot);
    if (status != AYNI_OK)
        return status;
    status = log_each_feed(snapshot, add_point, points);
    log_snapshot_end(snapshot);
    if (status == AYNI_OK && points->failed)
        status = AYNI_E_MEMORY;
    return status;
}

static enum ayni_status give(struct records *records, const struct ayni_ending *ending)
{
    SCOPED_BUFFER payload = { 0 };
    struct points points = { .ending = ending };

    enum ayni_status status = find_points(records, &points);
    if (status == AYNI_OK) {
        points.count = ayni_cut_fit_points(points.list, points.count);
        struct ayni_cut cut = { ending->record, points.list, points.count };
        ayni_cut_encode(&cut, &payload);
        status = ayni_buffer_status(&payload);
    }
    if (status == AYNI_OK)
        status = author_write_entry(records->author, &ending->space, AYNI_KIND_CUT,
                                    ayni_buffer_bytes(&payload), NULL);
    free(points.list);
    return status;
}

/*
 * The owner's to give in its space, steering's in the registry. Where the
 * owner is revoked steering does it, if it has the feeds: a cut lists what its
 * giver holds, and what isn't listed no longer counts.
 */
static bool is_ours(const struct charter *charter, const struct ayni_node *self,
                    const struct ayni_ending *ending)
{
    const struct ayni_registry *registry = charter->registry;
    const struct ayni_node *steering = ayni_registry_steering(registry);
    const struct ayni_space_info *space = ayni_registry_space_info(registry, &ending->space);
    bool steers = steering != NULL && ayni_id_equal(steering, self);

    if (ayni_id_equal(&ending->space, &charter->registry_space))
        return !ending->cut_by_steering && steers;
    if (space == NULL)
        return false;
    const struct ayni_member *owner = ayni_registry_member(registry, &space->owner);
    if (owner != NULL && owner->revoked)
        return !ending->cut_by_steering && steers &&
               ayni_registry_may_receive(registry, self, &ending->space);
    return !ending->cut_by_owner && ayni_id_equal(&space->owner, self);
}

enum ayni_status cuts_give(struct records *records)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    size_t count;
    const struct ayni_ending *endings = ayni_registry_endings(charter->registry, &count);
    enum ayni_status first = AYNI_OK;

    for (size_t i = 0; i < count; i++) {
        if (!is_ours(charter, &records->node, &endings[i]))
            continue;
        enum ayni_status status = give(records, &endings[i]);
        first = first == AYNI_OK ? status : first;
    }
    return first;
}
