#include "proto/ids.h"

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char hex[] = "0123456789abcdef";

/* The value of a base32 character of either case, or -1. */
static int base32_value(uint8_t c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= '2' && c <= '7')
        return c - '2' + 26;
    return -1;
}

enum { NO_DIGIT = 16 };

static unsigned hex_value(uint8_t c)
{
    unsigned digit = (unsigned)c - '0', letter = (c | 0x20U) - 'a';

    if (digit < 10U)
        return digit;
    return letter < 6U ? letter + 10U : NO_DIGIT;
}

void ayni_base32_append(struct ayni_buffer *buffer, struct ayni_bytes bytes)
{
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        held = (held << 8 | bytes.data[i]) & 0xffff;
        bits += 8;
        for (; bits >= 5; bits -= 5)
            ayni_buffer_append_byte(buffer, (uint8_t)base32[held >> (bits - 5) & 31]);
    }
    if (bits > 0)
        ayni_buffer_append_byte(buffer, (uint8_t)base32[held << (5 - bits) & 31]);
}

enum ayni_status ayni_base32_parse(struct ayni_bytes text, struct ayni_buffer *bytes)
{
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < text.size; i++) {
        int value = base32_value(text.data[i]);
        if (value < 0)
            return AYNI_E_MALFORMED;
        held = (held << 5 | (uint32_t)value) & 0xffff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            ayni_buffer_append_byte(bytes, (uint8_t)(held >> bits));
        }
    }
    /* What is left over is less than a character, and zero: one text for the same bytes. */
    if (bits >= 5 || (held & ((1u << bits) - 1)) != 0)
        return AYNI_E_MALFORMED;
    return ayni_buffer_status(bytes);
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

void ayni_hex_text(struct ayni_bytes bytes, char *text)
{
    for (size_t i = 0; i < bytes.size; i++) {
        *text++ = hex[bytes.data[i] >> 4];
        *text++ = hex[bytes.data[i] & 15];
    }
    *text = 0;
}

enum ayni_status ayni_hex_parse(struct ayni_bytes text, uint8_t *bytes, size_t size)
{
    if (text.size != 2 * size)
        return AYNI_E_MALFORMED;
    for (size_t i = 0; i < text.size; i++)
        if (hex_value(text.data[i]) == NO_DIGIT)
            return AYNI_E_MALFORMED;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(hex_value(text.data[2 * i]) << 4 | hex_value(text.data[2 * i + 1]));
    return AYNI_OK;
}

/* Where the hyphens of a UUID stand. */
static bool is_hyphen(size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

void ayni_record_text(const struct ayni_record *record, char *text)
{
    char digits[2 * sizeof(record->bytes) + 1];
    const char *next = digits;

    ayni_hex_text((struct ayni_bytes){ record->bytes, sizeof(record->bytes) }, digits);
    for (size_t i = 0; i < AYNI_RECORD_TEXT_SIZE; i++)
        text[i] = is_hyphen(i) ? '-' : *next++;
}

enum ayni_status ayni_record_parse(struct ayni_bytes text, struct ayni_record *record)
{
    uint8_t digits[2 * sizeof(record->bytes)];
    size_t count = 0;

    if (text.size != AYNI_RECORD_TEXT_SIZE - 1)
        return AYNI_E_MALFORMED;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_hyphen(i))
            digits[count++] = text.data[i];
        else if (text.data[i] != '-')
            return AYNI_E_MALFORMED;
    }
    return ayni_hex_parse((struct ayni_bytes){ digits, count }, record->bytes,
                          sizeof(record->bytes));
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
