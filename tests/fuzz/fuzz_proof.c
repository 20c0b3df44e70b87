#include <stdlib.h>

#include "proto/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_proof proof;
    struct ayni_proof_part part;
    size_t count = 0;

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    enum ayni_status status = ayni_proof_decode((struct ayni_bytes){ data, size }, &proof);
    size_t announced = status == AYNI_OK ? proof.part_count : 0;
    for (; status == AYNI_OK; count += status == AYNI_OK)
        status = ayni_proof_next(&proof, &part);
    if (status == AYNI_E_NOT_FOUND && count != announced)
        abort();
    return 0;
}
