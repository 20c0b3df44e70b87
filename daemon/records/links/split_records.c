#include "daemon/records/charter.h"
#include "daemon/records/identifier.h"
#include "daemon/records/links/links.h"
#include "daemon/records/links/split_private.h"
#include "daemon/records/names.h"
#include "daemon/records/walk.h"
#include "proto/cbor.h"
#include "proto/derived_id.h"
#include "proto/record_id.h"

static bool is_of_request(const struct split *split, const struct record_key *key)
{
    return !split->has_space || ayni_id_equal(&key->space, &split->space);
}

static bool names(struct ayni_bytes value, const struct ayni_record *record)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct ayni_record named;

    ayni_cbor_read_id(&reader, &named);
    return ayni_cbor_done(&reader) == AYNI_OK && ayni_id_equal(&named, record);
}

/* --- one record about it --- */

static bool key_has(const struct ayni_catalogue_type *type, uint32_t field)
{
    for (size_t i = 0; i < type->key_count; i++)
        if (type->key[i] == field)
            return true;
    return false;
}

/* The number under which both were entered: the old id is derived of it. */
static bool is_its_number(const struct split *split, const struct record_state *state)
{
    const struct charter *charter = reader_charter(split->reader);
    struct identifier_type type;
    struct ayni_record derived;

    if (charter->identity_key == NULL || identifier_type_of(charter->catalogue, &type) != AYNI_OK ||
        type.type->number != state->key.type)
        return false;
    struct ayni_cbor_reader scheme = ayni_cbor_reader(record_state_value(state, type.scheme));
    struct ayni_cbor_reader value = ayni_cbor_reader(record_state_value(state, type.value));
    struct ayni_bytes scheme_text = ayni_cbor_read_text(&scheme);
    struct ayni_bytes value_text = ayni_cbor_read_text(&value);
    return ayni_cbor_done(&scheme) == AYNI_OK && ayni_cbor_done(&value) == AYNI_OK &&
           ayni_derived_id_of_identifier(charter->identity_key, split->type->number, scheme_text,
                                         value_text, &derived) == AYNI_OK &&
           ayni_id_equal(&derived, &split->result->from);
}

/* Its key has the child in it: under the new one it is another record. */
static enum ayni_status write_anew(struct split *split, const struct ayni_catalogue_type *type,
                                   const struct record_state *state)
{
    const struct charter *charter = reader_charter(split->reader);
    const uint8_t *root = charter->identity_key;
    struct record_key key = state->key;
    char organisation[NAMES_SIZE];
    struct split_draft draft;

    split_draft_begin(split, &draft, state->folded.field_count);
    for (size_t i = 0; i < state->folded.field_count; i++) {
        const struct ayni_folded_field *field = &state->folded.fields[i];
        if (field->number == type->subject_field)
            split_draft_put(split, &draft, field->number,
                            split_value_of(split, &split->result->child));
        else if (field->number != 0 && !ayni_cbor_is_null(field->shown))
            split_draft_put(split, &draft, field->number, field->shown);
    }
    names_of_org(charter, &split->records->node, organisation);
    if (root == NULL)
        return AYNI_E_RIGHT;
    enum ayni_status status = ayni_record_id_of_fields(
        root, type, draft.fields, draft.count, ayni_bytes_of_text(organisation), &key.record);
    if (status == AYNI_E_NOT_FOUND) {
        key.record = identifier_random_id();
        status = AYNI_OK;
    }
    if (status != AYNI_OK)
        return status;
    split_add_new(split, &key, &draft);
    split_add_deletion(split, &state->key, state->total);
    split->result->rewritten++;
    return AYNI_OK;
}

static enum ayni_status move(struct split *split, const struct ayni_catalogue_type *type,
                             const struct record_state *state)
{
    struct split_draft draft;

    split->result->moved++;
    if (key_has(type, type->subject_field))
        return write_anew(split, type, state);
    split_draft_begin(split, &draft, 1);
    split_draft_put(split, &draft, type->subject_field,
                    split_value_of(split, &split->result->child));
    split_add_change(split, &state->key, &draft, state->total);
    return AYNI_OK;
}

static void note_mixed(struct split_result *result, const struct ayni_record *record)
{
    if (result->mixed_count < SPLIT_MIXED_MAX)
        result->mixed[result->mixed_count] = *record;
    result->mixed_count++;
}

static enum ayni_status split_one(struct split *split, const struct record_key *key)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(split->reader)->catalogue, key->type);
    SCOPED_STATE state = { 0 };
    struct split_part part;

    if (type == NULL || type->subject_field == 0 || key->type == LINK_TYPE)
        return AYNI_OK;
    enum ayni_status status = reader_fold(split->reader, key, &state);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (record_state_gone(&state) ||
        !names(record_state_value(&state, type->subject_field), &split->result->from))
        return AYNI_OK;
    status = split_part_of(split, &state, &part);
    if (status != AYNI_OK)
        return status;
    if (part.own_count == 0 || is_its_number(split, &state))
        split->result->stayed++;
    else if (part.other_count > 0 || state.folded.contested)
        note_mixed(split->result, &key->record);
    else
        return move(split, type, &state);
    return AYNI_OK;
}

enum ayni_status split_about(struct split *split)
{
    SCOPED_WALK walk = { 0 };
    enum ayni_status status = AYNI_OK;
    struct record_key key;

    walk_subject(split->reader, &split->result->from, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key))
        if (is_of_request(split, &key))
            status = split_one(split, &key);
    return status == AYNI_OK ? walk.status : status;
}

/* --- records that name it otherwise --- */

static bool may_name(const struct ayni_catalogue_type *named,
                     const struct ayni_catalogue_type *type,
                     const struct ayni_catalogue_field *field)
{
    bool refers = field->kind.type == AYNI_KIND_REF || field->kind.type == AYNI_KIND_REFS;

    return refers && field->number != type->subject_field &&
           ayni_catalogue_field_targets(field, named->name);
}

bool split_may_name(const struct ayni_catalogue_type *named, const struct ayni_catalogue_type *type)
{
    for (size_t i = 0; type->number != LINK_TYPE && i < type->field_count; i++)
        if (may_name(named, type, &type->fields[i]))
            return true;
    return false;
}

/* The value with the new one in the place of the old one; false where it doesn't name that. */
static bool renamed(struct split *split, struct ayni_bytes value, struct ayni_buffer *to)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    const struct split_result *result = split->result;
    bool found = false;

    if (value.size == 0 || ayni_cbor_peek(&reader) != AYNI_CBOR_ARRAY)
        return false;
    size_t count = ayni_cbor_read_array(&reader);
    struct ayni_record *ids = ayni_arena_take(&split->memory, count + 1, sizeof(*ids));
    size_t put = 0;
    for (size_t i = 0; ids != NULL && i < count; i++) {
        struct ayni_record named, next;
        ayni_cbor_read_id(&reader, &named);
        bool old = ayni_id_equal(&named, &result->from);
        next = old ? result->child : named;
        found = found || old;
        size_t at = put++;
        for (; at > 0 && ayni_id_compare(&ids[at - 1], &next) > 0; at--)
            ids[at] = ids[at - 1];
        ids[at] = next;
    }
    if (!found || ayni_cbor_done(&reader) != AYNI_OK)
        return false;
    ayni_cbor_put_array(to, put);
    for (size_t i = 0; i < put; i++)
        ayni_cbor_put_id(to, &ids[i]);
    return true;
}

static void rename_in(struct split *split, const struct ayni_catalogue_type *type,
                      const struct record_state *state, struct split_draft *draft)
{
    for (size_t i = 0; i < type->field_count; i++) {
        struct ayni_bytes value = record_state_value(state, type->fields[i].number);
        SCOPED_BUFFER set = { 0 };
        if (!may_name(split->type, type, &type->fields[i]))
            continue;
        if (names(value, &split->result->from))
            split_draft_put(split, draft, type->fields[i].number,
                            split_value_of(split, &split->result->child));
        else if (renamed(split, value, &set))
            split_draft_put(split, draft, type->fields[i].number, ayni_buffer_bytes(&set));
    }
}

static enum ayni_status split_reference(struct split *split, const struct ayni_catalogue_type *type,
                                        const struct record_state *state)
{
    struct split_draft draft;
    struct split_part part;

    if (names(record_state_value(state, type->subject_field), &split->result->from))
        return AYNI_OK; /* it is about it, and has been looked at */
    split_draft_begin(split, &draft, type->field_count);
    rename_in(split, type, state, &draft);
    if (draft.count == 0)
        return AYNI_OK;
    enum ayni_status status = split_part_of(split, state, &part);
    if (status != AYNI_OK || part.own_count == 0)
        return status;
    if (part.other_count > 0 || state->folded.contested || key_has(type, draft.fields[0].number)) {
        note_mixed(split->result, &state->key.record);
        return AYNI_OK;
    }
    split->result->references++;
    split_add_change(split, &state->key, &draft, state->total);
    return AYNI_OK;
}

static enum ayni_status references_of_type(struct split *split,
                                           const struct ayni_catalogue_type *type)
{
    SCOPED_WALK walk = { 0 };
    enum ayni_status status = AYNI_OK;
    struct record_key key;

    walk_type(split->reader, split->has_space ? &split->space : NULL, type->number, &walk);
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        status = reader_fold_refs(split->reader, &key, walk.value, &state);
        if (status == AYNI_E_NOT_FOUND)
            status = AYNI_OK;
        else if (status == AYNI_OK && !record_state_gone(&state))
            status = split_reference(split, type, &state);
    }
    return status == AYNI_OK ? walk.status : status;
}

enum ayni_status split_references(struct split *split)
{
    const struct ayni_catalogue *catalogue = reader_charter(split->reader)->catalogue;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < catalogue->type_count; i++) {
        const struct ayni_catalogue_type *type = &catalogue->types[i];
        if (split_may_name(split->type, type))
            status = references_of_type(split, type);
    }
    return status;
}
