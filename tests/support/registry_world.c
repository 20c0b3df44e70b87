#include "tests/support/registry_world.h"

#include <assert.h>
#include <string.h>

#include "proto/card.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "proto/entry.h"
#include "proto/root.h"
#include "tests/support/random.h"

static void *take(struct world *world, size_t count, size_t size)
{
    void *taken = ayni_arena_take(&world->memory, count + 1, size);

    assert(taken != NULL);
    memset(taken, 0, (count + 1) * size);
    return taken;
}

static struct ayni_bytes keep(struct world *world, struct ayni_buffer *buffer)
{
    uint8_t *copy = take(world, buffer->size, 1);
    struct ayni_bytes bytes = { copy, buffer->size };

    assert(!buffer->failed);
    memcpy(copy, buffer->data, buffer->size);
    ayni_buffer_free(buffer);
    return bytes;
}

static void expect(enum ayni_status status)
{
    assert(status == AYNI_OK);
}

void world_init(struct world *world, uint64_t seed)
{
    struct test_random random = { seed };
    uint8_t bytes[32];

    memset(world, 0, sizeof(*world));
    expect(ayni_crypto_init());
    test_random_fill(&random, bytes, sizeof(bytes));
    expect(ayni_signing_key_of_seed(bytes, &world->root_secret, &world->root));
    for (unsigned i = 0; i < WORLD_NODES; i++) {
        struct world_node *node = &world->nodes[i];
        test_random_fill(&random, bytes, sizeof(bytes));
        expect(ayni_signing_key_of_seed(bytes, &node->secret, &node->key));
        test_random_fill(&random, node->transport_key, sizeof(node->transport_key));
    }
    world->now = 1000;
}

void world_done(struct world *world)
{
    ayni_arena_free(&world->memory);
}

struct ayni_bytes world_bytes(struct world *world, const void *bytes, size_t size)
{
    struct ayni_buffer buffer = { 0 };
    ayni_cbor_put_bytes(&buffer, (struct ayni_bytes){ bytes, size });
    return keep(world, &buffer);
}

struct ayni_bytes world_text(struct world *world, const char *text)
{
    struct ayni_buffer buffer = { 0 };
    ayni_cbor_put_string(&buffer, text);
    return keep(world, &buffer);
}

struct ayni_bytes world_bool(struct world *world, bool value)
{
    struct ayni_buffer buffer = { 0 };
    ayni_cbor_put_bool(&buffer, value);
    return keep(world, &buffer);
}

struct ayni_bytes world_uint(struct world *world, uint64_t value)
{
    struct ayni_buffer buffer = { 0 };
    ayni_cbor_put_uint(&buffer, value);
    return keep(world, &buffer);
}

struct ayni_bytes world_null(struct world *world)
{
    struct ayni_buffer buffer = { 0 };
    ayni_cbor_put_null(&buffer);
    return keep(world, &buffer);
}

/* As if each entry of a feed were the hash of its place: nothing here needs more of a chain. */
static struct ayni_hash chain_at(const struct ayni_feed *feed, uint64_t seq)
{
    uint8_t bytes[sizeof(feed->bytes) + 8];

    memcpy(bytes, feed->bytes, sizeof(feed->bytes));
    ayni_put_u64(bytes + sizeof(feed->bytes), seq);
    return ayni_hash_of((struct ayni_bytes){ bytes, sizeof(bytes) });
}

struct ayni_feed world_feed(const struct world *world, unsigned node,
                            const struct ayni_space *space, unsigned incarnation)
{
    struct ayni_feed_descriptor descriptor = { .node = world->nodes[node].key,
                                               .space = *space,
                                               .lane = AYNI_LANE_CURRENT,
                                               .incarnation = { { (uint8_t)incarnation } } };
    return ayni_feed_of(&world->root, &descriptor);
}

struct ayni_cut_point world_point(const struct world *world, unsigned node,
                                  const struct ayni_space *space, uint64_t seq)
{
    struct ayni_feed feed = world_feed(world, node, space, 0);
    return (struct ayni_cut_point){ feed, seq, chain_at(&feed, seq) };
}

struct ayni_registry_item *world_write(struct world *world, unsigned by, uint32_t type,
                                       const struct ayni_record *record,
                                       const struct world_field *fields)
{
    struct ayni_space space = ayni_registry_space(&world->root);
    struct ayni_version *version = take(world, 1, sizeof(*version));
    struct ayni_registry_item *item = &world->items[world->item_count++];

    assert(world->item_count <= WORLD_ITEMS_MAX);
    version->record = *record;
    version->type = type;
    version->fields = take(world, WORLD_FIELDS_MAX, sizeof(*version->fields));
    for (; fields[version->field_count].number != 0; version->field_count++)
        version->fields[version->field_count] =
            (struct ayni_field){ fields[version->field_count].number,
                                 fields[version->field_count].value };
    *item = (struct ayni_registry_item){ .node = world->nodes[by].key, .version = version };
    item->feed = world_feed(world, by, &space, world->incarnation);
    item->seq = ++world->nodes[by].seqs[world->incarnation];
    item->chain = chain_at(&item->feed, item->seq);
    item->time.ms = world->now++;
    return item;
}

void world_sees(struct world *world, struct ayni_registry_item *item,
                const struct ayni_registry_item *seen)
{
    struct ayni_version *version = take(world, 1, sizeof(*version));

    *version = *item->version;
    version->seen = take(world, 1, sizeof(*version->seen));
    version->seen[0].own = ayni_id_equal(&item->feed, &seen->feed);
    version->seen[0].feed = ayni_feed_prefix_of(&seen->feed);
    version->seen[0].seq = seen->seq;
    version->seen[0].chain = ayni_chain_prefix_of(&seen->chain);
    version->seen_count = 1;
    item->version = version;
}

struct ayni_record world_node_record(struct world *world, enum ayni_registry_type type,
                                     unsigned node)
{
    struct ayni_record record;
    expect(ayni_registry_node_record(&world->root, type, &world->nodes[node].key, &record));
    return record;
}

struct ayni_registry_item *world_root_statement(struct world *world, unsigned by, uint64_t number,
                                                unsigned steering,
                                                const struct ayni_cut_point *points, size_t count)
{
    struct ayni_cut_point *sorted = take(world, count, sizeof(*sorted));
    struct ayni_root_statement statement = { .number = number,
                                             .steering = world->nodes[steering].key,
                                             .has_cut = points != NULL,
                                             .points = sorted,
                                             .point_count = count };
    struct ayni_buffer cose = { 0 };
    struct ayni_record record;

    if (count > 0)
        memcpy(sorted, points, count * sizeof(*sorted));
    ayni_cut_sort_points(sorted, count);
    expect(ayni_root_statement_sign(&statement, &world->root_secret, &cose));
    expect(ayni_registry_root_statement_record(&world->root, number, &record));
    struct ayni_bytes bytes = keep(world, &cose);
    struct world_field fields[] = {
        { AYNI_FIELD_ROOT_STATEMENT_NUMBER, world_uint(world, number) },
        { AYNI_FIELD_ROOT_STATEMENT_STATEMENT, world_bytes(world, bytes.data, bytes.size) },
        { 0 },
    };
    return world_write(world, by, AYNI_TYPE_ROOT_STATEMENT, &record, fields);
}

struct ayni_bytes world_card_bytes(struct world *world, unsigned node, uint64_t serial,
                                   const char *name)
{
    struct ayni_card card = { .serial = serial,
                              .name = ayni_bytes_of_text(name),
                              .node = world->nodes[node].key };
    struct ayni_buffer cose = { 0 };

    card.endpoints[card.endpoint_count++] = ayni_bytes_of_text("tcp://127.0.0.1:4000");
    memcpy(card.transport_key, world->nodes[node].transport_key, sizeof(card.transport_key));
    expect(ayni_card_sign(&card, &world->nodes[node].secret, &cose));
    return keep(world, &cose);
}

struct ayni_registry_item *world_card(struct world *world, unsigned by, unsigned node,
                                      uint64_t serial, const char *name)
{
    struct ayni_record record = world_node_record(world, AYNI_TYPE_CARD, node);
    struct ayni_bytes card = world_card_bytes(world, node, serial, name);
    struct world_field fields[] = {
        { AYNI_FIELD_CARD_NODE, world_id(world, &world->nodes[node].key) },
        { AYNI_FIELD_CARD_SERIAL, world_uint(world, serial) },
        { AYNI_FIELD_CARD_CARD, world_bytes(world, card.data, card.size) },
        { 0 },
    };
    return world_write(world, by, AYNI_TYPE_CARD, &record, fields);
}

struct ayni_record world_organisation_id(const struct world *world, const char *code)
{
    SCOPED_BUFFER key = { 0 };
    struct ayni_record record;

    ayni_cbor_put_string(&key, code);
    struct ayni_bytes value = ayni_buffer_bytes(&key);
    expect(ayni_derived_id(world->root.bytes, AYNI_TYPE_ORGANISATION, &value, 1, &record));
    return record;
}

struct ayni_registry_item *world_organisation(struct world *world, unsigned by, const char *code,
                                              const char *role)
{
    struct ayni_record record = world_organisation_id(world, code);
    struct ayni_buffer roles = { 0 };

    ayni_cbor_put_array(&roles, 1);
    ayni_cbor_put_string(&roles, role);
    struct world_field fields[] = {
        { AYNI_FIELD_ORGANISATION_CODE, world_text(world, code) },
        { AYNI_FIELD_ORGANISATION_NAME, world_text(world, code) },
        { AYNI_FIELD_ORGANISATION_KIND, world_text(world, "ngo") },
        { AYNI_FIELD_ORGANISATION_ROLES, keep(world, &roles) },
        { 0 },
    };
    return world_write(world, by, AYNI_TYPE_ORGANISATION, &record, fields);
}

struct ayni_registry_item *world_member(struct world *world, unsigned by, unsigned node,
                                        const char *organisation)
{
    static const char *const names[WORLD_NODES] = { "midis", "alfa",  "beta", "gamma",
                                                    "delta", "norte", "sur",  "este" };
    struct ayni_record record = world_node_record(world, AYNI_TYPE_MEMBER, node);
    struct ayni_bytes card = world_card_bytes(world, node, 1, names[node]);
    struct world_field fields[6] = {
        { AYNI_FIELD_MEMBER_NODE, world_id(world, &world->nodes[node].key) },
        { AYNI_FIELD_MEMBER_ROLE, world_text(world, "government") },
    };
    size_t count = 2;

    if (organisation != NULL) {
        struct ayni_record id = world_organisation_id(world, organisation);
        fields[count++] =
            (struct world_field){ AYNI_FIELD_MEMBER_ORGANISATION, world_id(world, &id) };
    }
    fields[count] =
        (struct world_field){ AYNI_FIELD_MEMBER_CARD, world_bytes(world, card.data, card.size) };
    return world_write(world, by, AYNI_TYPE_MEMBER, &record, fields);
}

struct ayni_registry_item *world_name_admin(struct world *world, unsigned by, unsigned node,
                                            bool admin)
{
    struct ayni_record record = world_node_record(world, AYNI_TYPE_MEMBER, node);
    struct world_field fields[] = { { AYNI_FIELD_MEMBER_ADMIN, world_bool(world, admin) }, { 0 } };
    return world_write(world, by, AYNI_TYPE_MEMBER, &record, fields);
}

struct ayni_registry_item *world_revoke(struct world *world, unsigned by, unsigned node)
{
    struct ayni_record record = world_node_record(world, AYNI_TYPE_REVOCATION, node);
    struct world_field fields[] = {
        { AYNI_FIELD_REVOCATION_NODE, world_id(world, &world->nodes[node].key) },
        { AYNI_FIELD_REVOCATION_REASON, world_text(world, "lost") },
        { 0 },
    };
    return world_write(world, by, AYNI_TYPE_REVOCATION, &record, fields);
}

static void space_random(const char *name, uint8_t random[16])
{
    memset(random, 0, 16);
    memcpy(random, name, strlen(name) < 16 ? strlen(name) : 16);
}

struct ayni_space world_space_id(struct world *world, unsigned creator, const char *name)
{
    uint8_t random[16];

    space_random(name, random);
    return ayni_space_of(&world->root, &world->nodes[creator].key, random);
}

static struct ayni_record record_of_space(const struct ayni_space *space)
{
    struct ayni_record record;
    memcpy(record.bytes, space->bytes, sizeof(record.bytes));
    return record;
}

struct ayni_registry_item *world_space(struct world *world, unsigned by, const char *name,
                                       const char *class, bool confidential)
{
    struct ayni_space id = world_space_id(world, by, name);
    struct ayni_record record = record_of_space(&id);
    uint8_t random[16];

    space_random(name, random);
    struct world_field fields[] = {
        { AYNI_FIELD_SPACE_CREATOR, world_id(world, &world->nodes[by].key) },
        { AYNI_FIELD_SPACE_RANDOM, world_bytes(world, random, sizeof(random)) },
        { AYNI_FIELD_SPACE_NAME, world_text(world, name) },
        { AYNI_FIELD_SPACE_CLASS, world_text(world, class) },
        { AYNI_FIELD_SPACE_CONFIDENTIAL, world_bool(world, confidential) },
        { 0 },
    };
    return world_write(world, by, AYNI_TYPE_SPACE, &record, fields);
}

struct ayni_registry_item *world_transfer(struct world *world, unsigned by,
                                          const struct ayni_space *space, unsigned owner)
{
    struct ayni_record record = record_of_space(space);
    struct world_field fields[] = {
        { AYNI_FIELD_SPACE_OWNER, world_id(world, &world->nodes[owner].key) },
        { 0 },
    };
    return world_write(world, by, AYNI_TYPE_SPACE, &record, fields);
}

struct ayni_registry_item *world_grant(struct world *world, unsigned by,
                                       const struct ayni_space *space, unsigned node,
                                       const char *right)
{
    struct ayni_record record = { { 0 } };
    struct world_field fields[] = {
        { AYNI_FIELD_GRANT_SPACE, world_id(world, space) },
        { AYNI_FIELD_GRANT_NODE, world_id(world, &world->nodes[node].key) },
        { AYNI_FIELD_GRANT_RIGHT, world_text(world, right) },
        { 0 },
    };

    ayni_put_u64(record.bytes, world->item_count + 1);
    return world_write(world, by, AYNI_TYPE_GRANT, &record, fields);
}

struct ayni_record world_ungrant_id(struct world *world, const struct ayni_record *grant)
{
    struct ayni_record record;
    expect(ayni_registry_ungrant_record(&world->root, grant, &record));
    return record;
}

struct ayni_registry_item *world_ungrant(struct world *world, unsigned by,
                                         const struct ayni_record *grant)
{
    struct ayni_record record = world_ungrant_id(world, grant);
    struct world_field fields[] = {
        { AYNI_FIELD_UNGRANT_GRANT, world_id(world, grant) },
        { 0 },
    };
    return world_write(world, by, AYNI_TYPE_UNGRANT, &record, fields);
}

struct ayni_registry_item *world_steward(struct world *world, unsigned by, unsigned node,
                                         const char *name, const char *role)
{
    struct ayni_record record;
    struct world_field fields[] = {
        { AYNI_FIELD_STEWARD_NODE, world_id(world, &world->nodes[node].key) },
        { AYNI_FIELD_STEWARD_NAME, world_text(world, name) },
        { AYNI_FIELD_STEWARD_ROLE, world_text(world, role) },
        { AYNI_FIELD_STEWARD_ACTIVE, world_bool(world, true) },
        { 0 },
    };

    expect(ayni_registry_steward_record(&world->root, &world->nodes[node].key,
                                        ayni_bytes_of_text(name), &record));
    return world_write(world, by, AYNI_TYPE_STEWARD, &record, fields);
}

struct ayni_registry_cut *world_cut(struct world *world, unsigned by,
                                    const struct ayni_space *space,
                                    const struct ayni_record *ending,
                                    const struct ayni_cut_point *points, size_t count)
{
    struct ayni_cut *cut = take(world, 1, sizeof(*cut));
    struct ayni_registry_cut *given = &world->cuts[world->cut_count++];

    assert(world->cut_count <= WORLD_CUTS_MAX);
    cut->ending = *ending;
    cut->points = take(world, count, sizeof(*cut->points));
    cut->point_count = count;
    if (count > 0)
        memcpy(cut->points, points, count * sizeof(*points));
    ayni_cut_sort_points(cut->points, count);
    *given =
        (struct ayni_registry_cut){ .space = *space, .node = world->nodes[by].key, .cut = cut };
    given->feed = world_feed(world, by, space, 16 + world->incarnation);
    given->seq = world->cut_count;
    given->chain = chain_at(&given->feed, given->seq);
    given->time.ms = world->now++;
    return given;
}

struct ayni_registry *world_build(const struct world *world)
{
    struct ayni_registry *registry = NULL;

    expect(ayni_registry_build(&world->root, world->items, world->item_count, world->cuts,
                               world->cut_count, NULL, &registry));
    return registry;
}

enum ayni_standing world_standing(const struct world *world, const struct ayni_registry *registry,
                                  unsigned node, const struct ayni_space *space, uint64_t seq)
{
    struct ayni_feed_descriptor descriptor = { .node = world->nodes[node].key,
                                               .space = *space,
                                               .lane = AYNI_LANE_CURRENT };
    struct ayni_cut_point point = world_point(world, node, space, seq);

    return ayni_registry_version_standing(registry, &descriptor, &point.feed, seq, &point.chain,
                                          NULL);
}
