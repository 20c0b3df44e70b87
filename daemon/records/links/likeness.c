#include "daemon/records/links/likeness.h"

#include <stdlib.h>
#include <string.h>

#include "proto/instant.h"

const char *const likeness_key_names[LIKENESS_KEYS] = {
    [LIKENESS_SAME_ID] = "same_id",       [LIKENESS_SAME_MOTHER] = "same_mother",
    [LIKENESS_SAME_NAMES] = "same_names", [LIKENESS_NEAR_DATE] = "near_date",
    [LIKENESS_NEAR_NAMES] = "near_names",
};

/* Of the strongest key; each further one adds a little. */
static const int scores[LIKENESS_KEYS] = { 90, 80, 70, 60, 50 };
enum { SCORE_MORE = 2 };

const char *likeness_verdict_name(enum likeness_verdict verdict)
{
    switch (verdict) {
    case LIKENESS_SAME:
        return "same";
    case LIKENESS_TWINS:
        return "twins";
    case LIKENESS_UNDECIDED:
        break;
    }
    return "undecided";
}

/* --- sets --- */

void likeness_set_add(struct likeness_set *set, uint64_t value)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->values[i] == value)
            return;
    if (set->count < LIKENESS_VALUES_MAX)
        set->values[set->count++] = value;
}

bool likeness_set_shares(const struct likeness_set *a, const struct likeness_set *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (a->values[i] == b->values[j])
                return true;
    return false;
}

/* Both are known, and nothing is of both. */
static bool differ(const struct likeness_set *a, const struct likeness_set *b)
{
    return a->count > 0 && b->count > 0 && !likeness_set_shares(a, b);
}

uint64_t likeness_code(struct ayni_bytes text)
{
    uint64_t code = 0;

    if (text.size > sizeof(code))
        return 0;
    for (size_t i = 0; i < text.size; i++)
        code = code << 8 | text.data[i];
    return code;
}

bool likeness_code_begins(uint64_t code, const char *prefix)
{
    char text[sizeof(code) + 1] = { 0 };
    size_t size = 0;

    for (size_t i = sizeof(code); i-- > 0;)
        if (code >> 8 * i != 0)
            text[size++] = (char)(code >> 8 * i);
    return prefix == NULL || strncmp(text, prefix, strlen(prefix)) == 0;
}

/* --- days --- */

static bool one_digit(int64_t a, int64_t b)
{
    char a_text[AYNI_DAY_TEXT_SIZE], b_text[AYNI_DAY_TEXT_SIZE];
    int differing = 0;

    ayni_day_text(a, a_text);
    ayni_day_text(b, b_text);
    for (size_t i = 0; i + 1 < AYNI_DAY_TEXT_SIZE; i++)
        differing += a_text[i] != b_text[i];
    return differing <= 1;
}

static bool swapped(int64_t a, int64_t b)
{
    int a_year, a_month, a_day, b_year, b_month, b_day;

    ayni_day_split(a, &a_year, &a_month, &a_day);
    ayni_day_split(b, &b_year, &b_month, &b_day);
    return a_year == b_year && a_month == b_day && a_day == b_month;
}

static bool apart_at_most(int64_t a, int64_t b, int64_t days)
{
    return llabs(a - b) <= days;
}

bool likeness_days_near(int64_t a, int64_t b)
{
    return apart_at_most(a, b, LIKENESS_DAYS_NEAR) || swapped(a, b) || one_digit(a, b);
}

static bool born_near(int64_t a, int64_t b)
{
    return apart_at_most(a, b, LIKENESS_DAYS_NEAR);
}

static bool born_as_twins(int64_t a, int64_t b)
{
    return apart_at_most(a, b, LIKENESS_DAYS_OF_TWINS);
}

static bool any_days(const struct likeness_face *a, const struct likeness_face *b,
                     bool (*fit)(int64_t a, int64_t b))
{
    for (size_t i = 0; i < a->days.count; i++)
        for (size_t j = 0; j < b->days.count; j++)
            if (fit((int64_t)a->days.values[i], (int64_t)b->days.values[j]))
                return true;
    return false;
}

/* --- names --- */

static bool any_names(const struct likeness_face *a, const struct likeness_face *b,
                      bool (*fit)(const struct likeness_name *a, const struct likeness_name *b))
{
    for (size_t i = 0; i < a->name_count; i++)
        for (size_t j = 0; j < b->name_count; j++)
            if (fit(&a->names[i], &b->names[j]))
                return true;
    return false;
}

/* As a slip of the pen in a surname leaves them. */
static bool differ_in_surnames(const struct likeness_name *a, const struct likeness_name *b)
{
    return likeness_name_same_given(a, b) && likeness_name_near(a, b);
}

/* --- two faces --- */

#define BIT(key) (1u << (key))

static unsigned face_reasons(const struct likeness_face *a, const struct likeness_face *b,
                             bool same_mother)
{
    bool same_day = likeness_set_shares(&a->days, &b->days);
    unsigned reasons = 0;

    if (same_mother && any_days(a, b, born_near) && !differ(&a->sexes, &b->sexes) &&
        !differ(&a->orders, &b->orders))
        reasons |= BIT(LIKENESS_SAME_MOTHER);
    if (any_names(a, b, likeness_name_equal)) {
        if (same_day)
            reasons |= BIT(LIKENESS_SAME_NAMES);
        else if (any_days(a, b, likeness_days_near))
            reasons |= BIT(LIKENESS_NEAR_DATE);
    } else if (same_day && likeness_set_shares(&a->sexes, &b->sexes) &&
               likeness_set_shares(&a->districts, &b->districts) &&
               any_names(a, b, likeness_name_near)) {
        reasons |= BIT(LIKENESS_NEAR_NAMES);
    }
    return reasons;
}

/* --- two children --- */

static unsigned reasons_of(const struct likeness_child *a, const struct likeness_child *b)
{
    bool same_mother = likeness_set_shares(&a->mothers, &b->mothers);
    unsigned reasons = 0;

    if (likeness_set_shares(&a->numbers, &b->numbers))
        reasons |= BIT(LIKENESS_SAME_ID);
    for (size_t i = 0; i < a->face_count; i++)
        for (size_t j = 0; j < b->face_count; j++)
            reasons |= face_reasons(&a->faces[i], &b->faces[j], same_mother);
    return reasons;
}

static bool any_faces(const struct likeness_child *a, const struct likeness_child *b,
                      bool (*fit)(const struct likeness_face *a, const struct likeness_face *b))
{
    for (size_t i = 0; i < a->face_count; i++)
        for (size_t j = 0; j < b->face_count; j++)
            if (fit(&a->faces[i], &b->faces[j]))
                return true;
    return false;
}

static bool share_sex(const struct likeness_face *a, const struct likeness_face *b)
{
    return !differ(&a->sexes, &b->sexes);
}

static bool share_order(const struct likeness_face *a, const struct likeness_face *b)
{
    return !differ(&a->orders, &b->orders);
}

static bool share_twins_day(const struct likeness_face *a, const struct likeness_face *b)
{
    return any_days(a, b, born_as_twins);
}

static bool share_surnames(const struct likeness_face *a, const struct likeness_face *b)
{
    return any_names(a, b, likeness_name_same_surnames);
}

static bool share_given(const struct likeness_face *a, const struct likeness_face *b)
{
    return any_names(a, b, differ_in_surnames);
}

/* Something that one child has once is different in both. */
static bool told_apart(const struct likeness_child *a, const struct likeness_child *b)
{
    return differ(&a->dnis, &b->dnis) || differ(&a->cnvs, &b->cnvs) ||
           !any_faces(a, b, share_sex) || !any_faces(a, b, share_order);
}

/* Twins share mother, day and surnames, sometimes all but one letter of a given name. */
static bool may_be_twins(const struct likeness_child *a, const struct likeness_child *b)
{
    bool family = likeness_set_shares(&a->mothers, &b->mothers) ||
                  (!differ(&a->mothers, &b->mothers) && any_faces(a, b, share_surnames));

    return family && any_faces(a, b, share_twins_day);
}

static enum likeness_verdict verdict_of(const struct likeness_child *a,
                                        const struct likeness_child *b, unsigned reasons)
{
    const unsigned sure =
        BIT(LIKENESS_SAME_ID) | BIT(LIKENESS_SAME_NAMES) | BIT(LIKENESS_NEAR_DATE);

    if (told_apart(a, b))
        return may_be_twins(a, b) ? LIKENESS_TWINS : LIKENESS_UNDECIDED;
    if ((reasons & sure) != 0)
        return LIKENESS_SAME;
    return (reasons & BIT(LIKENESS_NEAR_NAMES)) != 0 && any_faces(a, b, share_given)
               ? LIKENESS_SAME
               : LIKENESS_UNDECIDED;
}

static int score_of(unsigned reasons, enum likeness_verdict verdict)
{
    int score = scores[__builtin_ctz(reasons)] + SCORE_MORE * (__builtin_popcount(reasons) - 1);

    return verdict == LIKENESS_SAME ? score : score / 2;
}

bool likeness_compare(const struct likeness_child *a, const struct likeness_child *b,
                      struct likeness_match *match)
{
    unsigned reasons = reasons_of(a, b);

    if (reasons == 0)
        return false;
    match->reasons = reasons;
    match->verdict = verdict_of(a, b, reasons);
    match->score = score_of(reasons, match->verdict);
    return true;
}
