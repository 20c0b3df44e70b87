#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/sketch.h"
#include "tests/vectors/vector.h"

/* Lists of children: what each shows, its digest, the list's hash and sketch, and how two differ.
 */
enum { CHILDREN_MAX = 8 };

/* What a list is of, and of which place. */
struct kind {
    const char *name, *place;
    uint32_t type;
};
static const struct kind children = { "children", "160301", 101 };
static const struct kind acts = { "acts", "16", 506 };

#define BYTES_OF(array) ((struct ayni_bytes){ (array), sizeof(array) })

/* The fields that child `number` shows, some of them null; `values` holds them. */
static struct ayni_shown show(uint8_t number, bool edited, struct ayni_buffer *values,
                              struct ayni_field fields[4])
{
    size_t ends[4];

    ayni_cbor_put_string(values, edited ? "Ríos" : "Vela");
    ends[0] = values->size;
    ayni_cbor_put_null(values);
    ends[1] = values->size;
    ayni_cbor_put_int(values, 19000 + number);
    ends[2] = values->size;
    ayni_cbor_put_array(values, 1);
    ayni_cbor_put_string(values, "sis");
    ends[3] = values->size;
    static const uint32_t numbers[] = { 1, 2, 4, 15 };
    for (size_t i = 0, start = 0; i < 4; start = ends[i++])
        fields[i] = (struct ayni_field){ numbers[i], { values->data + start, ends[i] - start } };
    return (struct ayni_shown){ fields, 4 };
}

static struct ayni_listed list_one(json_t *to, uint32_t type, uint8_t number, bool edited)
{
    struct ayni_listed listed = { .id = { { number, 0x11, 0x22 } } };
    SCOPED_BUFFER values = { 0 };
    SCOPED_BUFFER map = { 0 };
    struct ayni_field fields[4];
    struct ayni_shown shown = show(number, edited, &values, fields);
    json_t *made = json_object();

    vector_expect(ayni_listed_digest(type, &shown, 1, listed.digest), AYNI_OK, "a digest");
    ayni_cbor_put_map(&map, shown.count);
    for (size_t i = 0; i < shown.count; i++) {
        ayni_cbor_put_uint(&map, fields[i].number);
        ayni_buffer_append(&map, fields[i].value.data, fields[i].value.size);
    }
    vector_put_id(made, "id", &listed.id);
    vector_put_hex(made, "shown", ayni_buffer_bytes(&map));
    vector_put_hex(made, "digest", BYTES_OF(listed.digest));
    json_array_append_new(to, made);
    return listed;
}

/* A list of `count`, the first `edited` of them otherwise. */
static void make_list(json_t *made, const struct kind *kind, uint8_t count, uint8_t edited)
{
    struct ayni_listed list[CHILDREN_MAX];
    struct ayni_sketch sketch = { 0 };
    uint8_t bytes[AYNI_SKETCH_SIZE];
    struct ayni_hash root;
    json_t *listed = vector_put_array(made, "listed");

    for (uint8_t i = 0; i < count; i++) {
        list[i] = list_one(listed, kind->type, i, i < edited);
        ayni_sketch_add(&sketch, &list[i]);
    }
    vector_expect(ayni_list_root(kind->name, kind->place, 20697, list, count, &root), AYNI_OK,
                  "a list's hash");
    vector_put_text(made, "of", ayni_bytes_of_text(kind->name));
    vector_put_text(made, "place", ayni_bytes_of_text(kind->place));
    vector_put_number(made, "type", kind->type);
    vector_put_number(made, "month", 20697);
    vector_put_id(made, "root", &root);
    ayni_sketch_encode(&sketch, bytes);
    vector_put_hex(made, "sketch", BYTES_OF(bytes));
}

/* Of a child whom links join from two records. */
static void add_linked(json_t *cases)
{
    json_t *made = vector_case(cases, "two records that links join");
    SCOPED_BUFFER first = { 0 };
    SCOPED_BUFFER second = { 0 };
    struct ayni_field fields[2][4];
    const struct ayni_shown both[] = { show(1, false, &first, fields[0]),
                                       show(2, true, &second, fields[1]) };
    uint8_t digest[16];

    vector_expect(ayni_listed_digest(children.type, both, 2, digest), AYNI_OK, "a digest of two");
    json_t *shown = vector_put_array(made, "shown");
    for (size_t i = 0; i < 2; i++) {
        SCOPED_BUFFER map = { 0 };
        json_t *one = json_object();
        ayni_cbor_put_map(&map, 4);
        for (size_t j = 0; j < 4; j++) {
            ayni_cbor_put_uint(&map, both[i].fields[j].number);
            ayni_buffer_append(&map, both[i].fields[j].value.data, both[i].fields[j].value.size);
        }
        vector_put_hex(one, "map", ayni_buffer_bytes(&map));
        json_array_append_new(shown, one);
    }
    vector_put_hex(made, "digest", BYTES_OF(digest));
}

json_t *vectors_list(void)
{
    json_t *cases = json_array();

    make_list(vector_case(cases, "nobody"), &children, 0, 0);
    make_list(vector_case(cases, "one child"), &children, 1, 0);
    make_list(vector_case(cases, "eight children"), &children, CHILDREN_MAX, 0);
    make_list(vector_case(cases, "three of them edited"), &children, CHILDREN_MAX, 3);
    make_list(vector_case(cases, "acts of a department"), &acts, 2, 0);
    add_linked(cases);
    return cases;
}
