#include "daemon/bundle/bundle_plan.h"

#include <stdlib.h>

#include "daemon/bundle/known.h"
#include "proto/limits.h"
#include "proto/registry.h"

/* A plan that is made: the log as it stands, and lists that grow. */
struct planning {
    const struct bundle_plan_options *options;
    struct log_snapshot *snapshot;
    struct known *known;
    struct bundle_plan *plan;
    struct ayni_buffer parts, heads; /* what they hold becomes the plan's */
    enum ayni_status status;
};

/* --- spaces --- */

static int by_space(const void *a, const void *b)
{
    const struct ayni_bundle_space *one = a, *other = b;

    return ayni_id_compare(&one->space, &other->space);
}

static bool both_may_receive(const struct bundle_plan_options *options,
                             const struct ayni_space *space)
{
    const struct ayni_registry *registry = options->charter->registry;

    return ayni_registry_may_receive(registry, &options->self, space) &&
           ayni_registry_may_receive(registry, &options->receiver, space);
}

static enum ayni_status find_spaces(const struct bundle_plan_options *options,
                                    struct bundle_plan *plan)
{
    size_t count;
    const struct ayni_space_info *infos = ayni_registry_spaces(options->charter->registry, &count);

    plan->spaces = calloc(count + 1, sizeof(*plan->spaces));
    if (plan->spaces == NULL)
        return AYNI_E_MEMORY;
    plan->spaces[plan->space_count++].space = options->charter->registry_space;
    for (size_t i = 0; i < count; i++)
        if (both_may_receive(options, &infos[i].id))
            plan->spaces[plan->space_count++].space = infos[i].id;
    qsort(plan->spaces, plan->space_count, sizeof(*plan->spaces), by_space);
    return plan->space_count <= AYNI_BUNDLE_SPACES_MAX ? AYNI_OK : AYNI_E_LIMIT;
}

static struct ayni_bundle_space *find_space(const struct bundle_plan *plan,
                                            const struct ayni_space *space)
{
    struct ayni_bundle_space wanted = { .space = *space };

    return bsearch(&wanted, plan->spaces, plan->space_count, sizeof(wanted), by_space);
}

/* --- feeds, and segments of those that forked --- */

/* As in gossip (proto/sync_serve.c), with all of the registry before what rests on it. */
static unsigned urgency_of(const struct planning *planning,
                           const struct ayni_feed_descriptor *descriptor)
{
    if (ayni_id_equal(&descriptor->space, &planning->options->charter->registry_space))
        return descriptor->lane <= AYNI_LANE_CURRENT ? 0 : 1;
    return descriptor->lane == AYNI_LANE_CONTROL   ? 2
           : descriptor->lane == AYNI_LANE_CURRENT ? 3
                                                   : 4;
}

static void note_head(struct planning *planning, const struct log_segment *segment)
{
    struct ayni_listed_head head = { ayni_feed_prefix_of(&segment->id), segment->head.seq,
                                     ayni_chain_mark_of(&segment->head.chain) };

    ayni_buffer_append(&planning->heads, &head, sizeof(head));
}

static void note_part(struct planning *planning, const struct log_segment *segment, uint64_t from,
                      struct ayni_bundle_space *space)
{
    struct bundle_part part = { .no = segment->no,
                                .feed = segment->id,
                                .descriptor = segment->descriptor,
                                .from = from,
                                .to = segment->head.seq,
                                .urgency = urgency_of(planning, &segment->descriptor) };

    ayni_buffer_append(&planning->parts, &part, sizeof(part));
    space->entries += part.to - part.from;
    planning->plan->entries += part.to - part.from;
}

static bool plan_segment(void *context, const struct log_segment *segment)
{
    struct planning *planning = context;
    struct ayni_bundle_space *space = find_space(planning->plan, &segment->descriptor.space);
    uint64_t from = segment->start.seq;

    if (space == NULL || segment->head.seq == segment->start.seq)
        return true;
    note_head(planning, segment);
    if (planning->options->since != BUNDLE_SINCE_NOTHING)
        planning->status = known_seq(planning->known, planning->snapshot, segment, &from);
    if (planning->status == AYNI_OK && from < segment->head.seq)
        note_part(planning, segment, from, space);
    return planning->status == AYNI_OK;
}

/* --- the order --- */

/* The registry in the order in which it came here, so that who is named comes before what she
 * wrote; lane 1 with the shortest tail first. */
static int by_order(const void *a, const void *b)
{
    const struct bundle_part *one = a, *other = b;
    uint64_t missing = one->to - one->from, others = other->to - other->from;

    if (one->urgency != other->urgency)
        return one->urgency < other->urgency ? -1 : 1;
    if (one->urgency == 3 && missing != others)
        return missing < others ? -1 : 1;
    if (one->no != other->no)
        return one->no < other->no ? -1 : 1;
    return (one->from > other->from) - (one->from < other->from);
}

static enum ayni_status take_lists(struct planning *planning)
{
    struct bundle_plan *plan = planning->plan;
    enum ayni_status status = ayni_buffer_status(&planning->parts);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&planning->heads);
    if (status != AYNI_OK)
        return status;
    plan->parts = (struct bundle_part *)planning->parts.data;
    plan->part_count = planning->parts.size / sizeof(*plan->parts);
    plan->heads = (struct ayni_listed_head *)planning->heads.data;
    plan->head_count = planning->heads.size / sizeof(*plan->heads);
    planning->parts = planning->heads = (struct ayni_buffer){ 0 };
    if (plan->part_count > 1)
        qsort(plan->parts, plan->part_count, sizeof(*plan->parts), by_order);
    return AYNI_OK;
}

enum ayni_status bundle_plan_make(const struct bundle_plan_options *options,
                                  struct bundle_plan *plan)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct bundle_plan made = { 0 };
    struct planning planning = { .options = options, .plan = &made };
    struct known_options known = { .instance = log_instance(options->log),
                                   .node = options->receiver,
                                   .said_only = options->since == BUNDLE_SINCE_ACK };

    enum ayni_status status = find_spaces(options, &made);
    if (status == AYNI_OK)
        status = log_snapshot_begin(options->log, &snapshot);
    planning.snapshot = snapshot;
    if (status == AYNI_OK)
        status = known_load(snapshot, &known, &planning.known);
    if (status == AYNI_OK)
        status = log_each_segment(snapshot, plan_segment, &planning);
    if (status == AYNI_OK)
        status = planning.status;
    if (status == AYNI_OK)
        status = take_lists(&planning);
    known_free(planning.known);
    ayni_buffer_free(&planning.parts);
    ayni_buffer_free(&planning.heads);
    if (status == AYNI_OK)
        *plan = made;
    else
        bundle_plan_free(&made);
    return status;
}

void bundle_plan_free(struct bundle_plan *plan)
{
    free(plan->parts);
    free(plan->spaces);
    free(plan->heads);
    *plan = (struct bundle_plan){ 0 };
}
