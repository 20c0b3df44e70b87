#include "proto/kind.h"

#include <stdio.h>
#include <string.h>

/* What stands after the word. */
enum argument { NO_ARGUMENT, SIZE, SIZE_OR_NONE, SCALE, SCHEME };

static const struct {
    const char *word;
    enum argument argument;
} kinds[] = {
    [AYNI_KIND_TEXT] = { "text", SIZE },
    [AYNI_KIND_CODE] = { "code", NO_ARGUMENT },
    [AYNI_KIND_SET] = { "set", NO_ARGUMENT },
    [AYNI_KIND_INT] = { "int", NO_ARGUMENT },
    [AYNI_KIND_DEC] = { "dec", SCALE },
    [AYNI_KIND_DATE] = { "date", NO_ARGUMENT },
    [AYNI_KIND_MONTH] = { "month", NO_ARGUMENT },
    [AYNI_KIND_TIME] = { "time", NO_ARGUMENT },
    [AYNI_KIND_BOOL] = { "bool", NO_ARGUMENT },
    [AYNI_KIND_POINT] = { "point", NO_ARGUMENT },
    [AYNI_KIND_ID] = { "id", SCHEME },
    [AYNI_KIND_IDS] = { "ids", SCHEME },
    [AYNI_KIND_REF] = { "ref", NO_ARGUMENT },
    [AYNI_KIND_REFS] = { "refs", NO_ARGUMENT },
    [AYNI_KIND_HASH] = { "hash", NO_ARGUMENT },
    [AYNI_KIND_NODE] = { "node", NO_ARGUMENT },
    [AYNI_KIND_BYTES] = { "bytes", SIZE_OR_NONE },
};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]), SCALE_MAX = 9, SIZE_MAX_OF_TEXT = 60000 };

static const struct {
    const char *name;
    size_t digits_min;
    size_t digits_max;
} schemes[] = {
    [AYNI_SCHEME_ANY] = { "scheme", 0, 0 },     [AYNI_SCHEME_DNI] = { "dni", 8, 8 },
    [AYNI_SCHEME_CUI] = { "cui", 8, 8 },        [AYNI_SCHEME_CNV] = { "cnv", 6, 15 },
    [AYNI_SCHEME_PADRON] = { "padron", 6, 12 }, [AYNI_SCHEME_UBIGEO] = { "ubigeo", 2, 6 },
};
enum { SCHEME_COUNT = sizeof(schemes) / sizeof(schemes[0]), ID_SIZE_MAX = 60 };

static bool is_word(struct ayni_bytes text, const char *word)
{
    return ayni_bytes_equal(text, ayni_bytes_of_text(word));
}

/* A number without sign or leading zero, up to `max`. */
static bool read_number(struct ayni_bytes text, uint32_t max, uint32_t *number)
{
    uint32_t value = 0;

    if (text.size == 0 || text.size > 5 || (text.size > 1 && text.data[0] == '0'))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (uint32_t)(text.data[i] - '0');
    }
    *number = value;
    return value <= max;
}

static bool read_scheme(struct ayni_bytes text, enum ayni_scheme *scheme)
{
    for (int i = 0; i < SCHEME_COUNT; i++) {
        if (is_word(text, schemes[i].name)) {
            *scheme = (enum ayni_scheme)i;
            return true;
        }
    }
    return false;
}

static bool read_argument(enum argument argument, struct ayni_bytes text, struct ayni_kind *kind)
{
    switch (argument) {
    case NO_ARGUMENT:
        return text.size == 0;
    case SIZE_OR_NONE:
        return text.size == 0 ||
               (read_number(text, SIZE_MAX_OF_TEXT, &kind->size) && kind->size > 0);
    case SIZE:
        return read_number(text, SIZE_MAX_OF_TEXT, &kind->size) && kind->size > 0;
    case SCALE:
        return read_number(text, SCALE_MAX, &kind->scale);
    case SCHEME:
        return read_scheme(text, &kind->scheme);
    }
    return false;
}

enum ayni_status ayni_kind_parse(struct ayni_bytes text, struct ayni_kind *kind)
{
    const uint8_t *space = text.size == 0 ? NULL : memchr(text.data, ' ', text.size);
    struct ayni_bytes word = { text.data, space == NULL ? text.size : (size_t)(space - text.data) };
    struct ayni_bytes rest = { 0 };

    if (space != NULL)
        rest = (struct ayni_bytes){ space + 1, text.size - word.size - 1 };
    if (space != NULL && rest.size == 0)
        return AYNI_E_INVALID;
    for (int i = 0; i < KIND_COUNT; i++) {
        struct ayni_kind read = { .type = (enum ayni_kind_type)i };
        if (is_word(word, kinds[i].word) && read_argument(kinds[i].argument, rest, &read)) {
            *kind = read;
            return AYNI_OK;
        }
    }
    return AYNI_E_INVALID;
}

void ayni_kind_text(const struct ayni_kind *kind, char *text)
{
    const char *word = kinds[kind->type].word;

    switch (kinds[kind->type].argument) {
    case SIZE:
        snprintf(text, AYNI_KIND_TEXT_SIZE, "%s %u", word, kind->size);
        break;
    case SCALE:
        snprintf(text, AYNI_KIND_TEXT_SIZE, "%s %u", word, kind->scale);
        break;
    case SCHEME:
        snprintf(text, AYNI_KIND_TEXT_SIZE, "%s %s", word, schemes[kind->scheme].name);
        break;
    case SIZE_OR_NONE:
        if (kind->size > 0) {
            snprintf(text, AYNI_KIND_TEXT_SIZE, "%s %u", word, kind->size);
            break;
        }
        /* fall through */
    case NO_ARGUMENT:
        snprintf(text, AYNI_KIND_TEXT_SIZE, "%s", word);
        break;
    }
}

bool ayni_scheme_fits(enum ayni_scheme scheme, struct ayni_bytes value)
{
    if (scheme == AYNI_SCHEME_ANY)
        return value.size > 0 && value.size <= ID_SIZE_MAX;
    if (value.size < schemes[scheme].digits_min || value.size > schemes[scheme].digits_max)
        return false;
    if (scheme == AYNI_SCHEME_UBIGEO && value.size % 2 != 0)
        return false;
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    }
    return true;
}

enum ayni_scheme ayni_scheme_of(struct ayni_bytes name)
{
    enum ayni_scheme scheme;

    return read_scheme(name, &scheme) ? scheme : AYNI_SCHEME_ANY;
}
