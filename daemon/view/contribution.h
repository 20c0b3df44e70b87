#ifndef AYNI_DAEMON_VIEW_CONTRIBUTION_H
#define AYNI_DAEMON_VIEW_CONTRIBUTION_H

#include "daemon/view/indicator.h"

/*
 * What one subject adds to an indicator, for every month of its life in scope
 * at once, each judged at that month's end: a pure function of its records.
 * Nothing of it changes because time passes. docs/view.md.
 */

/* A month, counted from January 1970. */
typedef int32_t month_no;
month_no month_of_day(int64_t day);
int64_t month_first_day(month_no month);
int64_t month_last_day(month_no month);

enum { CONTRIBUTION_PLACE_SIZE = 7, CONTRIBUTION_VALUE_SIZE = 24 };

/* The subject as it is shown here, of all spaces together. */
struct subject_facts {
    bool alive; /* there is such a record, it isn't deleted, and it has a birth date and a state */
    int64_t birth_date;
    char state[INDICATOR_WORD_SIZE];
    bool has_death;
    int64_t death_date;
    char place[CONTRIBUTION_PLACE_SIZE];    /* 2, 4 or 6 digits; empty if unknown */
    char sex[CONTRIBUTION_VALUE_SIZE];      /* a code; empty if unknown */
    char language[CONTRIBUTION_VALUE_SIZE]; /* a code; empty if unknown */
    bool contested;                         /* one of the above is */
};

/* A record about it that a condition asks for. */
struct event_fact {
    size_t condition; /* of the indicator */
    bool has_date;
    int64_t date;
    bool contested;
};

enum contribution_flag {
    CONTRIBUTION_NUMERATOR = 1,
    CONTRIBUTION_UNKNOWN = 2, /* in the denominator, and whether in the numerator isn't known */
    CONTRIBUTION_CONTESTED = 4,
};

/* The months from `first` to `last` in which it is in the denominator alike. */
struct contribution {
    month_no first, last;
    uint8_t flags;
};
/* Births and deaths apart, what is counted changes when one of these few things happens. */
enum { CONTRIBUTIONS_MAX = 2 + INDICATOR_CONDITIONS_MAX };

/*
 * The contributions of a subject to an indicator, ascending and apart; their
 * number. `events` are those of this indicator's conditions, in any order; what is
 * of no condition of its is passed over.
 */
size_t contributions_of(const struct indicator *indicator, const struct subject_facts *subject,
                        const struct event_fact *events, size_t event_count,
                        struct contribution contributions[CONTRIBUTIONS_MAX]);

#endif
