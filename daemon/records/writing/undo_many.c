#include "daemon/records/writing/undo_many.h"

#include <stdlib.h>

#include "daemon/records/change_feed.h"
#include "daemon/records/links/split.h"
#include "daemon/records/writing/author.h"
#include "daemon/records/writing/lane.h"
#include "daemon/records/writing/settle_private.h"
#include "proto/registry.h"

enum { BATCH = 256 }; /* records written at once */

struct undoing {
    struct records *records;
    const struct undo *undo;
    const struct undo_listener *listener;
    struct ayni_buffer keys; /* struct record_key: where she has settled something since */
    bool stopped;
    struct author_change changes[BATCH]; /* of one reading */
    struct ayni_entry_name withdrawn[BATCH];
    size_t count;
};

static void undoing_free(struct undoing **undoing)
{
    if (*undoing == NULL)
        return;
    ayni_buffer_free(&(*undoing)->keys);
    free(*undoing);
}

/* --- where she has settled something --- */

static bool is_hers(const struct undoing *undoing, const struct ayni_node *node,
                    const struct ayni_version *version)
{
    return version->act == AYNI_ACT_RESOLUTION && ayni_id_equal(node, &undoing->records->node) &&
           ayni_bytes_equal(version->steward, ayni_bytes_of_text(undoing->undo->steward));
}

static bool is_asked(const struct undo *undo, const struct record_key *key)
{
    return (undo->type == 0 || key->type == undo->type) &&
           (undo->space == NULL || ayni_id_equal(&key->space, undo->space)) &&
           (!undo->chosen ||
            (undo->key_count > 0 && bsearch(key, undo->keys, undo->key_count, sizeof(*undo->keys),
                                            record_key_compare) != NULL));
}

static bool note_change(void *context, const struct charter *charter, const struct change *change)
{
    struct undoing *undoing = context;

    (void)charter;
    if (is_hers(undoing, &change->node, change->version) && is_asked(undoing->undo, &change->key))
        ayni_buffer_append(&undoing->keys, &change->key, sizeof(change->key));
    return !undoing->keys.failed;
}

struct since {
    struct ayni_instant time;
    uint64_t arrival;
};

static bool find_first(void *context, const struct log_arrival *arrival)
{
    struct since *since = context;

    since->arrival = arrival->no;
    return arrival->time.ms < since->time.ms;
}

/* From the first arrival since then. */
static enum ayni_status find_beginning(const struct undoing *undoing, struct change_cursor *cursor)
{
    struct since since = { .time = undoing->undo->since };
    struct log_snapshot *log;
    enum ayni_status status = log_snapshot_begin(undoing->records->log, &log);

    if (status != AYNI_OK)
        return status;
    status = log_each_arrival(log, 1, find_first, &since);
    log_snapshot_end(log);
    *cursor = (struct change_cursor){ .arrival = since.arrival };
    return status;
}

static size_t key_count(const struct undoing *undoing)
{
    return undoing->keys.size / sizeof(struct record_key);
}

/* Each once, in order. */
static void sort_keys(struct undoing *undoing)
{
    struct record_key *keys = (struct record_key *)undoing->keys.data;
    size_t count = key_count(undoing), kept = 0;

    if (count > 1)
        qsort(keys, count, sizeof(*keys), record_key_compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || record_key_compare(&keys[i], &keys[kept - 1]) != 0)
            keys[kept++] = keys[i];
    undoing->keys.size = kept * sizeof(*keys);
}

static enum ayni_status gather(struct undoing *undoing)
{
    struct change_cursor cursor;
    bool more = true;
    enum ayni_status status = find_beginning(undoing, &cursor);

    while (status == AYNI_OK && more) {
        status = change_feed_read(undoing->records, &cursor, note_change, undoing, &more);
        if (status == AYNI_OK)
            status = ayni_buffer_status(&undoing->keys);
    }
    if (status == AYNI_OK)
        sort_keys(undoing);
    return status;
}

/* --- what is taken back --- */

static bool may_undo(const struct undoing *undoing, const struct charter *charter,
                     const struct record_key *key)
{
    return (undoing->undo->by_admin || !ayni_id_equal(&key->space, &charter->registry_space)) &&
           ayni_registry_may_write(charter->registry, &undoing->records->node, &key->space);
}

/* The one that would be taken back; state->count where the last one isn't hers, or older. */
static size_t her_last(const struct undoing *undoing, const struct record_state *state)
{
    size_t last = settle_last_resolution(state);
    struct ayni_record parted;

    if (last == state->count || split_of(state, &parted) ||
        !is_hers(undoing, &state->items[last].node, &state->versions[last].version) ||
        state->items[last].time.ms < undoing->undo->since.ms)
        return state->count;
    return settle_shows(state, last) ? last : state->count;
}

static void add_withdrawal(struct undoing *undoing, const struct record_state *state, size_t item)
{
    struct ayni_entry_name *name = &undoing->withdrawn[undoing->count];
    const struct undo *undo = undoing->undo;

    *name = (struct ayni_entry_name){ .feed = state->items[item].feed,
                                      .seq = state->items[item].seq,
                                      .chain = ayni_chain_prefix_of(&state->items[item].chain) };
    undoing->changes[undoing->count++] = (struct author_change){
        .space = state->key.space,
        .record = state->key.record,
        .type = state->key.type,
        .steward = ayni_bytes_of_text(undo->steward),
        .reason = ayni_bytes_of_text(undo->reason == NULL ? "" : undo->reason),
        .act = AYNI_ACT_WITHDRAWAL,
        .withdraws = name,
        .expects = true,
        .expected = state->total,
    };
}

static enum ayni_status choose_record(struct undoing *undoing, struct reader *reader,
                                      const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    const struct ayni_version *version;
    uint32_t fields[EDIT_CHANGED_MAX];
    size_t last, count = 0;
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    last = her_last(undoing, &state);
    if (last == state.count)
        return AYNI_OK;
    version = &state.versions[last].version;
    while (count < version->field_count && count < EDIT_CHANGED_MAX) {
        fields[count] = version->fields[count].number;
        count++;
    }
    undoing->stopped = !undoing->listener->tell(undoing->listener->context, reader_charter(reader),
                                                key, fields, count);
    if (!undoing->stopped)
        add_withdrawal(undoing, &state, last);
    return AYNI_OK;
}

/* --- writing --- */

static enum ayni_status write_each(struct undoing *undoing, const struct author_change *changes,
                                   size_t count, uint8_t lane)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        status = author_append(undoing->records->author, &changes[i], 1, lane, NULL);
        if (status == AYNI_E_CHANGED)
            status = AYNI_OK;
    }
    return status;
}

/* Those of one lane stand together, since those of one type do. */
static enum ayni_status write_batch(struct undoing *undoing)
{
    enum ayni_status status = AYNI_OK;

    for (size_t from = 0, to; status == AYNI_OK && from < undoing->count; from = to) {
        const struct author_change *changes = &undoing->changes[from];
        uint8_t lane = lane_of_type(changes->type);
        for (to = from; to < undoing->count && lane_of_type(undoing->changes[to].type) == lane;)
            to++;
        status = author_append(undoing->records->author, changes, to - from, lane, NULL);
        if (status == AYNI_E_CHANGED)
            status = write_each(undoing, changes, to - from, lane);
    }
    return status;
}

static enum ayni_status choose_batch(struct undoing *undoing, size_t *at)
{
    const struct record_key *keys = (const struct record_key *)undoing->keys.data;
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(undoing->records, &reader);

    for (size_t end = *at + BATCH;
         status == AYNI_OK && !undoing->stopped && *at < key_count(undoing) && *at < end; (*at)++)
        if (may_undo(undoing, reader_charter(reader), &keys[*at]))
            status = choose_record(undoing, reader, &keys[*at]);
    return status;
}

enum ayni_status undo_many(struct records *records, const struct undo *undo,
                           const struct undo_listener *listener)
{
    __attribute__((cleanup(undoing_free))) struct undoing *undoing = calloc(1, sizeof(*undoing));
    enum ayni_status status = undoing == NULL ? AYNI_E_MEMORY : AYNI_OK;

    if (status != AYNI_OK)
        return status;
    undoing->records = records;
    undoing->undo = undo;
    undoing->listener = listener;
    status = gather(undoing);
    for (size_t at = 0; status == AYNI_OK && !undoing->stopped && at < key_count(undoing);) {
        undoing->count = 0;
        status = choose_batch(undoing, &at);
        if (status == AYNI_OK && !undo->dry_run)
            status = write_batch(undoing);
        if (status == AYNI_OK)
            status = listener->written(listener->context);
    }
    if (status == AYNI_OK && !undo->dry_run)
        status = projector_catch_up(records->projector, UINT32_MAX);
    return status;
}
