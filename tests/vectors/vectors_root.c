#include "proto/root.h"

#include "tests/support/federation.h"
#include "tests/vectors/vector.h"

static void put_points(json_t *made, const struct ayni_root_statement *statement)
{
    if (!statement->has_cut) {
        json_object_set_new(made, "cut", json_null());
        return;
    }
    json_t *points = vector_put_array(made, "cut");
    for (size_t i = 0; i < statement->point_count; i++) {
        json_t *point = json_object();
        vector_put_id(point, "feed", &statement->points[i].feed);
        vector_put_number(point, "seq", statement->points[i].seq);
        vector_put_id(point, "chain", &statement->points[i].chain);
        json_array_append_new(points, point);
    }
}

static void add_statement(json_t *cases, const char *name,
                          const struct ayni_root_statement *statement)
{
    struct test_keys root = test_root();
    SCOPED_BUFFER cose = { 0 };
    json_t *made = vector_case(cases, name);

    vector_expect(ayni_root_statement_sign(statement, &root.secret, &cose), AYNI_OK, name);
    vector_put_id(made, "root", &root.node);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&cose));
    vector_put_number(made, "number", statement->number);
    vector_put_id(made, "steering", &statement->steering);
    put_points(made, statement);
}

json_t *vectors_root(void)
{
    struct ayni_cut_point points[] = {
        { { { 1 } }, 7, { { 2 } } },
        { { { 1 } }, 9, { { 3 } } },
        { { { 4 } }, 1000000, { { 5 } } },
    };
    struct ayni_root_statement statement = { .number = 1, .steering = test_keys(1).node };
    json_t *cases = json_array();

    add_statement(cases, "the founding", &statement);
    statement = (struct ayni_root_statement){ .number = 2,
                                              .steering = test_keys(2).node,
                                              .has_cut = true,
                                              .points = points,
                                              .point_count = 3 };
    add_statement(cases, "a new steering node, with the cut of the one before", &statement);
    statement.number = 3;
    statement.point_count = 0;
    add_statement(cases, "a cut at 0 of all that the one before wrote", &statement);
    return cases;
}
