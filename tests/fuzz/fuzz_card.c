#include <stdlib.h>

#include "proto/card.h"

#include "proto/seal.h"
#include "tests/support/federation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As a card, as a line of text, and as the payload of a card that is signed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes bytes = { data, size };
    struct ayni_card card;
    SCOPED_BUFFER cose = { 0 };
    SCOPED_BUFFER parsed = { 0 };

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    struct test_keys keys = test_keys(1);
    (void)!ayni_card_decode(bytes, &card);
    if (ayni_card_parse(bytes, &parsed) == AYNI_OK)
        (void)!ayni_card_decode(ayni_buffer_bytes(&parsed), &card);
    ayni_cose_sign(bytes, &keys.secret, &cose);
    if (ayni_card_decode(ayni_buffer_bytes(&cose), &card) == AYNI_OK &&
        !ayni_id_equal(&card.node, &keys.node))
        abort();
    return 0;
}
