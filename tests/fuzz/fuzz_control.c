/* Bodies of control frames: whatever decodes can be walked to its end. */
#include "proto/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct ayni_control_value *value)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(value);
    struct ayni_control_value inner;
    struct ayni_bytes key;
    size_t count = 1;

    while (ayni_control_next(&cursor, &key, &inner))
        count += walk(&inner);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes body = { data, size };
    struct ayni_control_request request;
    struct ayni_control_answer answer;
    struct ayni_control_value value;

    if (ayni_control_request_decode(body, &request) == AYNI_OK)
        walk(&request.arguments);
    if (ayni_control_answer_decode(body, &answer) == AYNI_OK)
        walk(&answer.value);
    if (ayni_control_data_decode(body, &value) == AYNI_OK)
        walk(&value);
    return 0;
}
