#include "proto/decimal.h"

#include <inttypes.h>
#include <stdio.h>

void ayni_decimal_text(int64_t value, uint32_t scale, char *text)
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    const char *sign = value < 0 ? "-" : "";
    uint64_t unit = 1;

    for (uint32_t i = 0; i < scale && i < AYNI_DECIMAL_SCALE_MAX; i++)
        unit *= 10;
    if (unit == 1)
        snprintf(text, AYNI_DECIMAL_TEXT_SIZE, "%s%" PRIu64, sign, magnitude);
    else
        snprintf(text, AYNI_DECIMAL_TEXT_SIZE, "%s%" PRIu64 ".%0*" PRIu64, sign, magnitude / unit,
                 (int)scale, magnitude % unit);
}

/* Digits are taken one by one; what doesn't fit into 63 bits is remembered. */
struct number {
    uint64_t magnitude;
    bool too_large;
};

static void add_digit(struct number *number, uint8_t digit)
{
    if (number->magnitude > (uint64_t)(INT64_MAX - digit) / 10)
        number->too_large = true;
    else
        number->magnitude = number->magnitude * 10 + digit;
}

static bool is_digit(struct ayni_bytes text, size_t at)
{
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

enum ayni_status ayni_decimal_parse(struct ayni_bytes text, uint32_t scale, int64_t *value)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    size_t at = negative || (text.size > 0 && text.data[0] == '+'), digits = 0;
    struct number number = { 0 };
    bool too_fine = false;

    for (; is_digit(text, at); at++, digits++)
        add_digit(&number, text.data[at] - '0');
    uint32_t places = 0;
    if (digits > 0 && at < text.size && text.data[at] == '.' && is_digit(text, at + 1)) {
        for (at++; is_digit(text, at); at++) {
            if (places < scale) {
                add_digit(&number, text.data[at] - '0');
                places++;
            } else if (text.data[at] != '0') {
                too_fine = true;
            }
        }
    }
    if (digits == 0 || at != text.size)
        return AYNI_E_INVALID;
    for (; places < scale; places++)
        add_digit(&number, 0);
    if (too_fine || number.too_large)
        return AYNI_E_LIMIT;
    *value = negative ? -(int64_t)number.magnitude : (int64_t)number.magnitude;
    return AYNI_OK;
}
