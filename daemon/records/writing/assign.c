#include "daemon/records/writing/assign.h"

#include <stdlib.h>

#include "daemon/records/names.h"
#include "proto/value_parse.h"

void assigned_free(struct assigned *assigned)
{
    ayni_buffer_free(&assigned->values);
    assigned->count = 0;
}

enum ayni_status complain_reason(struct complaint *complaint, enum ayni_status status,
                                 const struct ayni_reason *reason, const char *type,
                                 const char *field)
{
    complain_hint(complaint, N_("in the field {}; `ayni types {}` says what it takes"), field, type,
                  NULL);
    return complain_why(complaint, status, reason);
}

/* The type's own organisation code, for `code=`. */
static void own_organisation(struct reader *reader, const struct ayni_node *node, char *text)
{
    names_of_org(reader_charter(reader), node, text);
    if (text[0] == 0)
        names_of_node(reader_charter(reader), node, text);
}

struct reading {
    struct reader *reader;
    const struct ayni_catalogue_type *type;
    const struct edit_assignment *assignment;
    struct assigned *assigned;
    struct complaint *complaint;
};

static enum ayni_status given_twice(struct reading *reading)
{
    return complain(reading->complaint, AYNI_E_USAGE, N_("{} is given twice"),
                    reading->assignment->name, NULL);
}

static enum ayni_status read_identifier(struct reading *reading, const struct ayni_node *own)
{
    struct assigned *assigned = reading->assigned;
    char organisation[NAMES_SIZE];
    struct identifier made;
    size_t at = 0;
    enum ayni_status status;

    own_organisation(reading->reader, own, organisation);
    status =
        identifier_of(reading->assignment->name, reading->assignment->value, organisation, &made);
    if (status != AYNI_OK)
        return complain(reading->complaint, AYNI_E_INVALID, N_("{} is too long"),
                        reading->assignment->name, NULL);
    if (reading->assignment->value[0] == 0)
        return AYNI_OK;
    for (size_t i = 0; i < assigned->identifier_count; i++)
        if (strcmp(assigned->identifiers[i].scheme, made.scheme) == 0)
            return given_twice(reading);
    while (at < assigned->identifier_count &&
           identifier_index(assigned->identifiers[at].scheme) >= 0 &&
           identifier_index(assigned->identifiers[at].scheme) <
               identifier_index(reading->assignment->name))
        at++;
    memmove(&assigned->identifiers[at + 1], &assigned->identifiers[at],
            (assigned->identifier_count - at) * sizeof(made));
    assigned->identifiers[at] = made;
    assigned->identifier_count++;
    return AYNI_OK;
}

/* Values are put at an offset first: their buffer still moves. */
static enum ayni_status read_value(struct reading *reading, size_t *offset)
{
    struct ayni_value_context values = names_values(reading->reader);
    struct assigned *assigned = reading->assigned;
    const struct ayni_catalogue_field *field;
    struct ayni_reason reason;
    enum ayni_status status =
        names_field(reading->type, reading->assignment->name, &field, reading->complaint);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < assigned->count; i++)
        if (assigned->fields[i].number == field->number)
            return given_twice(reading);
    if (assigned->count == EDIT_CHANGED_MAX)
        return complain(reading->complaint, AYNI_E_USAGE, N_("too many fields"), NULL);
    *offset = assigned->values.size;
    status = ayni_value_parse(&values, field, ayni_bytes_of_text(reading->assignment->value),
                              &assigned->values, &reason);
    if (status == AYNI_E_INVALID || status == AYNI_E_RIGHT)
        return complain_reason(reading->complaint, status, &reason, reading->type->name,
                               field->name);
    if (status != AYNI_OK)
        return status;
    assigned->fields[assigned->count++] =
        (struct ayni_field){ .number = field->number,
                             .value = { NULL, assigned->values.size - *offset } };
    return AYNI_OK;
}

static int by_number(const void *a, const void *b)
{
    const struct ayni_field *left = a;
    const struct ayni_field *right = b;

    return (left->number > right->number) - (left->number < right->number);
}

enum ayni_status assign_read(struct reader *reader, const struct ayni_node *own,
                             const struct ayni_catalogue_type *type,
                             const struct edit_assignment *assignments, size_t count,
                             struct assigned *assigned, struct complaint *complaint)
{
    struct reading reading = {
        .reader = reader, .type = type, .assigned = assigned, .complaint = complaint
    };
    size_t offsets[EDIT_CHANGED_MAX] = { 0 };
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        reading.assignment = &assignments[i];
        if (type->key_is_identifier && identifier_index(assignments[i].name) >= 0)
            status = read_identifier(&reading, own);
        else
            status = read_value(&reading, &offsets[assigned->count]);
    }
    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < assigned->count; i++)
        assigned->fields[i].value.data = assigned->values.data + offsets[i];
    if (assigned->count > 1)
        qsort(assigned->fields, assigned->count, sizeof(assigned->fields[0]), by_number);
    return AYNI_OK;
}
