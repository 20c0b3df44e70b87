#include "daemon/view/quality.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *of;
    bool days, of_sources;
} figures[QUALITY_FIGURES] = {
    [QUALITY_REPORTS] = { "completeness", "reports", .of_sources = true },
    [QUALITY_FIELDS] = { "completeness", "fields", .days = false },
    [QUALITY_TIMELINESS] = { "timeliness", "reports", .of_sources = true },
    [QUALITY_FRESHNESS] = { "freshness", "sources", .days = true, .of_sources = true },
    [QUALITY_LATENCY] = { "latency", "services", .days = true },
    [QUALITY_VALIDITY] = { "validity", "values", .days = false },
    [QUALITY_CONSISTENCY] = { "consistency", "rules", .days = false },
    [QUALITY_UNIQUENESS] = { "uniqueness", "children", .days = false },
    [QUALITY_LINKAGE] = { "linkage", "members", .days = false },
    [QUALITY_ACCURACY] = { "accuracy", "random", .days = false },
    [QUALITY_SUSPECTED] = { "accuracy", "suspected", .days = false },
    [QUALITY_TRIANGULATION] = { "triangulation", "fields", .days = false },
    [QUALITY_OUT_OF_RANGE] = { "outliers", "range", .days = false },
    [QUALITY_FAR] = { "outliers", "source", .days = false },
    [QUALITY_CONTESTED] = { "contested", "records", .days = false },
    [QUALITY_QUARANTINED] = { "quarantined", "versions", .days = false },
    [QUALITY_MARKS] = { "marks", "open", .days = false },
};

const char *quality_word(enum quality_figure figure)
{
    return figures[figure].word;
}

const char *quality_of(enum quality_figure figure)
{
    return figures[figure].of;
}

bool quality_is_days(enum quality_figure figure)
{
    return figures[figure].days;
}

bool quality_is_of_sources(enum quality_figure figure)
{
    return figures[figure].of_sources;
}

void quality_free(struct quality *quality)
{
    tally_free(&quality->tally);
    arrival_days_free(&quality->arrivals);
    outliers_free(&quality->outliers);
    free(quality->origins);
    *quality = (struct quality){ .failed = false };
}

bool quality_wants(const struct quality *quality, enum quality_figure figure)
{
    return (quality->request.wanted >> figure & 1) != 0;
}

bool quality_takes(const struct quality *quality, const struct quality_group *group)
{
    const struct quality_request *request = &quality->request;

    bool in_space = request->space == NULL ? !ayni_id_equal(&group->space, &quality->registry)
                                           : ayni_id_equal(&group->space, request->space);

    return in_space && (!request->has_node || ayni_id_equal(&group->node, &request->node)) &&
           (request->type == 0 || group->type == request->type) &&
           locate_within(group->place, request->territory);
}

/* --- counting --- */

/* A cell's key: figure, space, node, place, type, origin, days; what isn't broken down by is zero.
 */
enum {
    SPACE_AT = 1,
    NODE_AT = SPACE_AT + 16,
    PLACE_AT = NODE_AT + 32,
    TYPE_AT = PLACE_AT + LOCATE_CODE_SIZE,
    ORIGIN_AT = TYPE_AT + 4,
    DAYS_AT = ORIGIN_AT + 4,
    CELL_KEY_SIZE = DAYS_AT + 4,
};
_Static_assert((int)CELL_KEY_SIZE <= (int)TALLY_KEY_SIZE_MAX, "the key fits");

/* The number of an origin, from 1; 0 where there is no memory. They are few: a name for each form
 * or register. */
static uint32_t origin_number(struct quality *quality, const char *name)
{
    size_t number = 0;

    while (number < quality->origin_count && strcmp(quality->origins[number], name) != 0)
        number++;
    if (number == quality->origin_count && number == quality->origin_room) {
        size_t room = number == 0 ? 16 : 2 * number;
        char(*wider)[QUALITY_ORIGIN_SIZE] = reallocarray(quality->origins, room, sizeof(*wider));
        quality->failed = quality->failed || wider == NULL;
        if (wider == NULL)
            return 0;
        quality->origins = wider;
        quality->origin_room = room;
    }
    if (number == quality->origin_count)
        snprintf(quality->origins[quality->origin_count++], QUALITY_ORIGIN_SIZE, "%s", name);
    return (uint32_t)number + 1;
}

static void make_key(struct quality *quality, enum quality_figure figure,
                     const struct quality_group *group, uint8_t key[CELL_KEY_SIZE])
{
    const struct quality_request *request = &quality->request;

    memset(key, 0, CELL_KEY_SIZE);
    key[0] = (uint8_t)figure;
    if (request->by_source) {
        memcpy(key + SPACE_AT, group->space.bytes, sizeof(group->space.bytes));
        memcpy(key + NODE_AT, group->node.bytes, sizeof(group->node.bytes));
    }
    if (request->by_territory)
        memcpy(key + PLACE_AT, group->place, strnlen(group->place, request->level));
    if (request->by_type)
        ayni_put_u32(key + TYPE_AT, group->type);
    if (request->by_origin)
        ayni_put_u32(key + ORIGIN_AT, origin_number(quality, group->origin));
}

bool quality_is_one_row(struct quality *quality, const struct quality_group *a,
                        const struct quality_group *b)
{
    uint8_t one[CELL_KEY_SIZE], other[CELL_KEY_SIZE];

    make_key(quality, 0, a, one);
    make_key(quality, 0, b, other);
    return memcmp(one, other, CELL_KEY_SIZE) == 0;
}

void quality_add(struct quality *quality, enum quality_figure figure,
                 const struct quality_group *group, int64_t numerator, int64_t denominator)
{
    const struct counts counts = { .numerator = numerator, .denominator = denominator };
    uint8_t key[CELL_KEY_SIZE];

    make_key(quality, figure, group, key);
    tally_add(&quality->tally, (struct ayni_bytes){ key, sizeof(key) }, &counts, 1);
}

void quality_add_days(struct quality *quality, enum quality_figure figure,
                      const struct quality_group *group, int64_t days)
{
    static const struct counts one = { .denominator = 1 };
    uint8_t key[CELL_KEY_SIZE];

    make_key(quality, figure, group, key);
    ayni_put_u32(key + DAYS_AT, (uint32_t)(days < 0                  ? 0
                                           : days > QUALITY_DAYS_MAX ? QUALITY_DAYS_MAX
                                                                     : days));
    tally_add(&quality->tally, (struct ayni_bytes){ key, sizeof(key) }, &one, 1);
}

/* --- rows --- */

static void read_group(const struct quality *quality, const uint8_t *key,
                       struct quality_group *group)
{
    uint32_t origin = ayni_get_u32(key + ORIGIN_AT);

    memcpy(group->space.bytes, key + SPACE_AT, sizeof(group->space.bytes));
    memcpy(group->node.bytes, key + NODE_AT, sizeof(group->node.bytes));
    memcpy(group->place, key + PLACE_AT, LOCATE_CODE_SIZE);
    group->type = ayni_get_u32(key + TYPE_AT);
    if (origin > 0)
        memcpy(group->origin, quality->origins[origin - 1], QUALITY_ORIGIN_SIZE);
}

/* The days of the n-th of all that the cells count, from 0. */
static int64_t nth_days(const struct tally_cell *cells, size_t count, int64_t n)
{
    size_t at = 0;

    while (at + 1 < count && n >= cells[at].counts.denominator)
        n -= cells[at++].counts.denominator;
    return ayni_get_u32(cells[at].key + DAYS_AT);
}

/* One row of the cells that differ in their days alone. */
static void make_row(const struct quality *quality, const struct tally_cell *cells, size_t count,
                     struct quality_row *row)
{
    *row = (struct quality_row){ .figure = (enum quality_figure)cells[0].key[0] };
    read_group(quality, cells[0].key, &row->group);
    for (size_t i = 0; i < count; i++) {
        row->numerator += cells[i].counts.numerator;
        row->denominator += cells[i].counts.denominator;
    }
    if (row->figure == QUALITY_FRESHNESS)
        row->days = row->numerator;
    else if (quality_is_days(row->figure))
        row->days = 5 * (nth_days(cells, count, (row->denominator - 1) / 2) +
                         nth_days(cells, count, row->denominator / 2));
}

enum ayni_status quality_rows(struct quality *quality, struct quality_row **rows, size_t *count)
{
    const struct tally *tally = &quality->tally;
    enum ayni_status status = quality->failed ? AYNI_E_MEMORY : tally_sort(&quality->tally);
    struct quality_row *made = calloc(tally->count + 1, sizeof(*made));
    size_t made_count = 0;

    if (status == AYNI_OK && made == NULL)
        status = AYNI_E_MEMORY;
    for (size_t i = 0, end; status == AYNI_OK && i < tally->count; i = end) {
        for (end = i + 1; end < tally->count &&
                          memcmp(tally->cells[end].key, tally->cells[i].key, DAYS_AT) == 0;)
            end++;
        make_row(quality, &tally->cells[i], end - i, &made[made_count++]);
    }
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    *rows = made;
    *count = made_count;
    return AYNI_OK;
}
