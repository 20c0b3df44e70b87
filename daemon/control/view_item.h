#ifndef AYNI_DAEMON_CONTROL_VIEW_ITEM_H
#define AYNI_DAEMON_CONTROL_VIEW_ITEM_H

#include "daemon/control/outbox.h"
#include "daemon/records/territories.h"
#include "daemon/view/view_query.h"

/* What the view answers, as items: docs/protocol.md, section 8.3. */

/* An indicator with what the whole nation comes to. */
void view_item_indicator(struct outbox *outbox, const struct indicator *indicator, month_no month,
                         const struct counts *counts, bool spanish);
/* "territory" and its "name", null where it isn't known. */
void view_item_put_place(struct ayni_control_writer *item, const struct territories *territories,
                         const char *place);
/* One row of the edition that is broken down. */
void view_item_row(struct outbox *outbox, const struct territories *territories,
                   const struct view_request *request, const struct view_row *row);
/* A subject that is counted, in each space that holds it. */
AYNI_CHECKED enum ayni_status
view_item_subject(struct outbox *outbox, const struct territories *territories,
                  struct reader *reader, const struct ayni_record *subject, uint32_t type,
                  const struct subject_facts *facts, const struct contribution *contribution);

#endif
