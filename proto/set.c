#include "proto/set.h"

#include <stdlib.h>

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct ayni_bytes ayni_set_trimmed(struct ayni_bytes text)
{
    while (text.size > 0 && is_space(text.data[0]))
        text = (struct ayni_bytes){ text.data + 1, text.size - 1 };
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

bool ayni_set_next(struct ayni_bytes *rest, char separator, struct ayni_bytes *word)
{
    while (rest->size > 0) {
        size_t size = 0;
        while (size < rest->size && rest->data[size] != (uint8_t)separator)
            size++;
        struct ayni_bytes found = ayni_set_trimmed((struct ayni_bytes){ rest->data, size });
        size += size < rest->size; /* the separator too */
        *rest = (struct ayni_bytes){ rest->data + size, rest->size - size };
        if (found.size > 0) {
            *word = found;
            return true;
        }
    }
    return false;
}

static int compare_encodings(struct ayni_bytes a, struct ayni_bytes b)
{
    return a.size != b.size ? (a.size > b.size) - (a.size < b.size) : ayni_bytes_compare(a, b);
}

static int by_encoding(const void *a, const void *b)
{
    return compare_encodings(*(const struct ayni_bytes *)a, *(const struct ayni_bytes *)b);
}

static int by_characters(const void *a, const void *b)
{
    return ayni_bytes_compare(*(const struct ayni_bytes *)a, *(const struct ayni_bytes *)b);
}

void ayni_set_put(struct ayni_buffer *to, struct ayni_bytes *items, size_t count,
                  enum ayni_cbor_type type)
{
    size_t kept = 0;

    if (count > 0)
        qsort(items, count, sizeof(*items), by_encoding);
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

    if (before->data != NULL && compare_encodings(*before, item) >= 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    *before = item;
    return item;
}

enum ayni_status ayni_set_sorted(struct ayni_bytes set, enum ayni_cbor_type type,
                                 struct ayni_bytes *items, size_t *count)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(set);
    struct ayni_bytes before = { 0 };
    size_t found = ayni_cbor_read_array(&reader);

    if (found > AYNI_SET_COUNT_MAX)
        return AYNI_E_MALFORMED;
    for (size_t i = 0; i < found; i++)
        items[i] = ayni_set_read(&reader, type, &before);
    if (ayni_cbor_done(&reader) != AYNI_OK)
        return AYNI_E_MALFORMED;
    if (found > 0)
        qsort(items, found, sizeof(*items), by_characters);
    *count = found;
    return AYNI_OK;
}
