#include "daemon/view/contribution.h"

#include "proto/instant.h"

/* No indicator follows a life for longer; an open window ends here. */
enum { LIFE_MONTHS_MAX = 18 * 12 };

month_no month_of_day(int64_t day)
{
    int year, month, of_month;

    ayni_day_split(day, &year, &month, &of_month);
    return (year - 1970) * 12 + month - 1;
}

int64_t month_first_day(month_no month)
{
    return ayni_month_first_day(month);
}

int64_t month_last_day(month_no month)
{
    return month_first_day(month + 1) - 1;
}

/* --- who is counted --- */

static bool in_state(const struct indicator *indicator, const char *state)
{
    for (size_t i = 0; i < indicator->state_count; i++)
        if (strcmp(indicator->states[i], state) == 0)
            return true;
    return indicator->state_count == 0;
}

/* At the end of a month, which is that day: who was born in a month has as many full months then as
 * have begun since. */
static bool in_cohort(const struct indicator *indicator, const struct subject_facts *subject,
                      month_no months, int64_t end)
{
    if (end < subject->birth_date || end < indicator->valid_from ||
        (indicator->has_valid_to && end > indicator->valid_to) ||
        (subject->has_death && subject->death_date <= end))
        return false;
    return indicator_within(&indicator->age_days, end - subject->birth_date) &&
           indicator_within(&indicator->age_months, months);
}

/* --- what it has by a month's end --- */

static bool meets(const struct indicator_condition *condition, const struct subject_facts *subject,
                  const struct event_fact *event, int64_t end)
{
    return event->has_date && event->date <= end &&
           indicator_within(&condition->days_from_birth, event->date - subject->birth_date);
}

/* One condition at a month's end: NUMERATOR, UNKNOWN or neither, and CONTESTED beside. */
static uint8_t judge_condition(const struct indicator *indicator, size_t index,
                               const struct subject_facts *subject, const struct event_fact *events,
                               size_t count, int64_t end)
{
    uint8_t flags = 0;
    bool undated = false;

    for (size_t i = 0; i < count; i++) {
        if (events[i].condition != index)
            continue;
        undated = undated || !events[i].has_date;
        if (events[i].contested)
            flags |= CONTRIBUTION_CONTESTED;
        if (meets(&indicator->conditions[index], subject, &events[i], end))
            flags |= CONTRIBUTION_NUMERATOR;
    }
    if (undated && (flags & CONTRIBUTION_NUMERATOR) == 0)
        flags |= CONTRIBUTION_UNKNOWN;
    return flags;
}

/* All conditions together: met if each is, unknown if none fails and one is unknown. */
static uint8_t judge(const struct indicator *indicator, const struct subject_facts *subject,
                     const struct event_fact *events, size_t count, int64_t end)
{
    uint8_t flags = subject->contested ? CONTRIBUTION_CONTESTED : 0;
    bool met = true, unknown = false, failed = false;

    for (size_t i = 0; i < indicator->condition_count; i++) {
        uint8_t one = judge_condition(indicator, i, subject, events, count, end);
        flags |= one & CONTRIBUTION_CONTESTED;
        met = met && (one & CONTRIBUTION_NUMERATOR) != 0;
        unknown = unknown || (one & CONTRIBUTION_UNKNOWN) != 0;
        failed = failed || (one & (CONTRIBUTION_NUMERATOR | CONTRIBUTION_UNKNOWN)) == 0;
    }
    if (met)
        flags |= CONTRIBUTION_NUMERATOR;
    else if (unknown && !failed)
        flags |= CONTRIBUTION_UNKNOWN;
    return flags;
}

/* The last month that can be in scope. */
static month_no last_month(const struct indicator *indicator, month_no birth)
{
    int64_t months =
        indicator->age_months.has_high ? indicator->age_months.high + 1 : LIFE_MONTHS_MAX;

    return birth + (month_no)(months < LIFE_MONTHS_MAX ? months : LIFE_MONTHS_MAX);
}

size_t contributions_of(const struct indicator *indicator, const struct subject_facts *subject,
                        const struct event_fact *events, size_t event_count,
                        struct contribution contributions[CONTRIBUTIONS_MAX])
{
    size_t count = 0;

    if (!subject->alive || !in_state(indicator, subject->state))
        return 0;
    month_no birth = month_of_day(subject->birth_date);
    for (month_no month = birth; month <= last_month(indicator, birth); month++) {
        int64_t end = month_last_day(month);
        if (!in_cohort(indicator, subject, month - birth, end))
            continue;
        uint8_t flags = judge(indicator, subject, events, event_count, end);
        struct contribution *before = count > 0 ? &contributions[count - 1] : NULL;
        if (before != NULL && before->last == month - 1 && before->flags == flags)
            before->last = month;
        else if (count < CONTRIBUTIONS_MAX)
            contributions[count++] = (struct contribution){ month, month, flags };
    }
    return count;
}
