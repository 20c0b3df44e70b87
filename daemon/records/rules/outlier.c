#include "daemon/records/rules/outlier.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/facts.h"
#include "daemon/records/named_value.h"
#include "daemon/records/rules/rule_sets.h"
#include "proto/instant.h"

enum { SLOT_COUNT = 4 * OUTLIER_GROUPS_MAX };

struct outlier_group {
    struct ayni_space space;
    struct ayni_node node;
    const struct outlier_range *range;
    uint32_t *classes; /* how many values in each; while it learns */
    uint64_t count;    /* of all */
    int64_t median_2;  /* twice the median */
    int64_t mad_4;     /* four times the median distance from it; 0: nothing is judged by it */
};

/* --- the rules --- */

struct choosing {
    const struct ayni_catalogue *catalogue;
    struct outlier_rules *rules;
};

static bool read_rules(void *context, struct ayni_bytes parameters)
{
    struct choosing *choosing = context;

    return outlier_rules_read(parameters, choosing->catalogue, choosing->rules) == AYNI_OK;
}

enum ayni_status outliers_begin(struct reader *reader, struct outliers *outliers)
{
    struct choosing choosing = { reader_charter(reader)->catalogue, &outliers->rules };

    *outliers = (struct outliers){ .groups = NULL };
    outliers->slots = calloc(SLOT_COUNT, sizeof(*outliers->slots));
    return outliers->slots == NULL ? AYNI_E_MEMORY
                                   : rule_sets_newest(reader, read_rules, &choosing);
}

void outliers_free(struct outliers *outliers)
{
    for (size_t i = 0; i < outliers->group_count; i++)
        free(outliers->groups[i].classes);
    free(outliers->groups);
    free(outliers->slots);
    *outliers = (struct outliers){ .groups = NULL };
}

uint32_t outliers_type(const struct outliers *outliers, size_t index)
{
    uint32_t type = 0;

    for (size_t i = 0, types = 0; type == 0 && i < outliers->rules.range_count; i++) {
        uint32_t own = outliers->rules.ranges[i].type;
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || outliers->rules.ranges[j].type == own;
        if (!seen && types++ == index)
            type = own;
    }
    return type;
}

/* --- the values of a record --- */

struct value {
    const struct outlier_range *range;
    int64_t value;
};

/* Completed months of whom it is about, on its date. */
static bool age_of(const struct surveyed *record, int64_t *months)
{
    SCOPED_FACTS facts = { 0 };
    struct ayni_record subject;
    struct sql_value birth = { .type = SQL_NULL };
    int64_t date;

    if (record->type->subject_field == 0 ||
        !numbered_record(record->state, record->type->subject_field, &subject) ||
        !named_day(record->type, record->state, "date", &date))
        return false;
    facts_begin(&facts, record->reader, &record->state->key.space);
    facts_answer(&facts, CHECK_SUBJECT_BIRTH_DATE, &subject, &birth);
    bool known =
        birth.type == SQL_INTEGER && ayni_day_valid(birth.integer) && birth.integer <= date;
    if (known)
        *months = ayni_months_between(birth.integer, date);
    return known;
}

static size_t values_of(const struct outliers *outliers, const struct surveyed *record,
                        struct value values[OUTLIER_VALUES_MAX])
{
    int64_t months = 0;
    bool has_age = age_of(record, &months);
    size_t count = 0;

    for (size_t i = 0; i < record->state->folded.field_count && count < OUTLIER_VALUES_MAX; i++) {
        uint32_t field = record->state->folded.fields[i].number;
        const struct outlier_range *range =
            outlier_rules_find(&outliers->rules, record->type->number, field, has_age, months);
        if (range != NULL && numbered_integer(record->state, field, &values[count].value))
            values[count++].range = range;
    }
    return count;
}

/* --- groups --- */

/* How wide the classes of a range are, so that they are no more than there may be. */
static int64_t width_of(const struct outlier_range *range)
{
    return (range->high - range->low + OUTLIER_CLASSES) / OUTLIER_CLASSES;
}

static bool is_inside(const struct outlier_range *range, int64_t value)
{
    return value >= range->low && value <= range->high;
}

static size_t class_of(const struct outlier_range *range, int64_t value)
{
    return (size_t)((value - range->low) / width_of(range));
}

/* The slot of the group, or the empty one where it belongs. There are always some of them. */
static uint32_t *find_slot(const struct outliers *outliers, const struct ayni_space *space,
                           const struct ayni_node *node, const struct outlier_range *range)
{
    /* Ids are hashes and keys: their first bytes are spread as well as any. */
    size_t at = ayni_get_u32(space->bytes) ^ ayni_get_u32(node->bytes) ^
                (size_t)(range - outliers->rules.ranges) * 2654435761u;

    for (at %= SLOT_COUNT; outliers->slots[at] != 0; at = (at + 1) % SLOT_COUNT) {
        const struct outlier_group *group = &outliers->groups[outliers->slots[at] - 1];
        if (group->range == range && ayni_id_equal(&group->space, space) &&
            ayni_id_equal(&group->node, node))
            break;
    }
    return &outliers->slots[at];
}

static enum ayni_status add_group(struct outliers *outliers, uint32_t *slot,
                                  const struct outlier_group *group)
{
    if (outliers->group_count == outliers->group_room) {
        size_t room = outliers->group_room == 0 ? 64 : 2 * outliers->group_room;
        struct outlier_group *wider = reallocarray(outliers->groups, room, sizeof(*wider));
        if (wider == NULL)
            return AYNI_E_MEMORY;
        outliers->groups = wider;
        outliers->group_room = room;
    }
    struct outlier_group *made = &outliers->groups[outliers->group_count];
    *made = *group;
    made->classes = calloc(OUTLIER_CLASSES, sizeof(*made->classes));
    if (made->classes == NULL)
        return AYNI_E_MEMORY;
    *slot = (uint32_t)++outliers->group_count;
    return AYNI_OK;
}

static enum ayni_status learn_value(struct outliers *outliers, const struct ayni_space *space,
                                    const struct ayni_node *node, const struct value *value)
{
    uint32_t *slot = find_slot(outliers, space, node, value->range);
    enum ayni_status status = AYNI_OK;

    if (*slot == 0 && outliers->group_count == OUTLIER_GROUPS_MAX)
        return AYNI_OK;
    if (*slot == 0)
        status = add_group(
            outliers, slot,
            &(struct outlier_group){ .space = *space, .node = *node, .range = value->range });
    if (status != AYNI_OK)
        return status;
    struct outlier_group *group = &outliers->groups[*slot - 1];
    group->count++;
    group->classes[class_of(value->range, value->value)]++;
    return AYNI_OK;
}

enum ayni_status outliers_learn(struct outliers *outliers, const struct surveyed *record)
{
    const struct ayni_fold_item *newest = record_state_newest(record->state);
    struct value values[OUTLIER_VALUES_MAX];
    enum ayni_status status = AYNI_OK;

    if (record_state_gone(record->state))
        return AYNI_OK;
    size_t count = values_of(outliers, record, values);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        if (is_inside(values[i].range, values[i].value))
            status = learn_value(outliers, &record->state->key.space, &newest->node, &values[i]);
    return status;
}

/* --- the middle, and how far values are from it --- */

struct distance {
    int64_t distance;
    uint64_t count;
};

static int by_distance(const void *a, const void *b)
{
    const struct distance *one = a, *other = b;

    return (one->distance > other->distance) - (one->distance < other->distance);
}

/* The n-th of all that the items count, from 0; they ascend. */
static int64_t nth(const struct distance *items, size_t count, uint64_t n)
{
    size_t at = 0;

    while (at + 1 < count && n >= items[at].count)
        n -= items[at++].count;
    return items[at].distance;
}

/* The sum of the two in the middle, or twice the one. */
static int64_t middle_2(const struct distance *items, size_t count, uint64_t all)
{
    return nth(items, count, (all - 1) / 2) + nth(items, count, all / 2);
}

static void learnt_group(const struct outlier_rules *rules, struct outlier_group *group,
                         struct distance items[OUTLIER_CLASSES])
{
    size_t count = 0;

    for (size_t i = 0; i < OUTLIER_CLASSES; i++)
        if (group->classes[i] > 0)
            items[count++] =
                (struct distance){ group->range->low + (int64_t)i * width_of(group->range),
                                   group->classes[i] };
    free(group->classes);
    group->classes = NULL;
    if (group->count < (uint64_t)rules->least)
        return;
    group->median_2 = middle_2(items, count, group->count);
    for (size_t i = 0; i < count; i++)
        items[i].distance = llabs(2 * items[i].distance - group->median_2);
    qsort(items, count, sizeof(*items), by_distance);
    group->mad_4 = middle_2(items, count, group->count);
}

enum ayni_status outliers_learnt(struct outliers *outliers)
{
    struct distance *items = calloc(OUTLIER_CLASSES, sizeof(*items));

    if (items == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < outliers->group_count; i++)
        learnt_group(&outliers->rules, &outliers->groups[i], items);
    free(items);
    return AYNI_OK;
}

/* 0.6745 * distance / MAD > z / 100, in whole numbers. */
static void judge(const struct outliers *outliers, const struct outlier_group *group, int64_t value,
                  struct outlier *outlier)
{
    int64_t width = width_of(group->range);
    int64_t taken = group->range->low + (value - group->range->low) / width * width;
    int64_t distance_4 = 2 * llabs(2 * taken - group->median_2);

    outlier->is_judged = group->mad_4 > 0;
    outlier->is_far =
        outlier->is_judged && 6745 * distance_4 > 100 * outliers->rules.z * group->mad_4;
}

void outliers_of(const struct outliers *outliers, const struct surveyed *record,
                 struct outlier_values *values)
{
    const struct ayni_fold_item *newest = record_state_newest(record->state);
    struct value found[OUTLIER_VALUES_MAX];

    values->count = 0;
    if (record_state_gone(record->state))
        return;
    values->count = values_of(outliers, record, found);
    for (size_t i = 0; i < values->count; i++) {
        const struct outlier_range *range = found[i].range;
        uint32_t slot = *find_slot(outliers, &record->state->key.space, &newest->node, range);
        values->items[i] = (struct outlier){ .field = range->field,
                                             .range = range,
                                             .is_outside = !is_inside(range, found[i].value) };
        if (!values->items[i].is_outside && slot != 0)
            judge(outliers, &outliers->groups[slot - 1], found[i].value, &values->items[i]);
    }
}
