#include <stdlib.h>

#include "proto/compress.h"
#include "proto/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As a frame; what it holds is never over the maximum, and makes a frame again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUFFER plain = { 0 };
    SCOPED_BUFFER frame = { 0 };
    SCOPED_BUFFER again = { 0 };

    if (ayni_decompress((struct ayni_bytes){ data, size }, AYNI_MESSAGE_SIZE_MAX, &plain) !=
        AYNI_OK)
        return 0;
    if (plain.size > AYNI_MESSAGE_SIZE_MAX ||
        ayni_compress(ayni_buffer_bytes(&plain), &frame) != AYNI_OK ||
        ayni_decompress(ayni_buffer_bytes(&frame), plain.size, &again) != AYNI_OK ||
        !ayni_bytes_equal(ayni_buffer_bytes(&plain), ayni_buffer_bytes(&again)))
        abort();
    return 0;
}
