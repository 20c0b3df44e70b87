#ifndef AYNI_DAEMON_VIEW_RECORD_MONTH_H
#define AYNI_DAEMON_VIEW_RECORD_MONTH_H

#include "daemon/records/state.h"
#include "daemon/view/contribution.h"

/* The month that a record is of: of its `date`, or, where it has none, of when it was first
 * written. False where there is neither. */
bool record_month(const struct ayni_catalogue_type *type, const struct record_state *state,
                  month_no *month);

#endif
