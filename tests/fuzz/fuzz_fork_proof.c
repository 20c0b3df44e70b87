#include <stdlib.h>

#include "proto/fork_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_fork_proof proof;

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    if (ayni_fork_proof_decode((struct ayni_bytes){ data, size }, &proof) == AYNI_OK &&
        ayni_id_equal(&proof.chains[0], &proof.chains[1]))
        abort();
    return 0;
}
