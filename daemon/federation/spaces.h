#ifndef AYNI_DAEMON_FEDERATION_SPACES_H
#define AYNI_DAEMON_FEDERATION_SPACES_H

#include "daemon/records/records.h"
#include "proto/registry.h"

/* Making spaces and giving rights in them, as records of the registry. */

/*
 * A new space, owned by this node. Any member may.
 *
 *   AYNI_E_VERSION  this node is a member of no federation
 *   AYNI_E_EXISTS   there is a space of that name
 *   AYNI_E_INVALID  a name that can't be: empty, long, `registry`, with blanks, or like an id
 */
AYNI_CHECKED enum ayni_status space_create(struct records *records, const char *name,
                                           enum ayni_class class, bool confidential,
                                           const char *steward, struct ayni_space *space);
/*
 * Give `node` a right. What it has already is AYNI_OK, with the grant that gives it.
 *
 *   AYNI_E_RIGHT    this node may not: it neither owns the space nor steers
 *   AYNI_E_INVALID  relay in a space that isn't confidential
 */
AYNI_CHECKED enum ayni_status space_grant(struct records *records,
                                          const struct ayni_space_info *space,
                                          const struct ayni_node *node, enum ayni_right right,
                                          const char *steward, struct ayni_record *grant);
/*
 * End all grants of `node`. `*ungrant` is the id of the last ending.
 *
 *   AYNI_E_NOT_FOUND  it has none
 *   AYNI_E_RIGHT      as above
 */
AYNI_CHECKED enum ayni_status space_ungrant(struct records *records,
                                            const struct ayni_space_info *space,
                                            const struct ayni_node *node, const char *reason,
                                            const char *steward, struct ayni_record *ungrant);

#endif
