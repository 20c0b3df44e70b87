#include "daemon/bundle/rights.h"

#include "daemon/records/charter.h"
#include "proto/limits.h"
#include "proto/registry.h"

void rights_begin(struct rights *rights, const struct records *records,
                  const struct ayni_ticket *ticket)
{
    *rights = (struct rights){ .records = records,
                               .ticket = ticket,
                               .charter = standing_hold(records->standing) };
}

void rights_end(struct rights *rights)
{
    charter_release(rights->charter);
}

enum ayni_status rights_renew(struct rights *rights)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(rights->records->log, &snapshot);

    if (status != AYNI_OK)
        return status;
    uint64_t arrival = log_last_arrival(snapshot);
    log_snapshot_end(snapshot);
    snapshot = NULL;
    status = projector_wait(rights->records->projector, arrival);
    if (status != AYNI_OK)
        return status;
    charter_release(rights->charter);
    rights->charter = standing_hold(rights->records->standing);
    rights->registry_moved = false;
    return AYNI_OK;
}

bool rights_has_sender(const struct rights *rights)
{
    const struct ayni_member *member =
        ayni_registry_member(rights->charter->registry, &rights->sender);

    return member != NULL && !member->revoked;
}

bool rights_admit(const struct rights *rights, const struct ayni_feed_descriptor *descriptor)
{
    const struct ayni_registry *registry = rights->charter->registry;
    const struct ayni_node *steering = ayni_registry_steering(registry);

    if (!ayni_id_equal(&descriptor->space, &rights->charter->registry_space))
        return rights_has_sender(rights) &&
               charter_check_author(rights->charter, descriptor) == AYNI_OK;
    return (steering != NULL && ayni_id_equal(steering, &descriptor->node)) ||
           (rights->ticket != NULL &&
            ayni_id_equal(&rights->ticket->steering.node, &descriptor->node)) ||
           ayni_registry_member(registry, &descriptor->node) != NULL;
}

/* --- how many --- */

bool rights_are_alike(const struct ayni_feed_descriptor *a, const struct ayni_feed_descriptor *b)
{
    return a->lane == b->lane && ayni_id_equal(&a->node, &b->node) &&
           ayni_id_equal(&a->space, &b->space);
}

struct counting {
    const struct ayni_feed_descriptor *descriptor;
    size_t count;
};

static bool count_segment(void *context, const struct log_segment *segment)
{
    struct counting *counting = context;

    counting->count += rights_are_alike(&segment->descriptor, counting->descriptor);
    return counting->count < AYNI_FEEDS_PER_AUTHOR_MAX;
}

enum ayni_status rights_count_feeds(struct log_snapshot *snapshot,
                                    const struct ayni_feed_descriptor *descriptor, size_t *count)
{
    struct counting counting = { descriptor, 0 };
    enum ayni_status status = log_each_segment(snapshot, count_segment, &counting);

    *count = counting.count;
    return status;
}
