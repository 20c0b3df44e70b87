#ifndef AYNI_DAEMON_CONTROL_QUALITY_ARGUMENTS_H
#define AYNI_DAEMON_CONTROL_QUALITY_ARGUMENTS_H

#include "daemon/control/scope.h"
#include "daemon/view/quality.h"

/* What `quality` asks, read and checked: the call fails in words, with the nearest known name.
 * `*last` is the month up to which reports are looked at. The request borrows from the scope. */
AYNI_CHECKED enum ayni_status
quality_arguments_read(struct control_call *call, const struct charter *charter,
                       struct scope *scope, struct quality_request *request, month_no *last);

#endif
