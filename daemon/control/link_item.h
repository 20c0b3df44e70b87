#ifndef AYNI_DAEMON_CONTROL_LINK_ITEM_H
#define AYNI_DAEMON_CONTROL_LINK_ITEM_H

#include "daemon/records/links/link_component.h"
#include "proto/control_writer.h"

/*
 * Who is one with a record, in the object that the writer has open: "linked", the ids of the
 * others; "child", whose id goes on; "link_contested": true where it is. Nothing of a record that
 * is alone.
 */
void link_item_put(struct ayni_control_writer *item, const struct link_component *component,
                   const struct ayni_record *record);

#endif
