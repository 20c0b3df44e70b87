/*
 * What it costs to build a registry of a whole federation, and to ask how a
 * version stands: members with signed cards, a space each with grants, half of
 * them ended and cut, and a catalogue. One JSON line.
 *
 *   bench_registry [MEMBERS 1000] [QUESTIONS 1000000]
 */
#include <stdlib.h>
#include <string.h>

#include "proto/card.h"
#include "proto/cbor.h"
#include "proto/registry.h"
#include "proto/root.h"
#include "tests/support/bench.h"

enum { GRANTS = 5, CATALOGUE = 3000, FIELDS_MAX = 5 };

struct member {
    struct ayni_node key;
    struct ayni_signing_key secret;
    struct ayni_space space;
    struct ayni_feed feeds[GRANTS]; /* in the spaces of the members before it */
    uint64_t seq;
};

static struct ayni_node root;
static struct ayni_signing_key root_secret;
static struct member *members;
static size_t member_count;
static struct ayni_registry_item *items;
static size_t item_count;
static struct ayni_registry_cut *cuts;
static size_t cut_count;

static void *take(size_t count, size_t size)
{
    void *taken = calloc(count, size);
    bench_require(taken != NULL, "bench", "no memory");
    return taken;
}

static void must(enum ayni_status status)
{
    bench_require(status == AYNI_OK, "bench", ayni_status_name(status));
}

static struct ayni_version *version_new(uint32_t type, const struct ayni_record *record)
{
    struct ayni_version *version = take(1, sizeof(*version));

    version->type = type;
    version->record = *record;
    version->fields = take(FIELDS_MAX, sizeof(*version->fields));
    return version;
}

static void put(struct ayni_version *version, uint32_t number, struct ayni_buffer value)
{
    version->fields[version->field_count++] =
        (struct ayni_field){ number, ayni_buffer_bytes(&value) };
}

static void put_bytes(struct ayni_version *version, uint32_t number, const void *bytes, size_t size)
{
    struct ayni_buffer value = { 0 };
    ayni_cbor_put_bytes(&value, (struct ayni_bytes){ bytes, size });
    put(version, number, value);
}

static void put_text(struct ayni_version *version, uint32_t number, const char *text)
{
    struct ayni_buffer value = { 0 };
    ayni_cbor_put_string(&value, text);
    put(version, number, value);
}

static void write_item(struct member *by, const struct ayni_version *version)
{
    struct ayni_registry_item *item = &items[item_count++];

    memcpy(item->feed.bytes, by->key.bytes, sizeof(item->feed.bytes));
    item->node = by->key;
    item->seq = ++by->seq;
    item->time.ms = item_count;
    memcpy(item->chain.bytes, &item_count, sizeof(item_count));
    item->version = version;
}

static void write_statement(void)
{
    struct ayni_root_statement statement = { .number = 1, .steering = members[0].key };
    struct ayni_buffer cose = { 0 };
    struct ayni_record record;

    must(ayni_root_statement_sign(&statement, &root_secret, &cose));
    must(ayni_registry_root_statement_record(&root, 1, &record));
    struct ayni_version *version = version_new(AYNI_TYPE_ROOT_STATEMENT, &record);
    put_bytes(version, AYNI_FIELD_ROOT_STATEMENT_STATEMENT, cose.data, cose.size);
    write_item(&members[0], version);
}

static void write_member(const struct member *member)
{
    struct ayni_card card = { .serial = 1,
                              .name = ayni_bytes_of_text("member"),
                              .node = member->key };
    struct ayni_buffer cose = { 0 };
    struct ayni_record record;

    memcpy(card.transport_key, member->key.bytes, sizeof(card.transport_key));
    must(ayni_card_sign(&card, &member->secret, &cose));
    must(ayni_registry_node_record(&root, AYNI_TYPE_MEMBER, &member->key, &record));
    struct ayni_version *version = version_new(AYNI_TYPE_MEMBER, &record);
    put_bytes(version, AYNI_FIELD_MEMBER_NODE, member->key.bytes, sizeof(member->key.bytes));
    put_bytes(version, AYNI_FIELD_MEMBER_CARD, cose.data, cose.size);
    write_item(&members[0], version);
    ayni_buffer_free(&cose);
}

static void write_space(struct member *owner)
{
    static const uint8_t random[16];
    struct ayni_record record;

    owner->space = ayni_space_of(&root, &owner->key, random);
    memcpy(record.bytes, owner->space.bytes, sizeof(record.bytes));
    struct ayni_version *version = version_new(AYNI_TYPE_SPACE, &record);
    put_bytes(version, AYNI_FIELD_SPACE_CREATOR, owner->key.bytes, sizeof(owner->key.bytes));
    put_bytes(version, AYNI_FIELD_SPACE_RANDOM, random, sizeof(random));
    put_text(version, AYNI_FIELD_SPACE_NAME, "space");
    write_item(owner, version);
}

static struct ayni_record write_grant(struct member *owner, const struct member *to)
{
    struct ayni_record record = { { 5 } };

    ayni_put_u64(record.bytes + 8, item_count);
    struct ayni_version *version = version_new(AYNI_TYPE_GRANT, &record);
    put_bytes(version, AYNI_FIELD_GRANT_SPACE, owner->space.bytes, sizeof(owner->space.bytes));
    put_bytes(version, AYNI_FIELD_GRANT_NODE, to->key.bytes, sizeof(to->key.bytes));
    put_text(version, AYNI_FIELD_GRANT_RIGHT, "writer");
    write_item(owner, version);
    return record;
}

static void end_grant(struct member *owner, const struct ayni_record *grant,
                      const struct ayni_feed *feed)
{
    struct ayni_cut *cut = take(1, sizeof(*cut));

    must(ayni_registry_ungrant_record(&root, grant, &cut->ending));
    struct ayni_version *version = version_new(AYNI_TYPE_UNGRANT, &cut->ending);
    put_bytes(version, AYNI_FIELD_UNGRANT_GRANT, grant->bytes, sizeof(grant->bytes));
    write_item(owner, version);
    cut->points = take(1, sizeof(*cut->points));
    cut->points[0] = (struct ayni_cut_point){ .feed = *feed, .seq = 500 };
    cut->point_count = 1;
    cuts[cut_count] = (struct ayni_registry_cut){ .space = owner->space,
                                                  .node = owner->key,
                                                  .seq = cut_count + 1,
                                                  .time = { item_count },
                                                  .cut = cut };
    cut_count++;
}

static void found(void)
{
    uint8_t seed[32] = { 0 };

    must(ayni_signing_key_of_seed(seed, &root_secret, &root));
    for (size_t i = 0; i < member_count; i++) {
        ayni_put_u64(seed, i + 1);
        must(ayni_signing_key_of_seed(seed, &members[i].secret, &members[i].key));
    }
    write_statement();
    for (size_t i = 0; i < member_count; i++) {
        write_member(&members[i]);
        write_space(&members[i]);
    }
    for (size_t i = 0; i < member_count; i++)
        for (size_t g = 0; g < GRANTS; g++) {
            struct member *owner = &members[(i + g + 1) % member_count];
            struct ayni_feed_descriptor descriptor = { .node = members[i].key,
                                                       .space = owner->space };
            members[i].feeds[g] = ayni_feed_of(&root, &descriptor);
            struct ayni_record grant = write_grant(owner, &members[i]);
            if (g % 2 == 0)
                end_grant(owner, &grant, &members[i].feeds[g]);
        }
    for (size_t i = 0; i < CATALOGUE; i++) {
        struct ayni_record record = { { 9 } };
        ayni_put_u64(record.bytes + 8, i);
        struct ayni_version *version = version_new(AYNI_TYPE_FIELD, &record);
        put_text(version, 3, "name");
        write_item(&members[0], version);
    }
}

static double ask(const struct ayni_registry *registry, uint64_t questions)
{
    static const struct ayni_hash chain;
    uint64_t valid = 0;
    double start = bench_now();

    for (uint64_t i = 0; i < questions; i++) {
        const struct member *member = &members[(i / 64) % member_count];
        size_t grant = (i / 16) % GRANTS;
        struct ayni_feed_descriptor descriptor = {
            .node = member->key,
            .space = members[((i / 64) % member_count + grant + 1) % member_count].space,
        };
        valid += ayni_registry_version_standing(registry, &descriptor, &member->feeds[grant],
                                                i % 1000 + 1, &chain, NULL) == AYNI_STANDING_VALID;
    }
    bench_require(valid > questions / 2, "bench", "versions that should stand don't");
    return (double)questions / (bench_now() - start);
}

int main(int argc, char **argv)
{
    uint64_t questions = bench_argument(argc, argv, 2, 1000000);
    struct ayni_registry *registry = NULL;
    struct bench_line line;

    must(ayni_crypto_init());
    member_count = bench_argument(argc, argv, 1, 1000);
    members = take(member_count, sizeof(*members));
    items = take(member_count * (2 + 2 * GRANTS) + CATALOGUE + 1, sizeof(*items));
    cuts = take(member_count * GRANTS, sizeof(*cuts));
    found();
    double start = bench_now();
    must(ayni_registry_build(&root, items, item_count, cuts, cut_count, NULL, &registry));
    bench_line_begin(&line, "registry");
    bench_line_number(&line, "items", (double)item_count);
    bench_line_number(&line, "cuts", (double)cut_count);
    bench_line_number(&line, "build_ms", (bench_now() - start) * 1000);
    bench_line_number(&line, "standing_per_s", ask(registry, questions));
    bench_line_end(&line);
    ayni_registry_free(registry);
    return 0;
}
