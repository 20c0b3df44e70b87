#include <stdlib.h>

#include "proto/sketch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two sketches of anybody's making are compared to an end, and what is told makes the one of the
 * other. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_sketch first = { 0 }, second = { 0 };
    struct ayni_sketch_difference told;
    uint8_t bytes[AYNI_SKETCH_SIZE] = { 0 };

    memcpy(bytes, data, size < sizeof(bytes) ? size : sizeof(bytes));
    if (ayni_sketch_decode((struct ayni_bytes){ bytes, sizeof(bytes) }, &first) != AYNI_OK)
        abort();
    if (size > sizeof(bytes))
        memcpy(bytes, data + sizeof(bytes),
               size - sizeof(bytes) < sizeof(bytes) ? size - sizeof(bytes) : sizeof(bytes));
    if (ayni_sketch_decode((struct ayni_bytes){ bytes, sizeof(bytes) }, &second) != AYNI_OK)
        abort();
    if (ayni_sketch_compare(&first, &second, &told) != AYNI_OK)
        return 0;
    for (size_t i = 0; i < told.first_count; i++)
        ayni_sketch_add(&second, &told.first[i]);
    for (size_t i = 0; i < told.second_count; i++)
        ayni_sketch_add(&first, &told.second[i]);
    if (memcmp(&first, &second, sizeof(first)) != 0)
        abort();
    return 0;
}
