#ifndef AYNI_DAEMON_RECORDS_TITLE_H
#define AYNI_DAEMON_RECORDS_TITLE_H

#include "daemon/records/reader.h"

/*
 * What people call a record, appended: of a child or an adult the names and the day of birth; of
 * what happened to one of these the day, and the same of its subject; of all else its name or
 * code. Nothing where it has none of these. By what is shown here.
 */
AYNI_CHECKED enum ayni_status title_put(struct reader *reader, const struct record_state *state,
                                        struct ayni_buffer *text);

#endif
