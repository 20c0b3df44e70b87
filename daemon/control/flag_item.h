#ifndef AYNI_DAEMON_CONTROL_FLAG_ITEM_H
#define AYNI_DAEMON_CONTROL_FLAG_ITEM_H

#include "daemon/records/flag.h"
#include "proto/control.h"

/* A flag as an item of `flag list`: docs/protocol.md, section 8.3. `about` is the flagged record,
 * NULL where it isn't here; `place` is empty where it isn't known. */
void flag_item_put(struct ayni_control_writer *item, const struct charter *charter,
                   const struct flag *flag, const struct record_state *state,
                   const struct record_key *about, const char *place);

/* The open flags of a record as the array "flags" of what `get` answers; nothing where there is
 * none. */
AYNI_CHECKED enum ayni_status flag_item_put_open(struct ayni_control_writer *item,
                                                 struct reader *reader,
                                                 const struct ayni_record *record);

#endif
