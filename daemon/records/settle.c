#include "daemon/records/settle.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/assign.h"
#include "daemon/records/authority.h"
#include "daemon/records/decision.h"
#include "daemon/records/edit_check.h"
#include "daemon/records/govern.h"
#include "daemon/records/lane.h"
#include "daemon/records/names.h"
#include "daemon/records/space_access.h"
#include "proto/cbor.h"
#include "proto/value_parse.h"

enum { TRIES_MAX = 8 };

/* A settlement being made, from one state of the record. */
struct settling {
    struct records *records;
    const struct settle_request *request;
    struct edit_result *result;
    struct complaint *complaint;
    struct reader *reader;
    const struct ayni_catalogue_type *type; /* NULL: one that the catalogue doesn't know */
    struct record_key key;
    struct record_state state;
    struct ayni_field fields[EDIT_CHANGED_MAX];
    size_t field_count;
    struct ayni_buffer values[EDIT_CHANGED_MAX]; /* of `fields`: they outlive the reader */
    struct ayni_entry_name withdraws;
    size_t total;                  /* versions that were read */
    struct decision *decisions;    /* of `fields`, where evidence is given */
    struct author_change *changes; /* the settlement, and what records the decisions */
    size_t change_count;
    uint8_t lane;
};

static void settling_done(struct settling *settling)
{
    record_state_free(&settling->state);
    reader_end(settling->reader);
    settling->reader = NULL;
    for (size_t i = 0; i < settling->field_count; i++)
        ayni_buffer_free(&settling->values[i]);
    for (size_t i = 0; settling->decisions != NULL && i < settling->field_count; i++)
        decision_free(&settling->decisions[i]);
    free(settling->decisions);
    free(settling->changes);
}

static enum ayni_status begin(struct settling *settling)
{
    const struct settle_request *request = settling->request;
    enum ayni_status status = reader_begin(settling->records, &settling->reader);

    if (status == AYNI_OK)
        status = names_place(settling->reader, request->id, request->space, &settling->key,
                             settling->complaint);
    if (status == AYNI_OK)
        status = govern_check(reader_charter(settling->reader), &settling->key.space,
                              request->by_admin, settling->complaint);
    if (status != AYNI_OK)
        return status;
    settling->type =
        ayni_catalogue_type(reader_charter(settling->reader)->catalogue, settling->key.type);
    settling->result->key = settling->key;
    status = reader_fold(settling->reader, &settling->key, &settling->state);
    settling->total = settling->state.total;
    return status;
}

static enum ayni_status make_room(struct settling *settling)
{
    settling->changes = calloc(1 + settling->field_count, sizeof(*settling->changes));
    settling->decisions = calloc(1 + settling->field_count, sizeof(*settling->decisions));
    return settling->changes == NULL || settling->decisions == NULL ? AYNI_E_MEMORY : AYNI_OK;
}

/* Behind the settlement, one for each field. */
static enum ayni_status add_decisions(struct settling *settling)
{
    const struct settle_request *request = settling->request;
    const struct decision_wish wish = { request->evidence, request->reason };
    enum ayni_status status = AYNI_OK;

    settling->lane = DECISION_LANE;
    for (size_t i = 0; status == AYNI_OK && i < settling->field_count; i++) {
        status = decision_make(settling->reader, &wish, &settling->key, settling->fields[i].number,
                               &settling->decisions[i], settling->complaint);
        settling->changes[settling->change_count++] =
            decision_change(&settling->decisions[i], &settling->key, request->steward);
    }
    return status;
}

static enum ayni_status write_change(struct settling *settling, uint64_t act)
{
    const struct settle_request *request = settling->request;
    enum ayni_status status = make_room(settling);

    if (status != AYNI_OK)
        return status;
    settling->changes[0] = (struct author_change){
        .space = settling->key.space,
        .record = settling->key.record,
        .type = settling->key.type,
        .fields = settling->fields,
        .field_count = settling->field_count,
        .steward = ayni_bytes_of_text(request->steward),
        .reason = ayni_bytes_of_text(request->reason == NULL ? "" : request->reason),
        .act = act,
        .withdraws = act == AYNI_ACT_WITHDRAWAL ? &settling->withdraws : NULL,
        .expects = true,
        .expected = settling->total,
    };
    settling->change_count = 1;
    settling->lane = lane_of_type(settling->key.type);
    if (act == AYNI_ACT_RESOLUTION && request->evidence != NULL)
        status = add_decisions(settling);
    if (status != AYNI_OK)
        return status;
    record_state_free(&settling->state);
    reader_end(settling->reader);
    settling->reader = NULL; /* nobody waits for a write while she reads */
    status = author_write(settling->records->author, settling->changes, settling->change_count,
                          settling->lane, NULL);
    if (status == AYNI_E_RIGHT)
        return space_access_explain(settling->records->standing, &settling->key.space,
                                    settling->complaint);
    return status;
}

/* --- resolve --- */

/* Keep a field's value, in the order of numbers. */
static enum ayni_status keep(struct settling *settling, uint32_t number, struct ayni_buffer *value)
{
    size_t at = 0;

    while (at < settling->field_count && settling->fields[at].number < number)
        at++;
    if (settling->field_count == EDIT_CHANGED_MAX ||
        (at < settling->field_count && settling->fields[at].number == number))
        return complain(settling->complaint, AYNI_E_USAGE, N_("a field is given twice"), NULL);
    memmove(&settling->fields[at + 1], &settling->fields[at],
            (settling->field_count - at) * sizeof(settling->fields[0]));
    memmove(&settling->values[at + 1], &settling->values[at],
            (settling->field_count - at) * sizeof(settling->values[0]));
    settling->values[at] = *value;
    settling->fields[at] =
        (struct ayni_field){ .number = number, .value = ayni_buffer_bytes(&settling->values[at]) };
    settling->field_count++;
    *value = (struct ayni_buffer){ 0 };
    return AYNI_OK;
}

/* Alive is the first alternative, deleted the second. */
static enum ayni_status choose_deletion(struct settling *settling,
                                        const struct settle_choice *choice)
{
    SCOPED_BUFFER value = { 0 };
    bool by_number = choice->value == NULL;
    bool deleted = by_number ? choice->pick == 2 : strcmp(choice->value, "true") == 0;

    if (!settling->state.folded.delete_contested)
        return complain(settling->complaint, AYNI_E_NOT_FOUND, N_("{} is not contested"),
                        choice->field, NULL);
    if (!deleted && (by_number ? choice->pick != 1 : strcmp(choice->value, "false") != 0))
        return complain(settling->complaint, AYNI_E_USAGE, N_("{} is true or false"), choice->field,
                        NULL);
    if (deleted)
        ayni_cbor_put_bool(&value, true);
    else
        ayni_cbor_put_null(&value);
    return keep(settling, 0, &value);
}

static enum ayni_status refuse_authority(struct settling *settling,
                                         const struct ayni_catalogue_field *field)
{
    char role[64];

    snprintf(role, sizeof(role), "%.*s", (int)field->merge.role.size,
             (const char *)field->merge.role.data);
    complain_hint(settling->complaint, N_("a steward of such an organisation can settle it"), NULL);
    return complain(settling->complaint, AYNI_E_RIGHT,
                    N_("{}: what an organisation with the role {} says goes before others' values"),
                    field->name, role, NULL);
}

/* Whether the field has as many alternatives as the person saw, and two of them at all. */
static enum ayni_status check_alternatives(struct settling *settling,
                                           const struct settle_choice *choice,
                                           const struct ayni_catalogue_field *field,
                                           const struct ayni_folded_field *held)
{
    size_t count = held == NULL ? 0 : held->alternative_count;

    if (settling->request->has_expect && count != settling->request->expect) {
        complain_hint(settling->complaint, N_("look again: `ayni conflicts show`"), NULL);
        return complain(settling->complaint, AYNI_E_CHANGED,
                        N_("the alternatives have changed meanwhile"), NULL);
    }
    if (count < 2)
        return complain(settling->complaint, AYNI_E_NOT_FOUND, N_("{} is not contested"),
                        choice->field, NULL);
    if (authority_is_others(reader_charter(settling->reader), &settling->records->node, field,
                            settling->state.items, held))
        return refuse_authority(settling, field);
    if (choice->value == NULL && (choice->pick == 0 || choice->pick > count)) {
        complain_hint(settling->complaint, N_("`ayni conflicts show` numbers them"), NULL);
        return complain(settling->complaint, AYNI_E_USAGE, N_("{} has no such alternative"),
                        choice->field, NULL);
    }
    return AYNI_OK;
}

static enum ayni_status choose(struct settling *settling, const struct settle_choice *choice)
{
    struct ayni_value_context values = names_values(settling->reader);
    const struct ayni_catalogue_field *field;
    const struct ayni_folded_field *held;
    SCOPED_BUFFER value = { 0 };
    struct ayni_reason reason;
    enum ayni_status status;

    if (strcmp(choice->field, "_deleted") == 0)
        return choose_deletion(settling, choice);
    if (settling->type == NULL)
        return complain(settling->complaint, AYNI_E_USAGE, N_("there is no field {}"),
                        choice->field, NULL);
    status = names_field(settling->type, choice->field, &field, settling->complaint);
    if (status != AYNI_OK)
        return status;
    held = ayni_folded_field(&settling->state.folded, field->number);
    status = check_alternatives(settling, choice, field, held);
    if (status != AYNI_OK)
        return status;
    if (choice->value == NULL) {
        struct ayni_bytes picked = held->alternatives[choice->pick - 1].value;
        ayni_buffer_append(&value, picked.data, picked.size);
    } else {
        status =
            ayni_value_parse(&values, field, ayni_bytes_of_text(choice->value), &value, &reason);
        if (status == AYNI_E_INVALID || status == AYNI_E_RIGHT)
            return complain_reason(settling->complaint, status, &reason, settling->type->name,
                                   field->name);
    }
    return status == AYNI_OK ? keep(settling, field->number, &value) : status;
}

static enum ayni_status resolve(struct settling *settling)
{
    struct edit_change change = { .type = settling->type,
                                  .key = &settling->key,
                                  .before = &settling->state,
                                  .english = settling->request->english };
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < settling->request->choice_count; i++)
        status = choose(settling, &settling->request->choices[i]);
    if (status != AYNI_OK)
        return status;
    if (settling->field_count == 0)
        return complain(settling->complaint, AYNI_E_USAGE, N_("say which fields to settle"), NULL);
    change.fields = settling->fields;
    change.count = settling->field_count;
    if (settling->type != NULL)
        status = edit_check(settling->records, settling->reader, &change, settling->complaint,
                            &settling->result->warnings);
    for (size_t i = 0; i < settling->field_count; i++)
        settling->result->changed[i] = settling->fields[i].number;
    settling->result->changed_count = settling->field_count;
    return status == AYNI_OK ? write_change(settling, AYNI_ACT_RESOLUTION) : status;
}

/* --- unresolve --- */

/* Whether some value that the item set still survives. */
static bool survives(const struct record_state *state, size_t item)
{
    for (size_t i = 0; i < state->folded.field_count; i++)
        for (size_t j = 0; j < state->folded.fields[i].alternative_count; j++) {
            const struct ayni_alternative *alternative = &state->folded.fields[i].alternatives[j];
            for (size_t k = 0; k < alternative->item_count; k++)
                if (alternative->items[k] == item)
                    return true;
        }
    return false;
}

/* The last resolution that counts; state->count where there is none. */
static size_t last_resolution(const struct record_state *state)
{
    for (size_t i = state->count; i > 0; i--)
        if (state->items[i - 1].valid && !state->folded.withdrawn[i - 1] &&
            state->versions[i - 1].version.act == AYNI_ACT_RESOLUTION)
            return i - 1;
    return state->count;
}

static bool sets_deletion(const struct ayni_version *version)
{
    return version->field_count > 0 && version->fields[0].number == 0;
}

static enum ayni_status unresolve(struct settling *settling)
{
    const struct record_state *state = &settling->state;
    size_t last = last_resolution(state);
    const struct ayni_version *version;

    if (last == state->count)
        return complain(settling->complaint, AYNI_E_NOT_FOUND,
                        N_("no resolution of {} counts that could be taken back"),
                        settling->request->id, NULL);
    version = &state->versions[last].version;
    if (!survives(state, last) && !sets_deletion(version))
        return complain(settling->complaint, AYNI_E_NOT_FOUND,
                        N_("a later edit of {} already covers its last resolution"),
                        settling->request->id, NULL);
    settling->withdraws =
        (struct ayni_entry_name){ .feed = state->items[last].feed,
                                  .seq = state->items[last].seq,
                                  .chain = ayni_chain_prefix_of(&state->items[last].chain) };
    for (size_t i = 0; i < version->field_count && i < EDIT_CHANGED_MAX; i++)
        settling->result->changed[i] = version->fields[i].number;
    settling->result->changed_count =
        version->field_count < EDIT_CHANGED_MAX ? version->field_count : EDIT_CHANGED_MAX;
    return write_change(settling, AYNI_ACT_WITHDRAWAL);
}

/* Read, decide and write; once more from the start where somebody wrote in between. */
static enum ayni_status attempt(enum ayni_status (*act)(struct settling *settling),
                                struct records *records, const struct settle_request *request,
                                struct edit_result *result, struct complaint *complaint)
{
    struct settling *settling = malloc(sizeof(*settling));
    enum ayni_status status = projector_wait_ready(records->projector);

    if (settling == NULL)
        return AYNI_E_MEMORY;
    if (status == AYNI_OK)
        status = AYNI_E_CHANGED;
    for (int i = 0; i < TRIES_MAX && status == AYNI_E_CHANGED && complaint->text == NULL; i++) {
        *result = (struct edit_result){ 0 };
        *settling = (struct settling){
            .records = records, .request = request, .result = result, .complaint = complaint
        };
        status = begin(settling);
        if (status == AYNI_OK)
            status = act(settling);
        settling_done(settling);
    }
    free(settling);
    return status;
}

enum ayni_status settle_resolve(struct records *records, const struct settle_request *request,
                                struct edit_result *result, struct complaint *complaint)
{
    return attempt(resolve, records, request, result, complaint);
}

enum ayni_status settle_unresolve(struct records *records, const struct settle_request *request,
                                  struct edit_result *result, struct complaint *complaint)
{
    return attempt(unresolve, records, request, result, complaint);
}
