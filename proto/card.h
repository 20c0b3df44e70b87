#ifndef AYNI_PROTO_CARD_H
#define AYNI_PROTO_CARD_H

#include "proto/crypto.h"
#include "proto/limits.h"

/*
 * What a node says of itself, signed by its identity key: COSE_Sign1 over
 *
 *   ["ayni-card-1", serial, name, node key, transport key, [endpoints]]
 *
 * Of two cards of a node the one with the higher serial holds, so the
 * transport key can be changed. docs/protocol.md, section 2. A decoded card
 * borrows from the bytes it was decoded from.
 */
struct ayni_card {
    uint64_t serial;        /* 1 or more */
    struct ayni_bytes name; /* one line, 1 to AYNI_NAME_SIZE_MAX bytes */
    struct ayni_node node;
    uint8_t transport_key[32];                            /* CurveZMQ, public */
    struct ayni_bytes endpoints[AYNI_CARD_ENDPOINTS_MAX]; /* proto/endpoint.h */
    size_t endpoint_count;                                /* none: a node that only dials */
};

/*
 * Sign with the key of `card->node`; appends the COSE_Sign1.
 *
 *   AYNI_E_INVALID  the name, the serial or an endpoint is none that a card may have
 *   AYNI_E_LIMIT    over AYNI_CARD_SIZE_MAX
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_card_sign(const struct ayni_card *card,
                                             const struct ayni_signing_key *secret,
                                             struct ayni_buffer *to);
/*
 * Read and verify: whoever gets AYNI_OK knows that the node itself said this.
 *
 *   AYNI_E_MALFORMED, AYNI_E_LIMIT, AYNI_E_INVALID (as above), AYNI_E_SIGNATURE
 */
AYNI_CHECKED enum ayni_status ayni_card_decode(struct ayni_bytes cose, struct ayni_card *card);

/* The line that people hand on, "ayni-card-1:" and base32, and back to the COSE_Sign1
 * (proto/armor.h). */
void ayni_card_text(struct ayni_bytes cose, struct ayni_buffer *text);
AYNI_CHECKED enum ayni_status ayni_card_parse(struct ayni_bytes text, struct ayni_buffer *cose);

/* A name that cards, federations and organisations may have: one line, not empty, not too long. */
bool ayni_name_valid(struct ayni_bytes name);

#endif
