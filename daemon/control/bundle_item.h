#ifndef AYNI_DAEMON_CONTROL_BUNDLE_ITEM_H
#define AYNI_DAEMON_CONTROL_BUNDLE_ITEM_H

#include "daemon/records/standing.h"
#include "proto/bundle_item.h"
#include "proto/bundle_volume.h"
#include "proto/control_writer.h"

/* How answers say what a bundle is and holds. */

/* "bundle": its id. */
void bundle_item_put_id(struct ayni_control_writer *item, const struct ayni_bundle_id *id);
/* A node under `key`, and what it is called here under `name_key`. */
void bundle_item_put_node(struct ayni_control_writer *item, const struct charter *charter,
                          const char *key, const char *name_key, const struct ayni_node *node);
/* One of "spaces": by name, and how many entries of it; in an open array. */
void bundle_item_put_space(struct ayni_control_writer *item, const struct charter *charter,
                           const struct ayni_bundle_space *space);

#endif
