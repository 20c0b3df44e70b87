#ifndef AYNI_DAEMON_RECORDS_LIKENESS_H
#define AYNI_DAEMON_RECORDS_LIKENESS_H

#include "daemon/records/links/likeness_name.h"
#include "proto/ids.h"

/*
 * Whether two records are of one child: five keys propose it, strongest first,
 * and only a steward decides. docs/duplicates.md. Nothing here reads records:
 * that is daemon/records/links/likeness_child.h.
 *
 * Where a value is contested each of those that survive counts as one. What
 * stands in several spaces is compared space by space: a name of one and a day
 * of another make no child.
 */
enum likeness_key {
    LIKENESS_SAME_ID,     /* a number that both have; a CUI is the DNI's number */
    LIKENESS_SAME_MOTHER, /* born within 3 days; sex and order of birth agree, if known */
    LIKENESS_SAME_NAMES,  /* and the same day */
    LIKENESS_NEAR_DATE,   /* the same names; day and month swapped, one digit, or 3 days off */
    LIKENESS_NEAR_NAMES,  /* names 2 edits apart at most; the same day, sex and district */
    LIKENESS_KEYS,
};
/* As `reasons` of an answer name them: same_id same_mother same_names near_date near_names. */
extern const char *const likeness_key_names[LIKENESS_KEYS];

enum likeness_verdict {
    LIKENESS_SAME,
    LIKENESS_TWINS,     /* family, a day apart at most, and something tells them apart */
    LIKENESS_UNDECIDED, /* not on these keys alone */
};
const char *likeness_verdict_name(enum likeness_verdict verdict);

enum { LIKENESS_DAYS_NEAR = 3, LIKENESS_DAYS_OF_TWINS = 1 };

/* Values of one kind, each once. Those beyond the maximum are left out. */
enum { LIKENESS_VALUES_MAX = 12 };
struct likeness_set {
    uint64_t values[LIKENESS_VALUES_MAX];
    size_t count;
};
void likeness_set_add(struct likeness_set *set, uint64_t value);
bool likeness_set_shares(const struct likeness_set *a, const struct likeness_set *b);

/* What one space says of a child. */
enum { LIKENESS_NAMES_MAX = 32, LIKENESS_FACES_MAX = 4 };
struct likeness_face {
    struct ayni_space space;
    struct likeness_name names[LIKENESS_NAMES_MAX];
    size_t name_count;
    struct likeness_set days; /* of birth, (uint64_t) of a valid day */
    struct likeness_set sexes, orders;
    struct likeness_set districts; /* their codes as numbers: likeness_code() */
};
/* A code of up to 8 characters as a number; 0 for another. And whether it begins so (NULL: yes). */
uint64_t likeness_code(struct ayni_bytes text);
bool likeness_code_begins(uint64_t code, const char *prefix);

/* A child as it is compared. */
struct likeness_child {
    struct ayni_record record;
    struct likeness_face faces[LIKENESS_FACES_MAX];
    size_t face_count;
    struct likeness_set numbers;    /* hashes of all identifiers */
    struct likeness_set dnis, cnvs; /* of them, those that a child has once */
    struct likeness_set mothers;    /* hashes of their records and of their numbers */
};

struct likeness_match {
    unsigned reasons; /* bit 1 << key */
    int score;        /* 1 to 99: how strong it is */
    enum likeness_verdict verdict;
};
/* False where no key holds: then nothing is written. */
bool likeness_compare(const struct likeness_child *a, const struct likeness_child *b,
                      struct likeness_match *match);

/* A day that may have been meant for the other: swapped, one digit, or few days off; equal ones
 * too. Both are valid days. */
bool likeness_days_near(int64_t a, int64_t b);

#endif
