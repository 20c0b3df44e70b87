#ifndef AYNI_TESTS_SUPPORT_REGISTRY_WORLD_H
#define AYNI_TESTS_SUPPORT_REGISTRY_WORLD_H

#include "proto/arena.h"
#include "proto/crypto.h"
#include "proto/registry.h"

/*
 * A federation's registry space for tests: a root key, some nodes with real
 * keys, and the versions and cuts that they write, honest or not. Node 0 is
 * the one that steers first. Nothing is checked here: who may not write, writes.
 */
enum {
    WORLD_NODES = 8,
    WORLD_FEEDS = 3, /* incarnations for each node and space */
    WORLD_ITEMS_MAX = 512,
    WORLD_CUTS_MAX = 128,
    WORLD_FIELDS_MAX = 8,
};

struct world_node {
    struct ayni_node key;
    struct ayni_signing_key secret;
    uint8_t transport_key[32];
    uint64_t seqs[WORLD_FEEDS]; /* of its registry feeds */
};

struct world {
    struct ayni_arena memory;
    struct ayni_node root;
    struct ayni_signing_key root_secret;
    struct world_node nodes[WORLD_NODES];
    uint64_t now;         /* the time of the next version; each moves it on */
    unsigned incarnation; /* the feed that the next version goes to */
    struct ayni_registry_item items[WORLD_ITEMS_MAX];
    size_t item_count;
    struct ayni_registry_cut cuts[WORLD_CUTS_MAX];
    size_t cut_count;
};

/* Keys come from the seed. */
void world_init(struct world *world, uint64_t seed);
void world_done(struct world *world);

/* One value for a field; ends with number 0. */
struct world_field {
    uint32_t number;
    struct ayni_bytes value;
};
struct ayni_bytes world_bytes(struct world *world, const void *bytes, size_t size);
struct ayni_bytes world_text(struct world *world, const char *text);
struct ayni_bytes world_bool(struct world *world, bool value);
struct ayni_bytes world_uint(struct world *world, uint64_t value);
struct ayni_bytes world_null(struct world *world);
#define world_id(world, id) world_bytes(world, (id)->bytes, sizeof((id)->bytes))

/* Node `by` writes a version; lent until world_done(). */
struct ayni_registry_item *world_write(struct world *world, unsigned by, uint32_t type,
                                       const struct ayni_record *record,
                                       const struct world_field *fields);
/* The version has seen that one. */
void world_sees(struct world *world, struct ayni_registry_item *item,
                const struct ayni_registry_item *seen);

/* --- the registry's records, each as its writer would make it --- */

struct ayni_registry_item *world_root_statement(struct world *world, unsigned by, uint64_t number,
                                                unsigned steering,
                                                const struct ayni_cut_point *points, size_t count);
struct ayni_bytes world_card_bytes(struct world *world, unsigned node, uint64_t serial,
                                   const char *name);
struct ayni_registry_item *world_card(struct world *world, unsigned by, unsigned node,
                                      uint64_t serial, const char *name);
struct ayni_record world_organisation_id(const struct world *world, const char *code);
struct ayni_registry_item *world_organisation(struct world *world, unsigned by, const char *code,
                                              const char *role);
/* `organisation` may be NULL. */
struct ayni_registry_item *world_member(struct world *world, unsigned by, unsigned node,
                                        const char *organisation);
struct ayni_registry_item *world_name_admin(struct world *world, unsigned by, unsigned node,
                                            bool admin);
struct ayni_registry_item *world_revoke(struct world *world, unsigned by, unsigned node);
struct ayni_record world_node_record(struct world *world, enum ayni_registry_type type,
                                     unsigned node);

struct ayni_space world_space_id(struct world *world, unsigned creator, const char *name);
struct ayni_registry_item *world_space(struct world *world, unsigned by, const char *name,
                                       const char *class, bool confidential);
struct ayni_registry_item *world_transfer(struct world *world, unsigned by,
                                          const struct ayni_space *space, unsigned owner);
struct ayni_registry_item *world_grant(struct world *world, unsigned by,
                                       const struct ayni_space *space, unsigned node,
                                       const char *right);
struct ayni_registry_item *world_ungrant(struct world *world, unsigned by,
                                         const struct ayni_record *grant);
struct ayni_record world_ungrant_id(struct world *world, const struct ayni_record *grant);
struct ayni_registry_item *world_steward(struct world *world, unsigned by, unsigned node,
                                         const char *name, const char *role);

/* Node `by` gives a cut of `ending` in a space. */
struct ayni_registry_cut *world_cut(struct world *world, unsigned by,
                                    const struct ayni_space *space,
                                    const struct ayni_record *ending,
                                    const struct ayni_cut_point *points, size_t count);
/* The feed of a node in a space (lane 1), and an entry of it. */
struct ayni_feed world_feed(const struct world *world, unsigned node,
                            const struct ayni_space *space, unsigned incarnation);
struct ayni_cut_point world_point(const struct world *world, unsigned node,
                                  const struct ayni_space *space, uint64_t seq);

/* Build from all that is there, or fail the test. The caller frees it. */
struct ayni_registry *world_build(const struct world *world);
/* How a version of `node` at `seq` of its feed in `space` stands. */
enum ayni_standing world_standing(const struct world *world, const struct ayni_registry *registry,
                                  unsigned node, const struct ayni_space *space, uint64_t seq);

#endif
