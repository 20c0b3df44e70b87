#include "proto/value_scalar.h"

#include <string.h>

#include "proto/cbor.h"
#include "proto/decimal.h"
#include "proto/instant.h"
#include "proto/set.h"
#include "proto/text.h"

/* What one text of `bytes` may come to: a card, a statement. */
enum { BYTES_SIZE_MAX = 4096 };

/* Where a field has a unit it is named: what was written may be of another one. */
static enum ayni_status refuse_number(const struct ayni_catalogue_field *field,
                                      enum ayni_status why, struct ayni_bytes text,
                                      struct ayni_reason *reason)
{
    bool has_unit = field->unit[0] != '\0';

    if (why == AYNI_E_INVALID) {
        ayni_reason_set(reason, "bad_number",
                        has_unit ? N_("'{}' is not a number: give it in {}, without the unit")
                                 : N_("'{}' is not a number"));
        ayni_reason_arg(reason, text);
    } else {
        ayni_reason_set(reason, "bad_number",
                        has_unit
                            ? N_("'{}' is too large, or has more decimals than {}: give it in {}")
                            : N_("'{}' is too large, or has more decimals than {}"));
        ayni_reason_arg(reason, text);
        ayni_reason_arg_int(reason, field->kind.scale);
    }
    if (has_unit)
        ayni_reason_arg_text(reason, field->unit);
    return AYNI_E_INVALID;
}

static enum ayni_status parse_number(const struct ayni_catalogue_field *field,
                                     struct ayni_bytes text, struct ayni_buffer *to,
                                     struct ayni_reason *reason)
{
    int64_t value;
    enum ayni_status status = ayni_decimal_parse(text, field->kind.scale, &value);

    if (status != AYNI_OK)
        return refuse_number(field, status, text, reason);
    ayni_cbor_put_int(to, value);
    return AYNI_OK;
}

static enum ayni_status parse_day(struct ayni_bytes text, bool month, struct ayni_buffer *to,
                                  struct ayni_reason *reason)
{
    int64_t day;

    if (month && ayni_month_parse(text, &day) != AYNI_OK)
        return ayni_reason_refuse(reason, "bad_month", N_("'{}' is not a month (YYYY-MM)"), text);
    if (!month && ayni_day_parse(text, &day) != AYNI_OK)
        return ayni_reason_refuse(reason, "bad_date", N_("'{}' is not a day (YYYY-MM-DD)"), text);
    ayni_cbor_put_int(to, day);
    return AYNI_OK;
}

static enum ayni_status parse_time(struct ayni_bytes text, struct ayni_buffer *to,
                                   struct ayni_reason *reason)
{
    struct ayni_instant instant;

    if (ayni_instant_parse(text, &instant) != AYNI_OK)
        return ayni_reason_refuse(reason, "bad_time", N_("'{}' is not a time (RFC 3339)"), text);
    ayni_cbor_put_uint(to, instant.ms / 1000);
    return AYNI_OK;
}

static enum ayni_status parse_bool(struct ayni_bytes text, struct ayni_buffer *to,
                                   struct ayni_reason *reason)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        { "true", true }, { "false", false }, { "yes", true }, { "no", false },
        { "1", true },    { "0", false },     { "sí", true },  { "si", true },
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (ayni_bytes_equal(text, ayni_bytes_of_text(words[i].word))) {
            ayni_cbor_put_bool(to, words[i].value);
            return AYNI_OK;
        }
    }
    return ayni_reason_refuse(reason, "bad_bool", N_("'{}' is neither true nor false"), text);
}

/* Devices write more decimals than are kept: what stands after `decimals` of them is cut off. */
static bool parse_coordinate(struct ayni_bytes word, uint32_t decimals, int64_t *value)
{
    const uint8_t *point = word.size == 0 ? NULL : memchr(word.data, '.', word.size);
    struct ayni_bytes cut = word;

    if (ayni_decimal_parse(word, AYNI_DECIMAL_SCALE_MAX, value) == AYNI_E_INVALID)
        return false;
    if (point != NULL) {
        size_t whole = (size_t)(point - word.data);
        size_t kept = whole + (decimals == 0 ? 0 : 1 + decimals);
        cut.size = kept < word.size ? kept : word.size;
    }
    return ayni_decimal_parse(cut, decimals, value) == AYNI_OK;
}

static enum ayni_status parse_point(struct ayni_bytes text, struct ayni_buffer *to,
                                    struct ayni_reason *reason)
{
    struct ayni_bytes rest = text, word;
    bool good = true;
    int64_t value;

    ayni_cbor_put_array(to, 4);
    for (int i = 0; i < 4 && good; i++) {
        bool given = ayni_set_next(&rest, ' ', &word);
        if (i >= 2 && (!given || ayni_bytes_equal(word, ayni_bytes_of_text("-")))) {
            ayni_cbor_put_null(to);
            continue;
        }
        good = given && parse_coordinate(word, i < 2 ? 6 : 0, &value);
        ayni_cbor_put_int(to, good ? value : 0);
    }
    if (!good || ayni_set_next(&rest, ' ', &word))
        return ayni_reason_refuse(reason, "bad_point",
                                  N_("'{}' is not a place (latitude longitude)"), text);
    return AYNI_OK;
}

static enum ayni_status parse_set(struct ayni_bytes text, struct ayni_buffer *to,
                                  struct ayni_reason *reason)
{
    struct ayni_bytes items[AYNI_SET_COUNT_MAX];
    size_t count = 0;

    for (struct ayni_bytes word; ayni_set_next(&text, ',', &word); count++) {
        if (count == AYNI_SET_COUNT_MAX)
            return ayni_reason_refuse(reason, "too_many",
                                      N_("too many values in one set: from '{}' on"), word);
        items[count] = word;
    }
    if (count == 0)
        ayni_cbor_put_null(to);
    else
        ayni_set_put(to, items, count, AYNI_CBOR_TEXT);
    return AYNI_OK;
}

static enum ayni_status parse_bytes(const struct ayni_catalogue_field *field,
                                    struct ayni_bytes text, struct ayni_buffer *to,
                                    struct ayni_reason *reason)
{
    size_t size = field->kind.type == AYNI_KIND_HASH ? 32 : field->kind.size;
    uint8_t bytes[BYTES_SIZE_MAX];

    if (size == 0)
        size = text.size / 2;
    if (size > BYTES_SIZE_MAX || text.size != size * 2 ||
        ayni_hex_parse(text, bytes, size) != AYNI_OK)
        return ayni_reason_refuse(reason, "bad_bytes",
                                  N_("'{}' is not the hexadecimal that belongs here"), text);
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ bytes, size });
    return AYNI_OK;
}

static enum ayni_status parse_node(struct ayni_bytes text, struct ayni_buffer *to,
                                   struct ayni_reason *reason)
{
    struct ayni_node node;

    if (ayni_node_parse(text, &node) != AYNI_OK)
        return ayni_reason_refuse(reason, "bad_node", N_("'{}' is not a node"), text);
    ayni_cbor_put_id(to, &node);
    return AYNI_OK;
}

static enum ayni_status parse_kind(const struct ayni_catalogue_field *field, struct ayni_bytes text,
                                   struct ayni_buffer *to, struct ayni_reason *reason)
{
    switch (field->kind.type) {
    case AYNI_KIND_TEXT:
    case AYNI_KIND_CODE:
    case AYNI_KIND_ID:
        ayni_cbor_put_text(to, text);
        return AYNI_OK;
    case AYNI_KIND_SET:
    case AYNI_KIND_IDS:
        return parse_set(text, to, reason);
    case AYNI_KIND_INT:
    case AYNI_KIND_DEC:
        return parse_number(field, text, to, reason);
    case AYNI_KIND_DATE:
    case AYNI_KIND_MONTH:
        return parse_day(text, field->kind.type == AYNI_KIND_MONTH, to, reason);
    case AYNI_KIND_TIME:
        return parse_time(text, to, reason);
    case AYNI_KIND_BOOL:
        return parse_bool(text, to, reason);
    case AYNI_KIND_POINT:
        return parse_point(text, to, reason);
    case AYNI_KIND_HASH:
    case AYNI_KIND_BYTES:
        return parse_bytes(field, text, to, reason);
    case AYNI_KIND_NODE:
        return parse_node(text, to, reason);
    case AYNI_KIND_REF:
    case AYNI_KIND_REFS:
        break;
    }
    return ayni_reason_refuse(reason, "bad_reference", N_("'{}' is not the id of a record"), text);
}

enum ayni_status ayni_value_scalar_parse(const struct ayni_catalogue_field *field,
                                         struct ayni_bytes text, struct ayni_buffer *cbor,
                                         struct ayni_reason *reason)
{
    size_t start = cbor->size;

    text = ayni_set_trimmed(text);
    if (!ayni_text_valid(text))
        return ayni_reason_refuse(reason, "bad_text", N_("'{}' is not UTF-8"), text);
    if (text.size == 0) {
        ayni_cbor_put_null(cbor);
        return ayni_buffer_status(cbor);
    }
    enum ayni_status status = parse_kind(field, text, cbor, reason);
    if (status != AYNI_OK)
        cbor->size = start;
    return status == AYNI_OK ? ayni_buffer_status(cbor) : status;
}
