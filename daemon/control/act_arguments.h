#ifndef AYNI_DAEMON_CONTROL_ACT_ARGUMENTS_H
#define AYNI_DAEMON_CONTROL_ACT_ARGUMENTS_H

#include "daemon/control/call.h"
#include "daemon/view/act.h"
#include "daemon/view/month_write.h"

/* What requests about acts and approvals have in common. The call fails in words. */

/* Who writes: "reason" is read, the steward is who asks. */
AYNI_CHECKED enum ayni_status act_arguments_writer(struct control_call *call,
                                                   struct month_writer *writer);
/* "territory": 2, 4 or 6 digits; empty where it is missing. */
AYNI_CHECKED enum ayni_status act_arguments_territory(struct control_call *call,
                                                      const char **territory);
/*
 * Where an act is to be written: "space", else the one space with children in which this node may
 * write.
 */
AYNI_CHECKED enum ayni_status act_arguments_space(struct control_call *call, struct reader *reader,
                                                  struct ayni_space *space);

/* Which acts are meant: "period", "municipality", "territory", "space"; what is missing means any.
 * It borrows from the call and from itself. */
struct act_choice {
    struct act_filter filter;
    struct ayni_space space;
    struct ayni_record municipality;
};
AYNI_CHECKED enum ayni_status act_arguments_choice(struct control_call *call, struct reader *reader,
                                                   struct act_choice *choice);
/* The one act that they choose: not found, or several. */
AYNI_CHECKED enum ayni_status act_arguments_one(struct control_call *call, struct reader *reader,
                                                struct act *act);

#endif
