#include "daemon/view/approval.h"

#include "daemon/records/walk.h"
#include "daemon/view/shown.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "proto/text.h"

const char approval_workflow[] = "monthly_act";

static const char *const states[APPROVAL_STATES] = { "ready", "approved", "accepted", "returned" };

const char *approval_state_name(enum approval_state state)
{
    return states[state];
}

static enum approval_state state_of(struct ayni_bytes name)
{
    enum approval_state state = 0;

    while (state < APPROVAL_STATES && !ayni_bytes_equal(name, ayni_bytes_of_text(states[state])))
        state++;
    return state;
}

bool approval_holds(const struct approval *approval)
{
    return approval->counts &&
           (approval->state == APPROVAL_APPROVED || approval->state == APPROVAL_ACCEPTED);
}

static bool is_in(const char *place, const char *territory)
{
    return strncmp(place, territory, strlen(territory)) == 0;
}

/* --- what its record shows --- */

enum ayni_status approval_key(const struct charter *charter, const struct approval_scope *scope,
                              const char *workflow, enum party_level level, struct record_key *key)
{
    SCOPED_BUFFER bytes = { 0 };
    size_t ends[4];
    struct ayni_bytes values[4];

    if (charter->identity_key == NULL)
        return AYNI_E_RIGHT;
    ayni_cbor_put_string(&bytes, scope->territory);
    ends[0] = bytes.size;
    ayni_cbor_put_int(&bytes, month_first_day(scope->month));
    ends[1] = bytes.size;
    ayni_cbor_put_string(&bytes, workflow);
    ends[2] = bytes.size;
    ayni_cbor_put_string(&bytes, party_level_name(level));
    ends[3] = bytes.size;
    if (ayni_buffer_status(&bytes) != AYNI_OK)
        return ayni_buffer_status(&bytes);
    for (size_t i = 0, start = 0; i < 4; start = ends[i++])
        values[i] = (struct ayni_bytes){ bytes.data + start, ends[i] - start };
    key->space = scope->space;
    key->type = APPROVAL_TYPE;
    return ayni_derived_id(charter->identity_key, APPROVAL_TYPE, values, 4, &key->record);
}

static bool copy_shown(const struct record_state *state, uint32_t field, char *to, size_t size)
{
    struct ayni_bytes text = shown_text(record_state_value(state, field));

    to[0] = '\0';
    return text.size > 0 && ayni_text_copy(text, to, size);
}

/* Whoever approves says what: another one's word of it is none. */
static bool is_own_content(const struct charter *charter, const struct record_state *state,
                           enum party_level level)
{
    const struct ayni_folded_field *field = ayni_folded_field(&state->folded, APPROVAL_CONTENT);

    if (field == NULL || field->alternative_count == 0)
        return false;
    const struct ayni_alternative *shown = &field->alternatives[0];
    for (size_t i = 0; i < shown->item_count; i++)
        if (party_has_level(party_of_node(charter, &state->items[shown->items[i]].node), level))
            return true;
    return false;
}

static bool read_content(const struct record_state *state, struct ayni_hash *content)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(record_state_value(state, APPROVAL_CONTENT));

    ayni_cbor_read_id(&reader, content);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

/* Who approves is of the level, who accepts or returns of the next one. */
static bool may_say(const struct charter *charter, const struct approval *approval)
{
    bool by_next = approval->state == APPROVAL_ACCEPTED || approval->state == APPROVAL_RETURNED;
    enum party_level level = approval->level + (by_next ? 1 : 0);

    return level < PARTY_LEVELS && party_has_level(party_of_node(charter, &approval->node), level);
}

/* The state that is shown, and by whom. */
static bool read_state(const struct charter *charter, const struct record_state *state,
                       struct approval *approval)
{
    const struct ayni_folded_field *field = ayni_folded_field(&state->folded, APPROVAL_STATE);

    if (field == NULL || field->alternative_count == 0)
        return false;
    const struct ayni_fold_item *item = &state->items[field->alternatives[0].items[0]];
    approval->state = state_of(shown_text(field->shown));
    approval->node = item->node;
    approval->time = item->time;
    if (approval->state == APPROVAL_STATES)
        return false;
    approval->counts =
        may_say(charter, approval) && is_own_content(charter, state, approval->level);
    return true;
}

enum ayni_status approval_of_state(const struct charter *charter, const struct record_state *state,
                                   struct approval *approval)
{
    int64_t day;

    *approval = (struct approval){ .key = state->key, .contested = state->folded.contested };
    approval->scope.space = state->key.space;
    approval->level = party_level_of(shown_text(record_state_value(state, APPROVAL_LEVEL)));
    if (record_state_gone(state) || approval->level == PARTY_LEVELS ||
        !copy_shown(state, APPROVAL_TERRITORY, approval->scope.territory,
                    sizeof(approval->scope.territory)) ||
        !copy_shown(state, APPROVAL_WORKFLOW, approval->workflow, sizeof(approval->workflow)) ||
        !shown_day(record_state_value(state, APPROVAL_MONTH), &day) ||
        !read_content(state, &approval->content) || !read_state(charter, state, approval))
        return AYNI_E_NOT_FOUND;
    approval->scope.month = month_of_day(day);
    copy_shown(state, APPROVAL_REASON, approval->reason, sizeof(approval->reason));
    return AYNI_OK;
}

enum ayni_status approval_read(struct reader *reader, const struct record_key *key,
                               struct approval *approval)
{
    SCOPED_STATE state = { 0 };
    enum ayni_status status = reader_fold(reader, key, &state);

    return status == AYNI_OK ? approval_of_state(reader_charter(reader), &state, approval) : status;
}

/* --- many --- */

static bool passes(const struct approval_filter *filter, const struct approval *approval)
{
    return (!filter->has_month || filter->month == approval->scope.month) &&
           (filter->workflow == NULL || strcmp(filter->workflow, approval->workflow) == 0) &&
           (filter->territory == NULL || is_in(approval->scope.territory, filter->territory));
}

enum ayni_status approvals_each(struct reader *reader, const struct approval_filter *filter,
                                approval_visit *visit, void *context)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    struct approval approval;

    walk_type(reader, filter->space, APPROVAL_TYPE, &walk);
    while (walk_next(&walk, &key)) {
        enum ayni_status status = approval_read(reader, &key, &approval);
        if (status == AYNI_E_NOT_FOUND)
            continue;
        if (status != AYNI_OK)
            return status;
        if (passes(filter, &approval) && !visit(context, &approval))
            break;
    }
    return walk.status;
}

/* Whether it shows what its id was made of. */
static bool is_about(const struct approval *approval, const struct approval_scope *scope,
                     const char *workflow, enum party_level level)
{
    return approval->level == level && approval->scope.month == scope->month &&
           strcmp(approval->scope.territory, scope->territory) == 0 &&
           strcmp(approval->workflow, workflow) == 0;
}

/* By its key: of the department, the province, the district. */
enum ayni_status approval_covering(struct reader *reader, const struct approval_scope *district,
                                   const char *workflow, enum party_level level,
                                   struct approval *approval)
{
    struct approval_scope around = *district;

    for (size_t digits = 2; digits <= strlen(district->territory); digits += 2) {
        struct record_key key;
        memcpy(around.territory, district->territory, digits);
        around.territory[digits] = '\0';
        enum ayni_status status =
            approval_key(reader_charter(reader), &around, workflow, level, &key);
        if (status == AYNI_OK)
            status = approval_read(reader, &key, approval);
        if (status == AYNI_OK && approval_holds(approval) &&
            is_about(approval, &around, workflow, level))
            return AYNI_OK;
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
    }
    return AYNI_E_NOT_FOUND;
}
