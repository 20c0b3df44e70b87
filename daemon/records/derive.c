#include "daemon/records/derive.h"

#include <stdlib.h>

#include "daemon/records/clear_problem.h"
#include "daemon/records/conflict.h"
#include "daemon/records/erasure_problem.h"
#include "daemon/records/held_chains.h"
#include "daemon/records/likeness_rows.h"
#include "daemon/records/links.h"
#include "daemon/records/order.h"
#include "daemon/records/problem.h"
#include "proto/catalogue.h"

/* --- subjects --- */

bool derive_reference_in(const struct ayni_version *version, uint32_t field,
                         struct ayni_record *record)
{
    for (size_t i = 0; i < version->field_count; i++) {
        struct ayni_cbor_reader reader;
        if (version->fields[i].number != field)
            continue;
        reader = ayni_cbor_reader(version->fields[i].value);
        ayni_cbor_read_id(&reader, record);
        return ayni_cbor_done(&reader) == AYNI_OK;
    }
    return false;
}

/*
 * All versions count here, also those that lost or have no right: so the index
 * only grows, and who reads it asks the fold.
 */
static void derive_subjects(struct derive *derive, const struct record_state *state)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(derive->reader)->catalogue, state->key.type);
    struct ayni_record subject;
    uint8_t name[SUBJECT_KEY_SIZE];

    if (type == NULL || type->subject_field == 0) {
        ayni_buffer_append(&derive->named, &state->key.record, sizeof(state->key.record));
        return;
    }
    for (size_t i = 0; i < state->count; i++) {
        if (!derive_reference_in(&state->versions[i].version, type->subject_field, &subject))
            continue;
        subject_key_encode(&subject, &state->key, name);
        puts_add(&derive->subjects, (struct ayni_bytes){ name, sizeof(name) },
                 (struct ayni_bytes){ 0 });
        ayni_buffer_append(&derive->named, &subject, sizeof(subject));
    }
}

/* Both whom a link decision is about are named, whichever of them is its subject: what is derived
 * of either may be another. */
static void derive_links(struct derive *derive, const struct record_state *state)
{
    struct ayni_record linked;
    uint8_t name[SUBJECT_KEY_SIZE];

    for (size_t i = 0; state->key.type == LINK_TYPE && i < state->count; i++)
        for (uint32_t field = LINK_FIELD_A; field <= LINK_FIELD_B; field++) {
            if (!derive_reference_in(&state->versions[i].version, field, &linked))
                continue;
            subject_key_encode(&linked, &state->key, name);
            puts_add(&derive->links, (struct ayni_bytes){ name, sizeof(name) },
                     (struct ayni_bytes){ 0 });
            ayni_buffer_append(&derive->named, &linked, sizeof(linked));
        }
}

void derive_unname(struct derive *derive, const struct record_key *key,
                   const struct ayni_record *subject)
{
    uint8_t name[SUBJECT_KEY_SIZE];

    subject_key_encode(subject, key, name);
    puts_remove(&derive->subjects, (struct ayni_bytes){ name, sizeof(name) });
    if (key->type == LINK_TYPE)
        puts_remove(&derive->links, (struct ayni_bytes){ name, sizeof(name) });
    ayni_buffer_append(&derive->named, subject, sizeof(*subject));
}

/* --- conflicts, open and merged --- */

/* Where those of a kind are kept. */
struct kept {
    struct puts *rows, *ages;
    size_t table; /* of the rows */
};

static struct kept kept_of(struct derive *derive, enum conflict_kind kind)
{
    if (kind == CONFLICT_OPEN)
        return (struct kept){ &derive->conflicts, &derive->ages, RECORDS_TABLE_CONFLICTS };
    return (struct kept){ &derive->merged, &derive->merged_ages, RECORDS_TABLE_MERGED };
}

/* What views/ has of it, if it has any. */
static enum ayni_status drop_conflict(struct derive *derive, enum conflict_kind kind,
                                      const struct record_key *key)
{
    struct kept kept = kept_of(derive, kind);
    uint8_t name[RECORD_KEY_SIZE], age[AGE_KEY_SIZE];
    struct ayni_bytes held;

    record_key_encode(key, name);
    enum ayni_status status = views_get(reader_views(derive->reader), kept.table,
                                        (struct ayni_bytes){ name, sizeof(name) }, &held);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (held.size >= 8) {
        age_key_encode((struct ayni_instant){ ayni_get_u64(held.data) }, key, age);
        puts_remove(kept.ages, (struct ayni_bytes){ age, sizeof(age) });
    }
    puts_remove(kept.rows, (struct ayni_bytes){ name, sizeof(name) });
    return AYNI_OK;
}

static enum ayni_status derive_conflict(struct derive *derive, enum conflict_kind kind,
                                        const struct record_state *state, bool fresh)
{
    struct kept kept = kept_of(derive, kind);
    uint8_t name[RECORD_KEY_SIZE], age[AGE_KEY_SIZE];
    struct conflict conflict;
    SCOPED_BUFFER row = { 0 };
    enum ayni_status status = fresh ? AYNI_OK : drop_conflict(derive, kind, &state->key);

    if (status != AYNI_OK || !conflict_of(state, kind, &conflict))
        return status;
    record_key_encode(&state->key, name);
    age_key_encode(conflict.since, &state->key, age);
    conflict_encode(&conflict, &row);
    puts_add(kept.rows, (struct ayni_bytes){ name, sizeof(name) }, ayni_buffer_bytes(&row));
    puts_add(kept.ages, (struct ayni_bytes){ age, sizeof(age) }, (struct ayni_bytes){ 0 });
    return ayni_buffer_status(&row);
}

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
    enum ayni_status status = derive_conflict(derive, CONFLICT_OPEN, state, fresh);

    if (status == AYNI_OK)
        status = derive_conflict(derive, CONFLICT_MERGED, state, fresh);
    if (status == AYNI_OK)
        status = derive_problems(derive, state, fresh);
    if (status == AYNI_OK)
        status = likeness_rows_renew(reader_views(derive->reader), state, fresh, &derive->likeness);
    if (status == AYNI_OK)
        status = derive_occasion(&derive->occasions, derive->reader, state, fresh);
    if (status != AYNI_OK)
        return status;
    derive_subjects(derive, state);
    derive_links(derive, state);
    derive_awaits(derive, state);
    return AYNI_OK;
}

/* Nothing of it is left. It may have been a subject itself. */
static enum ayni_status derive_gone(struct derive *derive, const struct record_key *key)
{
    const struct record_state none = { .key = *key };
    enum ayni_status status = drop_problems(derive, key);

    if (status == AYNI_OK)
        status = drop_conflict(derive, CONFLICT_OPEN, key);
    if (status == AYNI_OK)
        status = drop_conflict(derive, CONFLICT_MERGED, key);
    if (status == AYNI_OK)
        status = likeness_rows_drop(reader_views(derive->reader), key, &derive->likeness);
    if (status == AYNI_OK)
        status = derive_no_occasion(&derive->occasions, derive->reader, key);
    if (status != AYNI_OK)
        return status;
    ayni_buffer_append(&derive->named, &key->record, sizeof(key->record));
    return erasure_list_problems(derive->reader, key, &none, &derive->problems);
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
    if (status == AYNI_OK)
        status = derive_unread(derive, &state);
    return status == AYNI_OK ? ayni_buffer_status(&derive->named) : status;
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
    return status == AYNI_OK ? ayni_buffer_status(&derive->named) : status;
}

static struct ayni_bytes record_at(const void *records, size_t index)
{
    const struct ayni_record *record = (const struct ayni_record *)records + index;

    return (struct ayni_bytes){ record->bytes, sizeof(record->bytes) };
}

enum ayni_status derive_named(struct derive *derive, const struct ayni_record **subjects,
                              size_t *count)
{
    const struct ayni_record *named = (const struct ayni_record *)derive->named.data;
    size_t all = derive->named.size / sizeof(*named);
    uint32_t *order;

    free(derive->named_once);
    derive->named_once = calloc(all + 1, sizeof(*derive->named_once));
    if (derive->named_once == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = order_by_key(named, all, record_at, &order);
    if (status != AYNI_OK)
        return status;
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (*count == 0 || !ayni_id_equal(&derive->named_once[*count - 1], &named[order[i]]))
            derive->named_once[(*count)++] = named[order[i]];
    free(order);
    *subjects = derive->named_once;
    return AYNI_OK;
}

enum ayni_status derive_flush(struct derive *derive, struct views_txn *txn)
{
    enum ayni_status status = puts_flush(&derive->subjects, txn, RECORDS_TABLE_SUBJECTS);

    if (status == AYNI_OK)
        status = puts_flush(&derive->links, txn, RECORDS_TABLE_LINKS);
    if (status == AYNI_OK)
        status = puts_flush(&derive->conflicts, txn, RECORDS_TABLE_CONFLICTS);
    if (status == AYNI_OK)
        status = puts_flush(&derive->ages, txn, RECORDS_TABLE_AGES);
    if (status == AYNI_OK)
        status = puts_flush(&derive->merged, txn, RECORDS_TABLE_MERGED);
    if (status == AYNI_OK)
        status = puts_flush(&derive->merged_ages, txn, RECORDS_TABLE_MERGED_AGES);
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
    puts_free(&derive->subjects);
    puts_free(&derive->links);
    puts_free(&derive->conflicts);
    puts_free(&derive->ages);
    puts_free(&derive->merged);
    puts_free(&derive->merged_ages);
    puts_free(&derive->problems);
    puts_free(&derive->awaits);
    puts_free(&derive->likeness);
    derive_occasions_free(&derive->occasions);
    ayni_buffer_free(&derive->named);
    free(derive->named_once);
}
