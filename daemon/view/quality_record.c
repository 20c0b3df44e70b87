#include "daemon/view/quality_record.h"

#include <string.h>

#include "daemon/records/discrepancy.h"
#include "daemon/records/flag.h"
#include "daemon/records/links/linkage.h"
#include "daemon/records/named_value.h"
#include "daemon/records/spot_check.h"
#include "daemon/view/quality_unique.h"
#include "daemon/view/record_month.h"
#include "proto/text.h"
#include "proto/value_check.h"

bool quality_is_about_others(const struct ayni_catalogue_type *type)
{
    return strcmp(type->name, "data_flag") == 0 || strcmp(type->name, "spot_check") == 0;
}

bool quality_is_of_itself(const struct ayni_catalogue_type *type)
{
    return !quality_is_about_others(type);
}

/* --- what it belongs to --- */

static void take_writer(const struct ayni_fold_item *version, struct quality_group *group)
{
    struct ayni_bytes origin = ayni_bytes_of_text("manual");

    if (version == NULL)
        return;
    group->node = version->node;
    if (version->version != NULL && version->version->origin.size > 0)
        origin = version->version->origin;
    (void)ayni_text_copy(origin, group->origin, sizeof(group->origin));
}

/* Of the record as it stands; its place only where that matters. */
static enum ayni_status group_of(const struct quality *quality, struct reader *reader,
                                 const struct record_state *state, struct quality_group *group)
{
    const struct quality_request *request = &quality->request;

    *group = (struct quality_group){ .space = state->key.space, .type = state->key.type };
    take_writer(record_state_newest(state), group);
    return request->by_territory || request->territory[0] != '\0'
               ? locate_record(reader, state, group->place)
               : AYNI_OK;
}

static bool is_of_month(const struct quality *quality, const struct ayni_catalogue_type *type,
                        const struct record_state *state)
{
    month_no month;

    return !quality->request.has_month ||
           (record_month(type, state, &month) && month == quality->request.month);
}

/* --- what is counted --- */

static void count_versions(struct quality *quality, const struct record_state *state,
                           struct quality_group group)
{
    for (size_t i = 0; i < state->count; i++) {
        take_writer(&state->items[i], &group);
        if (quality_takes(quality, &group))
            quality_add(quality, QUALITY_QUARANTINED, &group, !state->items[i].valid, 1);
    }
}

static void count_fields(struct quality *quality, const struct surveyed *record,
                         const struct quality_group *group)
{
    int64_t mandatory = 0, filled = 0;

    for (size_t i = 0; i < record->type->field_count; i++) {
        const struct ayni_catalogue_field *field = &record->type->fields[i];
        if (!field->required || field->retired)
            continue;
        mandatory++;
        filled += record_state_value(record->state, field->number).size > 0;
    }
    quality_add(quality, QUALITY_FIELDS, group, filled, mandatory);
}

/* A place that the table of territories doesn't have is a value that its field doesn't take, too.
 */
static void count_values(struct quality *quality, const struct surveyed *record,
                         const struct quality_group *group)
{
    const struct check_findings *found = &quality->doubts.found;
    int64_t given = 0, valid = 0;
    struct ayni_reason reason;

    for (size_t i = 0; i < record->state->folded.field_count; i++) {
        uint32_t number = record->state->folded.fields[i].number;
        const struct ayni_catalogue_field *field = ayni_catalogue_field(record->type, number);
        struct ayni_bytes value = record_state_value(record->state, number);
        if (field == NULL || value.size == 0)
            continue;
        given++;
        valid += ayni_value_check(field, value, &reason) == AYNI_OK;
    }
    for (size_t i = 0; i < found->count; i++)
        valid -= strcmp(found->items[i].reason.code, "unknown_district") == 0;
    quality_add(quality, QUALITY_VALIDITY, group, valid, given);
}

static void count_rules(struct quality *quality, const struct quality_group *group)
{
    const struct check_findings *found = &quality->doubts.found;
    int64_t broken = 0;

    for (size_t i = 0; i < found->count; i++)
        broken += found->items[i].message_en != NULL;
    quality_add(quality, QUALITY_CONSISTENCY, group, (int64_t)quality->doubts.rules - broken,
                (int64_t)quality->doubts.rules);
}

/* From the day of the service to that on which the first version of its record came here. */
static void count_latency(struct quality *quality, const struct surveyed *record,
                          const struct quality_group *group)
{
    const struct record_state *state = record->state;
    int64_t day, came;

    if (record->type->is_event && named_day(record->type, state, "date", &day) &&
        arrival_days_find(&quality->arrivals, state->versions[0].feed, state->items[0].seq, &came))
        quality_add_days(quality, QUALITY_LATENCY, group, came - day);
}

static enum ayni_status count_linkage(struct quality *quality, const struct surveyed *record,
                                      const struct quality_group *group)
{
    enum linkage linkage;
    enum ayni_status status = linkage_of(record, quality->today, &linkage);

    if (status == AYNI_OK && linkage != LINKAGE_NONE)
        quality_add(quality, QUALITY_LINKAGE, group, linkage == LINKAGE_LINKED, 1);
    return status;
}

static enum ayni_status count_spaces(struct quality *quality, const struct surveyed *record,
                                     const struct quality_group *group)
{
    struct discrepancies found;
    enum ayni_status status = discrepancies_of(record->reader, record->state, &found);

    if (status == AYNI_OK && found.compared > 0)
        quality_add(quality, QUALITY_TRIANGULATION, group,
                    (int64_t)(found.compared - found.differing), (int64_t)found.compared);
    return status;
}

static void count_outliers(struct quality *quality, const struct surveyed *record,
                           const struct quality_group *group)
{
    struct outlier_values values;

    outliers_of(&quality->outliers, record, &values);
    for (size_t i = 0; i < values.count; i++) {
        const struct outlier *value = &values.items[i];
        quality_add(quality, QUALITY_OUT_OF_RANGE, group, value->is_outside, 1);
        if (value->is_judged)
            quality_add(quality, QUALITY_FAR, group, value->is_far, 1);
    }
}

/* A record that is shown, of a group that is asked for. */
static enum ayni_status count_record(struct quality *quality, const struct surveyed *record,
                                     const struct quality_group *group)
{
    enum ayni_status status = AYNI_OK;

    quality->doubts.found.count = quality->doubts.rules = 0;
    if (record->checker != NULL)
        status = doubts_of(record, &quality->doubts);
    if (status != AYNI_OK)
        return status;
    if (quality_wants(quality, QUALITY_FIELDS))
        count_fields(quality, record, group);
    if (quality_wants(quality, QUALITY_VALIDITY))
        count_values(quality, record, group);
    if (quality_wants(quality, QUALITY_CONSISTENCY))
        count_rules(quality, group);
    if (quality_wants(quality, QUALITY_LATENCY))
        count_latency(quality, record, group);
    if (quality_wants(quality, QUALITY_CONTESTED))
        quality_add(quality, QUALITY_CONTESTED, group, record->state->folded.contested, 1);
    if (quality_wants(quality, QUALITY_FAR))
        count_outliers(quality, record, group);
    if (quality_wants(quality, QUALITY_TRIANGULATION))
        status = count_spaces(quality, record, group);
    if (status == AYNI_OK && quality_wants(quality, QUALITY_UNIQUENESS))
        status = quality_unique_child(quality, record, group);
    if (status == AYNI_OK && quality_wants(quality, QUALITY_LINKAGE))
        status = count_linkage(quality, record, group);
    return status;
}

/* --- what is about others --- */

enum ayni_status quality_group_about(const struct quality *quality, struct reader *reader,
                                     const struct ayni_record *about, struct quality_group *group,
                                     bool *known)
{
    struct record_key key;
    SCOPED_STATE state = { 0 };
    size_t count;
    enum ayni_status status =
        reader_find(reader, about, 0, quality->request.space, &key, 1, &count);

    *known = status == AYNI_OK && count > 0;
    if (!*known)
        return status;
    status = reader_fold(reader, &key, &state);
    *known = status == AYNI_OK;
    if (status == AYNI_E_NOT_FOUND)
        return AYNI_OK;
    return status == AYNI_OK ? group_of(quality, reader, &state, group) : status;
}

/* `figure` of a mark or spot check: `holds` of one. What it is about and isn't here is of nobody:
 * counted where all is. */
static enum ayni_status count_about(struct quality *quality, const struct surveyed *record,
                                    const struct ayni_record *about, enum quality_figure figure,
                                    bool holds)
{
    struct quality_group group = { .type = 0 };
    bool known;
    enum ayni_status status = quality_group_about(quality, record->reader, about, &group, &known);

    if (status == AYNI_OK && (known || quality->request.space == NULL) &&
        quality_takes(quality, &group))
        quality_add(quality, figure, &group, holds, 1);
    return status;
}

static enum ayni_status count_mark_or_check(struct quality *quality, const struct surveyed *record)
{
    const struct charter *charter = reader_charter(record->reader);
    struct flag flag;
    struct spot_check check;

    if (flag_read(charter, record->state, &flag))
        return quality_wants(quality, QUALITY_MARKS)
                   ? count_about(quality, record, &flag.record, QUALITY_MARKS, flag_is_open(&flag))
                   : AYNI_OK;
    if (!spot_check_read(charter, record->state, &check))
        return AYNI_OK;
    enum quality_figure figure = check.random ? QUALITY_ACCURACY : QUALITY_SUSPECTED;
    return quality_wants(quality, figure)
               ? count_about(quality, record, &check.record, figure, check.found == SPOT_TRUE)
               : AYNI_OK;
}

enum ayni_status quality_record(void *context, const struct surveyed *record, bool *enough)
{
    struct quality *quality = context;
    struct quality_group group;
    enum ayni_status status;

    (void)enough;
    if (!is_of_month(quality, record->type, record->state))
        return AYNI_OK;
    if (quality_is_about_others(record->type))
        return count_mark_or_check(quality, record);
    status = group_of(quality, record->reader, record->state, &group);
    if (status != AYNI_OK)
        return status;
    if (quality_wants(quality, QUALITY_QUARANTINED))
        count_versions(quality, record->state, group);
    return record_state_gone(record->state) || !quality_takes(quality, &group)
               ? AYNI_OK
               : count_record(quality, record, &group);
}
