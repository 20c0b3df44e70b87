#ifndef AYNI_DAEMON_VIEW_ARRIVAL_DAYS_H
#define AYNI_DAEMON_VIEW_ARRIVAL_DAYS_H

#include "daemon/records/reader.h"

/*
 * On which day entries came here, in local time, of all feeds: as many steps as there were
 * days on which something of a feed came. All zero: nothing did.
 */
struct arrival_days {
    struct arrival_step *steps; /* by feed, then seq */
    size_t count, room;
};

AYNI_CHECKED enum ayni_status arrival_days_read(struct reader *reader, struct arrival_days *days);
/* False where it came later than that was read. */
bool arrival_days_find(const struct arrival_days *days, feed_no feed, uint64_t seq, int64_t *day);
void arrival_days_free(struct arrival_days *days);

#endif
