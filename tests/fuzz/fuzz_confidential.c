#include <stdlib.h>
#include <string.h>

#include "proto/confidential.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t key[32] = { 1 }, nonce[24] = { 2 };
static const struct ayni_epoch epoch = { { 3 } };
static const struct ayni_confidential_place place = { { { 4 } }, { { 5 } }, 1 };

/* As a payload that is opened, and as one that is sealed and must open to the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes bytes = { data, size };
    struct ayni_epoch seen;
    SCOPED_BUFFER plain = { 0 };
    SCOPED_BUFFER payload = { 0 };

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    if (ayni_confidential_epoch(bytes, &seen) == AYNI_OK)
        (void)!ayni_confidential_open(key, &place, bytes, &plain);
    ayni_buffer_clear(&plain);
    if (ayni_confidential_seal(key, &epoch, &place, nonce, bytes, &payload) != AYNI_OK)
        return 0;
    if (ayni_confidential_open(key, &place, ayni_buffer_bytes(&payload), &plain) != AYNI_OK ||
        !ayni_bytes_equal(ayni_buffer_bytes(&plain), bytes))
        abort();
    return 0;
}
