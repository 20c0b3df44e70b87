#ifndef AYNI_DAEMON_RECORDS_EPOCH_KEYS_H
#define AYNI_DAEMON_RECORDS_EPOCH_KEYS_H

#include "proto/confidential.h"

struct ayni_registry;

/*
 * The keys of confidential spaces that this node has been given: a part of the
 * charter, never changed once made. docs/protocol.md, section 4.8.
 */
struct epoch_keys;

struct epoch_key {
    struct ayni_space space;
    struct ayni_epoch epoch;
    uint8_t key[32];
};

/* What the registry's boxes to `node` hold: those that open, of spaces that are confidential. */
AYNI_CHECKED enum ayni_status epoch_keys_of(const struct ayni_registry *registry,
                                            const struct ayni_node *node,
                                            const struct ayni_signing_key *secret,
                                            struct epoch_keys **keys);
void epoch_keys_free(struct epoch_keys *keys); /* NULL is fine; the keys are wiped */

/* The first of an epoch's, lent; NULL for none. An owner may have given several: which of them
 * a payload is under only that itself says, so the others follow. NULL `keys` are none. */
const struct epoch_key *epoch_keys_find(const struct epoch_keys *keys,
                                        const struct ayni_space *space,
                                        const struct ayni_epoch *epoch);
/* The next one of the same epoch, or NULL. */
const struct epoch_key *epoch_keys_next(const struct epoch_keys *keys, const struct epoch_key *key);

/*
 * The one to write under: of the newest epoch whose key nobody has who may not
 * read the space any more; where its owner hasn't made such a one yet, of the
 * newest. NULL: this node has none.
 */
const struct epoch_key *epoch_keys_newest(const struct epoch_keys *keys,
                                          const struct ayni_registry *registry,
                                          const struct ayni_space *space);
/* Whether `after` has a key of the space that `before` (NULL: none) hasn't. */
bool epoch_keys_grew(const struct epoch_keys *before, const struct epoch_keys *after,
                     const struct ayni_space *space);

#endif
