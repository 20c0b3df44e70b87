/* What schedules, instruments and standards say of a record. */
#include "daemon/records/rules/check_others_private.h"

#include <string.h>

#include "daemon/records/rules/check_rules.h"
#include "daemon/records/rules/norms.h"

/* --- schedules --- */

const char *check_component_of(const struct check_question *question, struct ayni_bytes code)
{
    const struct norms *norms = question->lookups->norms;

    return norms == NULL ? NULL
                         : schedule_component(&norms->schedule, question->change->type->number,
                                              check_text(code));
}

/* Of the dose that the record is, on its day; NULL where no schedule says anything of it. */
static const struct schedule_window *window_of(const struct check_question *question)
{
    const char *field = check_main_field(question->change->type);
    const char *component = check_component_of(
        question, field == NULL ? (struct ayni_bytes){ NULL, 0 } : question_value(question, field));
    int64_t day, dose;

    if (component == NULL || !question_integer(question, "date", &day) ||
        (!question_integer(question, "dose", &dose) &&
         !question_integer(question, "number", &dose)))
        return NULL;
    return schedule_window(&question->lookups->norms->schedule, component, dose, day);
}

static void answer_days(struct sql_value *value, const struct schedule_days *days)
{
    if (days->known)
        answer_integer(value, days->days);
}

void answer_schedule_age_min(const struct check_question *question, struct sql_value *value)
{
    const struct schedule_window *window = window_of(question);

    if (window != NULL)
        answer_days(value, &window->age_min);
}

void answer_schedule_age_max(const struct check_question *question, struct sql_value *value)
{
    const struct schedule_window *window = window_of(question);

    if (window != NULL)
        answer_days(value, &window->age_max);
}

void answer_schedule_interval_min(const struct check_question *question, struct sql_value *value)
{
    const struct schedule_window *window = window_of(question);

    if (window != NULL)
        answer_days(value, &window->interval_min);
}

void answer_schedule_interval_max(const struct check_question *question, struct sql_value *value)
{
    const struct schedule_window *window = window_of(question);

    if (window != NULL)
        answer_days(value, &window->interval_max);
}

/* --- instruments --- */

static const struct schedule_instrument *instrument_of(const struct check_question *question)
{
    const struct norms *norms = question->lookups->norms;

    return norms == NULL ? NULL
                         : schedule_instrument(&norms->schedule,
                                               check_text(question_value(question, "instrument")));
}

void answer_instrument_months_min(const struct check_question *question, struct sql_value *value)
{
    const struct schedule_instrument *instrument = instrument_of(question);

    if (instrument != NULL)
        answer_integer(value, instrument->months_min);
}

void answer_instrument_months_max(const struct check_question *question, struct sql_value *value)
{
    const struct schedule_instrument *instrument = instrument_of(question);

    if (instrument != NULL)
        answer_integer(value, instrument->months_max);
}

/* --- growth --- */

static int64_t size_of(const struct check_question *question, const char *field)
{
    int64_t size;

    return question_integer(question, field, &size) ? size : 0;
}

static enum growth_position position_of(const struct check_question *question)
{
    struct ayni_bytes word = check_text(question_value(question, "position"));

    if (ayni_bytes_equal(word, ayni_bytes_of_text("lying")))
        return GROWTH_LYING;
    return ayni_bytes_equal(word, ayni_bytes_of_text("standing")) ? GROWTH_STANDING
                                                                  : GROWTH_POSITION_UNKNOWN;
}

/* False where the child's sex isn't known, without which there is no score. */
static bool read_measure(const struct check_question *question, struct growth_measure *measure)
{
    struct sql_value sex = check_fact_of(question->change, question->lookups, CHECK_SUBJECT_SEX);
    struct sql_value birth =
        check_fact_of(question->change, question->lookups, CHECK_SUBJECT_BIRTH_DATE);
    int64_t day;

    *measure = (struct growth_measure){
        .weight_g = size_of(question, "weight_g"),
        .length_mm = size_of(question, "length_mm"),
        .head_mm = size_of(question, "head_mm"),
        .arm_mm = size_of(question, "arm_mm"),
        .position = position_of(question),
        .oedema = question_is_true(question, "oedema"),
        .male = sex.type == SQL_TEXT && ayni_bytes_equal(sex.bytes, ayni_bytes_of_text("m")),
    };
    measure->has_age = birth.type == SQL_INTEGER && question_integer(question, "date", &day);
    if (measure->has_age)
        measure->age_days = day - birth.integer;
    return sex.type == SQL_TEXT;
}

/* The scores that are hardly possible; null where there is none, or nobody can say. */
void answer_growth_flags(const struct check_question *question, struct sql_value *value)
{
    const struct norms *norms = question->lookups->norms;
    struct growth_measure measure;
    char words[GROWTH_FLAGS_SIZE];

    if (norms == NULL || !read_measure(question, &measure))
        return;
    growth_flags(norms->standards, &measure, words);
    if (words[0] == 0)
        return;
    value->bytes.data =
        (const uint8_t *)ayni_arena_text(question->memory, ayni_bytes_of_text(words));
    value->bytes.size = value->bytes.data == NULL ? 0 : strlen(words);
    value->type = value->bytes.data == NULL ? SQL_NULL : SQL_TEXT;
}
