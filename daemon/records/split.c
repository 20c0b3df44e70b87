#include "daemon/records/split.h"

#include <stdio.h>

#include "daemon/records/author.h"
#include "daemon/records/govern.h"
#include "daemon/records/identifier.h"
#include "daemon/records/lane.h"
#include "daemon/records/link_decide.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "daemon/records/split_private.h"
#include "proto/cbor.h"

/* Others write meanwhile: what was read is read again. */
enum { TRIES_MAX = 8 };

static void split_done(struct split *split)
{
    reader_end(split->reader);
    ayni_arena_free(&split->memory);
    ayni_buffer_free(&split->changes);
}

/* --- what the files share --- */

bool split_is_own(const struct split *split, const struct ayni_node *node)
{
    for (size_t i = 0; i < split->request->node_count; i++)
        if (ayni_id_equal(&split->nodes[i], node))
            return true;
    return false;
}

/* What was withdrawn, and withdrawals, say nothing of a child. */
static bool says_something(const struct record_state *state, size_t index)
{
    return state->items[index].valid && !state->folded.withdrawn[index] &&
           state->versions[index].version.act != AYNI_ACT_WITHDRAWAL;
}

enum ayni_status split_part_of(struct split *split, const struct record_state *state,
                               struct split_part *part)
{
    *part = (struct split_part){
        .own = ayni_arena_take(&split->memory, state->count + 1, sizeof(*part->own)),
        .others = ayni_arena_take(&split->memory, state->count + 1, sizeof(*part->others)),
    };
    enum ayni_status status = ayni_arena_status(&split->memory);

    for (size_t i = 0; status == AYNI_OK && i < state->count; i++) {
        if (!says_something(state, i))
            continue;
        if (split_is_own(split, &state->items[i].node))
            part->own[part->own_count++] = state->items[i];
        else
            part->others[part->other_count++] = state->items[i];
    }
    return status;
}

void split_add_field(struct split_fields *fields, uint32_t number)
{
    for (size_t i = 0; i < fields->count; i++)
        if (fields->numbers[i] == number)
            return;
    if (fields->count < EDIT_CHANGED_MAX)
        fields->numbers[fields->count++] = number;
}

void split_draft_begin(struct split *split, struct split_draft *draft, size_t room)
{
    *draft = (struct split_draft){
        .fields = ayni_arena_take(&split->memory, room + 1, sizeof(*draft->fields)),
        .room = room,
    };
}

void split_draft_put(struct split *split, struct split_draft *draft, uint32_t number,
                     struct ayni_bytes value)
{
    const struct ayni_field field = {
        number, { (const uint8_t *)ayni_arena_text(&split->memory, value), value.size }
    };
    size_t at = draft->count;

    if (draft->fields == NULL || draft->count == draft->room)
        return;
    for (; at > 0 && draft->fields[at - 1].number > number; at--)
        draft->fields[at] = draft->fields[at - 1];
    draft->fields[at] = field;
    draft->count++;
}

struct ayni_bytes split_value_of(struct split *split, const struct ayni_record *record)
{
    SCOPED_BUFFER value = { 0 };

    ayni_cbor_put_id(&value, record);
    return (struct ayni_bytes){
        (const uint8_t *)ayni_arena_text(&split->memory, ayni_buffer_bytes(&value)), value.size
    };
}

static void add(struct split *split, const struct record_key *key, const struct split_draft *draft,
                size_t total, uint64_t act)
{
    const struct author_change change = {
        .space = key->space,
        .record = key->record,
        .type = key->type,
        .fields = draft->fields,
        .field_count = draft->count,
        .steward = ayni_bytes_of_text(split->request->steward),
        .reason = ayni_bytes_of_text(act == AYNI_ACT_RESOLUTION ? split->into : split->from),
        .act = act,
        .expects = true,
        .expected = total,
    };

    ayni_buffer_append(&split->changes, &change, sizeof(change));
}

void split_add_change(struct split *split, const struct record_key *key,
                      const struct split_draft *draft, size_t total)
{
    add(split, key, draft, total, AYNI_ACT_RESOLUTION);
}

void split_add_new(struct split *split, const struct record_key *key,
                   const struct split_draft *draft)
{
    add(split, key, draft, 0, AYNI_ACT_EDIT);
}

void split_add_deletion(struct split *split, const struct record_key *key, size_t total)
{
    struct split_draft draft;

    split_draft_begin(split, &draft, 1);
    split_draft_put(split, &draft, 0, ayni_cbor_true());
    add(split, key, &draft, total, AYNI_ACT_RESOLUTION);
}

/* --- who is meant --- */

static enum ayni_status find_node(struct split *split, const char *name, struct ayni_node *node)
{
    const struct ayni_member *member;
    enum ayni_status status = ayni_registry_find_member(reader_charter(split->reader)->registry,
                                                        ayni_bytes_of_text(name), &member);

    if (status == AYNI_OK) {
        *node = member->node;
        return AYNI_OK;
    }
    complain_hint(split->complaint, N_("`ayni member list` lists them"), NULL);
    return complain(split->complaint, AYNI_E_USAGE,
                    status == AYNI_E_USAGE ? N_("more than one member is called {}")
                                           : N_("there is no member {}"),
                    name, NULL);
}

static enum ayni_status find_nodes(struct split *split)
{
    const struct split_request *request = split->request;
    enum ayni_status status = AYNI_OK;

    if (request->node_count == 0 || request->node_count > SPLIT_NODES_MAX)
        return complain(split->complaint, AYNI_E_USAGE, N_("say whose records go over: --node"),
                        NULL);
    for (size_t i = 0; status == AYNI_OK && i < request->node_count; i++)
        status = find_node(split, request->nodes[i], &split->nodes[i]);
    return status;
}

static enum ayni_status find_old(struct split *split)
{
    const struct charter *charter = reader_charter(split->reader);
    char name[NAMES_SIZE];
    enum ayni_status status =
        names_places(split->reader, split->request->id, split->request->space, split->places,
                     SPLIT_PLACES_MAX, &split->place_count, split->complaint);

    if (status != AYNI_OK)
        return status;
    if (split->place_count > SPLIT_PLACES_MAX)
        split->place_count = SPLIT_PLACES_MAX;
    split->has_space = split->request->space != NULL;
    split->space = split->places[0].space;
    split->result->from = split->places[0].record;
    split->result->type = split->places[0].type;
    split->type = ayni_catalogue_type(charter->catalogue, split->places[0].type);
    if (split->type != NULL && split->type->key_is_identifier)
        return AYNI_OK;
    names_of_type(charter, split->places[0].type, name);
    return complain(split->complaint, AYNI_E_INVALID,
                    N_("{} is of type {}: children and persons alone are split"),
                    split->request->id, name, NULL);
}

static void name_sides(struct split *split)
{
    const char *reason = split->request->reason == NULL ? "" : split->request->reason;
    const char *colon = *reason == '\0' ? "" : ": ";
    char id[AYNI_RECORD_TEXT_SIZE];

    split->result->child = identifier_random_id();
    ayni_record_text(&split->result->child, id);
    snprintf(split->into, sizeof(split->into), SPLIT_INTO "%s%s%s", id, colon, reason);
    ayni_record_text(&split->result->from, id);
    snprintf(split->from, sizeof(split->from), SPLIT_FROM "%s%s%s", id, colon, reason);
}

/* --- what it comes to --- */

static enum ayni_status refuse_nothing(struct split *split)
{
    if (split->changes.size == 0)
        return complain(split->complaint, AYNI_E_NOT_FOUND, N_("they wrote nothing of {} alone"),
                        split->request->id, NULL);
    if (split->others)
        return AYNI_OK;
    return complain(split->complaint, AYNI_E_INVALID,
                    N_("all of {} was written by them: nobody is left to part them from"),
                    split->request->id, NULL);
}

static enum ayni_status check_rights(struct split *split)
{
    const struct charter *charter = reader_charter(split->reader);
    const struct author_change *changes = (const struct author_change *)split->changes.data;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < split->changes.size / sizeof(*changes); i++) {
        status = space_access_write(charter, &changes[i].space, split->complaint);
        if (status == AYNI_OK)
            status = govern_check(charter, &changes[i].space, split->request->by_admin,
                                  split->complaint);
    }
    return status;
}

static enum ayni_status plan(struct split *split)
{
    enum ayni_status status = find_old(split);

    if (status == AYNI_OK)
        status = find_nodes(split);
    if (status != AYNI_OK)
        return status;
    name_sides(split);
    status = split_child(split);
    if (status == AYNI_OK)
        status = split_about(split);
    if (status == AYNI_OK)
        status = split_references(split);
    if (status == AYNI_OK && !split->made && split->changes.size > 0)
        status = split_child_from_old(split);
    if (status == AYNI_OK)
        status = ayni_arena_status(&split->memory);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&split->changes);
    if (status == AYNI_OK)
        status = refuse_nothing(split);
    return status == AYNI_OK ? check_rights(split) : status;
}

/* --- writing it --- */

/* So that nobody proposes them as one again. */
static enum ayni_status decide_apart(struct split *split)
{
    char one[AYNI_RECORD_TEXT_SIZE], other[AYNI_RECORD_TEXT_SIZE];
    struct link_result decided;
    struct link_request request = { .one = one,
                                    .other = other,
                                    .verdict = LINK_DIFFERENT,
                                    .why = split->into,
                                    .steward = split->request->steward,
                                    .by_admin = split->request->by_admin,
                                    .english = split->request->english };

    ayni_record_text(&split->result->from, one);
    ayni_record_text(&split->result->child, other);
    return link_decide(split->records, &request, &decided, split->complaint);
}

/* Nobody waits for a write while she reads: the reader goes first. */
static enum ayni_status write_changes(struct split *split)
{
    const struct author_change *changes = (const struct author_change *)split->changes.data;

    reader_end(split->reader);
    split->reader = NULL;
    if (split->request->dry_run)
        return AYNI_OK;
    enum ayni_status status =
        author_write(split->records->author, changes, split->changes.size / sizeof(*changes),
                     lane_of_type(split->type->number), NULL);
    if (status == AYNI_E_RIGHT)
        return space_access_explain(split->records->standing, &changes[0].space, split->complaint);
    return status == AYNI_OK ? decide_apart(split) : status;
}

static enum ayni_status attempt(struct split *split)
{
    enum ayni_status status = reader_begin(split->records, &split->reader);

    *split->result = (struct split_result){ 0 };
    if (status == AYNI_OK)
        status = plan(split);
    return status == AYNI_OK ? write_changes(split) : status;
}

enum ayni_status split_record(struct records *records, const struct split_request *request,
                              struct split_result *result, struct complaint *complaint)
{
    enum ayni_status status = projector_wait_ready(records->projector);

    if (status == AYNI_OK)
        status = AYNI_E_CHANGED;
    for (int i = 0; i < TRIES_MAX && status == AYNI_E_CHANGED && complaint->text == NULL; i++) {
        struct split split = {
            .records = records, .request = request, .result = result, .complaint = complaint
        };
        status = attempt(&split);
        split_done(&split);
    }
    return status;
}
