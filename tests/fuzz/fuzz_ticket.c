#include <stdlib.h>

#include "proto/ticket.h"

#include "proto/seal.h"
#include "tests/support/federation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as the payload of a root statement that is signed. */
static void read_statement(struct ayni_bytes payload)
{
    struct test_keys root = test_root();
    struct ayni_root_statement statement;
    SCOPED_BUFFER cose = { 0 };
    SCOPED_BUFFER again = { 0 };

    ayni_cose_sign(payload, &root.secret, &cose);
    if (ayni_root_statement_decode(ayni_buffer_bytes(&cose), &root.node, &statement) != AYNI_OK)
        return;
    if (ayni_root_statement_sign(&statement, &root.secret, &again) != AYNI_OK ||
        !ayni_bytes_equal(ayni_buffer_bytes(&cose), ayni_buffer_bytes(&again)))
        abort();
    ayni_root_statement_free(&statement);
}

/* As a ticket, as a line of text, and as what a root key signs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes bytes = { data, size };
    struct ayni_ticket ticket;
    SCOPED_BUFFER parsed = { 0 };

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    if (ayni_ticket_decode(bytes, &ticket) == AYNI_OK)
        ayni_ticket_free(&ticket);
    if (ayni_ticket_parse(bytes, &parsed) == AYNI_OK &&
        ayni_ticket_decode(ayni_buffer_bytes(&parsed), &ticket) == AYNI_OK)
        ayni_ticket_free(&ticket);
    read_statement(bytes);
    return 0;
}
