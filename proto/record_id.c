#include "proto/record_id.h"

#include <string.h>

#include "proto/cbor.h"
#include "proto/derived_id.h"

/* NULL where the field is absent or null. */
static const struct ayni_field *find_value(const struct ayni_field *fields, size_t count,
                                           uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(fields[i].value);
        if (fields[i].number == number)
            return ayni_cbor_peek(&reader) == AYNI_CBOR_NULL ? NULL : &fields[i];
    }
    return NULL;
}

/* Whether ids of that source are unique within an organisation alone. */
static bool source_is_local(struct ayni_bytes value)
{
    static const char *const local[] = { "odk", "fhir", "dhis2", "manual", "other" };
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct ayni_bytes source = ayni_cbor_read_text(&reader);

    for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
        if (ayni_bytes_equal(source, ayni_bytes_of_text(local[i])))
            return true;
    }
    return false;
}

static bool key_has_source(const struct ayni_catalogue_type *type)
{
    return type->is_event && type->key_count == 2 && type->key[0] == AYNI_EVENT_SOURCE &&
           type->key[1] == AYNI_EVENT_SOURCE_ID;
}

enum ayni_status ayni_record_id_of_fields(const uint8_t key[32],
                                          const struct ayni_catalogue_type *type,
                                          const struct ayni_field *fields, size_t count,
                                          struct ayni_bytes organisation_code,
                                          struct ayni_record *record)
{
    struct ayni_bytes values[AYNI_KEY_FIELDS_MAX + 1];
    SCOPED_BUFFER organisation = { 0 };
    size_t value_count = 0;

    if (type->key_count == 0)
        return AYNI_E_NOT_FOUND;
    for (size_t i = 0; i < type->key_count; i++) {
        const struct ayni_field *field = find_value(fields, count, type->key[i]);
        if (field == NULL)
            return AYNI_E_NOT_FOUND;
        values[value_count++] = field->value;
    }
    if (key_has_source(type) && source_is_local(values[0])) {
        ayni_cbor_put_text(&organisation, organisation_code);
        memmove(values + 1, values, value_count++ * sizeof(values[0]));
        values[0] = ayni_buffer_bytes(&organisation);
    }
    return ayni_derived_id(key, type->number, values, value_count, record);
}
