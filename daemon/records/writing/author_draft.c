#include "daemon/records/writing/author_draft.h"

#include <stdlib.h>

#include "daemon/records/context.h"
#include "daemon/records/epoch_keys.h"
#include "daemon/records/erasure/erasure.h"
#include "daemon/records/writing/author_secret.h"
#include "proto/registry.h"

enum ayni_status author_draft_begin(struct author_draft *draft)
{
    draft->slot_count = 16;
    while (draft->slot_count < 2 * draft->change_max)
        draft->slot_count *= 2;
    draft->keys = calloc(draft->change_max + 1, sizeof(*draft->keys));
    draft->results = calloc(draft->change_max + 1, sizeof(*draft->results));
    draft->slots = calloc(draft->slot_count, sizeof(*draft->slots));
    return draft->keys == NULL || draft->results == NULL || draft->slots == NULL ? AYNI_E_MEMORY
                                                                                 : AYNI_OK;
}

void author_draft_free(struct author_draft *draft)
{
    free(draft->touched);
    free(draft->runs);
    free(draft->results);
    free(draft->keys);
    free(draft->slots);
    ayni_buffer_free(&draft->scratch);
    ayni_arena_free(&draft->memory);
}

void author_draft_accept(struct author_draft *draft)
{
    for (size_t i = 0; i < draft->touched_count; i++) {
        draft->touched[i].feed->head = draft->touched[i].head;
        draft->touched[i].feed->last_time = draft->touched[i].last_time;
    }
}

/* --- records that were touched before in this call --- */

static size_t *slot_of(struct author_draft *draft, const struct record_key *key)
{
    size_t at = ayni_get_u64(key->record.bytes + 8) & (draft->slot_count - 1);

    while (draft->slots[at] != 0 &&
           record_key_compare(&draft->keys[draft->slots[at] - 1], key) != 0)
        at = (at + 1) & (draft->slot_count - 1);
    return &draft->slots[at];
}

/* --- feeds --- */

static enum ayni_status find_feed(struct author_draft *draft, const struct ayni_space *space,
                                  size_t *index)
{
    struct draft_feed *grown;
    struct author_feed *feed;
    enum ayni_status status;

    for (size_t i = draft->touched_count; i > 0; i--)
        if (ayni_id_equal(&draft->touched[i - 1].feed->descriptor.space, space)) {
            *index = i - 1;
            return AYNI_OK;
        }
    status = author_feed_get(draft->feeds, reader_log(draft->reader), space, draft->lane, &feed);
    if (status != AYNI_OK)
        return status;
    grown = reallocarray(draft->touched, draft->touched_count + 1, sizeof(*grown));
    if (grown == NULL)
        return AYNI_E_MEMORY;
    draft->touched = grown;
    grown[draft->touched_count] =
        (struct draft_feed){ .feed = feed, .head = feed->head, .last_time = feed->last_time };
    *index = draft->touched_count++;
    return AYNI_OK;
}

/* --- runs --- */

static enum ayni_status keep_run(struct author_draft *draft, const struct draft_run *run)
{
    size_t wider = draft->run_capacity == 0 ? 4 : draft->run_capacity * 2;
    struct draft_run *grown = draft->runs;

    if (draft->run_count == draft->run_capacity) {
        grown = reallocarray(draft->runs, wider, sizeof(*grown));
        if (grown == NULL)
            return AYNI_E_MEMORY;
        draft->runs = grown;
        draft->run_capacity = wider;
    }
    grown[draft->run_count++] = *run;
    return AYNI_OK;
}

/* The results of the entries that have just been sealed. */
static void name_entries(struct author_draft *draft, const struct draft_run *run)
{
    for (size_t i = 0; i < run->run.count; i++) {
        struct author_result *result = &draft->results[draft->count - run->run.count + i];
        result->name.feed = draft->touched[run->feed].feed->id;
        result->name.seq = run->before.seq + 1 + i;
        result->name.chain = ayni_chain_prefix_of(&run->chains[i]);
        result->chain = run->chains[i];
    }
}

static enum ayni_status seal_open(struct author_draft *draft)
{
    struct draft_feed *feed;
    struct draft_run run = { .feed = draft->open_feed };

    if (draft->open_count == 0)
        return AYNI_OK;
    feed = &draft->touched[draft->open_feed];
    run.before = feed->head;
    run.run.count = draft->open_count;
    run.run.entries = ayni_arena_take(&draft->memory, run.run.count, sizeof(struct ayni_entry));
    run.chains = ayni_arena_take(&draft->memory, run.run.count, sizeof(struct ayni_hash));
    if (run.run.entries == NULL || run.chains == NULL)
        return AYNI_E_MEMORY;
    memcpy(run.run.entries, draft->open, run.run.count * sizeof(struct ayni_entry));
    ayni_run_seal(&run.run, &feed->feed->id, draft->secret, &run.before, &run.after, run.chains);
    feed->head = run.after;
    name_entries(draft, &run);
    draft->open_count = 0;
    draft->open_size = 0;
    return keep_run(draft, &run);
}

enum ayni_status author_draft_end(struct author_draft *draft)
{
    return seal_open(draft);
}

static size_t run_size_max(uint8_t lane)
{
    return lane == AYNI_LANE_BULK ? AYNI_RUN_PAYLOAD_MAX : AYNI_RUN_PAYLOAD_URGENT_MAX;
}

/* Append an entry to the open run of its feed, which is sealed first where it doesn't fit. */
static enum ayni_status append(struct author_draft *draft, size_t feed, uint64_t kind,
                               struct ayni_bytes payload)
{
    struct draft_feed *to = &draft->touched[feed];
    uint8_t *kept;
    enum ayni_status status;

    if (payload.size > AYNI_PAYLOAD_SIZE_MAX)
        return AYNI_E_LIMIT;
    if (draft->open_count == AYNI_RUN_ENTRIES_MAX || draft->open_feed != feed ||
        draft->open_size + payload.size > run_size_max(draft->lane)) {
        status = seal_open(draft);
        if (status != AYNI_OK)
            return status;
    }
    kept = ayni_arena_take(&draft->memory, payload.size + 1, 1);
    if (kept == NULL)
        return AYNI_E_MEMORY;
    memcpy(kept, payload.data, payload.size);
    if (to->last_time.ms < draft->now.ms)
        to->last_time = draft->now;
    draft->open[draft->open_count++] = (struct ayni_entry){ .kind = kind,
                                                            .time = to->last_time,
                                                            .payload = { kept, payload.size } };
    draft->open_feed = feed;
    draft->open_size += payload.size;
    draft->count++;
    return AYNI_OK;
}

/* The same as the space has it. */
static enum ayni_status append_secret(struct author_draft *draft, size_t feed, uint64_t kind,
                                      struct ayni_bytes plain)
{
    SCOPED_BUFFER room = { 0 };
    struct ayni_bytes payload;
    enum ayni_status status = author_secret(
        reader_charter(draft->reader), draft->touched[feed].feed, kind, plain, &room, &payload);

    return status == AYNI_OK ? append(draft, feed, kind, payload) : status;
}

enum ayni_status author_draft_add_entry(struct author_draft *draft,
                                        const struct author_entry *entry)
{
    size_t feed;
    enum ayni_status status = find_feed(draft, &entry->space, &feed);

    if (status != AYNI_OK)
        return status;
    return entry->kind == AYNI_KIND_ERASE ? append_secret(draft, feed, entry->kind, entry->payload)
                                          : append(draft, feed, entry->kind, entry->payload);
}

/* --- versions --- */

/* Before anybody steers there is only founding: a root statement, and what the same call has after
 * it. */
static bool may_write_registry(struct author_draft *draft, const struct draft_feed *feed,
                               const struct ayni_version *version)
{
    const struct charter *charter = reader_charter(draft->reader);
    struct ayni_registry_item item = {
        .feed = feed->feed->id,
        .node = feed->feed->descriptor.node,
        .seq = feed->head.seq + 1,
        .chain = feed->head.chain,
        .time = feed->last_time.ms < draft->now.ms ? draft->now : feed->last_time,
        .version = version,
    };

    if (ayni_registry_steering(charter->registry) == NULL) {
        draft->founding = draft->founding || version->type == AYNI_TYPE_ROOT_STATEMENT;
        return draft->founding;
    }
    return ayni_registry_item_standing(charter->registry, &item, NULL) == AYNI_STANDING_VALID;
}

static bool may_write(struct author_draft *draft, size_t index, const struct ayni_version *version)
{
    const struct charter *charter = reader_charter(draft->reader);
    struct draft_feed *feed = &draft->touched[index];
    const struct ayni_space *space = &feed->feed->descriptor.space;
    const struct ayni_space_info *info;

    if (ayni_id_equal(space, &charter->registry_space))
        return may_write_registry(draft, feed, version);
    if (!feed->checked) {
        info = ayni_registry_space_info(charter->registry, space);
        feed->may_write =
            info != NULL &&
            ayni_registry_may_write(charter->registry, &draft->feeds->node, space) &&
            (!info->confidential ||
             epoch_keys_newest(charter->epoch_keys, charter->registry, space) != NULL);
        feed->checked = true;
    }
    return feed->may_write;
}

void author_organisation(const struct charter *charter, const struct ayni_node *node, char *text)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, node);
    struct ayni_bytes code = { NULL, 0 };

    if (member != NULL && member->organisation != NULL)
        code = member->organisation->code;
    ayni_node_text(node, text);
    if (code.size == 0 || code.size >= AUTHOR_ORGANISATION_SIZE)
        return;
    memcpy(text, code.data, code.size);
    text[code.size] = 0;
}

/* That of this node. */
static const char *own_organisation(struct author_draft *draft)
{
    if (draft->organisation[0] == 0)
        author_organisation(reader_charter(draft->reader), &draft->feeds->node,
                            draft->organisation);
    return draft->organisation;
}

static void take_salt(struct author_draft *draft, uint8_t salt[16])
{
    size_t most = sizeof(draft->salts) / sizeof(draft->salts[0]);
    size_t come = draft->change_max - draft->count;

    if (draft->salts_left == 0) {
        draft->salts_left = come < 1 ? 1 : come < most ? come : most;
        ayni_random(draft->salts, draft->salts_left * sizeof(draft->salts[0]));
    }
    memcpy(salt, draft->salts[--draft->salts_left], sizeof(draft->salts[0]));
}

static void fill_version(struct author_draft *draft, const struct author_change *change,
                         struct ayni_version *version)
{
    *version = (struct ayni_version){
        .record = change->record,
        .type = change->type,
        .fields = (struct ayni_field *)(uintptr_t)change->fields, /* read alone */
        .field_count = change->field_count,
        .steward = change->steward,
        .reason = change->reason,
        .act = change->act,
        .has_source_day = change->has_source_day,
        .source_day = change->source_day,
        .has_withdraws = change->withdraws != NULL,
        .unknown_meta = change->more_meta,
        .unknown_meta_count = change->more_meta_count,
    };
    take_salt(draft, version->salt);
    if (change->withdraws != NULL)
        version->withdraws = *change->withdraws;
    if (change->origin.size > 0) {
        version->origin_organisation = ayni_bytes_of_text(own_organisation(draft));
        version->origin = change->origin;
    }
}

/* What this node has seen of the record: what it holds, its own write earlier in this call, and
 * orders of erasure. */
static enum ayni_status see(struct author_draft *draft, const struct author_change *change,
                            size_t feed, const struct record_key *key, struct ayni_version *version)
{
    size_t earlier = *slot_of(draft, key);
    struct context_wish wish = {
        .own = &draft->touched[feed].feed->id,
        .expects = change->expects && earlier == 0,
        .expected = change->expected,
    };
    enum ayni_status status = AYNI_OK;

    if (earlier > draft->count - draft->open_count)
        status = seal_open(draft); /* its chain hash is known then */
    if (status == AYNI_OK && earlier != 0) {
        wish.earlier = &draft->results[earlier - 1].name;
        wish.expects = false;
    }
    if (status == AYNI_OK)
        status = context_of(draft->reader, key, &wish, &version->seen, &version->seen_count);
    return status == AYNI_OK ? erasure_seen(draft->reader, key, &version->erases_seen,
                                            &version->erases_seen_count)
                             : status;
}

enum ayni_status author_draft_add(struct author_draft *draft, const struct author_change *change)
{
    struct record_key key = { change->space, change->type, change->record };
    struct ayni_version version;
    size_t feed;
    enum ayni_status status = find_feed(draft, &change->space, &feed);

    if (status != AYNI_OK)
        return status;
    fill_version(draft, change, &version);
    if (!may_write(draft, feed, &version))
        return AYNI_E_RIGHT;
    status = see(draft, change, feed, &key, &version);
    ayni_buffer_clear(&draft->scratch);
    if (status == AYNI_OK)
        ayni_version_encode(&version, &draft->scratch);
    free(version.seen);
    free(version.erases_seen);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&draft->scratch);
    if (status == AYNI_OK)
        status = append_secret(draft, feed, AYNI_KIND_VERSION, ayni_buffer_bytes(&draft->scratch));
    if (status != AYNI_OK)
        return status;
    draft->keys[draft->count - 1] = key;
    *slot_of(draft, &key) = draft->count;
    return AYNI_OK;
}
