#include "daemon/records/govern.h"
#include "daemon/records/links/split_private.h"
#include "daemon/records/space_access.h"
#include "daemon/records/writing/author.h"
#include "proto/cbor.h"

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

bool split_reason_names(struct ayni_bytes reason, const char *begin, struct ayni_record *record)
{
    size_t size = strlen(begin);
    struct ayni_bytes id = { reason.data + size, AYNI_RECORD_TEXT_SIZE - 1 };

    return reason.size >= size + id.size && memcmp(reason.data, begin, size) == 0 &&
           ayni_record_parse(id, record) == AYNI_OK;
}

bool split_of(const struct record_state *state, struct ayni_record *child)
{
    bool found = false;

    for (size_t i = 0; i < state->count; i++)
        if (says_something(state, i) &&
            split_reason_names(state->versions[i].version.reason, SPLIT_INTO, child))
            found = true;
    return found;
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

enum ayni_status split_check_rights(struct reader *reader, const struct ayni_buffer *changes,
                                    bool by_admin, struct complaint *complaint)
{
    const struct charter *charter = reader_charter(reader);
    const struct author_change *all = (const struct author_change *)changes->data;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < changes->size / sizeof(*all); i++) {
        status = space_access_write(charter, &all[i].space, complaint);
        if (status == AYNI_OK)
            status = govern_check(charter, &all[i].space, by_admin, complaint);
    }
    return status;
}
