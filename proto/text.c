#include "proto/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#define NOT_ASCII UINT64_C(0x8080808080808080)

/* Eight bytes, in the order that memory has. */
static uint64_t word_at(const uint8_t *data)
{
    uint64_t word;

    memcpy(&word, data, sizeof(word));
    return word;
}

/* How many bytes at the front are ASCII. */
static size_t ascii_size(const uint8_t *data, size_t size)
{
    size_t i = 0;

    while (size - i >= sizeof(uint64_t) && (word_at(data + i) & NOT_ASCII) == 0)
        i += sizeof(uint64_t);
    while (i < size && data[i] < 0x80)
        i++;
    return i;
}

/* The last word overlaps with the one before it: no byte is looked at alone but in short texts. */
static bool is_ascii(struct ayni_bytes text)
{
    uint64_t all = 0;

    if (text.size < sizeof(all)) { /* of 0 to 7 */
        for (size_t i = 0; i < text.size; i++)
            all |= text.data[i];
        return (all & NOT_ASCII) == 0;
    }
    for (size_t i = 0; i + sizeof(all) <= text.size; i += sizeof(all))
        all |= word_at(text.data + i);
    all |= word_at(text.data + text.size - sizeof(all));
    return (all & NOT_ASCII) == 0;
}

bool ayni_text_valid(struct ayni_bytes text)
{
    if (is_ascii(text)) /* nearly all are */
        return true;
    for (size_t i = 0; i < text.size;) {
        i += ascii_size(text.data + i, text.size - i);
        if (i == text.size)
            return true;
        utf8proc_int32_t code;
        utf8proc_ssize_t used =
            utf8proc_iterate(text.data + i, (utf8proc_ssize_t)(text.size - i), &code);
        if (used <= 0)
            return false;
        i += (size_t)used;
    }
    return true;
}

bool ayni_text_is_line(struct ayni_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool is_c1 = c == 0xc2 && i + 1 < text.size && text.data[i + 1] < 0xa0;
        if (c < 0x20 || c == 0x7f || is_c1)
            return false;
    }
    return ayni_text_valid(text);
}

bool ayni_text_next(struct ayni_bytes *rest, uint32_t *character)
{
    utf8proc_int32_t code;

    if (rest->size == 0)
        return false;
    if (rest->data[0] < 0x80) { /* by far the commonest */
        *character = rest->data[0];
        *rest = (struct ayni_bytes){ rest->data + 1, rest->size - 1 };
        return true;
    }
    utf8proc_ssize_t used = utf8proc_iterate(rest->data, (utf8proc_ssize_t)rest->size, &code);
    if (used <= 0)
        return false;
    *rest = (struct ayni_bytes){ rest->data + used, rest->size - (size_t)used };
    *character = (uint32_t)code;
    return true;
}

/* What of `text` fits into `room` bytes without parting a character; a NUL ends it. */
static size_t fitting_size(struct ayni_bytes text, size_t room)
{
    size_t size = text.size == 0 ? 0 : strnlen((const char *)text.data, text.size);

    if (size <= room)
        return size;
    size = room;
    while (size > 0 && (text.data[size] & 0xC0) == 0x80)
        size--;
    return size;
}

bool ayni_text_copy(struct ayni_bytes text, char *to, size_t size)
{
    size_t fitting = fitting_size(text, size - 1);

    if (fitting > 0)
        memcpy(to, text.data, fitting);
    to[fitting] = '\0';
    return fitting == text.size;
}

bool ayni_text_is_letter(uint32_t character)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)character);

    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

/* Unicode's property White_Space, which no later edition may change for these. */
static bool is_space(utf8proc_int32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= 0x09 && code <= 0x0d);
    return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

/* Behind those that `to` has since `start`, if any. */
static void append_word(const uint8_t *word, size_t size, size_t start, struct ayni_buffer *to)
{
    if (size == 0)
        return;
    if (to->size > start)
        ayni_buffer_append_byte(to, ' ');
    ayni_buffer_append(to, word, size);
}

/* Appends valid UTF-8 with its white space trimmed, and single inside. */
static void append_spaced(struct ayni_bytes text, struct ayni_buffer *to)
{
    size_t start = to->size, word = 0;

    for (size_t i = 0; i < text.size;) {
        utf8proc_int32_t code = text.data[i];
        utf8proc_ssize_t used = 1;
        if (code >= 0x80)
            used = utf8proc_iterate(text.data + i, (utf8proc_ssize_t)(text.size - i), &code);
        if (used <= 0)
            return; /* cannot be: the text was checked */
        if (is_space(code)) {
            append_word(text.data + word, i - word, start, to);
            word = i + (size_t)used;
        }
        i += (size_t)used;
    }
    append_word(text.data + word, text.size - word, start, to);
}

static enum ayni_status map(struct ayni_bytes text, utf8proc_option_t options,
                            struct ayni_buffer *to)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t size = utf8proc_map(text.data, (utf8proc_ssize_t)text.size, &mapped, options);

    if (size < 0)
        return size == UTF8PROC_ERROR_NOMEM ? AYNI_E_MEMORY : AYNI_E_MALFORMED;
    append_spaced((struct ayni_bytes){ mapped, (size_t)size }, to);
    free(mapped);
    return ayni_buffer_status(to);
}

enum ayni_status ayni_text_key(struct ayni_bytes text, struct ayni_buffer *to)
{
    if (ascii_size(text.data, text.size) != text.size)
        return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE, to);
    append_spaced(text, to); /* ASCII is its own NFC */
    return ayni_buffer_status(to);
}

enum ayni_status ayni_text_fold(struct ayni_bytes text, struct ayni_buffer *to)
{
    if (text.size == 0)
        return ayni_buffer_status(to);
    return map(text,
               UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                   UTF8PROC_STRIPMARK,
               to);
}
