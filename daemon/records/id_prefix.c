#include "daemon/records/id_prefix.h"

#include <ctype.h>
#include <string.h>

static int digit_of(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    character = (uint8_t)tolower(character);
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

enum ayni_status id_prefix_parse(struct ayni_bytes text, struct id_prefix *prefix)
{
    *prefix = (struct id_prefix){ 0 };
    for (size_t i = 0; i < text.size; i++) {
        int digit = digit_of(text.data[i]);
        if (text.data[i] == '-')
            continue;
        if (digit < 0 || prefix->digits == 32)
            return AYNI_E_MALFORMED;
        prefix->bytes[prefix->digits / 2] |= (uint8_t)(prefix->digits % 2 ? digit : digit << 4);
        prefix->digits++;
    }
    return prefix->digits < ID_PREFIX_DIGITS_MIN ? AYNI_E_TRUNCATED : AYNI_OK;
}

bool id_prefix_begins(const struct ayni_record *record, const struct id_prefix *prefix)
{
    size_t whole = prefix->digits / 2;

    return memcmp(record->bytes, prefix->bytes, whole) == 0 &&
           (prefix->digits % 2 == 0 ||
            (record->bytes[whole] & 0xF0) == (prefix->bytes[whole] & 0xF0));
}
