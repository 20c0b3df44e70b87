#ifndef AYNI_DAEMON_CONTROL_ACT_ITEM_H
#define AYNI_DAEMON_CONTROL_ACT_ITEM_H

#include "daemon/control/outbox.h"
#include "daemon/view/act_compare.h"

/* Acts as items of an answer: docs/protocol.md, section 8.3. */

/* What an act says, without the braces: of the object that `item` has open. */
AYNI_CHECKED enum ayni_status act_item_put(struct ayni_control_writer *item, struct reader *reader,
                                           const struct act *act);
/* Who has signed it: the array "signers". */
AYNI_CHECKED enum ayni_status act_item_signers(struct ayni_control_writer *item,
                                               struct reader *reader, const struct act *act);
/* "changed_since" and "children_now"; null where it can't be known here. */
void act_item_changed(struct ayni_control_writer *item, const struct act_comparison *comparison);
/* In what the lists differ: "named" and the array "differences". */
AYNI_CHECKED enum ayni_status act_item_differences(struct ayni_control_writer *item,
                                                   struct reader *reader, const struct act *act,
                                                   const struct act_comparison *comparison);
/* What is open about its children: the array "problems", and how many more there are than fit. */
AYNI_CHECKED enum ayni_status act_item_problems(struct ayni_control_writer *item,
                                                struct reader *reader, const struct act *act);

#endif
