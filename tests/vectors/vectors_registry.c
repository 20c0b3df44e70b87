#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "tests/support/registry_world.h"
#include "tests/vectors/vector.h"

/* One record of each type of the registry, as its writer makes it. */
static void add(json_t *cases, const struct world *world, const char *name,
                const struct ayni_registry_item *item)
{
    SCOPED_BUFFER payload = { 0 };
    json_t *made = vector_case(cases, name);

    ayni_version_encode(item->version, &payload);
    vector_put_id(made, "root", &world->root);
    vector_put_id(made, "writer", &item->node);
    vector_put_number(made, "type", item->version->type);
    vector_put_id(made, "record", &item->version->record);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&payload));
}

static struct ayni_registry_item *write_keyed(struct world *world, uint32_t type,
                                              const struct world_field *fields, size_t key_size)
{
    struct ayni_bytes key[4];
    struct ayni_record record;

    for (size_t i = 0; i < key_size; i++)
        key[i] = fields[i].value;
    vector_expect(ayni_derived_id(world->root.bytes, type, key, key_size, &record), AYNI_OK, "id");
    return world_write(world, 0, type, &record, fields);
}

static void add_catalogue(json_t *cases, struct world *world)
{
    struct world_field type[] = {
        { 1, world_uint(world, 1001) },
        { 2, world_text(world, "workshop") },
        { 3, world_text(world, "Taller") },
        { 4, world_text(world, "Workshop") },
        { 6, world_text(world, "") },
        { 7, world_text(world, "personal") },
        { 0 },
    };
    struct world_field field[] = {
        { 1, world_uint(world, 1001) },      { 2, world_uint(world, 1) },
        { 3, world_text(world, "topic") },   { 4, world_text(world, "text 80") },
        { 8, world_bool(world, true) },      { 9, world_text(world, "review") },
        { 10, world_text(world, "public") }, { 0 },
    };
    struct world_field code[] = {
        { 1, world_uint(world, 1001) },
        { 2, world_uint(world, 2) },
        { 3, world_text(world, "play") },
        { 4, world_text(world, "Juego") },
        { 0 },
    };
    struct world_field rule[] = {
        { 1, world_uint(world, 1001) },
        { 2, world_text(world, "topic_given") },
        { 3, world_text(world, "reject") },
        { 4, world_text(world, "topic != ''") },
        { 0 },
    };

    add(cases, world, "type", write_keyed(world, AYNI_TYPE_TYPE, type, 1));
    add(cases, world, "field", write_keyed(world, AYNI_TYPE_FIELD, field, 2));
    add(cases, world, "code", write_keyed(world, AYNI_TYPE_CODE, code, 3));
    add(cases, world, "rule", write_keyed(world, AYNI_TYPE_RULE, rule, 2));
}

static void add_wrapped(json_t *cases, struct world *world, const struct ayni_space *space)
{
    static const uint8_t epoch[16] = { 7 }, box[48 + 32] = { 1, 2, 3 };
    struct world_field fields[] = {
        { AYNI_FIELD_WRAPPED_KEY_PURPOSE, world_text(world, space == NULL ? "identity" : "space") },
        { AYNI_FIELD_WRAPPED_KEY_SPACE,
          space == NULL ? world_null(world) : world_id(world, space) },
        { AYNI_FIELD_WRAPPED_KEY_EPOCH,
          space == NULL ? world_null(world) : world_bytes(world, epoch, sizeof(epoch)) },
        { AYNI_FIELD_WRAPPED_KEY_NODE, world_id(world, &world->nodes[2].key) },
        { AYNI_FIELD_WRAPPED_KEY_BOX, world_bytes(world, box, sizeof(box)) },
        { 0 },
    };

    add(cases, world, space == NULL ? "wrapped identity key" : "wrapped space key",
        write_keyed(world, AYNI_TYPE_WRAPPED_KEY, fields, 4));
}

static void add_rights(json_t *cases, struct world *world)
{
    struct ayni_space space = world_space_id(world, 1, "loreto/visits");

    add(cases, world, "space", world_space(world, 1, "loreto/visits", "sealed", true));
    add(cases, world, "transfer of a space", world_transfer(world, 1, &space, 2));
    const struct ayni_registry_item *grant = world_grant(world, 2, &space, 1, "writer");
    add(cases, world, "grant", grant);
    add(cases, world, "ungrant", world_ungrant(world, 2, &grant->version->record));
    add_wrapped(cases, world, &space);
    add_wrapped(cases, world, NULL);
}

json_t *vectors_registry(void)
{
    static struct world world;
    json_t *cases = json_array();

    world_init(&world, 2026);
    struct ayni_space registry = ayni_registry_space(&world.root);
    struct ayni_cut_point point = world_point(&world, 0, &registry, 40);
    add(cases, &world, "root statement", world_root_statement(&world, 0, 1, 0, NULL, 0));
    add(cases, &world, "root statement with a cut",
        world_root_statement(&world, 1, 2, 1, &point, 1));
    add(cases, &world, "card", world_card(&world, 1, 1, 3, "diresa-loreto"));
    add(cases, &world, "organisation", world_organisation(&world, 0, "DIRESA", "health"));
    add(cases, &world, "member", world_member(&world, 0, 1, "DIRESA"));
    add(cases, &world, "member without an organisation", world_member(&world, 0, 2, NULL));
    add(cases, &world, "member named an admin node", world_name_admin(&world, 0, 1, true));
    add(cases, &world, "revocation", world_revoke(&world, 0, 3));
    add(cases, &world, "steward", world_steward(&world, 1, 1, "rosa", "editor"));
    add_rights(cases, &world);
    add_catalogue(cases, &world);
    world_done(&world);
    return cases;
}
