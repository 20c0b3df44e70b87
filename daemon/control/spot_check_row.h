#ifndef AYNI_DAEMON_CONTROL_SPOT_CHECK_ROW_H
#define AYNI_DAEMON_CONTROL_SPOT_CHECK_ROW_H

#include "daemon/control/outbox.h"
#include "daemon/records/draw.h"
#include "daemon/records/reader.h"
#include "daemon/records/territories.h"

/*
 * The form of a spot check: a row for each record that was drawn. `record`, `date`,
 * `found`, `reason` and `chosen` are fields of the type `spot_check`, the second and third to be
 * filled in; what begins with _ tells whoever goes there what to look for. docs/quality.md.
 */
void spot_check_row_put_names(struct outbox *outbox);
/* The `index`-th of the draw. One that has gone meanwhile has no more to tell than its id. */
AYNI_CHECKED enum ayni_status spot_check_row_put(struct outbox *outbox, struct reader *reader,
                                                 const struct territories *territories,
                                                 const struct draw *draw, size_t index);

#endif
