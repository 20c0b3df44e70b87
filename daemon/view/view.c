#include "daemon/view/view.h"

#include <stdlib.h>

#include "daemon/records/links/link_component.h"
#include "daemon/records/projection/projector.h"
#include "daemon/records/standing.h"
#include "daemon/records/walk.h"
#include "daemon/view/counters.h"
#include "daemon/view/source_months.h"

enum { TYPE_INDICATOR = 707, TYPE_RULE_SET = 708 };

struct view {
    struct plan *plan; /* by which the tables were computed last; the projector's thread alone */
};

/* One batch being counted. */
struct counting {
    const struct projection_batch *batch;
    const struct plan *plan;
    struct tally tally;
    struct subject_result before, after; /* their memory is used again */
};

static void counting_done(struct counting *counting)
{
    tally_free(&counting->tally);
    subject_result_free(&counting->before);
    subject_result_free(&counting->after);
}

/* --- one subject --- */

static enum ayni_status load_before(struct counting *counting, struct ayni_bytes key)
{
    struct ayni_bytes held;

    counting->before.count = 0;
    enum ayni_status status =
        views_get(views_txn_snapshot(counting->batch->views), VIEW_TABLE_CONTRIBUTIONS, key, &held);
    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    return status == AYNI_OK ? subject_decode(held, &counting->before) : status;
}

static enum ayni_status keep_after(struct counting *counting, struct ayni_bytes key)
{
    SCOPED_BUFFER value = { 0 };

    if (counting->after.count == 0)
        return counting->before.count == 0
                   ? AYNI_OK
                   : views_delete(counting->batch->views, VIEW_TABLE_CONTRIBUTIONS, key);
    subject_encode(&counting->after, &value);
    enum ayni_status status = ayni_buffer_status(&value);
    if (status != AYNI_OK)
        return status;
    return views_put(counting->batch->views, VIEW_TABLE_CONTRIBUTIONS, key,
                     ayni_buffer_bytes(&value));
}

static enum ayni_status count_subject(struct counting *counting, uint32_t type,
                                      const struct ayni_record *subject)
{
    uint8_t bytes[CONTRIBUTION_KEY_SIZE];
    struct ayni_bytes key = { bytes, sizeof(bytes) };

    if (*counting->batch->stop)
        return AYNI_E_STOPPED;
    contribution_key_encode(type, subject, bytes);
    enum ayni_status status = load_before(counting, key);
    if (status == AYNI_OK)
        status = subject_compute(counting->batch->reader, counting->plan, type, subject,
                                 &counting->after);
    if (status == AYNI_OK)
        status = keep_after(counting, key);
    if (status == AYNI_OK) {
        counters_add_subject(&counting->tally, counting->plan, &counting->before, -1);
        counters_add_subject(&counting->tally, counting->plan, &counting->after, 1);
    }
    return status;
}

static bool is_subject_type(const struct plan *plan, uint32_t type)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->indicators[i].subject == type)
            return true;
    return false;
}

/* Whether no indicator before it follows the same type. */
static bool is_first_of_its_type(const struct plan *plan, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (plan->indicators[i].subject == plan->indicators[index].subject)
            return false;
    return true;
}

/* Once as each type that indicators follow. */
static enum ayni_status count_as_all_types(struct counting *counting,
                                           const struct ayni_record *subject)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < counting->plan->count; i++) {
        if (is_first_of_its_type(counting->plan, i))
            status = count_subject(counting, counting->plan->indicators[i].subject, subject);
    }
    return status;
}

/* --- all that a batch touches --- */

/* The records that are subjects themselves, those whom touched records are about, and all who are
 * one with any of them: what one contributes may have gone over to another. Each once. */
static enum ayni_status touched_subjects(const struct counting *counting, struct id_set *subjects)
{
    const struct projection_batch *batch = counting->batch;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < batch->key_count; i++)
        if (is_subject_type(counting->plan, batch->keys[i].type))
            status = id_set_add(subjects, &batch->keys[i].record, NULL);
    for (size_t i = 0; status == AYNI_OK && i < batch->subject_count; i++)
        status = id_set_add(subjects, &batch->subjects[i], NULL);
    if (status == AYNI_OK)
        status = links_reach(batch->reader, subjects);
    id_set_sort(subjects);
    return status;
}

static enum ayni_status count_touched(struct counting *counting)
{
    SCOPED_ID_SET subjects = { 0 };
    enum ayni_status status = touched_subjects(counting, &subjects);

    for (size_t i = 0; status == AYNI_OK && i < subjects.count; i++)
        status = count_as_all_types(counting, &subjects.items[i]);
    return status;
}

/* The indicators have changed: count every subject that is here, from nothing. */
static enum ayni_status count_type(struct counting *counting, uint32_t type)
{
    enum ayni_status status = AYNI_OK;
    struct link_component component;
    struct record_key key;
    struct walk walk;

    walk_type(counting->batch->reader, NULL, type, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        uint8_t bytes[CONTRIBUTION_KEY_SIZE];
        struct ayni_bytes held;
        status = links_component(counting->batch->reader, &key.record, &component);
        contribution_key_encode(type, &component.child, bytes);
        /* In several spaces, and of several who are one: once. */
        if (status == AYNI_OK &&
            views_get(views_txn_snapshot(counting->batch->views), VIEW_TABLE_CONTRIBUTIONS,
                      (struct ayni_bytes){ bytes, sizeof(bytes) }, &held) == AYNI_E_NOT_FOUND)
            status = count_subject(counting, type, &component.child);
    }
    if (status == AYNI_OK)
        status = walk.status;
    walk_close(&walk);
    return status;
}

static enum ayni_status count_all(struct counting *counting)
{
    struct ayni_bytes all = { 0 };
    enum ayni_status status =
        views_delete_prefix(counting->batch->views, VIEW_TABLE_CONTRIBUTIONS, all);

    if (status == AYNI_OK)
        status = views_delete_prefix(counting->batch->views, VIEW_TABLE_COUNTERS, all);
    for (size_t i = 0; status == AYNI_OK && i < counting->plan->count; i++) {
        if (is_first_of_its_type(counting->plan, i))
            status = count_type(counting, counting->plan->indicators[i].subject);
    }
    return status;
}

/* --- the plan --- */

static const uint8_t plan_key[] = { 'p', 'l', 'a', 'n' };

static bool plan_may_have_changed(const struct view *view, const struct projection_batch *batch)
{
    if (view->plan == NULL || batch->empty_views || batch->new_charter)
        return true;
    for (size_t i = 0; i < batch->key_count; i++)
        if (batch->keys[i].type == TYPE_INDICATOR || batch->keys[i].type == TYPE_RULE_SET)
            return true;
    return false;
}

/* Whether the tables were computed by this plan. */
static enum ayni_status is_kept(const struct projection_batch *batch, const struct plan *plan,
                                bool *kept)
{
    struct ayni_bytes held;
    enum ayni_status status = views_get(views_txn_snapshot(batch->views), VIEW_TABLE_PLAN,
                                        (struct ayni_bytes){ plan_key, sizeof(plan_key) }, &held);

    *kept =
        status == AYNI_OK &&
        ayni_bytes_equal(held, (struct ayni_bytes){ plan->hash.bytes, sizeof(plan->hash.bytes) });
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status keep_plan(const struct projection_batch *batch, const struct plan *plan)
{
    return views_put(batch->views, VIEW_TABLE_PLAN,
                     (struct ayni_bytes){ plan_key, sizeof(plan_key) },
                     (struct ayni_bytes){ plan->hash.bytes, sizeof(plan->hash.bytes) });
}

static enum ayni_status renew_plan(struct view *view, const struct projection_batch *batch)
{
    struct plan *plan;

    enum ayni_status status = plan_load(batch->reader, &plan);
    if (status != AYNI_OK)
        return status;
    plan_free(view->plan);
    view->plan = plan;
    return AYNI_OK;
}

static enum ayni_status project(void *context, const struct projection_batch *batch)
{
    struct view *view = context;
    enum ayni_status status =
        plan_may_have_changed(view, batch) ? renew_plan(view, batch) : AYNI_OK;
    bool kept = false;

    if (status == AYNI_OK)
        status = is_kept(batch, view->plan, &kept);
    if (status != AYNI_OK)
        return status;
    struct counting counting = { .batch = batch, .plan = view->plan };
    status = kept ? count_touched(&counting) : count_all(&counting);
    if (status == AYNI_OK)
        status = counters_apply(batch->views, &counting.tally);
    if (status == AYNI_OK && !kept)
        status = keep_plan(batch, view->plan);
    if (status == AYNI_OK)
        status = source_months_project(batch);
    counting_done(&counting);
    return status;
}

enum ayni_status view_open(struct records *records, struct view **view)
{
    struct view *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    struct projection_hook hook = { .project = project, .context = made, .derives = true };
    projector_add_hook(records->projector, &hook);
    *view = made;
    return AYNI_OK;
}

void view_close(struct view *view)
{
    if (view == NULL)
        return;
    plan_free(view->plan);
    free(view);
}
