#ifndef AYNI_PROTO_ROOT_H
#define AYNI_PROTO_ROOT_H

#include "proto/crypto.h"
#include "proto/cut.h"

/*
 * Root statements: who steers the federation, signed by its root key and by
 * nothing else: COSE_Sign1 over
 *
 *   ["ayni-root-1", n, steering key, cut]
 *
 * The highest n holds. `cut` is null, or the points (feed, seq, chain) up to
 * which the registry feeds of the steering node before stay valid; what it
 * doesn't list is cut at 0. docs/protocol.md, section 2.
 */
struct ayni_root_statement {
    uint64_t number; /* n: 1 at the founding */
    struct ayni_node steering;
    bool has_cut;
    struct ayni_cut_point
        *points; /* the caller's when signing; by decode: ayni_root_statement_free() */
    size_t point_count;
};

/* Appends the COSE_Sign1. AYNI_E_INVALID where n is 0; AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_root_statement_sign(const struct ayni_root_statement *statement,
                                                       const struct ayni_signing_key *root_secret,
                                                       struct ayni_buffer *to);
/*
 *   AYNI_E_MALFORMED, AYNI_E_MEMORY
 *   AYNI_E_SIGNATURE  not of this root key
 */
AYNI_CHECKED enum ayni_status ayni_root_statement_decode(struct ayni_bytes cose,
                                                         const struct ayni_node *root,
                                                         struct ayni_root_statement *statement);
void ayni_root_statement_free(struct ayni_root_statement *statement); /* all zero again */

#endif
