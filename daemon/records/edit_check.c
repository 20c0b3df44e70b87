#include "daemon/records/edit_check.h"

#include "daemon/records/assign.h"
#include "proto/registry.h"
#include "proto/value_check.h"

static bool is_null(struct ayni_bytes value)
{
    return value.size == 1 && value.data[0] == 0xf6;
}

/* The class of the space, as strict as can be where it isn't known. */
static enum ayni_class class_of(const struct charter *charter, const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    return info == NULL ? AYNI_CLASS_PUBLIC : info->class;
}

static enum ayni_status check_field(const struct edit_change *change,
                                    const struct ayni_field *field, enum ayni_class space_class,
                                    struct complaint *complaint)
{
    const struct ayni_catalogue_field *known = ayni_catalogue_field(change->type, field->number);
    struct ayni_reason reason;
    enum ayni_status status;

    if (known == NULL || is_null(field->value))
        return AYNI_OK;
    status = ayni_value_check(known, field->value, &reason);
    if (status == AYNI_E_INVALID)
        return complain_reason(complaint, status, &reason, change->type->name, known->name);
    if (status == AYNI_OK && known->read > space_class) {
        complain_hint(complaint, N_("write it into a space that is at least {}"),
                      ayni_class_name(known->read), NULL);
        return complain(complaint, AYNI_E_RIGHT, N_("{} is stricter than the space"), known->name,
                        NULL);
    }
    return status;
}

/* The value that the field has once the change is made; empty for none. */
static struct ayni_bytes after(const struct edit_change *change, uint32_t number)
{
    for (size_t i = 0; i < change->count; i++)
        if (change->fields[i].number == number)
            return is_null(change->fields[i].value) ? (struct ayni_bytes){ 0 }
                                                    : change->fields[i].value;
    return change->before == NULL ? (struct ayni_bytes){ 0 }
                                  : record_state_value(change->before, number);
}

/* A new record needs all that is required; an edit may not take away what is. */
static enum ayni_status check_required(const struct edit_change *change,
                                       struct complaint *complaint)
{
    for (size_t i = 0; i < change->type->field_count; i++) {
        const struct ayni_catalogue_field *field = &change->type->fields[i];
        if (!field->required || field->retired || after(change, field->number).size > 0)
            continue;
        if (change->before != NULL && record_state_value(change->before, field->number).size == 0)
            continue;
        if (complaint->text == NULL)
            complaint->code = "missing";
        complain_hint(complaint, N_("give {}=VALUE; `ayni types {}` says what it takes"),
                      field->name, change->type->name, NULL);
        return complain(complaint, AYNI_E_INVALID, N_("{} needs a value"), field->name, NULL);
    }
    return AYNI_OK;
}

enum ayni_status edit_check(struct reader *reader, const struct edit_change *change,
                            struct complaint *complaint, struct complaint *warning)
{
    enum ayni_class space_class = class_of(reader_charter(reader), &change->key->space);
    enum ayni_status status = AYNI_OK;

    (void)warning;
    for (size_t i = 0; status == AYNI_OK && i < change->count; i++)
        status = check_field(change, &change->fields[i], space_class, complaint);
    return status == AYNI_OK ? check_required(change, complaint) : status;
}
