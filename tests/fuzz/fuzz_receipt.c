#include <stdlib.h>

#include "proto/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is made again to the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ayni_receipt receipt;
    struct ayni_bytes bytes = { data, size };
    SCOPED_BUFFER again = { 0 };

    if (ayni_receipt_decode(bytes, &receipt) != AYNI_OK)
        return 0;
    ayni_receipt_encode(&receipt, &again);
    if (!ayni_bytes_equal(bytes, ayni_buffer_bytes(&again)))
        abort();
    return 0;
}
