#include "tests/support/import_child.h"

#include <stdio.h>

#include "daemon/records/identifier.h"

struct test_imported test_loaded;
struct complaint test_load_complaint;

enum ayni_status test_load_as(struct test_node *node, const char *map, const char *text)
{
    const struct test_import how = { .map = map, .space = "visits" };

    return test_import(node, &how, text, &test_loaded, &test_load_complaint);
}

void test_import_counts(uint64_t created, uint64_t updated, uint64_t unchanged, uint64_t rejected)
{
    const struct import_counts *c = &test_loaded.counts;

    if (c->created != created || c->updated != updated || c->unchanged != unchanged ||
        c->rejected != rejected)
        ck_abort_msg("created %u, updated %u, unchanged %u, rejected %u: %s", (unsigned)c->created,
                     (unsigned)c->updated, (unsigned)c->unchanged, (unsigned)c->rejected,
                     test_loaded.findings);
    ck_assert_uint_eq(c->read, created + updated + unchanged + rejected);
}

uint64_t test_import_written(struct test_node *node)
{
    return test_entries(node, "visits", AYNI_LANE_CURRENT);
}

struct record_key test_key_of(struct test_node *node, const char *type, const char *scheme,
                              const char *value)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);
    struct identifier identifier = { .scheme = scheme };
    struct record_key key = { .space = test_visits };

    snprintf(identifier.value, sizeof(identifier.value), "%s", value);
    key.type = ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text(type))->number;
    test_must(identifier_id(charter, key.type, &identifier, &key.record), "id");
    return key;
}

void test_shows(struct test_node *node, const char *type, const char *dni, uint32_t field,
                const char *expected)
{
    struct record_key key = test_key_of(node, type, "dni", dni);
    char text[128];

    test_shown(node, &key, field, text);
    ck_assert_str_eq(text, expected);
}
