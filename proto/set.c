#include "proto/set.h"

#include <stdlib.h>

static struct ayni_bytes trimmed(struct ayni_bytes text)
{
    while (text.size > 0 && text.data[0] == ' ')
        text = (struct ayni_bytes){ text.data + 1, text.size - 1 };
    while (text.size > 0 && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

bool ayni_set_next(struct ayni_bytes *rest, char separator, struct ayni_bytes *word)
{
    while (rest->size > 0) {
        size_t size = 0;
        while (size < rest->size && rest->data[size] != (uint8_t)separator)
            size++;
        struct ayni_bytes found = trimmed((struct ayni_bytes){ rest->data, size });
        size += size < rest->size; /* the separator too */
        *rest = (struct ayni_bytes){ rest->data + size, rest->size - size };
        if (found.size > 0) {
            *word = found;
            return true;
        }
    }
    return false;
}

static int by_bytes(const void *a, const void *b)
{
    return ayni_bytes_compare(*(const struct ayni_bytes *)a, *(const struct ayni_bytes *)b);
}

void ayni_set_put(struct ayni_buffer *to, struct ayni_bytes *items, size_t count,
                  enum ayni_cbor_type type)
{
    size_t kept = 0;

    if (count > 0)
        qsort(items, count, sizeof(*items), by_bytes);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !ayni_bytes_equal(items[i], items[kept - 1]))
            items[kept++] = items[i];
    }
    ayni_cbor_put_array(to, kept);
    for (size_t i = 0; i < kept; i++) {
        if (type == AYNI_CBOR_TEXT)
            ayni_cbor_put_text(to, items[i]);
        else
            ayni_cbor_put_bytes(to, items[i]);
    }
}

struct ayni_bytes ayni_set_read(struct ayni_cbor_reader *reader, enum ayni_cbor_type type,
                                struct ayni_bytes *before)
{
    struct ayni_bytes item =
        type == AYNI_CBOR_TEXT ? ayni_cbor_read_text(reader) : ayni_cbor_read_bytes(reader);

    if (before->data != NULL && ayni_bytes_compare(*before, item) >= 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    *before = item;
    return item;
}
