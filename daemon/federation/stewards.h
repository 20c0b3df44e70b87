#ifndef AYNI_DAEMON_FEDERATION_STEWARDS_H
#define AYNI_DAEMON_FEDERATION_STEWARDS_H

#include "daemon/federation/federation.h"
#include "daemon/records/records.h"
#include "proto/registry.h"

/* The people of this node: who may do what here, as records of the registry. */

/*
 * The role of a local user, or -1: admin for root and who ran `init`, else
 * what the registry says of this node's stewards.
 */
int steward_role_of(struct records *records, const struct federation *federation, const char *user);
/* Of whoever has that key, and what she is called (`name` holds `size`); -1 where nobody does. */
int steward_role_of_key(struct records *records, const uint8_t key[32], char *name, size_t size);

/* `key` is NULL for a local user. AYNI_E_VERSION before this node is a member; AYNI_E_INVALID for a
 * name that can't be. */
AYNI_CHECKED enum ayni_status steward_add(struct records *records, const char *name,
                                          enum ayni_steward_role role, const uint8_t key[32],
                                          const char *steward, struct ayni_record *record);
/* AYNI_E_NOT_FOUND if there is none of that name. */
AYNI_CHECKED enum ayni_status steward_remove(struct records *records, const char *name,
                                             const char *steward, struct ayni_record *record);

#endif
