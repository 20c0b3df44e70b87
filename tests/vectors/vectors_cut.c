#include "proto/cut.h"

#include "tests/vectors/vector.h"

static void add_cut(json_t *cases, const char *name, const struct ayni_cut *cut)
{
    SCOPED_BUFFER bytes = { 0 };
    json_t *made = vector_case(cases, name);

    ayni_cut_encode(cut, &bytes);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    vector_put_id(made, "ending", &cut->ending);
    json_t *points = vector_put_array(made, "points");
    for (size_t i = 0; i < cut->point_count; i++) {
        json_t *point = json_object();
        vector_put_id(point, "feed", &cut->points[i].feed);
        vector_put_number(point, "seq", cut->points[i].seq);
        vector_put_id(point, "chain", &cut->points[i].chain);
        json_array_append_new(points, point);
    }
}

json_t *vectors_cut(void)
{
    struct ayni_cut_point points[] = {
        { { { 1 } }, 7, { { 2 } } },
        { { { 1 } }, 9, { { 3 } } },
        { { { 4 } }, 100000, { { 5 } } },
    };
    struct ayni_cut cut = { { { 0xab } }, points, 3 };
    json_t *cases = json_array();

    add_cut(cases, "two branches of a feed, and another feed", &cut);
    cut.point_count = 0;
    add_cut(cases, "nothing counts", &cut);
    return cases;
}
