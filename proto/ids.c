#include "proto/ids.h"

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

/* The two digits of each byte. */
#define HEX_OF(high)                                                                               \
    high "0" high "1" high "2" high "3" high "4" high "5" high "6" high "7" high "8" high "9" high \
         "a" high "b" high "c" high "d" high "e" high "f"
static const char hex[] = HEX_OF("0") HEX_OF("1") HEX_OF("2") HEX_OF("3") HEX_OF("4") HEX_OF("5")
    HEX_OF("6") HEX_OF("7") HEX_OF("8") HEX_OF("9") HEX_OF("a") HEX_OF("b") HEX_OF("c") HEX_OF("d")
        HEX_OF("e") HEX_OF("f");

/* Of each base32 character of either case its value and 1; 0 for all else. */
static const uint8_t base32_values[256] = {
    ['a'] = 1,  ['b'] = 2,  ['c'] = 3,  ['d'] = 4,  ['e'] = 5,  ['f'] = 6,  ['g'] = 7,  ['h'] = 8,
    ['i'] = 9,  ['j'] = 10, ['k'] = 11, ['l'] = 12, ['m'] = 13, ['n'] = 14, ['o'] = 15, ['p'] = 16,
    ['q'] = 17, ['r'] = 18, ['s'] = 19, ['t'] = 20, ['u'] = 21, ['v'] = 22, ['w'] = 23, ['x'] = 24,
    ['y'] = 25, ['z'] = 26, ['2'] = 27, ['3'] = 28, ['4'] = 29, ['5'] = 30, ['6'] = 31, ['7'] = 32,
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26,
};

/* Of each hexadecimal digit of either case its value and 1; 0 for all else. */
static const uint8_t hex_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* The byte that two digits are; above 255 where they aren't both digits. */
static unsigned hex_byte(const uint8_t *digits)
{
    unsigned high = hex_values[digits[0]] - 1U, low = hex_values[digits[1]] - 1U;

    return high << 4 | low;
}

void ayni_base32_append(struct ayni_buffer *buffer, struct ayni_bytes bytes)
{
    uint8_t *to = ayni_buffer_extend(buffer, (bytes.size * 8 + 4) / 5);
    uint32_t held = 0;
    unsigned bits = 0;

    if (to == NULL)
        return;
    for (size_t i = 0; i < bytes.size; i++) {
        held = held << 8 | bytes.data[i]; /* what is over its top has been written */
        bits += 8;
        for (; bits >= 5; bits -= 5)
            *to++ = (uint8_t)base32[held >> (bits - 5) & 31];
    }
    if (bits > 0)
        *to = (uint8_t)base32[held << (5 - bits) & 31];
}

/* AYNI_E_MALFORMED: then what stands in `to`, 5 bits of each character, is nothing. */
static enum ayni_status parse_base32(struct ayni_bytes text, uint8_t *to)
{
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < text.size; i++) {
        unsigned value = base32_values[text.data[i]];
        if (value == 0)
            return AYNI_E_MALFORMED;
        held = held << 5 | (value - 1); /* what is over its top has been written */
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            *to++ = (uint8_t)(held >> bits);
        }
    }
    /* What is left over is less than a character, and zero: one text for the same bytes. */
    return bits >= 5 || (held & ((1u << bits) - 1)) != 0 ? AYNI_E_MALFORMED : AYNI_OK;
}

enum ayni_status ayni_base32_parse(struct ayni_bytes text, struct ayni_buffer *bytes)
{
    size_t before = bytes->size;
    uint8_t *to = ayni_buffer_extend(bytes, text.size * 5 / 8);
    enum ayni_status status = to == NULL ? AYNI_E_MEMORY : parse_base32(text, to);

    if (status == AYNI_E_MALFORMED)
        bytes->size = before;
    return status;
}

void ayni_node_text(const struct ayni_node *node, char *text)
{
    struct ayni_buffer to = ayni_buffer_over(text, AYNI_NODE_TEXT_SIZE);

    ayni_base32_append(&to, (struct ayni_bytes){ node->bytes, sizeof(node->bytes) });
    ayni_buffer_append_byte(&to, 0);
}

enum ayni_status ayni_node_parse(struct ayni_bytes text, struct ayni_node *node)
{
    struct ayni_node parsed;
    struct ayni_buffer to = ayni_buffer_over(parsed.bytes, sizeof(parsed.bytes));

    if (text.size != AYNI_NODE_TEXT_SIZE - 1 || ayni_base32_parse(text, &to) != AYNI_OK)
        return AYNI_E_MALFORMED;
    *node = parsed;
    return AYNI_OK;
}

/* The digits of some bytes; where they end. */
static char *put_hex(const uint8_t *bytes, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++, text += 2)
        memcpy(text, hex + 2 * (size_t)bytes[i], 2);
    return text;
}

void ayni_hex_text(struct ayni_bytes bytes, char *text)
{
    *put_hex(bytes.data, bytes.size, text) = 0;
}

enum ayni_status ayni_hex_parse(struct ayni_bytes text, uint8_t *bytes, size_t size)
{
    unsigned all = 0;

    if (text.size != 2 * size)
        return AYNI_E_MALFORMED;
    for (size_t i = 0; i < size; i++)
        all |= hex_byte(text.data + 2 * i);
    if (all > UINT8_MAX)
        return AYNI_E_MALFORMED;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)hex_byte(text.data + 2 * i);
    return AYNI_OK;
}

/* The bytes of a UUID that stand together, with hyphens between. */
enum { GROUPS = 5 };
static const size_t group_sizes[GROUPS] = { 4, 2, 2, 2, 6 };

void ayni_record_text(const struct ayni_record *record, char *text)
{
    const uint8_t *bytes = record->bytes;

    for (size_t group = 0; group < GROUPS; bytes += group_sizes[group++]) {
        text = put_hex(bytes, group_sizes[group], text);
        *text++ = '-';
    }
    text[-1] = 0;
}

enum ayni_status ayni_record_parse(struct ayni_bytes text, struct ayni_record *record)
{
    const uint8_t *next = text.data;
    struct ayni_record parsed;
    unsigned all = 0;

    if (text.size != AYNI_RECORD_TEXT_SIZE - 1)
        return AYNI_E_MALFORMED;
    for (size_t group = 0, i = 0; group < GROUPS; group++) {
        if (group > 0 && *next++ != '-')
            return AYNI_E_MALFORMED;
        for (size_t end = i + group_sizes[group]; i < end; i++, next += 2) {
            unsigned byte = hex_byte(next);
            all |= byte;
            parsed.bytes[i] = (uint8_t)byte;
        }
    }
    if (all > UINT8_MAX)
        return AYNI_E_MALFORMED;
    *record = parsed;
    return AYNI_OK;
}

/* The version and the variant of RFC 9562 over whatever stands in their bits. */
static void mark_uuid(struct ayni_record *record, unsigned version)
{
    record->bytes[6] = (uint8_t)(version << 4 | (record->bytes[6] & 0x0f));
    record->bytes[8] = (uint8_t)(0x80 | (record->bytes[8] & 0x3f));
}

struct ayni_record ayni_record_v7(uint64_t time_ms, const uint8_t random[10])
{
    struct ayni_record record;

    ayni_put_u16(record.bytes, (uint16_t)(time_ms >> 32));
    ayni_put_u32(record.bytes + 2, (uint32_t)time_ms);
    memcpy(record.bytes + 6, random, 10);
    mark_uuid(&record, 7);
    return record;
}

struct ayni_record ayni_record_v8(const uint8_t hash[16])
{
    struct ayni_record record;

    memcpy(record.bytes, hash, sizeof(record.bytes));
    mark_uuid(&record, 8);
    return record;
}

bool ayni_record_time(const struct ayni_record *record, uint64_t *time_ms)
{
    if (record->bytes[6] >> 4 != 7)
        return false;
    *time_ms = (uint64_t)ayni_get_u16(record->bytes) << 32 | ayni_get_u32(record->bytes + 2);
    return true;
}
