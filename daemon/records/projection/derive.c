#include "daemon/records/projection/derive.h"

#include "daemon/records/clear_problem.h"
#include "daemon/records/erasure/erasure_problem.h"
#include "daemon/records/held_chains.h"
#include "daemon/records/links/likeness_rows.h"
#include "daemon/records/problem.h"

/* --- problems --- */

/* Take away what was found before, but for what lasts. */
static enum ayni_status drop_problems(struct derive *derive, const struct record_key *key)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes found, value;

    record_key_encode(key, name);
    views_cursor_open(reader_views(derive->reader), RECORDS_TABLE_PROBLEMS,
                      (struct ayni_bytes){ name, sizeof(name) }, &cursor);
    while (views_cursor_next(&cursor, &found, &value))
        if (found.size == PROBLEM_KEY_SIZE && (found.data[RECORD_KEY_SIZE + 4] & 0x80) == 0)
            puts_remove(&derive->problems, found);
    return cursor.status;
}

static void put_problems(struct derive *derive, const struct record_key *key,
                         const struct version_ref *ref, struct ayni_buffer *row)
{
    uint8_t name[PROBLEM_KEY_SIZE];

    if (row->size == 0)
        return;
    problem_key_encode(key, ref, name);
    puts_add(&derive->problems, (struct ayni_bytes){ name, sizeof(name) }, ayni_buffer_bytes(row));
    ayni_buffer_clear(row);
}

static enum ayni_status derive_problems(struct derive *derive, const struct record_state *state,
                                        bool fresh)
{
    SCOPED_BUFFER row = { 0 };
    struct version_ref ref = { 0 };
    enum ayni_status status = fresh ? AYNI_OK : drop_problems(derive, &state->key);

    if (status != AYNI_OK)
        return status;
    problem_of_record(reader_charter(derive->reader), state, &row);
    put_problems(derive, &state->key, &ref, &row);
    for (size_t i = 0; i < state->count; i++) {
        ref = (struct version_ref){ state->versions[i].feed, state->items[i].seq };
        problem_of_version(&state->items[i], state->versions[i].marked, &row);
        put_problems(derive, &state->key, &ref, &row);
    }
    status = erasure_list_problems(derive->reader, &state->key, state, &derive->problems);
    return status == AYNI_OK ? ayni_buffer_status(&row) : status;
}

/* --- what its contexts wait for --- */

/* On a feed that hasn't forked what isn't there yet may come; on one that has, another branch may.
 */
static bool is_missing(struct derive *derive, const struct log_feed *feed,
                       const struct ayni_seen *seen)
{
    struct log_feed history;

    if (!feed->forked)
        return feed->head.seq < seen->seq;
    return held_history(reader_log(derive->reader), &feed->id, seen, &history) != AYNI_OK;
}

/* The feed of one of the items that `seen` names, if it isn't held up to there. */
static const struct log_feed *missing_of(struct derive *derive, const struct record_state *state,
                                         const struct ayni_seen *seen)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct ayni_feed *id = &state->items[i].feed;
        const struct log_feed *feed;
        if (memcmp(id->bytes, seen->feed.bytes, sizeof(seen->feed.bytes)) != 0)
            continue;
        feed = reader_feed(derive->reader, state->versions[i].feed);
        return feed != NULL && is_missing(derive, feed, seen) ? feed : NULL;
    }
    return NULL;
}

/*
 * A context covers only what fits a chain that is held. Pairs that name feeds
 * without a version of this record change nothing until one comes, and then
 * the record is folded anyway.
 */
static void derive_awaits(struct derive *derive, const struct record_state *state)
{
    uint8_t name[AWAIT_KEY_SIZE];

    for (size_t i = 0; state->count > 1 && i < state->count; i++) {
        const struct ayni_version *version = &state->versions[i].version;
        for (size_t j = 0; j < version->seen_count; j++) {
            const struct ayni_seen *seen = &version->seen[j];
            if (seen->own || missing_of(derive, state, seen) == NULL)
                continue;
            await_key_encode(&seen->feed, seen->seq, &state->key, name);
            puts_add(&derive->awaits, (struct ayni_bytes){ name, sizeof(name) },
                     (struct ayni_bytes){ 0 });
        }
    }
}

static enum ayni_status derive_held(struct derive *derive, const struct record_state *state,
                                    bool fresh)
{
    enum ayni_status status = derive_conflict(&derive->conflicts, derive->reader, state, fresh);

    if (status == AYNI_OK)
        status = derive_problems(derive, state, fresh);
    if (status == AYNI_OK)
        status = likeness_rows_renew(reader_views(derive->reader), state, fresh, &derive->likeness);
    if (status == AYNI_OK)
        status = derive_occasion(&derive->occasions, derive->reader, state, fresh);
    if (status == AYNI_OK)
        status = derive_subject(&derive->subjects, reader_charter(derive->reader), state);
    if (status == AYNI_OK)
        derive_awaits(derive, state);
    return status;
}

/* Nothing of it is left. */
static enum ayni_status derive_gone(struct derive *derive, const struct record_key *key)
{
    const struct record_state none = { .key = *key };
    enum ayni_status status = drop_problems(derive, key);

    if (status == AYNI_OK)
        status = derive_no_conflict(&derive->conflicts, derive->reader, key);
    if (status == AYNI_OK)
        status = likeness_rows_drop(reader_views(derive->reader), key, &derive->likeness);
    if (status == AYNI_OK)
        status = derive_no_occasion(&derive->occasions, derive->reader, key);
    if (status == AYNI_OK)
        status = derive_no_subject(&derive->subjects, key);
    return status == AYNI_OK ? erasure_list_problems(derive->reader, key, &none, &derive->problems)
                             : status;
}

/* Versions that can't be read, though they are here. */
static enum ayni_status derive_unread(struct derive *derive, const struct record_state *state)
{
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes refs;

    if (state->count == state->total)
        return AYNI_OK;
    record_key_encode(&state->key, name);
    enum ayni_status status = views_get(reader_views(derive->reader), RECORDS_TABLE_RECORDS,
                                        (struct ayni_bytes){ name, sizeof(name) }, &refs);
    return status == AYNI_OK
               ? clear_list_problems(derive->reader, &state->key, refs, &derive->problems)
               : status;
}

enum ayni_status derive_record(struct derive *derive, const struct record_key *key, bool fresh)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(derive->reader, key, &state);

    if (status == AYNI_E_NOT_FOUND)
        status = derive_gone(derive, key);
    else if (status == AYNI_OK)
        status = derive_held(derive, &state, fresh);
    return status == AYNI_OK ? derive_unread(derive, &state) : status;
}

enum ayni_status derive_only(struct derive *derive, const struct arrived_version *version)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status =
        reader_fold_only(derive->reader, &version->key, &version->ref, &version->entry, &state);

    if (status == AYNI_OK)
        status = derive_held(derive, &state, true);
    if (status == AYNI_OK && state.count == 0) {
        uint8_t ref[VERSION_REF_SIZE];
        version_ref_encode(&version->ref, ref);
        status = clear_list_problems(derive->reader, &version->key,
                                     (struct ayni_bytes){ ref, sizeof(ref) }, &derive->problems);
    }
    return status;
}

enum ayni_status derive_flush(struct derive *derive, struct views_txn *txn)
{
    enum ayni_status status = derive_subjects_flush(&derive->subjects, txn);

    if (status == AYNI_OK)
        status = derive_conflicts_flush(&derive->conflicts, txn);
    if (status == AYNI_OK)
        status = puts_flush(&derive->problems, txn, RECORDS_TABLE_PROBLEMS);
    if (status == AYNI_OK)
        status = puts_flush(&derive->awaits, txn, RECORDS_TABLE_AWAITS);
    if (status == AYNI_OK)
        status = puts_flush(&derive->likeness, txn, RECORDS_TABLE_LIKENESS);
    return status == AYNI_OK ? derive_occasions_flush(&derive->occasions, txn) : status;
}

void derive_free(struct derive *derive)
{
    derive_subjects_free(&derive->subjects);
    derive_conflicts_free(&derive->conflicts);
    puts_free(&derive->problems);
    puts_free(&derive->awaits);
    puts_free(&derive->likeness);
    derive_occasions_free(&derive->occasions);
}
