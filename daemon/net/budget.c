#include "daemon/net/budget.h"

#include "daemon/config_value.h"

enum { MINUTE_MS = 60 * 1000, DAY_MS = CONFIG_DAY_MINUTES * MINUTE_MS };

struct hours {
    uint64_t from_ms, to_ms; /* of the day */
};

static struct hours hours_of(const struct config_budget *budget)
{
    unsigned from = 0, to = CONFIG_DAY_MINUTES;

    (void)!config_parse_hours(budget->hours, &from, &to); /* it was checked when it was read */
    return (struct hours){ (uint64_t)from * MINUTE_MS, (uint64_t)to * MINUTE_MS };
}

static bool is_within(const struct hours *hours, uint64_t ms_of_day)
{
    if (hours->from_ms < hours->to_ms)
        return ms_of_day >= hours->from_ms && ms_of_day < hours->to_ms;
    return ms_of_day >= hours->from_ms || ms_of_day < hours->to_ms;
}

/* From then on, until it is within. */
static uint64_t until_within(const struct hours *hours, uint64_t ms_of_day)
{
    if (is_within(hours, ms_of_day))
        return 0;
    return (hours->from_ms + DAY_MS - ms_of_day) % DAY_MS;
}

bool budget_is_bound(const struct config_budget *budget)
{
    struct hours hours = hours_of(budget);

    return budget->rate > 0 || budget->day > 0 || hours.from_ms != 0 || hours.to_ms != DAY_MS;
}

struct budget_now budget_at(const struct config_budget *budget, uint64_t used, uint64_t ms_of_day)
{
    struct hours hours = hours_of(budget);
    struct budget_now now = { .rate = budget->rate, .left = UINT64_MAX };
    uint64_t to_midnight = DAY_MS - ms_of_day % DAY_MS;

    if (budget->day > 0) {
        now.left = budget->day > used ? budget->day - used : 0;
        now.until_ms = to_midnight + until_within(&hours, 0);
        now.held = now.left == 0 ? "day" : NULL;
    }
    if (now.left > 0 && !is_within(&hours, ms_of_day)) {
        now.left = 0;
        now.until_ms = until_within(&hours, ms_of_day);
        now.held = "hours";
    }
    return now;
}
