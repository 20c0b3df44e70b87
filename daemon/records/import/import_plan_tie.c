#include <string.h>

#include "daemon/records/import/import_plan_private.h"

/* What is being tied, and where to say what is wrong. */
struct tying {
    struct import_plan *plan;
    struct plan_record *record; /* the last of the plan */
    struct complaint *complaint;
};

/* The place of a record of the map that stands before this one; PLAN_NOWHERE for no name. */
static enum ayni_status find_earlier(const struct tying *tying, const char *name, int *place)
{
    *place = import_plan_find_record(tying->plan->map, name);
    if (name != NULL && *place == PLAN_NOWHERE)
        return complain(tying->complaint, AYNI_E_USAGE, N_("the map has no record {}"), name, NULL);
    if (*place >= (int)tying->plan->record_count - 1)
        return complain(tying->complaint, AYNI_E_USAGE,
                        N_("the record {} of the map must stand before what refers to it"), name,
                        NULL);
    return AYNI_OK;
}

static enum ayni_status bind_stand_in(const struct tying *tying)
{
    const char *name = tying->record->from->instead_of;
    enum ayni_status status = find_earlier(tying, name, &tying->record->instead_of);

    if (status != AYNI_OK || tying->record->instead_of == PLAN_NOWHERE)
        return status;
    if (!tying->plan->records[tying->record->instead_of].from->existing)
        return complain(tying->complaint, AYNI_E_USAGE,
                        N_("the record {} of the map need not exist"), name, NULL);
    tying->plan->records[tying->record->instead_of].has_stand_in = true;
    return AYNI_OK;
}

/* --- what lasts --- */

static enum ayni_status day_field(const struct tying *tying, const char *name, uint32_t *number)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(tying->record->type, ayni_bytes_of_text(name));

    if (field == NULL || field->kind.type != AYNI_KIND_DATE)
        return complain(tying->complaint, AYNI_E_USAGE, N_("{} is no day"), name, NULL);
    *number = field->number;
    return AYNI_OK;
}

/* The field that names who holds it. */
static enum ayni_status holder_field(const struct tying *tying, struct plan_span *span)
{
    for (size_t i = 0; i < tying->record->field_count; i++)
        if (tying->record->fields[i].record == span->of) {
            span->holder = tying->record->fields[i].field->number;
            return AYNI_OK;
        }
    return complain(tying->complaint, AYNI_E_USAGE, N_("no field of {} names the record {}"),
                    tying->record->from->name, tying->record->from->span.of, NULL);
}

static enum ayni_status bind_span(const struct tying *tying)
{
    const struct import_span *from = &tying->record->from->span;
    struct plan_span *span = &tying->record->span;
    enum ayni_status status = find_earlier(tying, from->of, &span->of);

    if (status != AYNI_OK || span->of == PLAN_NOWHERE)
        return status;
    span->on.source = &from->on;
    span->on.columns[0] = import_plan_use_column(tying->plan, from->on.columns[0]);
    status = import_plan_bind_condition(tying->plan, &from->on.condition, &span->on.condition);
    if (status == AYNI_OK)
        status = day_field(tying, from->from, &span->from);
    if (status == AYNI_OK)
        status = day_field(tying, from->to, &span->to);
    return status == AYNI_OK ? holder_field(tying, span) : status;
}

enum ayni_status import_plan_bind_ties(struct import_plan *plan, struct plan_record *record,
                                       struct complaint *complaint)
{
    const struct tying tying = { plan, record, complaint };
    enum ayni_status status = find_earlier(&tying, record->from->with, &record->with);

    if (status == AYNI_OK)
        status = bind_stand_in(&tying);
    return status == AYNI_OK ? bind_span(&tying) : status;
}
