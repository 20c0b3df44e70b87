#ifndef AYNI_DAEMON_RECORDS_GROWTH_H
#define AYNI_DAEMON_RECORDS_GROWTH_H

#include "daemon/records/rules/lms_table.h"

/*
 * Z-scores of a child's measures by the WHO Child Growth Standards of 2006: how many standard
 * deviations from the median of healthy children of that sex and age. The method, step by step, is
 * in docs/reference-tables.md; it is WHO's own (WHO Child Growth Standards: methods and
 * development, 2006, chapter 7, restricted LMS; igrowup).
 */
enum growth_score {
    GROWTH_HAZ, /* length or height for age */
    GROWTH_WAZ, /* weight for age */
    GROWTH_WHZ, /* weight for length or height */
    GROWTH_BAZ, /* body mass index for age */
    GROWTH_HCZ, /* head circumference for age */
    GROWTH_ACZ, /* arm circumference for age */
    GROWTH_SCORE_COUNT,
};

enum growth_table {
    GROWTH_LHFA,
    GROWTH_WFA,
    GROWTH_BMIFA,
    GROWTH_HCFA,
    GROWTH_ACFA,
    GROWTH_WFL,
    GROWTH_WFH,
    GROWTH_TABLE_COUNT,
};

enum growth_position { GROWTH_POSITION_UNKNOWN, GROWTH_LYING, GROWTH_STANDING };

struct growth_measure {
    bool male;
    bool has_age;
    int64_t age_days;
    int64_t weight_g, length_mm, head_mm, arm_mm; /* 0 or less: not measured */
    enum growth_position position;
    bool oedema;
};

struct growth_z {
    bool known;         /* there is one: measured, of an age that the table has */
    int32_t hundredths; /* z * 100, rounded half away from zero */
    bool flagged;       /* hardly possible: shown and not counted */
};

/* One score, with those of the tables that are there; an empty table gives none. */
struct growth_z growth_score(const struct lms_table tables[GROWTH_TABLE_COUNT],
                             enum growth_score score, const struct growth_measure *measure);

/* The names of those that are hardly possible, with commas between; empty where none is. */
enum { GROWTH_FLAGS_SIZE = GROWTH_SCORE_COUNT * 4 + 1 };
void growth_flags(const struct lms_table tables[GROWTH_TABLE_COUNT],
                  const struct growth_measure *measure, char words[GROWTH_FLAGS_SIZE]);

#endif
