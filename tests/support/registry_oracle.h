#ifndef AYNI_TESTS_SUPPORT_REGISTRY_ORACLE_H
#define AYNI_TESTS_SUPPORT_REGISTRY_ORACLE_H

#include "tests/support/registry_world.h"

/*
 * The registry's rules a second time, written from docs/protocol.md, sections
 * 7.2 and 7.3, by loops over all that there is: slow, simple, and with nothing
 * of proto/registry*.c but the ids of records. For tests to compare with.
 */
enum { ORACLE_ORGANISATIONS = 3 };
extern const char *const oracle_organisations[ORACLE_ORGANISATIONS];

enum { ORACLE_STATEMENTS = 16 };

struct oracle_statement {
    uint64_t number;
    int steering;
    bool has_cut;
    const struct ayni_cut_point *points;
    size_t point_count;
    struct ayni_bytes cose;
};

struct oracle {
    const struct world *world;
    const struct ayni_chain_lookup *chains; /* may be NULL */
    struct ayni_record organisations[ORACLE_ORGANISATIONS];
    struct ayni_arena memory;
    struct oracle_statement statements[ORACLE_STATEMENTS]; /* by number */
    size_t statement_count;
    struct ayni_record node_records[4][WORLD_NODES]; /* of types 1 to 3 */
    int about[WORLD_ITEMS_MAX];                      /* by item: a node, or -1 */
    int steering;                                    /* a node of the world; -1 if none is known */
    bool administered[WORLD_NODES][ORACLE_ORGANISATIONS]; /* ever */
    bool administers[WORLD_NODES][ORACLE_ORGANISATIONS];  /* by steering's word now */
    bool settled[WORLD_NODES];
    bool of[WORLD_NODES][ORACLE_ORGANISATIONS];
    int organisation[WORLD_NODES]; /* shown; -1 */
    bool revoked[WORLD_NODES];
    bool known[WORLD_NODES]; /* is or was a member */
};

void oracle_init(struct oracle *oracle, const struct world *world,
                 const struct ayni_chain_lookup *chains);
void oracle_done(struct oracle *oracle);
/* Of one of the world's items. */
enum ayni_standing oracle_item_standing(const struct oracle *oracle,
                                        const struct ayni_registry_item *item);
enum ayni_standing oracle_version_standing(const struct oracle *oracle, unsigned node,
                                           const struct ayni_space *space,
                                           const struct ayni_feed *feed, uint64_t seq,
                                           const struct ayni_hash *chain);
enum ayni_right oracle_right(const struct oracle *oracle, unsigned node,
                             const struct ayni_space *space);
enum ayni_standing oracle_order_standing(const struct oracle *oracle,
                                         const struct ayni_registry_entry *order,
                                         const struct ayni_registry_entry *version);
/* -1 where the space isn't known. */
int oracle_owner(const struct oracle *oracle, const struct ayni_space *space);

#endif
