#include "daemon/records/writing/edit_check.h"
#include "daemon/records/writing/edit_private.h"
#include "proto/cbor.h"

static void warn_held(struct edit *edit, const struct identifier *identifier,
                      struct ayni_bytes holder)
{
    char text[AYNI_RECORD_TEXT_SIZE] = "?";

    if (holder.size == 17)
        ayni_record_text((const struct ayni_record *)(holder.data + 1), text);
    struct complaint *warning = complaints_add(&edit->result->warnings);
    if (warning == NULL)
        return;
    complain_code(warning, "held_by_another");
    complain_hint(warning, N_("if they are one child, link them"), NULL);
    (void)complain(warning, AYNI_OK, N_("{} {} is held by another record: {}"), identifier->scheme,
                   identifier->value, text, NULL);
}

static void fill_identifier(struct edit *edit, const struct identifier_type *type, size_t index)
{
    const struct identifier *identifier = &edit->assigned.identifiers[index];
    struct ayni_buffer *values = &edit->identifier_values[index];
    struct ayni_field *fields = edit->identifier_fields[index] + 1;
    size_t ends[EDIT_IDENTIFIER_FIELDS];

    edit->identifier_fields[index][0] =
        (struct ayni_field){ .number = 0, .value = ayni_cbor_null() };
    ayni_cbor_put_id(values, &edit->key.record);
    ends[0] = values->size;
    ayni_cbor_put_string(values, identifier->scheme);
    ends[1] = values->size;
    ayni_cbor_put_string(values, identifier->value);
    ends[2] = values->size;
    ayni_cbor_put_string(values, "valid");
    ends[3] = values->size;
    for (size_t i = 0; i < EDIT_IDENTIFIER_FIELDS; i++) {
        size_t start = i == 0 ? 0 : ends[i - 1];
        const uint32_t numbers[] = { type->holder, type->scheme, type->value, type->state };
        fields[i] = (struct ayni_field){ .number = numbers[i],
                                         .value = { values->data + start, ends[i] - start } };
    }
}

/* What was wrong is in a record that nobody named: say which number it was. */
static void name_identifier(struct edit *edit, const struct identifier *identifier)
{
    edit->complaint->hint = NULL;
    complain_hint(edit->complaint, N_("the number given was {}={}"), identifier->scheme,
                  identifier->value, NULL);
}

/* The identifier's own record: made, or found to name this holder, or another one. */
static enum ayni_status add_identifier(struct edit *edit, const struct identifier_type *type,
                                       size_t index)
{
    const struct identifier *identifier = &edit->assigned.identifiers[index];
    struct record_key key = { .space = edit->key.space, .type = type->type->number };
    struct edit_change change = { .type = type->type,
                                  .key = &key,
                                  .count = EDIT_IDENTIFIER_FIELDS,
                                  .english = edit->request->english };
    SCOPED_STATE state = { 0 };
    struct ayni_bytes holder;
    enum ayni_status status =
        identifier_id(reader_charter(edit->reader), key.type, identifier, &key.record);

    if (status == AYNI_E_RIGHT)
        return edit_complain_no_key(edit);
    if (status == AYNI_OK)
        status = reader_fold(edit->reader, &key, &state);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    fill_identifier(edit, type, index);
    if (edit->identifier_values[index].failed)
        return AYNI_E_MEMORY;
    change.fields = edit->identifier_fields[index] + 1;
    if (status == AYNI_OK && !record_state_gone(&state)) {
        holder = record_state_value(&state, type->holder);
        if (!ayni_bytes_equal(holder, change.fields[0].value))
            warn_held(edit, identifier, holder);
        return AYNI_OK;
    }
    status =
        edit_check(edit->records, edit->reader, &change, edit->complaint, &edit->result->warnings);
    if (status == AYNI_E_INVALID)
        name_identifier(edit, identifier);
    if (status == AYNI_OK && state.folded.deleted)
        edit_add_change(edit, &key, change.fields - 1, change.count + 1, &state);
    else if (status == AYNI_OK)
        edit_add_change(edit, &key, change.fields, change.count, &state);
    return status;
}

enum ayni_status edit_add_identifiers(struct edit *edit)
{
    struct identifier_type type;
    enum ayni_status status = AYNI_OK;

    if (edit->assigned.identifier_count == 0)
        return AYNI_OK;
    if (identifier_type_of(reader_charter(edit->reader)->catalogue, &type) != AYNI_OK)
        return complain(edit->complaint, AYNI_E_USAGE, N_("the catalogue has no identifiers"),
                        NULL);
    for (size_t i = 0; status == AYNI_OK && i < edit->assigned.identifier_count; i++)
        status = add_identifier(edit, &type, i);
    return status;
}
