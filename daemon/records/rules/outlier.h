#ifndef AYNI_DAEMON_RECORDS_OUTLIER_H
#define AYNI_DAEMON_RECORDS_OUTLIER_H

#include "daemon/records/rules/outlier_rules.h"
#include "daemon/records/rules/survey.h"

/*
 * Values that are hardly possible: outside what is plausible at that age, or far from what their
 * source measures at that age, by the modified z-score: 0.6745 * |x - median| / MAD, MAD being the
 * median of the distances from the median. What a source measures is learnt in a survey
 * before, in memory that doesn't grow with the number of values: each source (space and node)
 * and range has as many classes, of equal width, as OUTLIER_CLASSES at most, and a value is
 * taken for the least of its class. Values outside the range teach nothing.
 */
enum { OUTLIER_CLASSES = 2048, OUTLIER_GROUPS_MAX = 4096 };

struct outliers {
    struct outlier_rules rules;
    struct outlier_group *groups; /* a source and a range each */
    size_t group_count, group_room;
    uint32_t *slots; /* index + 1 of a group; 0 is empty */
};

/* The rules that hold here today. AYNI_E_NOT_FOUND: none does, and nothing is an outlier. */
AYNI_CHECKED enum ayni_status outliers_begin(struct reader *reader, struct outliers *outliers);
void outliers_free(struct outliers *outliers); /* safe on all zero */

/* The index-th type that they are about; 0 after the last. */
uint32_t outliers_type(const struct outliers *outliers, size_t index);
/* Learn from a record. Of more than OUTLIER_GROUPS_MAX sources and ranges the others aren't. */
AYNI_CHECKED enum ayni_status outliers_learn(struct outliers *outliers,
                                             const struct surveyed *record);
/* All of them have been learnt. */
AYNI_CHECKED enum ayni_status outliers_learnt(struct outliers *outliers);

/* What is found of one value. */
struct outlier {
    uint32_t field;
    const struct outlier_range *range;
    bool is_outside; /* the range */
    bool is_judged;  /* inside it, and its source has enough values, which differ */
    bool is_far;     /* and it is far from them */
};
enum { OUTLIER_VALUES_MAX = 16 };
struct outlier_values {
    struct outlier items[OUTLIER_VALUES_MAX];
    size_t count;
};
/* Each value of the record that there is a range for. */
void outliers_of(const struct outliers *outliers, const struct surveyed *record,
                 struct outlier_values *values);

#endif
