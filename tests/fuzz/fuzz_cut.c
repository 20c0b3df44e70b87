#include <stdlib.h>

#include "proto/cut.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is made again to the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes bytes = { data, size };
    struct ayni_cut cut;
    SCOPED_BUFFER again = { 0 };

    if (ayni_cut_decode(bytes, &cut) != AYNI_OK)
        return 0;
    ayni_cut_encode(&cut, &again);
    if (!ayni_bytes_equal(bytes, ayni_buffer_bytes(&again)))
        abort();
    ayni_cut_free(&cut);
    return 0;
}
