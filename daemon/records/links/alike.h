#ifndef AYNI_DAEMON_RECORDS_ALIKE_H
#define AYNI_DAEMON_RECORDS_ALIKE_H

#include "daemon/records/links/duplicates.h"
#include "proto/reason.h"

/* What is said when a child is entered: who is here already that it may be. docs/duplicates.md. */
struct alike {
    struct ayni_record record;
    struct likeness_match match;
    char names[AYNI_REASON_ARG_SIZE]; /* as they are shown here; cut */
};
enum { ALIKE_MAX = 3 };
struct alike_list {
    struct alike items[ALIKE_MAX]; /* the strongest, first */
    size_t count;
    size_t total; /* of all to whom it was compared */
    bool crowded; /* more are like it than that: `ayni duplicates` goes further */
};

/* The children that one may be, but for those about whom somebody has decided. One that isn't here
 * is like nobody. */
AYNI_CHECKED enum ayni_status alike_find(struct likeness_search *search, struct reader *reader,
                                         const struct ayni_record *child, struct alike_list *list);

/* The children that a record of this key says something about by which they are told: itself, those
 * of a guardian link, the holders of a number. Up to `max`. */
AYNI_CHECKED enum ayni_status alike_children_of(struct reader *reader, const struct record_key *key,
                                                struct ayni_record *children, size_t max,
                                                size_t *count);

/* Why it may be that one, in words; the code is possible_same_child. */
void alike_reason(const struct alike *alike, struct ayni_reason *reason);

#endif
