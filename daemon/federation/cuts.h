#ifndef AYNI_DAEMON_FEDERATION_CUTS_H
#define AYNI_DAEMON_FEDERATION_CUTS_H

#include "daemon/records/records.h"

/*
 * Give a cut for each ending of a right that waits for one of this node's: as
 * the owner of the space, or as steering for the registry. It names what this
 * node holds of the writer's feeds in that space. docs/protocol.md, section 7.3.
 * The first failure comes back; what could be given is given.
 */
AYNI_CHECKED enum ayni_status cuts_give(struct records *records);

#endif
