#ifndef AYNI_PROTO_TICKET_H
#define AYNI_PROTO_TICKET_H

#include "proto/card.h"
#include "proto/root.h"

/*
 * What a joiner needs: which federation, and whom to dial.
 *
 *   ["ayni-ticket-1", federation name, root key, [root statement, ...], steering's card]
 *
 * with the statements (ascending by n) and the card as they were signed. Not
 * signed itself: whoever hands it over says that this is the federation.
 * docs/protocol.md, section 2. A decoded one borrows from its bytes.
 */
struct ayni_ticket {
    struct ayni_bytes federation; /* its name */
    struct ayni_node root;
    struct ayni_bytes statements[AYNI_TICKET_STATEMENTS_MAX]; /* COSE_Sign1 each */
    size_t statement_count;
    struct ayni_bytes card; /* COSE_Sign1 */
    /* By decode, from the last statement and the card. */
    struct ayni_root_statement newest;
    struct ayni_card steering;
};

/* Appends the bytes. AYNI_E_INVALID: what ayni_ticket_decode() would refuse; AYNI_E_LIMIT,
 * AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_ticket_encode(const struct ayni_ticket *ticket,
                                                 struct ayni_buffer *to);
/*
 * Read and verify: the statements are the root key's, and the card is that of
 * the node that the last one names. The caller frees with ayni_ticket_free().
 *
 *   AYNI_E_MALFORMED, AYNI_E_LIMIT, AYNI_E_MEMORY
 *   AYNI_E_SIGNATURE  of a statement or the card
 *   AYNI_E_INVALID    no statement, wrong order, another node's card, a bad name
 */
AYNI_CHECKED enum ayni_status ayni_ticket_decode(struct ayni_bytes bytes,
                                                 struct ayni_ticket *ticket);
void ayni_ticket_free(struct ayni_ticket *ticket);

/* The line that people hand on, "ayni-ticket-1:" and base32, and back to the bytes. */
void ayni_ticket_text(struct ayni_bytes bytes, struct ayni_buffer *text);
AYNI_CHECKED enum ayni_status ayni_ticket_parse(struct ayni_bytes text, struct ayni_buffer *bytes);

#endif
