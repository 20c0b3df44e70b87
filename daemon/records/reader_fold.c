#include <stdlib.h>

#include "daemon/records/charter.h"
#include "daemon/records/held_chains.h"
#include "daemon/records/plain_payload.h"
#include "daemon/records/reader_private.h"
#include "daemon/records/tables.h"
#include "proto/registry.h"

static bool fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    struct reader *reader = context;
    struct log_feed held;
    struct feed_facts *facts;

    return held_history(reader->log, feed, seen, &held) == AYNI_OK &&
           reader_facts(reader, held.no, &facts) == AYNI_OK && seen->seq <= facts->seq_max;
}

static bool on_chain(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen,
                     const struct ayni_fold_item *item)
{
    return held_on_chain(((struct reader *)context)->log, feed, seen, item);
}

/* Whether the version counts by the registry. */
static enum ayni_standing standing_of(const struct reader *reader, const struct feed_facts *facts,
                                      const struct ayni_fold_item *item)
{
    const struct ayni_feed_descriptor *descriptor = &facts->feed.descriptor;
    const struct ayni_registry_item registered = {
        .feed = item->feed,
        .node = item->node,
        .seq = item->seq,
        .chain = item->chain,
        .time = item->time,
        .version = item->version,
    };

    const struct ayni_chain_lookup lookup = held_lookup(reader->log);
    const struct ayni_chain_lookup *chains = facts->feed.forked ? &lookup : NULL;

    if (ayni_id_equal(&descriptor->space, &reader->charter->registry_space))
        return ayni_registry_item_standing(reader->charter->registry, &registered, chains);
    return ayni_registry_version_standing(reader->charter->registry, descriptor, &item->feed,
                                          item->seq, &item->chain, chains);
}

/* AYNI_E_MALFORMED, AYNI_E_SIGNATURE: it can't be read; AYNI_E_NOT_FOUND: it isn't here. */
static enum ayni_status read_version(const struct reader *reader, const struct feed_facts *facts,
                                     const struct ayni_entry *entry, struct record_version *version)
{
    struct ayni_bytes plain = entry->payload;
    enum ayni_status status = AYNI_OK;

    if (entry->hollow != AYNI_HOLLOW_NONE)
        return AYNI_E_NOT_FOUND;
    if (payload_is_sealed(entry->payload) != facts->confidential)
        return AYNI_E_MALFORMED;
    if (facts->confidential)
        status = payload_open(reader->charter->epoch_keys, &facts->feed, entry->kind,
                              entry->payload, &version->plain, &plain);
    if (status == AYNI_OK)
        status = ayni_version_decode(plain, &version->version);
    if (status != AYNI_OK)
        ayni_buffer_free(&version->plain);
    return status;
}

/* One version to the end of the state's, if it can be read. */
static enum ayni_status add_version(struct reader *reader, const struct feed_facts *facts,
                                    const struct version_ref *ref, const struct log_entry *entry,
                                    struct record_state *state)
{
    struct ayni_fold_item *item = &state->items[state->count];
    struct record_version *version = &state->versions[state->count];
    enum ayni_standing standing;
    enum ayni_status status = read_version(reader, facts, &entry->entry, version);

    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    state->count++;
    version->feed = ref->feed;
    version->lane = facts->feed.descriptor.lane;
    *item = (struct ayni_fold_item){
        .feed = facts->feed.id,
        .node = facts->feed.descriptor.node,
        .seq = ref->seq,
        .chain = entry->chain,
        .time = entry->entry.time,
        .version = &version->version,
        .roles = facts->roles,
    };
    standing = standing_of(reader, facts, item);
    item->valid = standing != AYNI_STANDING_NO_RIGHT;
    version->marked = standing == AYNI_STANDING_MARKED;
    return AYNI_OK;
}

static enum ayni_status load(struct reader *reader, const struct version_ref *ref,
                             struct record_state *state)
{
    struct feed_facts *facts;
    struct log_entry entry;
    enum ayni_status status = reader_facts(reader, ref->feed, &facts);

    if (status != AYNI_OK)
        return status;
    if (ref->seq > facts->seq_max) { /* by then nobody here knew that it is one of them */
        state->total--;
        return AYNI_OK;
    }
    status = log_get_entry(reader->log, ref->feed, ref->seq, &entry);
    return status == AYNI_OK ? add_version(reader, facts, ref, &entry, state) : status;
}

static enum ayni_status make_room_for_versions(struct record_state *state, size_t count)
{
    state->total = count;
    state->items = calloc(count, sizeof(*state->items));
    state->versions = calloc(count, sizeof(*state->versions));
    return state->items == NULL || state->versions == NULL ? AYNI_E_MEMORY : AYNI_OK;
}

static int by_order(const void *a, const void *b)
{
    return ayni_fold_item_order(a, b);
}

/* By (time, chain hash), each version staying with its item. */
static enum ayni_status sort(struct record_state *state)
{
    struct record_version *sorted;

    if (state->count < 2)
        return AYNI_OK;
    sorted = calloc(state->count, sizeof(*sorted));
    if (sorted == NULL)
        return AYNI_E_MEMORY;
    qsort(state->items, state->count, sizeof(*state->items), by_order);
    for (size_t i = 0; i < state->count; i++) {
        const char *version = (const char *)state->items[i].version;
        memcpy(&sorted[i], version - offsetof(struct record_version, version), sizeof(sorted[i]));
        state->items[i].version = &sorted[i].version;
    }
    free(state->versions);
    state->versions = sorted;
    return AYNI_OK;
}

static enum ayni_status load_all(struct reader *reader, struct ayni_bytes refs,
                                 struct record_state *state)
{
    size_t count = refs.size / VERSION_REF_SIZE;
    enum ayni_status status = make_room_for_versions(state, count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        struct version_ref ref = version_ref_decode(refs.data + i * VERSION_REF_SIZE);
        status = load(reader, &ref, state);
    }
    return status == AYNI_OK ? sort(state) : status;
}

enum ayni_status reader_fold_items(struct reader *reader, const struct ayni_fold_item *items,
                                   size_t count, struct ayni_folded *folded)
{
    struct ayni_fold_chains chains = { .context = reader,
                                       .fits = fits,
                                       .on_chain = reader->any_forked ? on_chain : NULL };
    struct charter *charter = (struct charter *)(uintptr_t)reader->charter; /* the rule reads it */

    return ayni_fold(items, count, &chains, charter_fold_rule, charter, folded);
}

/* What was loaded is `*state` from here on, unless it can't be folded. */
static enum ayni_status fold_and_give(struct reader *reader, struct record_state *made,
                                      struct record_state *state)
{
    enum ayni_status status = reader_fold_items(reader, made->items, made->count, &made->folded);

    if (status != AYNI_OK)
        return status;
    *state = *made;
    *made = (struct record_state){ 0 };
    return AYNI_OK;
}

enum ayni_status reader_fold_only(struct reader *reader, const struct record_key *key,
                                  const struct version_ref *ref, const struct log_entry *entry,
                                  struct record_state *state)
{
    SCOPED_STATE made = { .key = *key };
    struct feed_facts *facts;
    enum ayni_status status = make_room_for_versions(&made, 1);

    if (status == AYNI_OK)
        status = reader_facts(reader, ref->feed, &facts);
    if (status == AYNI_OK)
        status = add_version(reader, facts, ref, entry, &made);
    return status == AYNI_OK ? fold_and_give(reader, &made, state) : status;
}

enum ayni_status reader_fold_single(struct reader *reader, const struct version_ref *ref,
                                    struct record_state *state)
{
    SCOPED_STATE made = { 0 };
    enum ayni_status status = make_room_for_versions(&made, 1);

    if (status == AYNI_OK)
        status = load(reader, ref, &made);
    if (status == AYNI_OK && made.count == 0)
        status = AYNI_E_NOT_FOUND;
    if (status != AYNI_OK)
        return status;
    made.key = (struct record_key){ .space = reader_feed(reader, ref->feed)->descriptor.space,
                                    .type = made.versions[0].version.type,
                                    .record = made.versions[0].version.record };
    return fold_and_give(reader, &made, state);
}

enum ayni_status reader_fold_refs(struct reader *reader, const struct record_key *key,
                                  struct ayni_bytes refs, struct record_state *state)
{
    SCOPED_STATE made = { .key = *key };
    enum ayni_status status =
        refs.size < VERSION_REF_SIZE ? AYNI_E_NOT_FOUND : load_all(reader, refs, &made);

    if (status == AYNI_OK && reader->limits != NULL && made.count == 0)
        status = AYNI_E_NOT_FOUND;
    return status == AYNI_OK ? fold_and_give(reader, &made, state) : status;
}

enum ayni_status reader_fold(struct reader *reader, const struct record_key *key,
                             struct record_state *state)
{
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes refs;
    enum ayni_status status;

    record_key_encode(key, name);
    status = views_get(reader->views, RECORDS_TABLE_RECORDS,
                       (struct ayni_bytes){ name, sizeof(name) }, &refs);
    return status == AYNI_OK ? reader_fold_refs(reader, key, refs, state) : status;
}
