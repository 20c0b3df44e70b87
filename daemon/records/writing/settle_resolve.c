#include <stdio.h>

#include "daemon/records/authority.h"
#include "daemon/records/names.h"
#include "daemon/records/writing/assign.h"
#include "daemon/records/writing/edit_check.h"
#include "daemon/records/writing/settle_private.h"
#include "proto/cbor.h"
#include "proto/value_parse.h"

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
    if (settling->field_count == 0) {
        complain_hint(settling->complaint,
                      N_("FIELD@N for the value that `ayni conflicts show` numbers N, or "
                         "FIELD=VALUE"),
                      NULL);
        return complain(settling->complaint, AYNI_E_USAGE, N_("say which fields to settle"), NULL);
    }
    change.fields = settling->fields;
    change.count = settling->field_count;
    if (settling->type != NULL)
        status = edit_check(settling->records, settling->reader, &change, settling->complaint,
                            &settling->result->warnings);
    for (size_t i = 0; i < settling->field_count; i++)
        settling->result->changed[i] = settling->fields[i].number;
    settling->result->changed_count = settling->field_count;
    return status == AYNI_OK ? settle_write(settling, AYNI_ACT_RESOLUTION) : status;
}

enum ayni_status settle_resolve(struct records *records, const struct settle_request *request,
                                struct edit_result *result, struct complaint *complaint)
{
    return settle_attempt(resolve, records, request, result, complaint);
}
