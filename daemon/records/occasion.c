#include "daemon/records/occasion.h"

#include <stdio.h>
#include <string.h>

#include "proto/cbor.h"
#include "proto/instant.h"

enum { MONTHS = 12, ODD_MONTH = OCCASION_MONTH_MAX + 1 };

/* --- fields --- */

static bool is_place(const struct ayni_kind *kind)
{
    return kind->type == AYNI_KIND_ID && kind->scheme == AYNI_SCHEME_UBIGEO;
}

static bool is_date(const struct ayni_kind *kind)
{
    return kind->type == AYNI_KIND_DATE || kind->type == AYNI_KIND_MONTH;
}

bool occasion_fields_of(const struct ayni_catalogue_type *type, struct occasion_fields *fields)
{
    *fields = (struct occasion_fields){ 0 };
    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        const struct ayni_catalogue_field *field = &type->fields[i];
        if (fields->place == 0 && is_place(&field->kind))
            fields->place = field->number;
        if (fields->date == 0 && is_date(&field->kind)) {
            fields->date = field->number;
            fields->date_is_month = field->kind.type == AYNI_KIND_MONTH;
        }
    }
    return fields->place != 0 || fields->date != 0;
}

/* --- values --- */

static bool place_of(struct ayni_bytes cbor, uint8_t place[OCCASION_PLACE_SIZE])
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);

    if (cbor.size == 0 || ayni_cbor_is_null(cbor))
        return true;
    struct ayni_bytes text = ayni_cbor_read_text(&reader);
    if (ayni_cbor_done(&reader) != AYNI_OK || text.size == 0 || text.size > OCCASION_PLACE_SIZE)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    memcpy(place, text.data, text.size);
    return true;
}

static bool date_of(struct ayni_bytes cbor, bool is_month, struct occasion *occasion)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    int year, month, day_of_month;

    if (cbor.size == 0 || ayni_cbor_is_null(cbor))
        return true;
    int64_t day = ayni_cbor_read_int(&reader);
    if (ayni_cbor_done(&reader) != AYNI_OK || !ayni_day_valid(day))
        return false;
    ayni_day_split(day, &year, &month, &day_of_month);
    if (year * MONTHS + month > OCCASION_MONTH_MAX)
        return false;
    occasion->month = (uint16_t)(year * MONTHS + month);
    occasion->day = is_month ? 0 : (uint8_t)day_of_month;
    return true;
}

struct occasion occasion_odd(void)
{
    struct occasion odd = { .month = ODD_MONTH };

    memset(odd.place, 0xFF, sizeof(odd.place));
    return odd;
}

bool occasion_of(const struct occasion_fields *fields, struct ayni_bytes place,
                 struct ayni_bytes date, struct occasion *occasion)
{
    struct occasion made = { .month = 0 };

    if (place_of(place, made.place) && date_of(date, fields->date_is_month, &made)) {
        *occasion = made;
        return true;
    }
    *occasion = occasion_odd();
    return false;
}

static struct ayni_bytes value_in(const struct ayni_version *version, uint32_t field)
{
    for (size_t i = 0; field != 0 && i < version->field_count; i++)
        if (version->fields[i].number == field)
            return version->fields[i].value;
    return (struct ayni_bytes){ 0 };
}

bool occasion_of_version(const struct occasion_fields *fields, const struct ayni_version *version,
                         struct occasion *occasion)
{
    return occasion_of(fields, value_in(version, fields->place), value_in(version, fields->date),
                       occasion);
}

void occasion_date_text(const struct occasion *occasion, char *text)
{
    unsigned year = (unsigned)(occasion->month - 1) / MONTHS;
    unsigned month = (unsigned)(occasion->month - 1) % MONTHS + 1;

    if (occasion->month == 0)
        text[0] = '\0';
    else if (occasion->day == 0)
        snprintf(text, AYNI_DAY_TEXT_SIZE, "%04u-%02u", year % 10000, month);
    else
        snprintf(text, AYNI_DAY_TEXT_SIZE, "%04u-%02u-%02u", year % 10000, month,
                 occasion->day % 100U);
}

void occasion_place_text(const struct occasion *occasion, char *text)
{
    memcpy(text, occasion->place, OCCASION_PLACE_SIZE);
    text[OCCASION_PLACE_SIZE] = '\0';
}

/* --- keys --- */

static void month_key_encode(const struct ayni_space *space, uint32_t type,
                             const struct occasion *occasion, uint8_t to[OCCASION_MONTH_KEY_SIZE])
{
    count_key_encode(space, type, to);
    memcpy(to + OCCASION_TYPE_SIZE, occasion->place, OCCASION_PLACE_SIZE);
    ayni_put_u16(to + OCCASION_TYPE_SIZE + OCCASION_PLACE_SIZE, occasion->month);
}

void occasion_key_encode(const struct ayni_space *space, uint32_t type,
                         const struct occasion *occasion, const struct version_ref *ref,
                         uint8_t to[OCCASION_KEY_SIZE])
{
    month_key_encode(space, type, occasion, to);
    version_ref_encode(ref, to + OCCASION_MONTH_KEY_SIZE);
}

void revised_key_encode(const struct record_key *key, const struct occasion *occasion,
                        uint8_t to[REVISED_KEY_SIZE])
{
    month_key_encode(&key->space, key->type, occasion, to);
    memcpy(to + OCCASION_MONTH_KEY_SIZE, key->record.bytes, 16);
}

void occasion_of_key(const uint8_t *key, struct occasion *occasion)
{
    *occasion =
        (struct occasion){ .month = ayni_get_u16(key + OCCASION_TYPE_SIZE + OCCASION_PLACE_SIZE) };
    memcpy(occasion->place, key + OCCASION_TYPE_SIZE, OCCASION_PLACE_SIZE);
}

void occasion_encode(const struct occasion *occasion, uint8_t to[OCCASION_SIZE])
{
    memcpy(to, occasion->place, OCCASION_PLACE_SIZE);
    ayni_put_u16(to + OCCASION_PLACE_SIZE, occasion->month);
    to[OCCASION_PLACE_SIZE + 2] = occasion->day;
}

void occasion_decode(const uint8_t from[OCCASION_SIZE], struct occasion *occasion)
{
    memcpy(occasion->place, from, OCCASION_PLACE_SIZE);
    occasion->month = ayni_get_u16(from + OCCASION_PLACE_SIZE);
    occasion->day = from[OCCASION_PLACE_SIZE + 2];
}
