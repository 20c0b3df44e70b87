#ifndef AYNI_DAEMON_VIEW_QUALITY_SOURCES_H
#define AYNI_DAEMON_VIEW_QUALITY_SOURCES_H

#include "daemon/view/quality.h"

/*
 * The figures of sources as wholes, as `view sources` has them: reports of the twelve months up
 * to `last`, and how fresh each source is at `now`. Of several sources the stalest counts.
 * `*has_deadline`: a rule set says by when reports are due; else timeliness isn't known.
 */
AYNI_CHECKED enum ayni_status quality_sources(struct quality *quality, struct reader *reader,
                                              const struct ayni_node *self, month_no last,
                                              struct ayni_instant now, bool *has_deadline);
/* Versions that are held and are none of any record, as far as they are of what is asked for. */
AYNI_CHECKED enum ayni_status quality_malformed(struct quality *quality, struct reader *reader);

#endif
