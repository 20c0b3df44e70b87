#ifndef AYNI_DAEMON_VIEW_SOURCES_H
#define AYNI_DAEMON_VIEW_SOURCES_H

#include "daemon/records/reader.h"
#include "daemon/view/contribution.h"

/*
 * Who reports, and how complete and timely that is. A source is a node that may
 * write in a space, or did; it has reported for a month if an entry of its was
 * written in it, and in time if such an entry was here by the day that the rule
 * set names. Months and days are in local time. docs/view.md.
 */
enum { SOURCES_MONTHS = 12 }; /* looked back on, the last one asked for included */

struct source {
    struct ayni_space space;
    struct ayni_node node;
    uint64_t entries;
    struct ayni_instant last_time; /* of its newest entry; 0: none came */
    /* Months, none in the registry: */
    bool since_known; /* by its grant */
    month_no since;   /* when it could first write there */
    uint32_t expected, received, on_time;
};

/*
 * The day of the following month until which a report is in time, by the newest
 * rule set that says so ("sources": {"deadline_day": N} in its parameters).
 * AYNI_E_NOT_FOUND: none does.
 */
AYNI_CHECKED enum ayni_status sources_deadline(struct reader *reader, int64_t *day_of_month);
/*
 * All sources, by space and node, with what they reported up to the month
 * `last`: of the spaces that `self`, this node, reads or has something of. `*list` is the caller's
 * to free().
 */
AYNI_CHECKED enum ayni_status sources_list(struct reader *reader, const struct ayni_node *self,
                                           month_no last, int64_t deadline_day,
                                           struct source **list, size_t *count);

#endif
