#ifndef AYNI_PROTO_REGISTRY_H
#define AYNI_PROTO_REGISTRY_H

#include "proto/class.h"
#include "proto/cut.h"
#include "proto/feed.h"
#include "proto/instant.h"
#include "proto/payload.h"
#include "proto/registry_records.h"

/*
 * Who is in the federation and who may do what: a pure function of the *set* of
 * versions in the space `registry` and of the cuts of all spaces. Neither the
 * order in which they came nor anybody's clock here has a say.
 * docs/protocol.md, section 7.
 *
 * A registry is immutable and may be read by any number of threads. When
 * something has changed, a new one is built; ayni_registry_changed() tells
 * whose standing that changes. Everything that is answered borrows from the
 * registry and lives as long as it does.
 */
struct ayni_registry;

/* --- building --- */

/* One version of the space `registry` with its place. All is lent for the call. */
struct ayni_registry_item {
    struct ayni_feed feed; /* the original feed id, also in a segment */
    struct ayni_node node;
    uint64_t seq;
    struct ayni_hash chain;
    struct ayni_instant time;
    const struct ayni_version *version;
};

/* One cut entry of any space, from lane 0 of it, with its place. All is lent for the call. */
struct ayni_registry_cut {
    struct ayni_space space;
    struct ayni_feed feed;
    struct ayni_node node; /* who gives it */
    uint64_t seq;
    struct ayni_hash chain;
    struct ayni_instant time;
    const struct ayni_cut *cut;
};

/*
 * Where an entry stands to a chain that somebody names by (seq, chain hash) of
 * the same feed. While no feed has two histories here, there is nothing to ask:
 * pass NULL for the lookup, and seqs decide.
 */
enum ayni_chain_answer {
    AYNI_CHAIN_NOT_HELD, /* the named chain isn't held: its seq alone counts */
    AYNI_CHAIN_ON,       /* the entry is on it */
    AYNI_CHAIN_OFF,      /* the entry is on another branch */
};
struct ayni_chain_lookup {
    enum ayni_chain_answer (*ask)(void *context, const struct ayni_feed *feed, uint64_t seq,
                                  const struct ayni_hash *chain, uint64_t named_seq,
                                  const struct ayni_hash *named_chain);
    void *context;
};

/*
 * Build from the items and cuts, in any order; one that is there twice counts
 * once. Inputs may go afterwards. `chains` may be NULL and is asked during the
 * call alone.
 *
 *   AYNI_E_MEMORY  its only failure
 */
AYNI_CHECKED enum ayni_status
ayni_registry_build(const struct ayni_node *root, const struct ayni_registry_item *items,
                    size_t item_count, const struct ayni_registry_cut *cuts, size_t cut_count,
                    const struct ayni_chain_lookup *chains, struct ayni_registry **registry);
void ayni_registry_free(struct ayni_registry *registry);

/* The id of the space `registry` itself. */
const struct ayni_space *ayni_registry_id(const struct ayni_registry *registry);
/* Who steers, by the highest root statement; NULL before any is known: then nobody is known. */
const struct ayni_node *ayni_registry_steering(const struct ayni_registry *registry);
/* The newest root statement as it was signed (COSE_Sign1), for tickets; empty if none is known. */
struct ayni_bytes ayni_registry_root_statement(const struct ayni_registry *registry,
                                               uint64_t *number);

/* --- members and organisations --- */

struct ayni_organisation {
    struct ayni_record id;
    struct ayni_bytes code;
    struct ayni_bytes name;
    struct ayni_bytes kind;
    struct ayni_bytes roles; /* words, each followed by a NUL, as struct ayni_fold_item has them */
};

struct ayni_member {
    struct ayni_node node;
    /* From its current card: the one with the highest serial among those it signed. */
    bool has_card;
    struct ayni_bytes card; /* COSE_Sign1, whole */
    uint64_t card_serial;
    struct ayni_bytes name; /* of the card; empty without one */
    uint8_t transport_key[32];
    const struct ayni_bytes *endpoints;
    size_t endpoint_count;

    enum ayni_member_role role;
    bool has_organisation;
    struct ayni_record organisation_id;
    const struct ayni_organisation *organisation; /* NULL: none, or not known here yet */
    bool revoked;                                 /* for ever; else it is a member */
    bool admin; /* of its organisation: its first node until steering names another */
    bool steering;
};

/* All members, revoked ones included, by node key. */
const struct ayni_member *ayni_registry_members(const struct ayni_registry *registry,
                                                size_t *count);
/* NULL if it never was one. */
const struct ayni_member *ayni_registry_member(const struct ayni_registry *registry,
                                               const struct ayni_node *node);
/* The member now, by current transport key: for ZAP. NULL for strangers and who is revoked. */
const struct ayni_member *ayni_registry_member_by_transport(const struct ayni_registry *registry,
                                                            const uint8_t transport_key[32]);
/*
 * By name, node id, or a prefix of 6 characters or more of a node id; who is
 * revoked only if no member now fits.
 *
 *   AYNI_E_NOT_FOUND  no member fits
 *   AYNI_E_USAGE      more than one does
 */
AYNI_CHECKED enum ayni_status ayni_registry_find_member(const struct ayni_registry *registry,
                                                        struct ayni_bytes text,
                                                        const struct ayni_member **member);

/* By code; NULL if there is none. */
const struct ayni_organisation *
ayni_registry_organisation_by_code(const struct ayni_registry *registry, struct ayni_bytes code);

/* --- spaces and rights --- */

struct ayni_space_info {
    struct ayni_space id;
    struct ayni_bytes name;
    enum ayni_class class;
    bool confidential; /* always, if sealed */
    struct ayni_node creator;
    struct ayni_node owner; /* now; all zero for the registry, which nobody owns */
};

/* All spaces by id, without the registry. */
const struct ayni_space_info *ayni_registry_spaces(const struct ayni_registry *registry,
                                                   size_t *count);
/* NULL if it isn't known. The registry itself is an open one of class personal named `registry`: it
 * names stewards and data officers, and its members alone read it. */
const struct ayni_space_info *ayni_registry_space_info(const struct ayni_registry *registry,
                                                       const struct ayni_space *space);
/* By name, id (as a UUID) or a prefix of it; rules and failures as ayni_registry_find_member(). */
AYNI_CHECKED enum ayni_status ayni_registry_find_space(const struct ayni_registry *registry,
                                                       struct ayni_bytes text,
                                                       const struct ayni_space_info **space);

/* Now: its strongest grant without an end. Owners are writers, and members of the registry. */
enum ayni_right ayni_registry_right(const struct ayni_registry *registry,
                                    const struct ayni_node *node, const struct ayni_space *space);
/* Whether `node` gets the feeds of `space`: any right at all. */
bool ayni_registry_may_receive(const struct ayni_registry *registry, const struct ayni_node *node,
                               const struct ayni_space *space);
bool ayni_registry_may_read(const struct ayni_registry *registry, const struct ayni_node *node,
                            const struct ayni_space *space);
/* In the registry every member may write something: ayni_registry_item_standing() says what. */
bool ayni_registry_may_write(const struct ayni_registry *registry, const struct ayni_node *node,
                             const struct ayni_space *space);
/* Whether `by` may grant `right` in `space` to `node`; any ungrant if `right` is NONE. */
bool ayni_registry_may_grant(const struct ayni_registry *registry, const struct ayni_node *by,
                             const struct ayni_space *space, const struct ayni_node *node,
                             enum ayni_right right);
/* Whether `by` may add `node` to, or revoke it from, `organisation` (NULL for none). */
bool ayni_registry_may_admit(const struct ayni_registry *registry, const struct ayni_node *by,
                             const struct ayni_node *node, const struct ayni_record *organisation);

/* Who has had a right in a space, and what it is now: NONE where it has ended. */
struct ayni_standing_pair {
    struct ayni_space space;
    struct ayni_node node;
    enum ayni_right right;
};
/* Of one space, by node; who has a right gets its feeds. None for the registry: all members. */
const struct ayni_standing_pair *ayni_registry_space_members(const struct ayni_registry *registry,
                                                             const struct ayni_space *space,
                                                             size_t *count);

/* Grants that count or counted, by space, node and record. */
struct ayni_grant {
    struct ayni_space space;
    struct ayni_node node;
    struct ayni_record record;
    enum ayni_right right;
    bool ended; /* by an ungrant; a revocation ends all of a node */
};
const struct ayni_grant *ayni_registry_grants(const struct ayni_registry *registry, size_t *count);

/*
 * Rights that have ended, each with what a cut is to name: an owner gives one
 * for its spaces and steering for the registry where `cut_by` doesn't say so
 * already. By space, node, record.
 */
struct ayni_ending {
    struct ayni_space space;
    struct ayni_node node;     /* whose feeds are cut */
    struct ayni_record record; /* the ungrant, revocation, member or space record */
    bool cut_by_owner;
    bool cut_by_steering;
};
const struct ayni_ending *ayni_registry_endings(const struct ayni_registry *registry,
                                                size_t *count);

/* --- validity --- */

enum ayni_standing {
    AYNI_STANDING_NO_RIGHT, /* it doesn't count: quarantined and listed */
    AYNI_STANDING_MARKED, /* its right has ended, no cut says up to where: counts, and is marked */
    AYNI_STANDING_VALID,
};

/*
 * Whether a version in a space other than the registry counts: its writer has,
 * or had when a cut says so, the right to write. `chain` is its chain hash;
 * `chains` may be NULL. About a million a second.
 */
enum ayni_standing ayni_registry_version_standing(const struct ayni_registry *registry,
                                                  const struct ayni_feed_descriptor *descriptor,
                                                  const struct ayni_feed *feed, uint64_t seq,
                                                  const struct ayni_hash *chain,
                                                  const struct ayni_chain_lookup *chains);
/*
 * Whether a version of the registry counts, by its type and writer. The item
 * need not be one that the registry was built from.
 */
enum ayni_standing ayni_registry_item_standing(const struct ayni_registry *registry,
                                               const struct ayni_registry_item *item,
                                               const struct ayni_chain_lookup *chains);

/*
 * Visit each (node, space) whose versions may stand otherwise under `new` than
 * under `old` (which may be NULL), or whose organisation's roles changed. For
 * the registry itself `node` is NULL: all of it is to be folded again.
 */
void ayni_registry_changed(const struct ayni_registry *old, const struct ayni_registry *new,
                           void (*visit)(void *context, const struct ayni_node *node,
                                         const struct ayni_space *space),
                           void *context);

/* --- erasure --- */

/* An entry of a space with its place: an order of erasure (lane 0), or what it would erase. */
struct ayni_registry_entry {
    struct ayni_space space;
    struct ayni_feed feed; /* the original feed id, also in a segment */
    struct ayni_node node; /* who wrote it */
    uint64_t seq;
    struct ayni_hash chain;
    struct ayni_instant time;
};

/*
 * How an order stands to a version of its space: a node's own, an admin node's
 * of what its organisation's nodes wrote while they were of it, and all for the
 * space's owner and steering. NO_RIGHT: out of its reach. Nothing is erased in
 * the registry. docs/protocol.md, section 7.3; `chains` may be NULL.
 */
enum ayni_standing ayni_registry_order_standing(const struct ayni_registry *registry,
                                                const struct ayni_registry_entry *order,
                                                const struct ayni_registry_entry *version,
                                                const struct ayni_chain_lookup *chains);
/* Whether its giver may order anything there at all: NO_RIGHT is quarantined and listed. */
enum ayni_standing ayni_registry_giver_standing(const struct ayni_registry *registry,
                                                const struct ayni_registry_entry *order,
                                                const struct ayni_chain_lookup *chains);
/* Whether an order that `by` gives now would reach the version. */
bool ayni_registry_may_erase(const struct ayni_registry *registry, const struct ayni_node *by,
                             const struct ayni_registry_entry *version);
/* Whether some order may reach otherwise under `new` than under `old`. */
bool ayni_registry_orders_changed(const struct ayni_registry *old, const struct ayni_registry *new);

/* --- stewards and wrapped keys --- */

struct ayni_steward {
    struct ayni_node node;
    struct ayni_bytes name;
    struct ayni_record record;
    enum ayni_steward_role role;
    bool has_key;
    uint8_t key[32];
    bool active;
};
/* Of one node, by name. */
const struct ayni_steward *ayni_registry_stewards(const struct ayni_registry *registry,
                                                  const struct ayni_node *node, size_t *count);

struct ayni_wrapped_key {
    struct ayni_node node; /* who can open it */
    enum ayni_key_purpose purpose;
    struct ayni_space space; /* of a SPACE key; else all zero */
    uint8_t epoch[16];
    struct ayni_bytes box; /* a sealed box */
    struct ayni_node by;
    bool counts; /* else an owner gave it whose right had ended: it opens what it opens, and is of
                    no epoch. Those of the identity key all count */
};
/* To one node; of several with one purpose, space and epoch the first that opens is the one. */
const struct ayni_wrapped_key *ayni_registry_wrapped_keys(const struct ayni_registry *registry,
                                                          const struct ayni_node *node,
                                                          size_t *count);

/* An epoch of a confidential space, of which somebody has been given the key. */
struct ayni_space_epoch {
    struct ayni_space space;
    uint8_t epoch[16];
    bool clean; /* all to whom its key was given may read the space now */
};
/* Of one space, the oldest first: by the place of the first key that was given. */
const struct ayni_space_epoch *ayni_registry_epochs(const struct ayni_registry *registry,
                                                    const struct ayni_space *space, size_t *count);

#endif
