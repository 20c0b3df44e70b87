#include "proto/value_check.h"
#include "proto/value_parse.h"
#include "proto/value_text.h"
#include "tests/support/one_field.h"
#include "tests/vectors/vector.h"

/* What a person writes for a field of a kind, and what is stored. */
static const struct {
    const char *kind, *codes, *text;
} given[] = {
    { "text 9", "", "\u00d1ato" },
    { "text 9", "", "" },
    { "code", "f m", "f" },
    { "set", "b aa a", "b,aa,a,b" },
    { "int", "", "-1" },
    { "int", "", "9223372036854775807" },
    { "dec 1", "", "10.5" },
    { "dec 2", "", "-0.05" },
    { "date", "", "2024-02-29" },
    { "date", "", "1969-12-31" },
    { "month", "", "2026-09" },
    { "time", "", "2026-07-08T12:24:32.000Z" },
    { "bool", "", "true" },
    { "bool", "", "false" },
    { "point", "", "-4.542302 -73.624050 134 25" },
    { "point", "", "1.000000 2.000000 - 5" },
    { "point", "", "0.000000 0.000000" },
    { "id dni", "", "99000001" },
    { "ids ubigeo", "", "160101,16" },
    { "ref", "", "00000000-0000-4000-8000-000000000001" },
    { "refs", "", "00000000-0000-4000-8000-000000000002,00000000-0000-4000-8000-000000000001" },
    { "bytes 2", "", "0aff" },
};

/* Stored values that are none of their kind. */
static const struct {
    const char *name, *kind, *codes;
    struct ayni_bytes cbor;
} refused[] = {
#define CBOR(literal)                                                                              \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }
    { "too many characters", "text 2", "",
      CBOR("\x63"
           "abc") },
    { "an empty text", "text 2", "", CBOR("\x60") },
    { "a control character", "text 2", "", CBOR("\x61\x07") },
    { "a number for a text", "text 2", "", CBOR("\x01") },
    { "a word that is none", "code", "f m", CBOR("\x61x") },
    { "an empty set", "set", "a b", CBOR("\x80") },
    { "a set out of order", "set", "a b",
      CBOR("\x82\x61"
           "b\x61"
           "a") },
    { "a set by characters, not by encoding", "set", "b aa",
      CBOR("\x82\x62"
           "aa\x61"
           "b") },
    { "a member twice", "set", "a b",
      CBOR("\x82\x61"
           "a\x61"
           "a") },
    { "an integer over 63 bits", "int", "", CBOR("\x1b\xff\xff\xff\xff\xff\xff\xff\xff") },
    { "a month that isn't a first", "month", "", CBOR("\x01") },
    { "a time before 1970", "time", "", CBOR("\x20") },
    { "a place of two numbers", "point", "", CBOR("\x82\x01\x02") },
    { "a place north of the pole", "point", "", CBOR("\x84\x1a\x05\x5d\x4a\x81\x01\xf6\xf6") },
    { "a DNI of 7 digits", "id dni", "",
      CBOR("\x67"
           "9900000") },
    { "a place of 3 digits", "id ubigeo", "",
      CBOR("\x63"
           "160") },
    { "half an id", "ref", "", CBOR("\x48\0\0\0\0\0\0\0\0") },
    { "bytes of another size", "bytes 2", "", CBOR("\x41\0") },
};

static void put_field(json_t *made, const char *kind, const char *codes)
{
    vector_put_text(made, "kind", ayni_bytes_of_text(kind));
    if (codes[0] != '\0')
        vector_put_text(made, "codes", ayni_bytes_of_text(codes));
}

static void add_given(json_t *cases, size_t index)
{
    SCOPED_CATALOGUE catalogue = test_one_field(
        &(struct test_field){ .kind = given[index].kind, .codes = given[index].codes });
    const struct ayni_catalogue_field *field = test_the_field(catalogue);
    struct ayni_value_context context = { .catalogue = catalogue };
    SCOPED_BUFFER value = { 0 }, text = { 0 };
    struct ayni_reason reason;
    json_t *made = vector_case(cases, "a value");

    vector_expect(
        ayni_value_parse(&context, field, ayni_bytes_of_text(given[index].text), &value, &reason),
        AYNI_OK, given[index].text);
    vector_expect(ayni_value_check(field, ayni_buffer_bytes(&value), &reason), AYNI_OK,
                  given[index].text);
    vector_expect(ayni_value_text(field, ayni_buffer_bytes(&value), &text), AYNI_OK,
                  given[index].text);
    put_field(made, given[index].kind, given[index].codes);
    vector_put_hex(made, "value", ayni_buffer_bytes(&value));
    vector_put_text(made, "text", ayni_buffer_bytes(&text));
}

static void add_refused(json_t *cases, size_t index)
{
    SCOPED_CATALOGUE catalogue = test_one_field(
        &(struct test_field){ .kind = refused[index].kind, .codes = refused[index].codes });
    struct ayni_reason reason;
    json_t *made = vector_refused(cases, refused[index].name, AYNI_E_INVALID);

    vector_expect(ayni_value_check(test_the_field(catalogue), refused[index].cbor, &reason),
                  AYNI_E_INVALID, refused[index].name);
    put_field(made, refused[index].kind, refused[index].codes);
    vector_put_hex(made, "value", refused[index].cbor);
}

json_t *vectors_value(void)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        add_given(cases, i);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        add_refused(cases, i);
    return cases;
}
