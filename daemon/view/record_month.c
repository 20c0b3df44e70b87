#include "daemon/view/record_month.h"

#include "daemon/clock.h"
#include "daemon/records/named_value.h"

bool record_month(const struct ayni_catalogue_type *type, const struct record_state *state,
                  month_no *month)
{
    int64_t day;

    if (!named_day(type, state, "date", &day)) {
        if (state->count == 0)
            return false;
        day = clock_day_of(state->items[0].time);
    }
    *month = month_of_day(day);
    return true;
}
