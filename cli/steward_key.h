#ifndef AYNI_CLI_STEWARD_KEY_H
#define AYNI_CLI_STEWARD_KEY_H

#include "cli/failure.h"

/*
 * The key by which nodes know this person from afar: a Curve25519 pair of
 * CurveZMQ in $AYNI_KEY, else $XDG_CONFIG_HOME/ayni/steward.key, else below
 * ~/.config; for the owner alone. Not the key of a node.
 */
struct steward_key {
    uint8_t public_key[32];
    uint8_t secret_key[32];
};

/*
 * Read it; made if there is none and `make`. In words:
 *
 *   AYNI_E_RIGHT    there is none, or others may read it
 *   AYNI_E_INVALID  it is no such file
 */
AYNI_CHECKED enum ayni_status steward_key_read(bool make, struct steward_key *key,
                                               struct failure *failure);
void steward_key_wipe(struct steward_key *key);
#define SCOPED_STEWARD_KEY __attribute__((cleanup(steward_key_wipe))) struct steward_key

#endif
