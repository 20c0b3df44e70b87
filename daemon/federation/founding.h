#ifndef AYNI_DAEMON_FEDERATION_FOUNDING_H
#define AYNI_DAEMON_FEDERATION_FOUNDING_H

#include "daemon/federation/federation.h"
#include "daemon/records/records.h"

/*
 * Founding a federation, once, on its steering node: the root key, the first
 * root statement, and the first records of the registry: this node's card and
 * membership, its organisation, the identity key wrapped for it, and the
 * first edition of the catalogue. docs/protocol.md, sections 2 and 7.
 */
struct founding {
    const char *federation;    /* its name */
    const char *steward;       /* who founds it */
    const char *root_key_path; /* where the root key is written, to be put away; must not exist */
};

/*
 * The parts run, and this node is in no federation yet. `why` gets a sentence on failure.
 *
 *   AYNI_E_EXISTS   it is in one, or the file for the root key is there
 *   AYNI_E_INVALID  the name is none that a federation can have
 */
AYNI_CHECKED enum ayni_status founding_run(const struct founding *founding,
                                           const struct identity *identity,
                                           struct federation *federation, struct records *records,
                                           char *why, size_t why_size);

#endif
