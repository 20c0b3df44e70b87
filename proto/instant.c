#include "proto/instant.h"

#include <string.h>

enum { DAY_MS = 86400000, YEAR_MIN = 1, YEAR_MAX = 9999, EPOCH_YEAR = 1970 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01 by the calendar of 400-year eras that begin in March. */
static int64_t day_number(int year, int month, int day_of_month)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

enum ayni_status ayni_day_of(int year, int month, int day_of_month, int64_t *day)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day_of_month < 1 ||
        day_of_month > days_in_month(year, month))
        return AYNI_E_MALFORMED;
    *day = day_number(year, month, day_of_month);
    return AYNI_OK;
}

static int64_t first_day(void)
{
    return day_number(YEAR_MIN, 1, 1);
}

static int64_t last_day(void)
{
    return day_number(YEAR_MAX, 12, 31);
}

bool ayni_day_valid(int64_t day)
{
    return day >= first_day() && day <= last_day();
}

/* Days outside the years 1 to 9999 are taken as the first and the last of them. */
static int64_t clamp_day(int64_t day)
{
    return ayni_day_valid(day) ? day : day < first_day() ? first_day() : last_day();
}

void ayni_day_split(int64_t day, int *year, int *month, int *day_of_month)
{
    int64_t z = clamp_day(day) + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;

    *day_of_month = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

/* `width` decimal digits of a number that fits, without a NUL. */
static void put_digits(char *to, unsigned value, int width)
{
    for (int i = width - 1; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
}

static void put_month(char *to, int year, int month)
{
    put_digits(to, (unsigned)year, 4);
    to[4] = '-';
    put_digits(to + 5, (unsigned)month, 2);
    to[7] = 0;
}

void ayni_month_text(int64_t day, char *text)
{
    int year, month, day_of_month;

    ayni_day_split(day, &year, &month, &day_of_month);
    put_month(text, year, month);
}

void ayni_day_text(int64_t day, char *text)
{
    int year, month, day_of_month;

    ayni_day_split(day, &year, &month, &day_of_month);
    put_month(text, year, month);
    text[7] = '-';
    put_digits(text + 8, (unsigned)day_of_month, 2);
    text[10] = 0;
}

void ayni_instant_text(struct ayni_instant instant, char *text)
{
    uint64_t last = ((uint64_t)day_number(YEAR_MAX, 12, 31) + 1) * DAY_MS - 1;
    uint64_t ms = instant.ms > last ? last : instant.ms;
    unsigned of_day = (unsigned)(ms % DAY_MS);

    ayni_day_text((int64_t)(ms / DAY_MS), text);
    memcpy(text + 10, "T00:00:00.000Z", 15);
    put_digits(text + 11, of_day / 3600000, 2);
    put_digits(text + 14, of_day / 60000 % 60, 2);
    put_digits(text + 17, of_day / 1000 % 60, 2);
    put_digits(text + 20, of_day % 1000, 3);
}

/* A cursor over text that remembers its first failure. */
struct scan {
    struct ayni_bytes text;
    size_t position;
    bool failed;
};

static int scan_peek(const struct scan *scan)
{
    return scan->position < scan->text.size ? scan->text.data[scan->position] : -1;
}

static int scan_digits(struct scan *scan, int count)
{
    int value = 0;

    for (; count > 0; count--) {
        int c = scan_peek(scan);
        if (c < '0' || c > '9') {
            scan->failed = true;
            return 0;
        }
        value = value * 10 + (c - '0');
        scan->position++;
    }
    return value;
}

/* One of the characters of `any`. */
static int scan_one(struct scan *scan, const char *any)
{
    int c = scan_peek(scan);

    if (c <= 0 || strchr(any, c) == NULL) {
        scan->failed = true;
        return 0;
    }
    scan->position++;
    return c;
}

static int64_t scan_day(struct scan *scan)
{
    int64_t day = 0;
    int year = scan_digits(scan, 4);
    scan_one(scan, "-");
    int month = scan_digits(scan, 2);
    scan_one(scan, "-");
    int day_of_month = scan_digits(scan, 2);

    if (scan->failed || ayni_day_of(year, month, day_of_month, &day) != AYNI_OK)
        scan->failed = true;
    return day;
}

enum ayni_status ayni_day_parse(struct ayni_bytes text, int64_t *day)
{
    struct scan scan = { .text = text };
    int64_t parsed = scan_day(&scan);

    if (scan.failed || scan.position != text.size)
        return AYNI_E_MALFORMED;
    *day = parsed;
    return AYNI_OK;
}

enum ayni_status ayni_month_parse(struct ayni_bytes text, int64_t *day)
{
    struct scan scan = { .text = text };
    int year = scan_digits(&scan, 4);
    scan_one(&scan, "-");
    int month = scan_digits(&scan, 2);

    if (scan.failed || scan.position != text.size)
        return AYNI_E_MALFORMED;
    return ayni_day_of(year, month, 1, day);
}

/* HH:MM in ms; hours to 23, minutes to 59. */
static int64_t scan_hours_minutes(struct scan *scan)
{
    int hours = scan_digits(scan, 2);
    scan_one(scan, ":");
    int minutes = scan_digits(scan, 2);

    if (hours > 23 || minutes > 59)
        scan->failed = true;
    return (hours * 60 + minutes) * INT64_C(60000);
}

/* Seconds with as many decimals as there are; those past the third are dropped. */
static int64_t scan_seconds(struct scan *scan)
{
    scan_one(scan, ":");
    int64_t ms = scan_digits(scan, 2) * INT64_C(1000);

    if (ms > 59999)
        scan->failed = true;
    if (scan_peek(scan) != '.')
        return ms;
    scan->position++;
    int worth = 100;
    do {
        ms += scan_digits(scan, 1) * worth;
        worth /= 10;
    } while (!scan->failed && scan_peek(scan) >= '0' && scan_peek(scan) <= '9');
    return ms;
}

static int64_t scan_offset(struct scan *scan)
{
    int sign = scan_one(scan, "Zz+-");

    if (sign != '+' && sign != '-')
        return 0;
    int64_t offset = scan_hours_minutes(scan);
    return sign == '+' ? offset : -offset;
}

enum ayni_status ayni_instant_parse(struct ayni_bytes text, struct ayni_instant *instant)
{
    struct scan scan = { .text = text };
    int64_t ms = scan_day(&scan) * DAY_MS;

    if (!scan.failed && scan.position < text.size) {
        scan_one(&scan, "Tt ");
        ms += scan_hours_minutes(&scan);
        ms += scan_seconds(&scan);
        ms -= scan_offset(&scan);
    }
    if (scan.failed || scan.position != text.size || ms < 0)
        return AYNI_E_MALFORMED;
    instant->ms = (uint64_t)ms;
    return AYNI_OK;
}

int64_t ayni_month_first_day(int64_t months)
{
    int64_t count = EPOCH_YEAR * 12 + months;
    int64_t first = YEAR_MIN * 12, last = YEAR_MAX * 12 + 11;

    count = count < first ? first : count > last ? last : count;
    return day_number((int)(count / 12), (int)(count % 12) + 1, 1);
}

int64_t ayni_month_start(int64_t day, int months)
{
    int year, month, day_of_month;

    ayni_day_split(day, &year, &month, &day_of_month);
    return ayni_month_first_day((int64_t)(year - EPOCH_YEAR) * 12 + (month - 1) + months);
}

int ayni_months_between(int64_t birth, int64_t day)
{
    int from_year, from_month, from_day, year, month, day_of_month;

    ayni_day_split(birth, &from_year, &from_month, &from_day);
    ayni_day_split(day, &year, &month, &day_of_month);
    int last = days_in_month(year, month);
    int due = from_day < last ? from_day : last;
    return (year - from_year) * 12 + (month - from_month) - (day_of_month < due);
}
