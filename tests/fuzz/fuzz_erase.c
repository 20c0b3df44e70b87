#include <stdlib.h>

#include "proto/erase.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_order(struct ayni_bytes bytes)
{
    struct ayni_erase_order order;
    SCOPED_BUFFER again = { 0 };

    if (ayni_erase_order_decode(bytes, &order) != AYNI_OK)
        return;
    ayni_erase_order_encode(&order, &again);
    if (!ayni_bytes_equal(bytes, ayni_buffer_bytes(&again)))
        abort();
}

/* What is read is made again to the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes bytes = { data, size };
    struct ayni_erase erase;
    SCOPED_BUFFER again = { 0 };

    check_order(bytes);
    if (ayni_erase_decode(bytes, &erase) != AYNI_OK)
        return 0;
    check_order(erase.order);
    ayni_erase_encode(&erase, &again);
    if (!ayni_bytes_equal(bytes, ayni_buffer_bytes(&again)))
        abort();
    ayni_erase_free(&erase);
    return 0;
}
