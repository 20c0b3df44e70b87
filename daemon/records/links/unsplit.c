#include "daemon/records/links/unsplit.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/links/link_decide.h"
#include "daemon/records/links/split_private.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "daemon/records/walk.h"
#include "daemon/records/writing/author.h"
#include "daemon/records/writing/lane.h"
#include "proto/cbor.h"

enum { BEGIN_SIZE = 64 };

/* One being taken back, from one state of the records. */
struct unsplitting {
    struct records *records;
    const struct unsplit_request *request;
    struct unsplit_result *result;
    struct complaint *complaint;
    struct reader *reader;                      /* until it is written */
    struct record_key places[SPLIT_PLACES_MAX]; /* of the new one */
    size_t place_count;
    char into[BEGIN_SIZE], from[BEGIN_SIZE]; /* how reasons of the split begin */
    struct ayni_buffer keys;                 /* struct record_key: what it may have changed */
    struct ayni_arena memory;
    struct ayni_buffer changes; /* struct author_change; they borrow from `memory` */
    bool decided;               /* the two are `different` by the split */
};

static void unsplitting_done(struct unsplitting *unsplitting)
{
    reader_end(unsplitting->reader);
    ayni_buffer_free(&unsplitting->keys);
    ayni_buffer_free(&unsplitting->changes);
    ayni_arena_free(&unsplitting->memory);
}

static bool begins(struct ayni_bytes reason, const char *begin)
{
    size_t size = strlen(begin);

    return reason.size >= size && memcmp(reason.data, begin, size) == 0;
}

/* --- which split it was --- */

/* The version that made the new one names the old one. */
static bool read_from(const struct record_state *state, struct ayni_record *from)
{
    for (size_t i = 0; i < state->count; i++)
        if (state->items[i].valid &&
            split_reason_names(state->versions[i].version.reason, SPLIT_FROM, from))
            return true;
    return false;
}

static enum ayni_status refuse(struct unsplitting *unsplitting)
{
    return complain(unsplitting->complaint, AYNI_E_NOT_FOUND,
                    N_("{} was not split from another, or that was taken back"),
                    unsplitting->request->id, NULL);
}

static enum ayni_status find_split(struct unsplitting *unsplitting)
{
    struct unsplit_result *result = unsplitting->result;
    char id[AYNI_RECORD_TEXT_SIZE];
    bool found = false;
    enum ayni_status status =
        names_places(unsplitting->reader, unsplitting->request->id, NULL, unsplitting->places,
                     SPLIT_PLACES_MAX, &unsplitting->place_count, unsplitting->complaint);

    if (unsplitting->place_count > SPLIT_PLACES_MAX)
        unsplitting->place_count = SPLIT_PLACES_MAX;
    for (size_t i = 0; status == AYNI_OK && !found && i < unsplitting->place_count; i++) {
        SCOPED_STATE state = { 0 };
        status = reader_fold(unsplitting->reader, &unsplitting->places[i], &state);
        found = status == AYNI_OK && read_from(&state, &result->from);
    }
    if (status != AYNI_OK)
        return status;
    if (!found)
        return refuse(unsplitting);
    result->child = unsplitting->places[0].record;
    ayni_record_text(&result->child, id);
    snprintf(unsplitting->into, sizeof(unsplitting->into), SPLIT_INTO "%s", id);
    ayni_record_text(&result->from, id);
    snprintf(unsplitting->from, sizeof(unsplitting->from), SPLIT_FROM "%s", id);
    return AYNI_OK;
}

/* --- what it may have changed --- */

static void add_key(struct unsplitting *unsplitting, const struct record_key *key)
{
    ayni_buffer_append(&unsplitting->keys, key, sizeof(*key));
}

static enum ayni_status add_walked(struct unsplitting *unsplitting, struct walk *walk)
{
    struct record_key key;

    while (walk_next(walk, &key))
        add_key(unsplitting, &key);
    enum ayni_status status = walk->status;
    walk_close(walk);
    return status;
}

static enum ayni_status add_places(struct unsplitting *unsplitting,
                                   const struct ayni_record *record)
{
    struct record_key places[SPLIT_PLACES_MAX];
    struct walk about;
    size_t count;
    enum ayni_status status =
        reader_find(unsplitting->reader, record, 0, NULL, places, SPLIT_PLACES_MAX, &count);

    for (size_t i = 0; status == AYNI_OK && i < count && i < SPLIT_PLACES_MAX; i++)
        add_key(unsplitting, &places[i]);
    if (status != AYNI_OK)
        return status;
    walk_subject(unsplitting->reader, record, &about);
    return add_walked(unsplitting, &about);
}

static enum ayni_status gather(struct unsplitting *unsplitting)
{
    const struct ayni_catalogue *catalogue = reader_charter(unsplitting->reader)->catalogue;
    const struct ayni_catalogue_type *named =
        ayni_catalogue_type(catalogue, unsplitting->places[0].type);
    enum ayni_status status = add_places(unsplitting, &unsplitting->result->from);

    if (status == AYNI_OK)
        status = add_places(unsplitting, &unsplitting->result->child);
    for (size_t i = 0; status == AYNI_OK && named != NULL && i < catalogue->type_count; i++) {
        struct walk walk;
        if (!split_may_name(named, &catalogue->types[i]))
            continue;
        walk_type(unsplitting->reader, NULL, catalogue->types[i].number, &walk);
        status = add_walked(unsplitting, &walk);
    }
    size_t count = unsplitting->keys.size / sizeof(struct record_key);
    if (count > 1)
        qsort(unsplitting->keys.data, count, sizeof(struct record_key), record_key_compare);
    return status == AYNI_OK ? ayni_buffer_status(&unsplitting->keys) : status;
}

/* --- what is taken back --- */

static void add_change(struct unsplitting *unsplitting, const struct record_state *state,
                       const struct ayni_field *field, const struct ayni_entry_name *withdraws)
{
    const struct unsplit_request *request = unsplitting->request;
    const struct author_change change = {
        .space = state->key.space,
        .record = state->key.record,
        .type = state->key.type,
        .fields = field,
        .field_count = field == NULL ? 0 : 1,
        .steward = ayni_bytes_of_text(request->steward),
        .reason = ayni_bytes_of_text(request->reason == NULL ? "" : request->reason),
        .act = withdraws == NULL ? AYNI_ACT_EDIT : AYNI_ACT_WITHDRAWAL,
        .withdraws = withdraws,
        .expects = true,
        .expected = state->total,
    };

    ayni_buffer_append(&unsplitting->changes, &change, sizeof(change));
}

static void withdraw(struct unsplitting *unsplitting, const struct record_state *state,
                     size_t index)
{
    const struct ayni_fold_item *item = &state->items[index];
    struct ayni_entry_name *name = ayni_arena_take(&unsplitting->memory, 1, sizeof(*name));

    if (name == NULL)
        return;
    *name = (struct ayni_entry_name){ item->feed, item->seq, ayni_chain_prefix_of(&item->chain) };
    add_change(unsplitting, state, NULL, name);
    unsplitting->result->restored++;
}

/* It was made by the split; what somebody has written on it since is hers. */
static void unmake(struct unsplitting *unsplitting, const struct record_state *state)
{
    struct ayni_field *field = ayni_arena_take(&unsplitting->memory, 1, sizeof(*field));

    if (field == NULL || record_state_gone(state))
        return;
    if (state->total > 1) {
        unsplitting->result->kept++;
        return;
    }
    *field = (struct ayni_field){ 0, ayni_cbor_true() };
    add_change(unsplitting, state, field, NULL);
    unsplitting->result->deleted++;
}

static enum ayni_status take_back(struct unsplitting *unsplitting, const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(unsplitting->reader, key, &state);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    for (size_t i = 0; i < state.count; i++) {
        const struct ayni_version *version = &state.versions[i].version;
        if (!state.items[i].valid || state.folded.withdrawn[i])
            continue;
        if (version->act == AYNI_ACT_RESOLUTION && begins(version->reason, unsplitting->into)) {
            withdraw(unsplitting, &state, i);
            return AYNI_OK;
        }
        if (version->act == AYNI_ACT_EDIT && begins(version->reason, unsplitting->from)) {
            unmake(unsplitting, &state);
            return AYNI_OK;
        }
    }
    return AYNI_OK;
}

static enum ayni_status take_all_back(struct unsplitting *unsplitting)
{
    const struct record_key *keys = (const struct record_key *)unsplitting->keys.data;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < unsplitting->keys.size / sizeof(*keys); i++)
        if (i == 0 || record_key_compare(&keys[i - 1], &keys[i]) != 0)
            status = take_back(unsplitting, &keys[i]);
    if (status == AYNI_OK)
        status = ayni_arena_status(&unsplitting->memory);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&unsplitting->changes);
    return status == AYNI_OK && unsplitting->changes.size == 0 ? refuse(unsplitting) : status;
}

static enum ayni_status plan(struct unsplitting *unsplitting)
{
    struct link link;
    enum ayni_status status = find_split(unsplitting);

    if (status == AYNI_OK)
        status = gather(unsplitting);
    if (status == AYNI_OK)
        status = take_all_back(unsplitting);
    if (status == AYNI_OK)
        status = split_check_rights(unsplitting->reader, &unsplitting->changes,
                                    unsplitting->request->by_admin, unsplitting->complaint);
    if (status != AYNI_OK)
        return status;
    status = links_verdict(unsplitting->reader, &unsplitting->result->from,
                           &unsplitting->result->child, &link);
    unsplitting->decided = status == AYNI_OK && link.verdict == LINK_DIFFERENT;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

/* --- writing it --- */

static enum ayni_status undecide(struct unsplitting *unsplitting)
{
    char one[AYNI_RECORD_TEXT_SIZE], other[AYNI_RECORD_TEXT_SIZE];
    struct link_result result;
    struct link_request request = { .one = one,
                                    .other = other,
                                    .verdict = LINK_UNDECIDED,
                                    .why = unsplitting->request->reason,
                                    .steward = unsplitting->request->steward,
                                    .by_admin = unsplitting->request->by_admin,
                                    .english = unsplitting->request->english };

    ayni_record_text(&unsplitting->result->from, one);
    ayni_record_text(&unsplitting->result->child, other);
    return link_decide(unsplitting->records, &request, &result, unsplitting->complaint);
}

static enum ayni_status write_changes(struct unsplitting *unsplitting)
{
    const struct author_change *changes = (const struct author_change *)unsplitting->changes.data;

    reader_end(unsplitting->reader); /* nobody waits for a write while she reads */
    unsplitting->reader = NULL;
    enum ayni_status status = author_write(unsplitting->records->author, changes,
                                           unsplitting->changes.size / sizeof(*changes),
                                           lane_of_type(unsplitting->places[0].type), NULL);
    if (status == AYNI_E_RIGHT)
        return space_access_explain(unsplitting->records->standing, &changes[0].space,
                                    unsplitting->complaint);
    return status == AYNI_OK && unsplitting->decided ? undecide(unsplitting) : status;
}

static enum ayni_status attempt_one(void *context)
{
    struct unsplitting unsplitting = *(const struct unsplitting *)context; /* what is asked for */
    enum ayni_status status = reader_begin(unsplitting.records, &unsplitting.reader);

    *unsplitting.result = (struct unsplit_result){ .restored = 0 };
    if (status == AYNI_OK)
        status = plan(&unsplitting);
    if (status == AYNI_OK)
        status = write_changes(&unsplitting);
    unsplitting_done(&unsplitting);
    return status;
}

enum ayni_status unsplit_record(struct records *records, const struct unsplit_request *request,
                                struct unsplit_result *result, struct complaint *complaint)
{
    struct unsplitting asked = {
        .records = records, .request = request, .result = result, .complaint = complaint
    };

    return attempts(records, attempt_one, &asked, complaint);
}
