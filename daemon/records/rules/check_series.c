/* What was done for the same subject before, or at the same time. */
#include "daemon/records/rules/check_others_private.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS_OF_A_WEEK = 7 };

/* Whether the other is of the same kind: the same vaccine, the same product. */
static bool is_alike(const struct check_question *question, const struct neighbours *all,
                     const struct neighbour *one, const char *field)
{
    return field == NULL ||
           ayni_bytes_equal(question_value(question, field), neighbour_value(all, one, field));
}

void answer_repeats(const struct check_question *question, struct sql_value *value)
{
    const struct ayni_catalogue_type *type = question->change->type;
    const char *field = check_main_field(type);
    int64_t day, other, count = 0;
    const struct neighbours *all;

    if (!question_integer(question, "date", &day))
        return;
    all = question_others(question, type->name);
    for (size_t i = 0; all != NULL && i < all->count; i++)
        count += !question_is_itself(question, &all->items[i]) &&
                 neighbour_integer(all, &all->items[i], "date", &other) && other == day &&
                 is_alike(question, all, &all->items[i], field);
    if (all != NULL)
        answer_integer(value, count);
}

/* The same, or two codes of one component of a schedule: two kinds of polio vaccine. */
static bool is_of_series(const struct check_question *question, const struct neighbours *all,
                         const struct neighbour *one, const char *field)
{
    const char *own, *other;

    if (is_alike(question, all, one, field))
        return true;
    own = check_component_of(question, question_value(question, field));
    other = check_component_of(question, neighbour_value(all, one, field));
    return own != NULL && other != NULL && strcmp(own, other) == 0;
}

/* The last one of its kind on a day before; NULL where there is none, or nothing can be said. */
static const struct neighbour *previous_of(const struct check_question *question,
                                           const struct neighbours **all, int64_t *previous)
{
    const struct ayni_catalogue_type *type = question->change->type;
    const char *field = check_main_field(type);
    const struct neighbour *found = NULL;
    int64_t day, other;

    if (!question_integer(question, "date", &day))
        return NULL;
    *all = question_others(question, type->name);
    for (size_t i = 0; *all != NULL && i < (*all)->count; i++) {
        const struct neighbour *one = &(*all)->items[i];
        if (question_is_itself(question, one) || !neighbour_integer(*all, one, "date", &other) ||
            other >= day || (found != NULL && other <= *previous) ||
            !is_of_series(question, *all, one, field))
            continue;
        found = one;
        *previous = other;
    }
    return found;
}

void answer_previous_date(const struct check_question *question, struct sql_value *value)
{
    const struct neighbours *all;
    int64_t day;

    if (previous_of(question, &all, &day) != NULL)
        answer_integer(value, day);
}

void answer_previous_number(const struct check_question *question, struct sql_value *value)
{
    const struct neighbours *all;
    int64_t day, number;
    const struct neighbour *previous = previous_of(question, &all, &day);

    if (previous != NULL && (neighbour_integer(all, previous, "number", &number) ||
                             neighbour_integer(all, previous, "dose", &number)))
        answer_integer(value, number);
}

/* Of each two the one with the higher number comes later. */
void answer_numbers_out_of_order(const struct check_question *question, struct sql_value *value)
{
    int64_t day, number, other_day, other_number, count = 0;
    const struct neighbours *all;

    if (!question_integer(question, "date", &day) || !question_integer(question, "number", &number))
        return;
    all = question_others(question, question->change->type->name);
    for (size_t i = 0; all != NULL && i < all->count; i++) {
        const struct neighbour *one = &all->items[i];
        if (question_is_itself(question, one) || !neighbour_integer(all, one, "date", &other_day) ||
            !neighbour_integer(all, one, "number", &other_number))
            continue;
        count += (other_number < number && other_day >= day) ||
                 (other_number > number && other_day <= day);
    }
    if (all != NULL)
        answer_integer(value, count);
}

void answer_longest_before(const struct check_question *question, struct sql_value *value)
{
    int64_t day, other, length;
    const struct neighbours *all;

    if (!question_integer(question, "date", &day))
        return;
    all = question_others(question, question->change->type->name);
    for (size_t i = 0; all != NULL && i < all->count; i++) {
        const struct neighbour *one = &all->items[i];
        if (!question_is_itself(question, one) && neighbour_integer(all, one, "date", &other) &&
            other < day && neighbour_integer(all, one, "length_mm", &length) &&
            (value->type == SQL_NULL || length > value->integer))
            answer_integer(value, length);
    }
}

/* Visits on seven days, one after the other, of which the first is `from`. */
static int64_t visits_from(const int64_t *days, size_t count, int64_t from)
{
    int64_t visits = 0;

    for (size_t i = 0; i < count; i++)
        visits += days[i] >= from && days[i] < from + DAYS_OF_A_WEEK;
    return visits;
}

/* Of all seven days that the visit is among, those with the most visits. */
void answer_visits_in_7_days(const struct check_question *question, struct sql_value *value)
{
    int64_t days[NEIGHBOURS_MAX + 1], day, most = 1;
    const struct neighbours *all;
    size_t count = 0;

    if (!question_integer(question, "date", &day))
        return;
    all = question_others(question, question->change->type->name);
    if (all == NULL)
        return;
    days[count++] = day;
    for (size_t i = 0; i < all->count && count < NEIGHBOURS_MAX + 1; i++)
        if (!question_is_itself(question, &all->items[i]) &&
            neighbour_integer(all, &all->items[i], "date", &days[count]) &&
            llabs(days[count] - day) < DAYS_OF_A_WEEK)
            count++;
    for (int64_t from = day - DAYS_OF_A_WEEK + 1; from <= day; from++)
        if (visits_from(days, count, from) > most)
            most = visits_from(days, count, from);
    answer_integer(value, most);
}
