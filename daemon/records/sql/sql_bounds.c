#include "daemon/records/sql/sql_bounds.h"

#include <string.h>

#include "daemon/records/sql/sql_plan.h"
#include "proto/instant.h"

enum { YEAR_SIZE = 4, MONTH_SIZE = AYNI_MONTH_TEXT_SIZE - 1, DAY_SIZE = AYNI_DAY_TEXT_SIZE - 1 };
enum { MONTHS = 12 };

/* --- places --- */

static void raise_place(struct occasion_wish *wish, const uint8_t from[OCCASION_PLACE_SIZE])
{
    if (memcmp(from, wish->place_from, OCCASION_PLACE_SIZE) > 0)
        memcpy(wish->place_from, from, OCCASION_PLACE_SIZE);
}

static void lower_place(struct occasion_wish *wish, const uint8_t to[OCCASION_PLACE_SIZE])
{
    if (memcmp(to, wish->place_to, OCCASION_PLACE_SIZE) < 0)
        memcpy(wish->place_to, to, OCCASION_PLACE_SIZE);
}

/* The beginning of a text, and `fill` after it. */
static void fill_place(struct ayni_bytes text, uint8_t fill, uint8_t place[OCCASION_PLACE_SIZE])
{
    size_t size = text.size < OCCASION_PLACE_SIZE ? text.size : OCCASION_PLACE_SIZE;

    memset(place, fill, OCCASION_PLACE_SIZE);
    if (size > 0)
        memcpy(place, text.data, size);
}

static void narrow_place(struct occasion_wish *wish, int part, struct ayni_bytes text)
{
    uint8_t from[OCCASION_PLACE_SIZE], to[OCCASION_PLACE_SIZE];

    fill_place(text, 0, from);
    fill_place(text, part == SQL_PLACE_LIKE ? UINT8_MAX : 0, to);
    if (part != SQL_PLACE_TO)
        raise_place(wish, from);
    if (part != SQL_PLACE_FROM)
        lower_place(wish, to);
}

/* --- dates --- */

static bool when_of(int64_t day, bool whole_day, struct occasion_when *when)
{
    int year, month, day_of_month;

    ayni_day_split(day, &year, &month, &day_of_month);
    if (year * MONTHS + month > OCCASION_MONTH_MAX)
        return false;
    *when = (struct occasion_when){ (uint16_t)(year * MONTHS + month),
                                    whole_day ? (uint8_t)day_of_month : 0 };
    return true;
}

static struct ayni_bytes front(struct ayni_bytes text, size_t size)
{
    return (struct ayni_bytes){ text.data, text.size < size ? text.size : size };
}

/*
 * The first and the last moment that begin with the text, as far as it is a date: a day, a month or
 * a year. What follows is looked at by SQLite.
 */
static bool span_of(struct ayni_bytes text, struct occasion_when *first, struct occasion_when *last)
{
    uint8_t january[MONTH_SIZE] = "0000-01";
    int64_t day;

    if (ayni_day_parse(front(text, DAY_SIZE), &day) == AYNI_OK)
        return when_of(day, true, first) && when_of(day, true, last);
    if (ayni_month_parse(front(text, MONTH_SIZE), &day) == AYNI_OK) {
        *last = (struct occasion_when){ .day = UINT8_MAX };
        if (!when_of(day, false, first))
            return false;
        last->month = first->month;
        return true;
    }
    if (text.size < YEAR_SIZE)
        return false;
    memcpy(january, text.data, YEAR_SIZE);
    if (ayni_month_parse((struct ayni_bytes){ january, sizeof(january) }, &day) != AYNI_OK ||
        !when_of(day, false, first))
        return false;
    *last = (struct occasion_when){ (uint16_t)(first->month + MONTHS - 1), UINT8_MAX };
    return true;
}

static int compare_when(struct occasion_when a, struct occasion_when b)
{
    return a.month != b.month ? (a.month < b.month ? -1 : 1) : (int)a.day - (int)b.day;
}

static void narrow_date(struct occasion_wish *wish, int part, struct ayni_bytes text)
{
    const struct occasion_when any = { .month = 1 };
    struct occasion_when first, last;

    if (compare_when(any, wish->from) > 0)
        wish->from = any;
    if (!span_of(text, &first, &last))
        return;
    if (part != SQL_DATE_TO && compare_when(first, wish->from) > 0)
        wish->from = first;
    if (part != SQL_DATE_FROM && compare_when(last, wish->to) < 0)
        wish->to = last;
}

/* --- both --- */

/* What all begin with that are LIKE it: digits and hyphens up to the first sign that stands for
 * others. */
static struct ayni_bytes literal(struct ayni_bytes pattern)
{
    size_t size = 0;

    while (size < pattern.size &&
           ((pattern.data[size] >= '0' && pattern.data[size] <= '9') || pattern.data[size] == '-'))
        size++;
    return front(pattern, size);
}

bool sql_bounds_narrow(struct occasion_wish *wish, int part, sqlite3_value *value)
{
    static const uint8_t any_place[OCCASION_PLACE_SIZE] = { 1 };

    if (sqlite3_value_type(value) == SQLITE_NULL) /* nothing compares with it */
        return false;
    if (part & SQL_PLAN_PLACE)
        raise_place(wish, any_place);
    if (sqlite3_value_type(value) != SQLITE_TEXT) /* a number may be compared as one: 080101 */
        return true;
    const uint8_t *data = sqlite3_value_text(value);
    struct ayni_bytes text = { data, data == NULL ? 0 : (size_t)sqlite3_value_bytes(value) };
    if (part == SQL_PLACE_LIKE || part == SQL_DATE_LIKE)
        text = literal(text);
    if (part & SQL_PLAN_PLACE)
        narrow_place(wish, part, text);
    else
        narrow_date(wish, part, text);
    return true;
}
