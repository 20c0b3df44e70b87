/* What a child, an adult, a household has besides: numbers, carers, programmes. */
#include "daemon/records/rules/check_others_private.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/rules/check_rules.h"

static bool is_word(struct ayni_bytes cbor, const char *word)
{
    return ayni_bytes_equal(check_text(cbor), ayni_bytes_of_text(word));
}

/* Whose number it is: what stands before the colon of a programme's or service's, which each
 * organisation gives anew. */
static struct ayni_bytes giver_of(struct ayni_bytes number)
{
    struct ayni_bytes text = check_text(number);
    const uint8_t *colon = text.size == 0 ? NULL : memchr(text.data, ':', text.size);

    return (struct ayni_bytes){ text.data, colon == NULL ? 0 : (size_t)(colon - text.data) };
}

/* Valid numbers of the same holder and scheme, of the same giver, that are another number. */
void answer_others_of_scheme(const struct check_question *question, struct sql_value *value)
{
    struct ayni_bytes scheme = question_value(question, "scheme");
    struct ayni_bytes number = question_value(question, "value");
    const struct neighbours *all = question_others(question, question->change->type->name);
    int64_t count = 0;

    if (all == NULL || scheme.size == 0 || number.size == 0)
        return;
    for (size_t i = 0; i < all->count && is_word(question_value(question, "state"), "valid"); i++) {
        const struct neighbour *one = &all->items[i];
        struct ayni_bytes other = neighbour_value(all, one, "value");
        count += !question_is_itself(question, one) &&
                 is_word(neighbour_value(all, one, "state"), "valid") &&
                 ayni_bytes_equal(neighbour_value(all, one, "scheme"), scheme) &&
                 ayni_bytes_equal(giver_of(other), giver_of(number)) &&
                 !ayni_bytes_equal(other, number);
    }
    answer_integer(value, count);
}

/* Other people who are main carers of the child on some day on which this one is. */
void answer_other_main_carers(const struct check_question *question, struct sql_value *value)
{
    const struct neighbours *all = question_others(question, question->change->type->name);
    struct ayni_bytes person = question_value(question, "person");
    struct check_span span = question_span(question);
    int64_t count = 0;

    if (all == NULL)
        return;
    for (size_t i = 0; i < all->count; i++) {
        const struct neighbour *one = &all->items[i];
        count += !question_is_itself(question, one) && neighbour_is_true(all, one, "main_carer") &&
                 !ayni_bytes_equal(neighbour_value(all, one, "person"), person) &&
                 check_spans_overlap(neighbour_span(all, one), span);
    }
    answer_integer(value, count);
}

void answer_other_open_pregnancies(const struct check_question *question, struct sql_value *value)
{
    const struct neighbours *all = question_others(question, question->change->type->name);
    int64_t count = 0;

    if (all == NULL)
        return;
    for (size_t i = 0; i < all->count; i++)
        count += !question_is_itself(question, &all->items[i]) &&
                 neighbour_value(all, &all->items[i], "ended_on").size == 0;
    answer_integer(value, count);
}

/* Memberships of the same programme with another organisation, on some day of this one. */
void answer_overlaps_elsewhere(const struct check_question *question, struct sql_value *value)
{
    const struct neighbours *all = question_others(question, question->change->type->name);
    struct ayni_bytes programme = question_value(question, "programme");
    struct ayni_bytes organisation = question_value(question, "organisation");
    struct check_span span = question_span(question);
    int64_t count = 0;

    if (all == NULL)
        return;
    for (size_t i = 0; i < all->count; i++) {
        const struct neighbour *one = &all->items[i];
        count += !question_is_itself(question, one) &&
                 ayni_bytes_equal(neighbour_value(all, one, "programme"), programme) &&
                 !ayni_bytes_equal(neighbour_value(all, one, "organisation"), organisation) &&
                 check_spans_overlap(neighbour_span(all, one), span);
    }
    answer_integer(value, count);
}

/* Whether who gave the consent cares for the child on that day. */
void answer_given_by_is_guardian(const struct check_question *question, struct sql_value *value)
{
    const struct neighbours *all = question_others(question, "guardian_link");
    struct ayni_bytes giver = question_value(question, "given_by");
    int64_t day;
    bool is = false;

    if (all == NULL || giver.size == 0 || !question_integer(question, "given_on", &day))
        return;
    for (size_t i = 0; i < all->count && !is; i++)
        is = ayni_bytes_equal(neighbour_value(all, &all->items[i], "person"), giver) &&
             check_spans_overlap(neighbour_span(all, &all->items[i]),
                                 (struct check_span){ day, day });
    answer_integer(value, is);
}

/* Births of the woman whose pregnancy it is, at most a week before or after its date. */
void answer_births_within_7_days(const struct check_question *question, struct sql_value *value)
{
    enum { DAYS_MAX = 7 };
    const struct check_lookups *lookups = question->lookups;
    struct sql_value woman = check_fact_of(question->change, lookups, CHECK_SUBJECT_WOMAN);
    const struct neighbours *all;
    struct ayni_record mother;
    int64_t day, born, count = 0;

    if (lookups->births == NULL || woman.type != SQL_BLOB ||
        woman.bytes.size != sizeof(mother.bytes) || !question_integer(question, "date", &day))
        return;
    memcpy(mother.bytes, woman.bytes.data, sizeof(mother.bytes));
    all = lookups->births(lookups->context, &mother);
    for (size_t i = 0; all != NULL && i < all->count; i++)
        count +=
            neighbour_integer(all, &all->items[i], "date", &born) && llabs(born - day) <= DAYS_MAX;
    if (all != NULL)
        answer_integer(value, count);
}
