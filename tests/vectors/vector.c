#include "tests/vectors/vector.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/ids.h"

json_t *vector_case(json_t *cases, const char *name)
{
    json_t *made = json_object();

    json_object_set_new(made, "name", json_string(name));
    json_array_append_new(cases, made);
    return made;
}

json_t *vector_refused(json_t *cases, const char *name, enum ayni_status status)
{
    json_t *made = vector_case(cases, name);

    json_object_set_new(made, "refused", json_string(ayni_status_name(status)));
    return made;
}

void vector_put_hex(json_t *object, const char *key, struct ayni_bytes bytes)
{
    char *text = malloc(2 * bytes.size + 1);

    if (text == NULL)
        abort();
    ayni_hex_text(bytes, text);
    json_object_set_new(object, key, json_string(text));
    free(text);
}

void vector_put_text(json_t *object, const char *key, struct ayni_bytes text)
{
    const char *data = text.size == 0 ? "" : (const char *)text.data;

    json_object_set_new(object, key, json_stringn(data, text.size));
}

void vector_put_number(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

json_t *vector_put_array(json_t *object, const char *key)
{
    json_t *made = json_array();

    json_object_set_new(object, key, made);
    return made;
}

json_t *vector_put_object(json_t *object, const char *key)
{
    json_t *made = json_object();

    json_object_set_new(object, key, made);
    return made;
}

void vector_expect(enum ayni_status got, enum ayni_status expected, const char *what)
{
    if (got == expected)
        return;
    fprintf(stderr, "%s: %s instead of %s\n", what, ayni_status_name(got),
            ayni_status_name(expected));
    exit(1);
}
