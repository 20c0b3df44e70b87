#ifndef AYNI_PROTO_POLICY_H
#define AYNI_PROTO_POLICY_H

#include "proto/fold.h"

/*
 * What is shown where different values survive. docs/protocol.md, section
 * 4.4. For proto/fold.c.
 */

/*
 * Settle `field`, whose alternatives (newest first, with AUTHORITY the first
 * `preferred` of them the role's) it has two or more of: fills shown,
 * contested and merged, and puts the alternative that the rule picks first.
 * A union is made in `arena`. AYNI_E_MEMORY.
 */
AYNI_CHECKED enum ayni_status ayni_policy_settle(enum ayni_merge merge, size_t preferred,
                                                 struct ayni_arena *arena,
                                                 struct ayni_folded_field *field);

/*
 * The total order of values that `max` and `min` go by: null, false, true,
 * whole numbers by size, then all else bytewise by its encoding. <0, 0, >0.
 */
int ayni_policy_order(struct ayni_bytes a, struct ayni_bytes b);

/* Whether `roles`, words with NUL between, has the word `role`. */
bool ayni_policy_has_role(struct ayni_bytes roles, struct ayni_bytes role);

#endif
