#include "daemon/records/rules/check_others_private.h"

#include "daemon/records/rules/check_rules.h"
#include "proto/cbor.h"

enum { OWN_FIELDS_FROM = 10 }; /* of an event */

static const struct {
    const char *name;
    check_others_function *answer;
} others[] = {
    { "repeats", answer_repeats },
    { "previous_date", answer_previous_date },
    { "previous_number", answer_previous_number },
    { "numbers_out_of_order", answer_numbers_out_of_order },
    { "longest_before_mm", answer_longest_before },
    { "visits_in_7_days", answer_visits_in_7_days },
    { "others_of_scheme", answer_others_of_scheme },
    { "other_main_carers", answer_other_main_carers },
    { "other_open_pregnancies", answer_other_open_pregnancies },
    { "overlaps_elsewhere", answer_overlaps_elsewhere },
    { "given_by_is_guardian", answer_given_by_is_guardian },
    { "births_within_7_days", answer_births_within_7_days },
    { "schedule_age_min", answer_schedule_age_min },
    { "schedule_age_max", answer_schedule_age_max },
    { "schedule_interval_min", answer_schedule_interval_min },
    { "schedule_interval_max", answer_schedule_interval_max },
    { "instrument_months_min", answer_instrument_months_min },
    { "instrument_months_max", answer_instrument_months_max },
    { "growth_flags", answer_growth_flags },
};

size_t check_others_count(void)
{
    return sizeof(others) / sizeof(others[0]);
}

const char *check_others_name(size_t index)
{
    return others[index].name;
}

void check_others_answer(size_t index, const struct check_change *change,
                         const struct check_lookups *lookups, struct ayni_arena *memory,
                         struct sql_value *value)
{
    const struct check_question question = { change, lookups, memory };

    *value = (struct sql_value){ .type = SQL_NULL };
    others[index].answer(&question, value);
}

/* --- what functions ask --- */

struct ayni_bytes question_value(const struct check_question *question, const char *field)
{
    const struct ayni_catalogue_field *wanted =
        ayni_catalogue_field_named(question->change->type, ayni_bytes_of_text(field));
    struct ayni_bytes value = { NULL, 0 };

    if (wanted != NULL)
        value = check_value(question->change, wanted->number);
    return value.size == 0 || ayni_cbor_is_null(value) ? (struct ayni_bytes){ NULL, 0 } : value;
}

bool question_integer(const struct check_question *question, const char *field, int64_t *number)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(question_value(question, field));
    int64_t read = ayni_cbor_read_int(&reader);

    if (ayni_cbor_done(&reader) != AYNI_OK)
        return false;
    *number = read;
    return true;
}

bool question_is_true(const struct check_question *question, const char *field)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(question_value(question, field));

    return ayni_cbor_read_bool(&reader) && ayni_cbor_done(&reader) == AYNI_OK;
}

struct ayni_bytes check_text(struct ayni_bytes cbor)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    struct ayni_bytes text = ayni_cbor_read_text(&reader);

    return ayni_cbor_done(&reader) == AYNI_OK ? text : (struct ayni_bytes){ NULL, 0 };
}

const char *check_main_field(const struct ayni_catalogue_type *type)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct ayni_catalogue_field *field = &type->fields[i];
        if (field->number < OWN_FIELDS_FROM || !field->required || field->retired)
            continue;
        return field->kind.type == AYNI_KIND_DEC || field->kind.type == AYNI_KIND_BOOL
                   ? NULL
                   : field->name;
    }
    return NULL;
}

const struct neighbours *question_others(const struct check_question *question, const char *type)
{
    const struct check_change *change = question->change;
    struct ayni_record subject;

    if (question->lookups->neighbours == NULL || change->type->subject_field == 0)
        return NULL;
    struct ayni_cbor_reader reader =
        ayni_cbor_reader(check_value(change, change->type->subject_field));
    ayni_cbor_read_id(&reader, &subject);
    if (ayni_cbor_done(&reader) != AYNI_OK)
        return NULL;
    return question->lookups->neighbours(question->lookups->context, type, &subject);
}

bool question_is_itself(const struct check_question *question, const struct neighbour *one)
{
    return ayni_id_equal(&one->record, question->change->record);
}

void answer_integer(struct sql_value *value, int64_t integer)
{
    *value = (struct sql_value){ .type = SQL_INTEGER, .integer = integer };
}

/* --- spans of days --- */

static const struct check_span always = { INT64_MIN, INT64_MAX };

bool check_spans_overlap(struct check_span a, struct check_span b)
{
    return a.from <= b.to && b.from <= a.to;
}

struct check_span question_span(const struct check_question *question)
{
    struct check_span span = always;

    (void)question_integer(question, "starts_on", &span.from);
    (void)question_integer(question, "ends_on", &span.to);
    return span;
}

struct check_span neighbour_span(const struct neighbours *all, const struct neighbour *one)
{
    struct check_span span = always;

    (void)neighbour_integer(all, one, "starts_on", &span.from);
    (void)neighbour_integer(all, one, "ends_on", &span.to);
    return span;
}
