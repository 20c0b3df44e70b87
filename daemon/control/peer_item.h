#ifndef AYNI_DAEMON_CONTROL_PEER_ITEM_H
#define AYNI_DAEMON_CONTROL_PEER_ITEM_H

#include "daemon/control/call.h"
#include "daemon/net/net.h"
#include "daemon/records/standing.h"

/* A peer as `peer list` shows it: one object, with words about what it was refused. */
void put_peer(struct ayni_control_writer *item, const struct charter *charter,
              const struct net_peer *peer);
/* All of them without words, as an array under `key`, for `status` and `sync`. */
void put_peers(struct ayni_control_writer *item, const char *key, const struct charter *charter,
               const struct net_peer *peers, size_t count);

#endif
