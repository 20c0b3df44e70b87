#ifndef AYNI_PROTO_INSTANT_H
#define AYNI_PROTO_INSTANT_H

#include "proto/bytes.h"

/* A moment, in milliseconds since 1970-01-01T00:00:00Z, by somebody's clock: a claim. */
struct ayni_instant {
    uint64_t ms;
};

enum { AYNI_INSTANT_TEXT_SIZE = 25, AYNI_DAY_TEXT_SIZE = 11, AYNI_MONTH_TEXT_SIZE = 8 };

/* RFC 3339 with milliseconds and Z. `text` holds AYNI_INSTANT_TEXT_SIZE. Times after 9999 print as
 * the last of 9999. */
void ayni_instant_text(struct ayni_instant instant, char *text);
/* RFC 3339, with or without fractions, `Z` or an offset; a bare date is its midnight UTC. */
AYNI_CHECKED enum ayni_status ayni_instant_parse(struct ayni_bytes text,
                                                 struct ayni_instant *instant);

/*
 * A day is a count of days since 1970-01-01 in the proleptic Gregorian
 * calendar, negative before it; a month is the day of its first. Years 1 to 9999.
 */
AYNI_CHECKED enum ayni_status ayni_day_of(int year, int month, int day_of_month, int64_t *day);
/* Whether the day is of those years: what a record holds may be any number. */
bool ayni_day_valid(int64_t day);
void ayni_day_split(int64_t day, int *year, int *month, int *day_of_month);
void ayni_day_text(int64_t day, char *text);                                        /* YYYY-MM-DD */
void ayni_month_text(int64_t day, char *text);                                      /* YYYY-MM */
AYNI_CHECKED enum ayni_status ayni_day_parse(struct ayni_bytes text, int64_t *day); /* YYYY-MM-DD */
AYNI_CHECKED enum ayni_status ayni_month_parse(struct ayni_bytes text, int64_t *day); /* YYYY-MM */

/* The first day of the month of `day`, moved by `months`. */
int64_t ayni_month_start(int64_t day, int months);
/* The first day of a month that is so many after January 1970, or before it. */
int64_t ayni_month_first_day(int64_t months);
/*
 * Completed months from `birth` to `day` by the calendar; a child born on the
 * 31st completes a month on the last day of a shorter one. Negative before birth.
 */
int ayni_months_between(int64_t birth, int64_t day);

#endif
