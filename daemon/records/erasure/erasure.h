#ifndef AYNI_DAEMON_RECORDS_ERASURE_H
#define AYNI_DAEMON_RECORDS_ERASURE_H

#include "daemon/records/reader.h"
#include "daemon/records/tables.h"
#include "proto/erase.h"
#include "proto/payload.h"
#include "proto/registry.h"

/*
 * What is erased: docs/protocol.md, section 4.7. A version is erased if an
 * order that reaches its writer names it in a range, or is about its record
 * and isn't among those that the version has seen. That is asked of the order,
 * the registry and the version, never of what came first. What is erased is in
 * no row of RECORDS and so for nobody there; its payload goes from the log soon
 * after (daemon/records/erasure/drop.h).
 */

/* What stays of a version here when its payload goes: enough to ask again. */
struct erasure_stub {
    struct ayni_record record;
    uint32_t type;                  /* 0: it was no version that could be read */
    struct ayni_chain_prefix *seen; /* meta 7; free() it */
    size_t seen_count;
};
void erasure_stub_encode(const struct ayni_version *version, struct ayni_buffer *to);
/* AYNI_E_NOT_FOUND: the entry has none, or it says nothing. */
AYNI_CHECKED enum ayni_status erasure_stub_get(struct log_snapshot *log,
                                               const struct version_ref *ref,
                                               struct erasure_stub *stub);

/* --- orders --- */

struct erasure_order {
    struct version_ref ref;
    struct ayni_registry_entry place;
    bool readable; /* the record and type are known */
    bool adds;     /* to an earlier order: it has its ranges and nothing else */
    struct record_key key;
};
/* AYNI_E_NOT_FOUND: there is no such order. */
AYNI_CHECKED enum ayni_status erasure_order_get(struct reader *reader,
                                                const struct version_ref *ref,
                                                struct erasure_order *order);
/* The name by which others know it. */
struct ayni_entry_name erasure_order_name(const struct erasure_order *order);
/* Each order of a space, or of all (NULL); `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
erasure_each_order(struct reader *reader, const struct ayni_space *space,
                   bool (*visit)(void *context, const struct erasure_order *order), void *context);
/* The orders of a record that add to no other, whether they count or not. */
AYNI_CHECKED enum ayni_status
erasure_each_order_of(struct reader *reader, const struct record_key *key,
                      bool (*visit)(void *context, const struct erasure_order *order),
                      void *context);
/* How it stands to what `node` would write in its space now. */
enum ayni_standing erasure_order_standing(struct reader *reader, const struct erasure_order *order,
                                          const struct ayni_registry_entry *version);

/*
 * What a version of the record is to name (meta 7): the orders that are here,
 * ascending. The array is allocated, NULL for none: the caller frees it with free().
 */
AYNI_CHECKED enum ayni_status erasure_seen(struct reader *reader, const struct record_key *key,
                                           struct ayni_chain_prefix **seen, size_t *count);
/* Whether the record stands erased to `node`: nothing of it is here, and an order reaches what
 * that node would write of it. */
AYNI_CHECKED enum ayni_status erasure_stands(struct reader *reader, const struct record_key *key,
                                             const struct ayni_node *node, bool *stands);

/* --- versions --- */

/* An entry of kind 1 that is to be judged. All is lent. */
struct erasure_version {
    struct version_ref ref;
    const struct log_feed *feed;
    struct ayni_hash chain;
    struct ayni_instant time;
    const struct record_key *key; /* NULL where it isn't known: ranges alone can name it */
    const struct ayni_chain_prefix *seen;
    size_t seen_count;
};

struct erasure_verdict {
    bool ordered;       /* by an order about its record that it hasn't seen */
    bool named;         /* in a range of an order that reaches it */
    bool named_at_once; /* of one that adds to no other: its giver knew the version */
};
static inline bool erasure_is_erased(const struct erasure_verdict *verdict)
{
    return verdict->ordered || verdict->named;
}

/* `orders` may be NULL: else the refs of those that erase it are appended, perhaps twice. */
AYNI_CHECKED enum ayni_status erasure_judge(struct reader *reader,
                                            const struct erasure_version *version,
                                            struct erasure_verdict *verdict,
                                            struct ayni_buffer *orders);
/* Whether there are any orders here at all: mostly there is nothing to ask. */
AYNI_CHECKED enum ayni_status erasure_is_known(struct views_snapshot *views, bool *known);
/* The same of one record, and of the ranges in one feed. */
AYNI_CHECKED enum ayni_status erasure_has_orders(struct views_snapshot *views,
                                                 const struct record_key *key, bool *has);
AYNI_CHECKED enum ayni_status erasure_has_ranges(struct views_snapshot *views,
                                                 const struct ayni_feed *feed, bool *has);

#endif
