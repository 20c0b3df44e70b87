#ifndef AYNI_DAEMON_CONTROL_VIEW_ARGUMENTS_H
#define AYNI_DAEMON_CONTROL_VIEW_ARGUMENTS_H

#include "daemon/control/call.h"
#include "daemon/view/view_query.h"

/*
 * What `view INDICATOR` asks, read and checked against what there is: the call
 * fails in words, with the nearest known name. Without --period it is the last month
 * that has ended, without --level the territory itself. Where no edition counts in
 * that month, request->edition is NULL.
 */
AYNI_CHECKED enum ayni_status view_arguments_read(struct control_call *call,
                                                  const struct plan *plan,
                                                  struct view_request *request);
/* --period alone; without it the last month that had ended by --as-of. */
AYNI_CHECKED enum ayni_status view_arguments_month(struct control_call *call, month_no *month);
/* --territory, empty where it isn't said: 2, 4 or 6 digits. */
AYNI_CHECKED enum ayni_status view_arguments_territory(struct control_call *call,
                                                       const char **territory);
/* --level, the territory's own where it isn't said. */
AYNI_CHECKED enum ayni_status view_arguments_level(struct control_call *call, const char *territory,
                                                   enum view_level *level);
/* For `view` without an indicator: what only one of them takes is refused. */
AYNI_CHECKED enum ayni_status view_arguments_alone(struct control_call *call);

#endif
