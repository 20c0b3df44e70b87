#ifndef AYNI_DAEMON_VIEW_QUALITY_UNIQUE_H
#define AYNI_DAEMON_VIEW_QUALITY_UNIQUE_H

#include "daemon/records/links/duplicates.h"
#include "daemon/view/quality.h"

/*
 * Uniqueness: active children less open pairs of children who may be one, of active children. Who
 * is held in several spaces, or joined by a decision, is counted once. A pair counts
 * where one of its two is, and once where both are.
 */
AYNI_CHECKED enum ayni_status quality_unique_child(struct quality *quality,
                                                   const struct surveyed *record,
                                                   const struct quality_group *group);
/* Pairs from `*from` on, as many as are looked at under one reader. */
AYNI_CHECKED enum ayni_status quality_unique_pairs(struct quality *quality, struct reader *reader,
                                                   const struct duplicates *duplicates,
                                                   size_t *from);

#endif
