/* A pattern, as long as the first byte says, and a text that may fit it. */
#include "proto/pattern.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text of plain characters, each of them escaped: the pattern that only this text fits. */
static bool make_pattern(struct ayni_bytes text, struct ayni_buffer *pattern)
{
    static const char plain[] = "0123456789 abcefghijklmnopqrstuvwxyz";

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\0' || strchr(plain, text.data[i]) == NULL)
            return false;
        ayni_buffer_append_byte(pattern, '\\');
        ayni_buffer_append_byte(pattern, text.data[i]);
    }
    return text.size <= AYNI_PATTERN_TEXT_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUFFER own = { 0 };

    if (size == 0)
        return 0;
    size_t pattern_size = data[0] < size ? data[0] : size - 1;
    struct ayni_bytes pattern = { data + 1, pattern_size };
    struct ayni_bytes text = { data + 1 + pattern_size, size - 1 - pattern_size };
    if (!ayni_pattern_fits(pattern, text) && !ayni_pattern_is_valid(pattern))
        abort();
    if (make_pattern(text, &own) && !ayni_pattern_fits(ayni_buffer_bytes(&own), text))
        abort();
    return 0;
}
