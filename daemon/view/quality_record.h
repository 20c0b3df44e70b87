#ifndef AYNI_DAEMON_VIEW_QUALITY_RECORD_H
#define AYNI_DAEMON_VIEW_QUALITY_RECORD_H

#include "daemon/view/quality.h"

/*
 * What one record adds to the figures, for survey_page(): the context is a struct quality. A record
 * is of who wrote it last; a version of who wrote it. Follow-up marks and spot checks
 * are of the record that they are about, wherever they are kept.
 */
AYNI_CHECKED enum ayni_status quality_record(void *context, const struct surveyed *record,
                                             bool *enough);
/* What a record belongs to: in the space asked for, if one is. `*known`: it is here. */
AYNI_CHECKED enum ayni_status quality_group_about(const struct quality *quality,
                                                  struct reader *reader,
                                                  const struct ayni_record *about,
                                                  struct quality_group *group, bool *known);
/* Of the same survey, which passes over marks and spot checks ... */
bool quality_is_of_itself(const struct ayni_catalogue_type *type);
/* ... and of a second one, of these alone and of all spaces. */
bool quality_is_about_others(const struct ayni_catalogue_type *type);

#endif
