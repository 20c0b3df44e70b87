#include "proto/catalogue_row.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "tests/vectors/vector.h"

static const uint8_t key[32] = { 0xa1, 0xb2, 0xc3, 4, 5, 6 };

/* A key's values as they are stored, and the id that follows. */
static void add(json_t *cases, const char *name, uint32_t type, const struct ayni_buffer *values,
                size_t count)
{
    struct ayni_bytes items[AYNI_KEY_FIELDS_MAX];
    struct ayni_record record;
    json_t *made = vector_case(cases, name);
    json_t *list = vector_put_array(made, "values");

    vector_put_hex(made, "key", (struct ayni_bytes){ key, sizeof(key) });
    vector_put_number(made, "type", type);
    for (size_t i = 0; i < count; i++) {
        items[i] = ayni_buffer_bytes(&values[i]);
        json_t *value = json_object();
        vector_put_hex(value, "value", items[i]);
        json_array_append_new(list, value);
    }
    vector_expect(ayni_derived_id(key, type, items, count, &record), AYNI_OK, name);
    vector_put_id(made, "record", &record);
}

static void add_texts(json_t *cases, const char *name, uint32_t type, const char *first,
                      const char *second)
{
    struct ayni_buffer values[2] = { { 0 }, { 0 } };

    ayni_cbor_put_string(&values[0], first);
    ayni_cbor_put_string(&values[1], second);
    add(cases, name, type, values, 2);
    ayni_buffer_free(&values[0]);
    ayni_buffer_free(&values[1]);
}

static void add_mixed(json_t *cases)
{
    struct ayni_record child = { { 1, 2, 3 } };
    struct ayni_buffer values[3] = { { 0 }, { 0 }, { 0 } };

    ayni_cbor_put_id(&values[0], &child);
    ayni_cbor_put_int(&values[1], 2);
    ayni_cbor_put_null(&values[2]);
    add(cases, "a reference, a number and null", 202, values, 3);
    for (int i = 0; i < 3; i++)
        ayni_buffer_free(&values[i]);
}

json_t *vectors_derived_id(void)
{
    json_t *cases = json_array();

    add_texts(cases, "a child by its DNI", 101, "dni", "99000001");
    add_texts(cases, "an identifier", 102, "dni", "99000001");
    add_texts(cases, "a person", 103, "dni", "99000001");
    add_texts(cases, "a source's own code, case kept", 101, "programme", "care:NGO-0001");
    add_texts(cases, "texts are brought to NFC and single spaces", 101, "programme",
              " care:N\u0303and\u00fa  1\t");
    add_texts(cases, "an event by source and source_id", 214, "kobo", "uuid:911b4c7b");
    add_mixed(cases);
    return cases;
}
