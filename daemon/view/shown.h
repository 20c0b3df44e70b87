#ifndef AYNI_DAEMON_VIEW_SHOWN_H
#define AYNI_DAEMON_VIEW_SHOWN_H

#include "proto/bytes.h"

/* Values of fields as the view counts by them. A member may have written anything: what is of
 * another kind is unknown. */

/* A day of the calendar; false where it is none. */
bool shown_day(struct ayni_bytes value, int64_t *day);
/* A text; empty where it is none. */
struct ayni_bytes shown_text(struct ayni_bytes value);

#endif
