#include "cli/latin_1.h"

/* Windows-1252 in 80 to 9f, which is what Latin-1 means in the field; 0 where it has nothing. */
static const uint16_t windows[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static void append_character(struct ayni_buffer *to, uint32_t code)
{
    if (code < 0x80) {
        ayni_buffer_append_byte(to, (uint8_t)code);
    } else if (code < 0x800) {
        ayni_buffer_append_byte(to, (uint8_t)(0xC0 | code >> 6));
        ayni_buffer_append_byte(to, (uint8_t)(0x80 | (code & 0x3F)));
    } else {
        ayni_buffer_append_byte(to, (uint8_t)(0xE0 | code >> 12));
        ayni_buffer_append_byte(to, (uint8_t)(0x80 | (code >> 6 & 0x3F)));
        ayni_buffer_append_byte(to, (uint8_t)(0x80 | (code & 0x3F)));
    }
}

void latin_1_append(struct ayni_buffer *to, struct ayni_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint32_t code = text.data[i];
        if (code >= 0x80 && code < 0xA0)
            code = windows[code - 0x80] != 0 ? windows[code - 0x80] : 0xFFFD;
        append_character(to, code);
    }
}
