#include <stdlib.h>

#include "tests/support/message_again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What decodes can be read to its end, and encodes to what decodes to the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_message message;
    SCOPED_BUFFER again = { 0 }, twice = { 0 };

    if (ayni_message_decode((struct ayni_bytes){ data, size }, &message) != AYNI_OK ||
        message.type > AYNI_MESSAGE_LAST)
        return 0;
    test_message_again(&message, &again);
    /* Shorter only by elements of newer versions. */
    if (again.size > size || ayni_message_decode(ayni_buffer_bytes(&again), &message) != AYNI_OK)
        abort();
    test_message_again(&message, &twice);
    if (!ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&twice)))
        abort();
    if (again.size == size && memcmp(again.data, data, size) != 0)
        abort();
    return 0;
}
