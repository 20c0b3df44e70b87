#ifndef AYNI_DAEMON_VIEW_INDICATOR_H
#define AYNI_DAEMON_VIEW_INDICATOR_H

#include "daemon/view/language_groups.h"
#include "proto/catalogue.h"
#include "proto/ids.h"

/*
 * An indicator as the registry declares it (types 707 and 708), made ready to
 * be computed. docs/view.md has the language of its definition. Whom it counts,
 * when, and what they must have is data; here is only how such data is read.
 */
enum {
    INDICATOR_CODE_SIZE = 21,
    INDICATOR_TITLE_SIZE = 161,
    INDICATOR_RULES_SIZE = 41,
    INDICATOR_WORDS_MAX = 8,
    INDICATOR_WORD_SIZE = 41,
    INDICATOR_CONDITIONS_MAX = 8,
};

/* From `low` to `high`, both included; an absent end is open. */
struct indicator_window {
    bool has_low, has_high;
    int64_t low, high;
};

/* A record about the subject that must exist for the numerator. */
struct indicator_condition {
    uint32_t type;
    uint32_t scheme_field; /* of identifiers: the scheme and what it must be; 0 for none */
    char scheme[INDICATOR_WORD_SIZE];
    uint32_t state_field; /* of identifiers: `valid` alone counts; 0 for none */
    uint32_t date_field;
    struct indicator_window days_from_birth;
};

struct indicator {
    char code[INDICATOR_CODE_SIZE];
    char title_es[INDICATOR_TITLE_SIZE], title_en[INDICATOR_TITLE_SIZE];
    char rules[INDICATOR_RULES_SIZE]; /* the rule set's name: a number is always shown with it */
    int64_t valid_from;               /* months that end before it are not computed */
    bool has_valid_to;
    int64_t valid_to;
    bool is_count; /* the value is the count of the cohort; else a percentage */
    bool has_target;
    int64_t target; /* hundredths of a percent */

    uint32_t subject; /* a type: child */
    char states[INDICATOR_WORDS_MAX][INDICATOR_WORD_SIZE];
    size_t state_count;
    struct indicator_window age_months, age_days; /* at the month's end */
    struct indicator_condition conditions[INDICATOR_CONDITIONS_MAX];
    size_t condition_count;
    struct language_groups languages; /* by which it is broken down */

    struct ayni_hash source; /* of the values of the records that it was read from */
};

enum { INDICATOR_ERROR_SIZE = 240 };

/*
 * Read a definition with the parameters of its rule set. Code, title and dates
 * of the record are the caller's to fill; the definition's titles win.
 *
 *   AYNI_E_INVALID  `error` says what is wrong and where
 */
AYNI_CHECKED enum ayni_status indicator_read(struct ayni_bytes definition,
                                             struct ayni_bytes parameters,
                                             const struct ayni_catalogue *catalogue,
                                             struct indicator *indicator,
                                             char error[INDICATOR_ERROR_SIZE]);

/* Whether a value lies in the window. */
bool indicator_within(const struct indicator_window *window, int64_t value);

#endif
