#include "cli/visible.h"

#include <string.h>

#include "proto/text.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

static bool is_in(uint32_t character, uint32_t first, uint32_t last)
{
    return character >= first && character <= last;
}

static bool commands(uint32_t character)
{
    return character < 0x20 || is_in(character, 0x7f, 0x9f);
}

/* Unicode's Bidi_Control, and what ends a line or paragraph besides. */
static bool turns(uint32_t character)
{
    return character == 0x61c || is_in(character, 0x200e, 0x200f) ||
           is_in(character, 0x2028, 0x202e) || is_in(character, 0x2066, 0x2069);
}

/* Whether it has anything to write out. */
static bool is_needed(struct ayni_bytes text)
{
    uint32_t character;

    while (text.size > 0) {
        size_t plain = 0;
        while (plain < text.size && is_in(text.data[plain], 0x20, 0x7e))
            plain++;
        text = (struct ayni_bytes){ text.data + plain, text.size - plain };
        if (text.size > 0 &&
            (!ayni_text_next(&text, &character) || commands(character) || turns(character)))
            return true;
    }
    return false;
}

/* As JSON has it. */
static void put_escape(uint32_t character, struct ayni_buffer *to)
{
    static const char shorts[] = "b\bf\fn\nr\rt\t";
    char escape[sizeof("\\u1234")];

    snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)character & 0xffff);
    for (size_t i = 0; i < sizeof(shorts) - 1; i += 2)
        if (character == (uint32_t)shorts[i + 1])
            snprintf(escape, sizeof(escape), "\\%c", shorts[i]);
    ayni_buffer_append_text(to, escape);
}

static bool is_kept(uint32_t character, const char *kept)
{
    return character != 0 && character < 0x80 && strchr(kept, (int)character) != NULL;
}

/* The next character of a text, as it is to stand there. */
static void put_next(struct ayni_bytes *rest, const char *kept, struct ayni_buffer *to)
{
    const uint8_t *start = rest->data;
    uint32_t character;

    if (!ayni_text_next(rest, &character)) {
        ayni_buffer_append_text(to, replacement);
        *rest = (struct ayni_bytes){ rest->data + 1, rest->size - 1 };
    } else if ((commands(character) || turns(character)) && !is_kept(character, kept)) {
        put_escape(character, to);
    } else {
        ayni_buffer_append(to, start, (size_t)(rest->data - start));
    }
}

void visible_put(struct ayni_bytes text, const char *kept, struct ayni_buffer *to)
{
    if (!is_needed(text)) {
        ayni_buffer_append(to, text.data, text.size);
        return;
    }
    while (text.size > 0)
        put_next(&text, kept, to);
}

void visible_print(struct ayni_bytes text, FILE *to)
{
    SCOPED_BUFFER visible = { 0 };

    visible_put(text, "\n\t", &visible);
    if (visible.size > 0)
        fwrite(visible.data, 1, visible.size, to);
}
