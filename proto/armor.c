#include "proto/armor.h"

#include <string.h>
#include <strings.h>

#include "proto/ids.h"

void ayni_armor_append(struct ayni_buffer *to, const char *prefix, struct ayni_bytes bytes)
{
    ayni_buffer_append_text(to, prefix);
    ayni_buffer_append_byte(to, ':');
    ayni_base32_append(to, bytes);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum ayni_status ayni_armor_parse(struct ayni_bytes text, const char *prefix, size_t size_max,
                                  struct ayni_buffer *to)
{
    size_t prefix_size = strlen(prefix);

    while (text.size > 0 && is_space(text.data[0]))
        text = (struct ayni_bytes){ text.data + 1, text.size - 1 };
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    if (text.size <= prefix_size || text.data[prefix_size] != ':' ||
        strncasecmp((const char *)text.data, prefix, prefix_size) != 0)
        return AYNI_E_MALFORMED;
    text = (struct ayni_bytes){ text.data + prefix_size + 1, text.size - prefix_size - 1 };
    if (text.size > (size_max * 8 + 4) / 5)
        return AYNI_E_LIMIT;
    return ayni_base32_parse(text, to);
}
