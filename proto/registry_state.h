#ifndef AYNI_PROTO_REGISTRY_STATE_H
#define AYNI_PROTO_REGISTRY_STATE_H

#include "proto/arena.h"
#include "proto/fold.h"
#include "proto/registry.h"

/*
 * What the parts of the registry share among themselves; nobody else includes
 * it. The parts are built in the order of this file, and each asks only those
 * before it: that is what keeps the rules of docs/protocol.md, section 7.2,
 * free of circles.
 */

/* --- where a statement stands, and the order of statements --- */

/* The place of an item or cut entry. */
struct place {
    struct ayni_feed feed;
    struct ayni_node node;
    uint64_t seq;
    struct ayni_hash chain;
    struct ayni_instant time;
};
struct place place_of_item(const struct ayni_registry_item *item);
struct place place_of_cut(const struct ayni_registry_cut *cut);
/* The fixed order: time, seq, chain, feed. Within a feed it is the feed's own. <0, 0, >0. */
int place_order(const struct place *a, const struct place *b);

/* --- the items, sorted --- */

/* Views of the caller's items by (type, record id, place), each once. */
struct item_list {
    const struct ayni_registry_item **items;
    size_t count;
};
AYNI_CHECKED enum ayni_status items_sort(const struct ayni_registry_item *items, size_t count,
                                         struct ayni_arena *memory, struct item_list *list);
/* The part of the list of one type, and the next group of one record from its front. */
struct item_list items_of_type(const struct item_list *list, uint32_t type);
struct item_list items_of_record(const struct item_list *list, uint32_t type,
                                 const struct ayni_record *record);
bool items_next_record(struct item_list *rest, struct item_list *group);

/* --- fields of a version: false where it is absent, null, or of another kind --- */

const struct ayni_field *field_find(const struct ayni_version *version, uint32_t number);
bool field_bytes(const struct ayni_version *version, uint32_t number, uint8_t *to, size_t size);
#define field_id(version, number, id) field_bytes(version, number, (id)->bytes, sizeof((id)->bytes))
bool field_view(const struct ayni_version *version, uint32_t number, struct ayni_bytes *bytes);
bool field_text(const struct ayni_version *version, uint32_t number, struct ayni_bytes *text);
bool field_bool(const struct ayni_version *version, uint32_t number, bool *value);
/* The same of one raw value. */
bool value_bytes(struct ayni_bytes raw, uint8_t *to, size_t size);
bool text_of_value(struct ayni_bytes raw, struct ayni_bytes *text);
bool value_bool(struct ayni_bytes raw, bool *value);

/* --- the state --- */

/* What a record is about, which its id proves. By (type, record). */
struct subject {
    uint32_t type;
    struct ayni_record record;
    struct ayni_node node;
    struct ayni_bytes name; /* of a steward */
};

/* A term of steering: one root statement. By number, each once. */
struct term {
    uint64_t number;
    struct ayni_node steering;
    struct ayni_bytes statement; /* COSE_Sign1 */
    bool has_cut;                /* of the term before */
    struct ayni_cut_point *points;
    size_t point_count;
};

/* A cut entry that counts. By (space, ending, giver); one of each giver: its newest. */
struct cut {
    struct ayni_space space;
    struct ayni_record ending;
    struct place place; /* its node is the giver */
    struct ayni_cut_point *points;
    size_t point_count;
};
struct cut_table {
    struct cut *cuts;
    size_t count;
};

/* That a node administers an organisation, or once did. By (node, organisation). */
struct admin {
    struct ayni_node node;
    struct ayni_record organisation;
    bool current; /* by steering's word; a revocation ends it too */
    struct ayni_record member_record;
    struct ayni_record revocation_record;
};

/* That a node is of an organisation, so that its admin nodes may act on it. By (node,
 * organisation). */
struct claim {
    struct ayni_node node;
    struct ayni_record organisation;
    struct place place; /* the first that says so */
};

/* Into which organisation steering put a node, and from where on. By (node, place). */
struct move {
    struct ayni_node node;
    struct place place;
    bool has_organisation;
    struct ayni_record organisation;
};

/* Nodes that have one or no organisation by steering's word, against which no claim counts; by
 * node. */
struct node_list {
    struct ayni_node *nodes;
    size_t count;
};

/* Beside each member: what only the parts need. */
struct member_more {
    struct ayni_record revocation_record;
    bool card_admitted;      /* its current card is the one of its member record */
    struct place card_place; /* of the item that has the current card */
};

/* From this place on `node` owns the space, until the next. The first is the creator's. */
struct ownership {
    struct place from;
    struct ayni_node node;
};
struct space_more {
    struct ownership *owners; /* in order */
    size_t owner_count;
};

/* A right with its ends: none makes it hold now. */
struct right {
    struct ayni_standing_pair pair; /* space, node, and the right that was given */
    struct ayni_record endings[2];  /* ungrant or space, revocation */
    size_t ending_count;
};

/* Beside each pair: its rights, and a hash of all that its standing rests on. */
struct pair_more {
    const struct right *rights;
    size_t right_count;
    bool open; /* a writer's right without an end */
    struct ayni_hash digest;
};

struct transport {
    const uint8_t *key;
    size_t member;
};

struct ayni_registry {
    struct ayni_arena memory;
    struct ayni_node root;
    struct ayni_space id;
    struct ayni_space_info self; /* the registry as a space */

    struct subject *subjects;
    size_t subject_count;
    struct term *terms;
    size_t term_count;
    struct cut_table steering_cuts; /* of steering alone */
    struct admin *admins;
    size_t admin_count;
    struct claim *claims;
    size_t claim_count;
    struct move *moves;
    size_t move_count;
    struct node_list settled; /* steering has said, or admitted them: no other claim counts */
    struct node_list revoked;
    struct ayni_member *members;
    struct member_more *members_more; /* by index, as members */
    size_t member_count;
    struct transport *transports; /* of members now, by key; the first of equal ones holds */
    size_t transport_count;
    struct ayni_organisation *organisations;
    size_t organisation_count;
    struct ayni_space_info *spaces;
    struct space_more *spaces_more;
    size_t space_count;
    struct cut_table cuts; /* all that count */
    struct ayni_grant *grants;
    const struct ayni_grant **grants_by_record;
    size_t grant_count;
    struct right *rights;
    size_t right_count;
    struct ayni_standing_pair *pairs;
    struct pair_more *pairs_more;
    size_t pair_count;
    struct ayni_ending *endings;
    size_t ending_count;
    struct ayni_steward *stewards;
    size_t steward_count;
    struct ayni_wrapped_key *wrapped;
    struct place *wrapped_places; /* of each */
    size_t wrapped_count;
    struct ayni_space_epoch *epochs;
    size_t epoch_count;
    struct ayni_hash authority; /* of all that the standing of registry versions rests on */
    struct ayni_hash orders;    /* of all that the reach of orders of erasure rests on */
};

/* What a part is built from. */
struct build {
    struct ayni_registry *registry;
    const struct item_list *items;
    const struct ayni_registry_cut *cuts;
    size_t cut_count;
    const struct ayni_chain_lookup *chains; /* may be NULL */
};

/* `count` things of `size`, all zero, that live as long as the registry. NULL: no memory. */
void *state_take(struct ayni_registry *registry, size_t count, size_t size);
/* A copy that lives as long as the registry; false: no memory. */
bool state_keep(struct ayni_registry *registry, struct ayni_bytes from, struct ayni_bytes *copy);
/* Index of the first of `count` sorted things of `size` that isn't below `key`. */
size_t state_lower(const void *things, size_t count, size_t size, const void *key,
                   int (*order)(const void *thing, const void *key));

/* --- registry_subjects.c --- */

AYNI_CHECKED enum ayni_status subjects_build(const struct build *build);
/*
 * What a record of type 1, 2, 3 or 8 is about, which its id commits to: by this
 * version's own key fields, else by those of another version of the record.
 */
bool subject_of(const struct ayni_registry *registry, const struct ayni_version *version,
                struct subject *subject);
/* By the record alone: NULL where no version proves it. */
const struct subject *subject_of_record(const struct ayni_registry *registry, uint32_t type,
                                        const struct ayni_record *record);

/* --- registry_fold.c: what a record shows by the versions of it that count --- */

typedef enum ayni_standing item_standing(const struct ayni_registry *registry,
                                         const struct ayni_registry_item *item,
                                         const struct ayni_chain_lookup *chains);
struct group_fold {
    struct ayni_fold_item *items;
    struct ayni_folded folded; /* of several survivors the highest (time, chain) is shown */
    size_t counting;           /* versions that count */
};
AYNI_CHECKED enum ayni_status group_fold(const struct build *build, const struct item_list *group,
                                         item_standing *standing, struct group_fold *fold);
void group_fold_free(struct group_fold *fold);
#define SCOPED_FOLD __attribute__((cleanup(group_fold_free))) struct group_fold
/* The shown value of a field; false where it has none, or null. */
bool shown(const struct group_fold *fold, uint32_t number, struct ayni_bytes *raw);

/* --- registry_steering.c: root statements, and who writes as steering --- */

AYNI_CHECKED enum ayni_status steering_build(const struct build *build);
/* As steering, now or within its cut; MARKED where its term ended without one. */
enum ayni_standing steering_standing(const struct ayni_registry *registry,
                                     const struct place *place,
                                     const struct ayni_chain_lookup *chains);
item_standing steering_item_standing;
/* Of a member's record (type 2). */
item_standing steering_member_standing;
/* Of a root statement (type 13), whoever carries it. */
item_standing term_item_standing;
bool steering_is(const struct ayni_registry *registry, const struct ayni_node *node);

/* --- registry_cuts.c --- */

/* Whether the points have the entry. */
bool cut_covers(const struct ayni_cut_point *points, size_t count, const struct place *place,
                const struct ayni_chain_lookup *chains);
AYNI_CHECKED enum ayni_status cuts_build_steering(const struct build *build);
AYNI_CHECKED enum ayni_status cuts_build(const struct build *build); /* after the spaces */

enum verdict { CUT_NONE, CUT_INSIDE, CUT_OUTSIDE };
/* By every giver's cut of the ending but the writer's own. */
enum verdict cuts_verdict(const struct cut_table *table, const struct ayni_space *space,
                          const struct ayni_record *ending, const struct place *place,
                          const struct ayni_chain_lookup *chains);
/* The cuts of one ending in a space. */
struct cut_table cuts_of(const struct cut_table *table, const struct ayni_space *space,
                         const struct ayni_record *ending);

/* --- registry_admins.c: the admin nodes of organisations --- */

AYNI_CHECKED enum ayni_status admins_build(const struct build *build);
/* NULL if it never administered it. */
const struct admin *admin_find(const struct ayni_registry *registry, const struct ayni_node *node,
                               const struct ayni_record *organisation);
/* Those that the node administers or once did. */
const struct admin *admins_of(const struct ayni_registry *registry, const struct ayni_node *node,
                              size_t *count);
/* As admin node of the organisation. */
enum ayni_standing admin_standing(const struct ayni_registry *registry, const struct place *place,
                                  const struct ayni_record *organisation,
                                  const struct ayni_chain_lookup *chains);

/* --- registry_claims.c: whom they may act on, and who is revoked --- */

AYNI_CHECKED enum ayni_status claims_build(const struct build *build);
AYNI_CHECKED enum ayni_status revocations_build(const struct build *build);
/* As admin node of an organisation that `node` is of. */
enum ayni_standing admin_standing_over(const struct ayni_registry *registry,
                                       const struct place *place, const struct ayni_node *node,
                                       const struct ayni_chain_lookup *chains);
/* The claims on a node. */
const struct claim *claims_of(const struct ayni_registry *registry, const struct ayni_node *node,
                              size_t *count);
bool has_claim(const struct ayni_registry *registry, const struct ayni_node *node,
               const struct ayni_record *organisation);
bool is_settled(const struct ayni_registry *registry, const struct ayni_node *node);
/* Whether what the place's node wrote there was the organisation's. */
bool was_of(const struct ayni_registry *registry, const struct place *place,
            const struct ayni_record *organisation);
/* Of a member's record (type 2) and a revocation (3), by steering or an admin node. */
item_standing member_item_standing;
item_standing revocation_item_standing;
bool is_revoked(const struct ayni_registry *registry, const struct ayni_node *node);

/* --- registry_members.c, registry_cards.c --- */

AYNI_CHECKED enum ayni_status members_build(const struct build *build);
AYNI_CHECKED enum ayni_status cards_build(const struct build *build);
item_standing card_item_standing;
size_t member_index(const struct ayni_registry *registry,
                    const struct ayni_node *node); /* or SIZE_MAX */
/* As a member that writes of itself. */
enum ayni_standing self_standing(const struct ayni_registry *registry, const struct place *place,
                                 const struct ayni_chain_lookup *chains);

/* --- registry_organisations.c --- */

AYNI_CHECKED enum ayni_status organisations_build(const struct build *build);

/* --- registry_spaces.c --- */

AYNI_CHECKED enum ayni_status spaces_build(const struct build *build);
size_t space_index(const struct ayni_registry *registry,
                   const struct ayni_space *space); /* or SIZE_MAX */
/* Whether the place's node owns the space there. */
bool owner_was(const struct ayni_registry *registry, size_t space, const struct place *place);
/* As owner of the space there, by what it wrote in the registry. */
enum ayni_standing owner_standing(const struct ayni_registry *registry, const struct place *place,
                                  const struct ayni_space *space,
                                  const struct ayni_chain_lookup *chains);

/* Of a space's record (type 4). */
item_standing space_item_standing;

/* --- registry_grants.c --- */

AYNI_CHECKED enum ayni_status grants_build(const struct build *build);
item_standing grant_item_standing;
item_standing ungrant_item_standing;

/* --- registry_rights.c, registry_endings.c --- */

AYNI_CHECKED enum ayni_status rights_build(const struct build *build);
/* As somebody with such a right there, or a stronger one. */
enum ayni_standing right_standing(const struct ayni_registry *registry,
                                  const struct ayni_space *space, const struct place *place,
                                  enum ayni_right least, const struct ayni_chain_lookup *chains);
AYNI_CHECKED enum ayni_status endings_build(const struct build *build);

/* --- registry_stewards.c, registry_wrapped.c, registry_epochs.c --- */

AYNI_CHECKED enum ayni_status stewards_build(const struct build *build);
item_standing steward_item_standing;
AYNI_CHECKED enum ayni_status wrapped_build(const struct build *build);
item_standing wrapped_item_standing;
AYNI_CHECKED enum ayni_status epochs_build(const struct build *build); /* after the wrapped keys */

/* --- registry_digest.c --- */

AYNI_CHECKED enum ayni_status digest_build(const struct build *build);

#endif
