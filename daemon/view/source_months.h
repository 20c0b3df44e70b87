#ifndef AYNI_DAEMON_VIEW_SOURCE_MONTHS_H
#define AYNI_DAEMON_VIEW_SOURCE_MONTHS_H

#include "daemon/records/projection/projector.h"
#include "daemon/view/contribution.h"

/*
 * In which months each node wrote in each space, and when the first entry of
 * each came: a table of views/. A month is that of the writer's clock, in local
 * time; an entry whose clock was more than a day ahead is of the month in which it came.
 * The registry's space is left out.
 */

/* Follow a batch of the projector. */
AYNI_CHECKED enum ayni_status source_months_project(const struct projection_batch *batch);

/* The months of one node in one space, ascending. */
struct source_months {
    struct views_cursor cursor;
    uint8_t prefix[16 + 32];
    enum ayni_status status; /* the first failure; the end is none */
};
void source_months_open(struct reader *reader, const struct ayni_space *space,
                        const struct ayni_node *node, struct source_months *months);
bool source_months_next(struct source_months *months, month_no *month, struct ayni_instant *came);
void source_months_close(struct source_months *months);
#define SCOPED_SOURCE_MONTHS __attribute__((cleanup(source_months_close))) struct source_months

#endif
