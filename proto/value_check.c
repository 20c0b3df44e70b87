#include "proto/value_check.h"

#include <stdio.h>

#include "proto/cbor.h"
#include "proto/decimal.h"
#include "proto/instant.h"
#include "proto/pattern.h"
#include "proto/set.h"
#include "proto/text.h"

/* 1e-6 degrees and metres, wider than anything on this planet. */
enum { LATITUDE_MAX = 90000000, LONGITUDE_MAX = 180000000 };
enum { ALTITUDE_MIN = -500, ALTITUDE_MAX = 9000, ACCURACY_MAX = 1000000 };

static enum ayni_status refuse(struct ayni_reason *reason, const char *code, const char *message)
{
    ayni_reason_set(reason, code, message);
    return AYNI_E_INVALID;
}

static size_t character_count(struct ayni_bytes text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += (text.data[i] & 0xc0) != 0x80;
    return count;
}

static bool has_control_character(struct ayni_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return true;
    }
    return false;
}

static enum ayni_status check_pattern(const struct ayni_catalogue_field *field,
                                      struct ayni_bytes text, struct ayni_reason *reason)
{
    struct ayni_bytes pattern = ayni_bytes_of_text(field->pattern);

    if (pattern.size == 0 || ayni_pattern_fits(pattern, text))
        return AYNI_OK;
    (void)ayni_reason_refuse(reason, "bad_form", N_("'{}' is not of the form {}"), text);
    ayni_reason_arg(reason, pattern);
    return AYNI_E_INVALID;
}

static enum ayni_status check_text(const struct ayni_catalogue_field *field, struct ayni_bytes text,
                                   struct ayni_reason *reason)
{
    size_t count = character_count(text);

    if (text.size == 0)
        return refuse(reason, "empty_text", N_("an empty text; leave the value out instead"));
    if (has_control_character(text))
        return ayni_reason_refuse(reason, "bad_text", N_("'{}' contains control characters"), text);
    if (count > field->kind.size) {
        ayni_reason_set(reason, "too_long", N_("{} characters are too many, at most {}"));
        ayni_reason_arg_int(reason, (int64_t)count);
        ayni_reason_arg_int(reason, field->kind.size);
        return AYNI_E_INVALID;
    }
    return check_pattern(field, text, reason);
}

/* What the field takes, where that is little enough to be read in one line. */
static bool list_codes(const struct ayni_catalogue_field *field, char text[AYNI_REASON_ARG_SIZE])
{
    size_t count, size = 0;
    const struct ayni_catalogue_code *codes = ayni_catalogue_codes(field, &count);

    for (size_t i = 0; i < count && size < AYNI_REASON_ARG_SIZE; i++)
        if (!codes[i].retired)
            size += (size_t)snprintf(text + size, AYNI_REASON_ARG_SIZE - size, "%s%s",
                                     size == 0 ? "" : " ", codes[i].word);
    return size > 0 && size < AYNI_REASON_ARG_SIZE;
}

static enum ayni_status check_code(const struct ayni_catalogue_field *field, struct ayni_bytes word,
                                   struct ayni_reason *reason)
{
    bool any_word = field->list_name[0] != '\0' && field->list == NULL;

    if (any_word || ayni_catalogue_code_named(field, word) != NULL)
        return AYNI_OK;
    const char *nearest = ayni_catalogue_nearest_code(field, word);
    char codes[AYNI_REASON_ARG_SIZE];
    if (nearest != NULL) {
        ayni_reason_set(reason, "unknown_code",
                        N_("'{}' is none of the codes; the nearest is '{}'"));
        ayni_reason_arg(reason, word);
        ayni_reason_arg_text(reason, nearest);
    } else if (list_codes(field, codes)) {
        ayni_reason_set(reason, "unknown_code", N_("'{}' is none of the codes, which are: {}"));
        ayni_reason_arg(reason, word);
        ayni_reason_arg_text(reason, codes);
    } else {
        return ayni_reason_refuse(reason, "unknown_code", N_("'{}' is none of the codes"), word);
    }
    return AYNI_E_INVALID;
}

static enum ayni_status check_id(const struct ayni_catalogue_field *field, struct ayni_bytes value,
                                 struct ayni_reason *reason)
{
    if (!ayni_scheme_fits(field->kind.scheme, value) || has_control_character(value)) {
        if (field->kind.scheme == AYNI_SCHEME_UBIGEO)
            return ayni_reason_refuse(reason, "bad_ubigeo", N_("'{}' is not 2, 4 or 6 digits"),
                                      value);
        return ayni_reason_refuse(reason, "bad_document", N_("'{}' does not fit its scheme"),
                                  value);
    }
    return check_pattern(field, value, reason);
}

/* Add a number as people write it in the field, with its unit. */
static void add_number(const struct ayni_catalogue_field *field, int64_t value,
                       struct ayni_reason *reason)
{
    char number[AYNI_DECIMAL_TEXT_SIZE], text[AYNI_REASON_ARG_SIZE];

    if (field->kind.type == AYNI_KIND_DATE || field->kind.type == AYNI_KIND_MONTH)
        ayni_day_text(value, number);
    else
        ayni_decimal_text(value, field->kind.scale, number);
    snprintf(text, sizeof(text), "%s%s%s", number, field->unit[0] == '\0' ? "" : " ", field->unit);
    ayni_reason_arg_text(reason, text);
}

static enum ayni_status check_range(const struct ayni_catalogue_field *field, int64_t value,
                                    struct ayni_reason *reason)
{
    bool low = field->has_minimum && value < field->minimum;
    bool high = field->has_maximum && value > field->maximum;

    if (!low && !high)
        return AYNI_OK;
    if (field->unit[0] == '\0')
        ayni_reason_set(reason, "out_of_range",
                        low ? N_("{} is under the minimum {}") : N_("{} is over the maximum {}"));
    else
        ayni_reason_set(reason, "out_of_range",
                        low ? N_("{} is under the minimum {}: was it measured in another unit?")
                            : N_("{} is over the maximum {}: was it measured in another unit?"));
    add_number(field, value, reason);
    add_number(field, low ? field->minimum : field->maximum, reason);
    return AYNI_E_INVALID;
}

/* A day between the years 1 and 9999, the first of its month for a month. */
static bool day_fits(const struct ayni_catalogue_field *field, int64_t day)
{
    return ayni_day_valid(day) &&
           (field->kind.type != AYNI_KIND_MONTH || ayni_month_start(day, 0) == day);
}

static enum ayni_status check_number(const struct ayni_catalogue_field *field, int64_t value,
                                     struct ayni_reason *reason)
{
    enum ayni_kind_type type = field->kind.type;

    if ((type == AYNI_KIND_DATE || type == AYNI_KIND_MONTH) && !day_fits(field, value))
        return refuse(reason, "bad_date", N_("a day that no calendar has"));
    if (type == AYNI_KIND_TIME && (value < 0 || value > AYNI_TIME_MAX))
        return refuse(reason, "bad_time", N_("a time that no calendar has"));
    return check_range(field, value, reason);
}

/* One of the four numbers of a place; null is allowed for the last two. */
static bool coordinate_fits(struct ayni_cbor_reader *reader, bool optional, int64_t least,
                            int64_t most)
{
    if (optional && ayni_cbor_peek(reader) == AYNI_CBOR_NULL) {
        ayni_cbor_read_null(reader);
        return true;
    }
    int64_t value = ayni_cbor_read_int(reader);
    return value >= least && value <= most;
}

static enum ayni_status check_point(struct ayni_cbor_reader *reader, struct ayni_reason *reason)
{
    bool fits = ayni_cbor_read_array(reader) == 4;

    fits = coordinate_fits(reader, false, -LATITUDE_MAX, LATITUDE_MAX) && fits;
    fits = coordinate_fits(reader, false, -LONGITUDE_MAX, LONGITUDE_MAX) && fits;
    fits = coordinate_fits(reader, true, ALTITUDE_MIN, ALTITUDE_MAX) && fits;
    fits = coordinate_fits(reader, true, 0, ACCURACY_MAX) && fits;
    if (fits || reader->status != AYNI_OK)
        return AYNI_OK; /* whoever called sees the reader's failure */
    return refuse(reason, "bad_point", N_("coordinates that are nowhere"));
}

/* Members in order; texts among them are judged, references only read. */
static enum ayni_status check_members(const struct ayni_catalogue_field *field,
                                      struct ayni_cbor_reader *reader, struct ayni_reason *reason)
{
    bool references = field->kind.type == AYNI_KIND_REFS;
    size_t count = ayni_cbor_read_array(reader);
    struct ayni_bytes before = { 0 };

    if (count > AYNI_SET_COUNT_MAX)
        return refuse(reason, "too_many", N_("too many values in one set"));
    if (count == 0 && reader->status == AYNI_OK)
        return refuse(reason, "empty_set", N_("an empty set; leave the value out instead"));
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        struct ayni_bytes item =
            ayni_set_read(reader, references ? AYNI_CBOR_BYTES : AYNI_CBOR_TEXT, &before);
        enum ayni_status status = AYNI_OK;
        if (reader->status != AYNI_OK)
            break;
        if (references && item.size != sizeof(struct ayni_record))
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        else if (!references)
            status = field->kind.type == AYNI_KIND_SET ? check_code(field, item, reason)
                                                       : check_id(field, item, reason);
        if (status != AYNI_OK)
            return status;
    }
    return AYNI_OK;
}

/* Bytes of exactly `size`, any number of them where it is 0. */
static void read_sized(struct ayni_cbor_reader *reader, size_t size)
{
    struct ayni_bytes bytes = ayni_cbor_read_bytes(reader);

    if (size != 0 && bytes.size != size)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
}

/* What the reader fails at isn't of the kind; what it reads is judged. */
static enum ayni_status check_kind(const struct ayni_catalogue_field *field,
                                   struct ayni_cbor_reader *reader, struct ayni_reason *reason)
{
    struct ayni_bytes text;
    int64_t number;

    switch (field->kind.type) {
    case AYNI_KIND_TEXT:
        text = ayni_cbor_read_text(reader);
        return reader->status != AYNI_OK ? AYNI_OK : check_text(field, text, reason);
    case AYNI_KIND_CODE:
        text = ayni_cbor_read_text(reader);
        return reader->status != AYNI_OK ? AYNI_OK : check_code(field, text, reason);
    case AYNI_KIND_ID:
        text = ayni_cbor_read_text(reader);
        return reader->status != AYNI_OK ? AYNI_OK : check_id(field, text, reason);
    case AYNI_KIND_SET:
    case AYNI_KIND_IDS:
    case AYNI_KIND_REFS:
        return check_members(field, reader, reason);
    case AYNI_KIND_INT:
    case AYNI_KIND_DEC:
    case AYNI_KIND_DATE:
    case AYNI_KIND_MONTH:
    case AYNI_KIND_TIME:
        number = ayni_cbor_read_int(reader);
        return reader->status != AYNI_OK ? AYNI_OK : check_number(field, number, reason);
    case AYNI_KIND_BOOL:
        (void)ayni_cbor_read_bool(reader);
        return AYNI_OK;
    case AYNI_KIND_POINT:
        return check_point(reader, reason);
    case AYNI_KIND_REF:
        read_sized(reader, sizeof(struct ayni_record));
        return AYNI_OK;
    case AYNI_KIND_HASH:
    case AYNI_KIND_NODE:
        read_sized(reader, 32);
        return AYNI_OK;
    case AYNI_KIND_BYTES:
        read_sized(reader, field->kind.size);
        return AYNI_OK;
    }
    return AYNI_E_INVALID;
}

static bool is_an_item(struct ayni_bytes cbor)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);

    (void)ayni_cbor_read_raw(&reader);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

enum ayni_status ayni_value_check(const struct ayni_catalogue_field *field, struct ayni_bytes cbor,
                                  struct ayni_reason *reason)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    char kind[AYNI_KIND_TEXT_SIZE];
    enum ayni_status status = AYNI_OK;

    if (ayni_cbor_peek(&reader) == AYNI_CBOR_NULL)
        ayni_cbor_read_null(&reader);
    else
        status = check_kind(field, &reader, reason);
    if (status == AYNI_OK && ayni_cbor_done(&reader) == AYNI_OK)
        return AYNI_OK; /* by far the commonest: what was read whole is well-formed */
    if (!is_an_item(cbor)) {
        ayni_reason_set(reason, "malformed", N_("not a value at all"));
        return AYNI_E_MALFORMED;
    }
    if (status != AYNI_OK)
        return status;
    ayni_kind_text(&field->kind, kind);
    return ayni_reason_refuse(reason, "wrong_kind", N_("not a value of kind {}"),
                              ayni_bytes_of_text(kind));
}
