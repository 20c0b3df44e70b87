#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "proto/root.h"
#include "tests/support/catalogue.h"
#include "tests/support/node.h"

enum { FIELDS_MAX = 32 };

/* --- values --- */

static struct ayni_bytes keep(struct test_node *node, struct ayni_buffer *buffer)
{
    uint8_t *copy = ayni_arena_take(&node->memory, buffer->size, 1);
    struct ayni_bytes bytes = { copy, buffer->size };

    test_require(copy != NULL, "memory");
    memcpy(copy, buffer->data, buffer->size);
    ayni_buffer_free(buffer);
    return bytes;
}

struct ayni_bytes test_bytes_value(struct test_node *node, const void *bytes, size_t size)
{
    struct ayni_buffer buffer = { 0 };

    ayni_cbor_put_bytes(&buffer, (struct ayni_bytes){ bytes, size });
    return keep(node, &buffer);
}

struct ayni_bytes test_text_value(struct test_node *node, const char *text)
{
    struct ayni_buffer buffer = { 0 };

    ayni_cbor_put_string(&buffer, text);
    return keep(node, &buffer);
}

struct ayni_bytes test_uint_value(struct test_node *node, uint64_t value)
{
    struct ayni_buffer buffer = { 0 };

    ayni_cbor_put_uint(&buffer, value);
    return keep(node, &buffer);
}

struct ayni_bytes test_bool_value(struct test_node *node, bool value)
{
    struct ayni_buffer buffer = { 0 };

    ayni_cbor_put_bool(&buffer, value);
    return keep(node, &buffer);
}

/* --- records of the registry --- */

static struct author_change change_of(uint32_t type, const struct ayni_record *record,
                                      const struct ayni_field *fields, size_t count)
{
    struct ayni_node root = test_root().node;

    return (struct author_change){
        .space = ayni_registry_space(&root),
        .record = *record,
        .type = type,
        .fields = fields,
        .field_count = count,
        .steward = TEST_BYTES("admin"),
    };
}

void test_node_register(struct test_node *node, uint32_t type, const struct ayni_record *record,
                        const struct test_field *fields)
{
    struct ayni_field list[FIELDS_MAX];
    struct author_change change;
    size_t count = 0;

    for (; fields[count].number != 0; count++)
        list[count] = (struct ayni_field){ fields[count].number, fields[count].value };
    change = change_of(type, record, list, count);
    test_must(author_write(node->records.author, &change, 1, AYNI_LANE_CURRENT, NULL), "register");
}

void test_node_declare(struct test_node *node, const struct ayni_catalogue_row *row)
{
    struct ayni_node root = test_root().node;
    struct ayni_field fields[AYNI_ROW_FIELDS_MAX];
    struct test_field list[AYNI_ROW_FIELDS_MAX + 1] = { { 0 } };
    struct ayni_record record;
    SCOPED_BUFFER values = { 0 };
    size_t count;

    test_must(ayni_catalogue_row_id(root.bytes, row, &record), "id");
    test_must(ayni_catalogue_row_fields(row, &values, fields, &count), "row");
    for (size_t i = 0; i < count; i++)
        list[i] = (struct test_field){ fields[i].number, fields[i].value };
    test_node_register(node, (uint32_t)row->kind, &record, list);
}

static void write_root_statement(struct test_node *node)
{
    struct test_keys root = test_root();
    struct ayni_root_statement statement = { .number = 1, .steering = node->keys.node };
    struct ayni_bytes number = test_uint_value(node, 1);
    struct ayni_record record;
    SCOPED_BUFFER cose = { 0 };

    test_must(ayni_root_statement_sign(&statement, &root.secret, &cose), "root statement");
    test_must(ayni_derived_id(root.node.bytes, AYNI_TYPE_ROOT_STATEMENT, &number, 1, &record),
              "id");
    test_node_register(node, AYNI_TYPE_ROOT_STATEMENT, &record,
                       (struct test_field[]){ { 1, number },
                                              { 2, test_bytes_value(node, cose.data, cose.size) },
                                              { 0 } });
}

/* Whether a row is of the catalogue that a small node has. */
static bool is_essential(const struct ayni_catalogue_row *row)
{
    switch (row->kind) {
    case AYNI_ROW_TYPE:
        return row->type.number <= 102 || row->type.number == AYNI_TYPE_ORGANISATION;
    case AYNI_ROW_FIELD:
        return row->field.required &&
               (row->field.type <= 102 || row->field.type == AYNI_TYPE_ORGANISATION);
    default:
        return false;
    }
}

static void write_catalogue(struct test_node *node)
{
    struct ayni_node root = test_root().node;
    struct author_change changes[256];
    struct ayni_field fields[256][AYNI_ROW_FIELDS_MAX];
    struct ayni_buffer values[256] = { { 0 } };
    size_t count = 0;

    test_require(test_catalogue_row_count <= 256, "room for the catalogue");
    for (size_t i = 0; i < test_catalogue_row_count; i++) {
        const struct ayni_catalogue_row *row = &test_catalogue_rows[i];
        struct ayni_record record;
        size_t field_count;
        if (node->is_small && !is_essential(row))
            continue;
        test_must(ayni_catalogue_row_id(root.bytes, row, &record), "row id");
        test_must(ayni_catalogue_row_fields(row, &values[count], fields[count], &field_count),
                  "row");
        changes[count] = change_of(row->kind, &record, fields[count], field_count);
        count++;
    }
    test_must(author_write(node->records.author, changes, count, AYNI_LANE_CURRENT, NULL),
              "catalogue");
    for (size_t i = 0; i < count; i++)
        ayni_buffer_free(&values[i]);
}

static struct ayni_record write_organisation(struct test_node *steering, const char *code,
                                             const char *role)
{
    struct ayni_bytes key = test_text_value(steering, code);
    struct ayni_record record;
    SCOPED_BUFFER roles = { 0 };

    ayni_cbor_put_array(&roles, 1);
    ayni_cbor_put_string(&roles, role);
    test_must(ayni_derived_id(test_root().node.bytes, AYNI_TYPE_ORGANISATION, &key, 1, &record),
              "id");
    test_node_register(
        steering, AYNI_TYPE_ORGANISATION, &record,
        (struct test_field[]){ { AYNI_FIELD_ORGANISATION_CODE, key },
                               { AYNI_FIELD_ORGANISATION_NAME, key },
                               { AYNI_FIELD_ORGANISATION_KIND, test_text_value(steering, "ngo") },
                               { AYNI_FIELD_ORGANISATION_ROLES, ayni_buffer_bytes(&roles) },
                               { 0 } });
    return record;
}

static void write_member(struct test_node *steering, const struct test_node *node, const char *role,
                         const struct ayni_record *organisation)
{
    struct ayni_node root = test_root().node;
    struct ayni_record record;
    SCOPED_BUFFER card = { 0 };

    test_card(node->number, &card);
    test_must(ayni_registry_node_record(&root, AYNI_TYPE_MEMBER, &node->keys.node, &record), "id");
    test_node_register(
        steering, AYNI_TYPE_MEMBER, &record,
        (struct test_field[]){
            { AYNI_FIELD_MEMBER_NODE, test_id_value(steering, &node->keys.node) },
            { AYNI_FIELD_MEMBER_ROLE, test_text_value(steering, role) },
            { AYNI_FIELD_MEMBER_ORGANISATION, test_id_value(steering, organisation) },
            { AYNI_FIELD_MEMBER_CARD, test_bytes_value(steering, card.data, card.size) },
            { 0 } });
}

/* The same identity key in every test. */
static void write_identity_key(struct test_node *steering, const struct test_node *node)
{
    static const uint8_t key[32] = { 7, 7, 7 };
    struct ayni_node root = test_root().node;
    struct ayni_record record;
    SCOPED_BUFFER box = { 0 };

    test_must(ayni_sealed_box_make(&node->keys.node, (struct ayni_bytes){ key, sizeof(key) }, &box),
              "box");
    test_must(ayni_registry_wrapped_key_record(&root, AYNI_KEY_IDENTITY, NULL, NULL,
                                               &node->keys.node, &record),
              "id");
    test_node_register(
        steering, AYNI_TYPE_WRAPPED_KEY, &record,
        (struct test_field[]){
            { AYNI_FIELD_WRAPPED_KEY_PURPOSE, test_text_value(steering, "identity") },
            { AYNI_FIELD_WRAPPED_KEY_NODE, test_id_value(steering, &node->keys.node) },
            { AYNI_FIELD_WRAPPED_KEY_BOX, test_bytes_value(steering, box.data, box.size) },
            { 0 } });
}

void test_node_found(struct test_node *node)
{
    struct ayni_node root = test_root().node;
    struct ayni_record organisation;

    node->in_federation = true;
    test_must(projector_set_root(node->records.projector, &root), "root");
    write_root_statement(node);
    organisation = write_organisation(node, "midis", "midis");
    write_member(node, node, "steering", &organisation);
    write_identity_key(node, node);
    write_catalogue(node);
    test_node_settle(node);
}

void test_node_join(struct test_node *node, struct test_node *steering, const char *organisation)
{
    struct ayni_node root = test_root().node;
    struct ayni_record id = write_organisation(steering, organisation, "municipality");

    write_member(steering, node, "partner", &id);
    write_identity_key(steering, node);
    node->in_federation = true;
    test_must(projector_set_root(node->records.projector, &root), "root");
    test_node_hand(steering, node, SIZE_MAX, false);
}

struct ayni_space test_node_space(struct test_node *owner, const char *name, enum ayni_class class)
{
    struct ayni_node root = test_root().node;
    uint8_t random[16];
    struct ayni_space space;
    struct ayni_record record;

    ayni_random(random, sizeof(random));
    space = ayni_space_of(&root, &owner->keys.node, random);
    memcpy(record.bytes, space.bytes, sizeof(record.bytes));
    test_node_register(
        owner, AYNI_TYPE_SPACE, &record,
        (struct test_field[]){
            { AYNI_FIELD_SPACE_CREATOR, test_id_value(owner, &owner->keys.node) },
            { AYNI_FIELD_SPACE_RANDOM, test_bytes_value(owner, random, sizeof(random)) },
            { AYNI_FIELD_SPACE_NAME, test_text_value(owner, name) },
            { AYNI_FIELD_SPACE_CLASS, test_text_value(owner, ayni_class_name(class)) },
            { AYNI_FIELD_SPACE_CONFIDENTIAL, test_bool_value(owner, false) },
            { AYNI_FIELD_SPACE_OWNER, test_id_value(owner, &owner->keys.node) },
            { 0 } });
    return space;
}

struct ayni_record test_node_grant(struct test_node *owner, const struct ayni_space *space,
                                   const struct test_node *node, enum ayni_right right)
{
    uint8_t random[10];
    struct ayni_record record;

    ayni_random(random, sizeof(random));
    record = ayni_record_v7(1, random);
    test_node_register(
        owner, AYNI_TYPE_GRANT, &record,
        (struct test_field[]){
            { AYNI_FIELD_GRANT_SPACE, test_id_value(owner, space) },
            { AYNI_FIELD_GRANT_NODE, test_id_value(owner, &node->keys.node) },
            { AYNI_FIELD_GRANT_RIGHT, test_text_value(owner, ayni_right_name(right)) },
            { 0 } });
    return record;
}

void test_node_indicator(struct test_node *node)
{
    enum { TYPE_INDICATOR = 707, TYPE_RULE_SET = 708 };
    struct ayni_record rules = { { 1 } }, indicator = { { 2 } };
    struct ayni_bytes first_day = test_uint_value(node, 0);

    test_node_register(node, TYPE_RULE_SET, &rules,
                       (struct test_field[]){ { 1, test_text_value(node, "plain") },
                                              { 5, test_text_value(node, "{}") },
                                              { 0 } });
    test_node_register(
        node, TYPE_INDICATOR, &indicator,
        (struct test_field[]){ { 1, test_text_value(node, "all") },
                               { 2, test_text_value(node, "Todos") },
                               { 3, test_text_value(node, "{\"measure\":\"count\",\"subject\":"
                                                          "\"child\",\"cohort\":{}}") },
                               { 4, test_id_value(node, &rules) },
                               { 7, first_day },
                               { 0 } });
}

struct ayni_record test_node_ungrant(struct test_node *owner, const struct ayni_record *grant)
{
    struct ayni_node root = test_root().node;
    struct ayni_record record;

    test_must(ayni_registry_ungrant_record(&root, grant, &record), "id");
    test_node_register(
        owner, AYNI_TYPE_UNGRANT, &record,
        (struct test_field[]){ { AYNI_FIELD_UNGRANT_GRANT, test_id_value(owner, grant) }, { 0 } });
    return record;
}
