#include "daemon/records/named_value.h"

#include "proto/cbor.h"
#include "proto/instant.h"
#include "proto/text.h"

static struct ayni_cbor_reader value_of(const struct ayni_catalogue_type *type,
                                        const struct record_state *state, const char *name)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(type, ayni_bytes_of_text(name));

    return ayni_cbor_reader(field == NULL ? (struct ayni_bytes){ 0 }
                                          : record_state_value(state, field->number));
}

bool named_word(const struct ayni_catalogue_type *type, const struct record_state *state,
                const char *field, char *word, size_t size)
{
    struct ayni_cbor_reader value = value_of(type, state, field);
    struct ayni_bytes text = ayni_cbor_read_text(&value);

    return ayni_cbor_done(&value) == AYNI_OK && ayni_text_copy(text, word, size);
}

bool named_day(const struct ayni_catalogue_type *type, const struct record_state *state,
               const char *field, int64_t *day)
{
    struct ayni_cbor_reader value = value_of(type, state, field);
    int64_t read = ayni_cbor_read_int(&value);

    if (ayni_cbor_done(&value) != AYNI_OK || !ayni_day_valid(read))
        return false;
    *day = read;
    return true;
}

static bool read_record(struct ayni_cbor_reader value, struct ayni_record *record)
{
    struct ayni_record read;

    ayni_cbor_read_id(&value, &read);
    if (ayni_cbor_done(&value) != AYNI_OK)
        return false;
    *record = read;
    return true;
}

bool named_record(const struct ayni_catalogue_type *type, const struct record_state *state,
                  const char *field, struct ayni_record *record)
{
    return read_record(value_of(type, state, field), record);
}

bool numbered_record(const struct record_state *state, uint32_t field, struct ayni_record *record)
{
    return read_record(ayni_cbor_reader(record_state_value(state, field)), record);
}

bool numbered_integer(const struct record_state *state, uint32_t field, int64_t *value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, field));
    int64_t read = ayni_cbor_read_int(&reader);

    if (ayni_cbor_done(&reader) != AYNI_OK)
        return false;
    *value = read;
    return true;
}
