#ifndef AYNI_DAEMON_RECORDS_CHECK_OTHERS_PRIVATE_H
#define AYNI_DAEMON_RECORDS_CHECK_OTHERS_PRIVATE_H

#include "daemon/records/rules/check_others.h"
#include "daemon/records/rules/neighbours.h"

/* One question of a rule; all is lent for it. */
struct check_question {
    const struct check_change *change;
    const struct check_lookups *lookups;
    struct ayni_arena *memory;
};
typedef void check_others_function(const struct check_question *question, struct sql_value *value);

/* What the record will show in a field, by its name: empty where that is nothing. */
struct ayni_bytes question_value(const struct check_question *question, const char *field);
bool question_integer(const struct check_question *question, const char *field, int64_t *number);
bool question_is_true(const struct check_question *question, const char *field);
/* Those of a type about the record's subject, itself among them where it is held; NULL where
 * nothing can be said. */
const struct neighbours *question_others(const struct check_question *question, const char *type);
/* Whether it is the record itself. */
bool question_is_itself(const struct check_question *question, const struct neighbour *one);

void answer_integer(struct sql_value *value, int64_t integer);

/* From a first to a last day; what isn't given has no end. */
struct check_span {
    int64_t from, to;
};
bool check_spans_overlap(struct check_span a, struct check_span b);
struct check_span question_span(const struct check_question *question);
struct check_span neighbour_span(const struct neighbours *all, const struct neighbour *one);

/* The text of a CBOR text; empty where it is none. */
struct ayni_bytes check_text(struct ayni_bytes cbor);

/* The field that says what an event is: the first of its own that it can't be without. NULL where
 * that is none, or a measure or an answer, by which two events can't be told apart. */
const char *check_main_field(const struct ayni_catalogue_type *type);

/* check_series.c: what was done before. */
check_others_function answer_repeats, answer_previous_date, answer_previous_number,
    answer_numbers_out_of_order, answer_longest_before, answer_visits_in_7_days;
/* check_holders.c: what somebody has besides. */
check_others_function answer_others_of_scheme, answer_other_main_carers,
    answer_other_open_pregnancies, answer_overlaps_elsewhere, answer_given_by_is_guardian,
    answer_births_within_7_days;
/* check_norms.c: what rule sets and tables say. */
const char *check_component_of(const struct check_question *question, struct ayni_bytes code);
check_others_function answer_schedule_age_min, answer_schedule_age_max,
    answer_schedule_interval_min, answer_schedule_interval_max, answer_instrument_months_min,
    answer_instrument_months_max, answer_growth_flags;

#endif
