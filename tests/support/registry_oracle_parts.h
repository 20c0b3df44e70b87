#ifndef AYNI_TESTS_SUPPORT_REGISTRY_ORACLE_PARTS_H
#define AYNI_TESTS_SUPPORT_REGISTRY_ORACLE_PARTS_H

#include "tests/support/registry_oracle.h"

/* What the oracle's files share among themselves. */
#define NO AYNI_STANDING_NO_RIGHT
#define MARKED AYNI_STANDING_MARKED
#define VALID AYNI_STANDING_VALID

typedef const struct ayni_registry_item *item_ref;

#define EACH_ITEM(o, i)                                                                            \
    for (item_ref i = (o)->world->items; i < (o)->world->items + (o)->world->item_count; i++)

/* Where a thing was written: of an item or a cut. */
struct spot {
    int node;
    struct ayni_feed feed;
    uint64_t seq;
    struct ayni_hash chain;
    uint64_t time;
};

enum verdict { NONE, INSIDE, OUTSIDE };

/* --- registry_oracle_facts.c --- */

int oracle_node_of(const struct oracle *o, const struct ayni_node *key);
struct spot oracle_spot_of(const struct oracle *o, item_ref i);
bool oracle_before(const struct spot *a, const struct spot *b);
const struct ayni_field *oracle_field(item_ref i, uint32_t number);
bool oracle_bytes_field(item_ref i, uint32_t number, void *to, size_t size);
bool oracle_text_is(item_ref i, uint32_t number, const char *text);
bool oracle_is_true(struct ayni_bytes value);
int oracle_node_field(const struct oracle *o, item_ref i, uint32_t number);
int oracle_organisation_of_id(const struct oracle *o, const uint8_t id[16]);
int oracle_organisation_field(const struct oracle *o, item_ref i);
struct ayni_record oracle_node_record(const struct oracle *o, uint32_t type, int node);
bool oracle_same_record(item_ref a, item_ref b);
int oracle_find_about(const struct oracle *o, item_ref i);
int oracle_about(const struct oracle *o, item_ref i);
bool oracle_covered(const struct oracle *o, const struct ayni_cut_point *points, size_t count,
                    const struct spot *spot);
bool oracle_statement_bytes(item_ref i, struct ayni_bytes *cose);
void oracle_read_statements(struct oracle *o);
enum ayni_standing oracle_by_steering(const struct oracle *o, const struct spot *spot);
enum ayni_standing oracle_item_by_steering(const struct oracle *o, item_ref i);

/* --- registry_oracle_people.c --- */

bool oracle_is_registry(const struct oracle *o, const struct ayni_space *space);
enum verdict oracle_cut_says(const struct oracle *o, const struct ayni_space *space,
                             const struct ayni_record *ending, const struct spot *spot,
                             bool steerings);
void oracle_find_admins(struct oracle *o);
void oracle_find_claims(struct oracle *o);
enum ayni_standing oracle_as_admin_over(const struct oracle *o, const struct spot *spot, int node);
enum ayni_standing oracle_revocation_standing(const struct oracle *o, item_ref i);
enum ayni_standing oracle_member_standing(const struct oracle *o, item_ref i);
enum ayni_standing oracle_own(const struct oracle *o, const struct spot *spot);

bool oracle_puts_by_steering(const struct oracle *o, item_ref i);

/* --- registry_oracle.c --- */

enum ayni_standing oracle_under(const struct oracle *o, const struct ayni_space *space,
                                const struct spot *spot, const struct ayni_record *ending);
enum ayni_standing oracle_with_right(const struct oracle *o, const struct ayni_space *space,
                                     const struct spot *spot, enum ayni_right least);

int oracle_owner_at(const struct oracle *o, const struct ayni_space *space,
                    const struct spot *when);

#endif
