#include "daemon/records/writing/decision.h"

#include "daemon/records/identifier.h"
#include "daemon/records/names.h"
#include "daemon/records/writing/assign.h"
#include "proto/cbor.h"
#include "proto/registry.h"
#include "proto/value_check.h"
#include "proto/value_parse.h"

/* Of the catalogue's first edition. */
enum { TYPE_CONFLICT_DECISION = 602 };
enum { FIELD_RECORD = 1, FIELD_FIELD, FIELD_EVIDENCE, FIELD_NOTE };

/* Whom and what it is about may be personal, a note sensitive. */
static enum ayni_status check_space(const struct charter *charter, const struct record_key *about,
                                    struct complaint *complaint, enum ayni_class *class)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, &about->space);

    *class = info == NULL ? AYNI_CLASS_PUBLIC : info->class;
    if (!ayni_id_equal(&about->space, &charter->registry_space) && *class >= AYNI_CLASS_PERSONAL)
        return AYNI_OK;
    complain_hint(complaint, N_("give --reason alone"), NULL);
    return complain(complaint, AYNI_E_RIGHT,
                    N_("in this space, which all may read, no evidence is kept"), NULL);
}

static enum ayni_status put_text(struct reader *reader, const struct ayni_catalogue_type *type,
                                 uint32_t number, const char *text, struct decision *decision,
                                 struct complaint *complaint)
{
    const struct ayni_catalogue_field *field = ayni_catalogue_field(type, number);
    struct ayni_value_context values = names_values(reader);
    struct ayni_buffer *value = &decision->values[decision->count];
    struct ayni_reason reason;

    if (field == NULL)
        return complain(complaint, AYNI_E_USAGE, N_("there is no type {}"), "conflict_decision",
                        NULL);
    enum ayni_status status =
        ayni_value_parse(&values, field, ayni_bytes_of_text(text), value, &reason);
    if (status == AYNI_OK)
        status = ayni_value_check(field, ayni_buffer_bytes(value), &reason);
    if (status == AYNI_E_INVALID || status == AYNI_E_RIGHT) {
        complain_hint(complaint, N_("`ayni types {}` says what it takes"), type->name, NULL);
        return complain_reason(complaint, status, &reason, type->name, field->name);
    }
    decision->fields[decision->count++].number = number;
    return status;
}

/* What it is about. */
static void put_place(const struct record_key *about, uint32_t field, struct decision *decision)
{
    ayni_cbor_put_bytes(&decision->values[0],
                        (struct ayni_bytes){ about->record.bytes, sizeof(about->record.bytes) });
    ayni_cbor_put_int(&decision->values[1], field);
    decision->fields[0].number = FIELD_RECORD;
    decision->fields[1].number = FIELD_FIELD;
    decision->count = 2;
}

enum ayni_status decision_make(struct reader *reader, const struct decision_wish *wish,
                               const struct record_key *about, uint32_t field,
                               struct decision *decision, struct complaint *complaint)
{
    const struct charter *charter = reader_charter(reader);
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(charter->catalogue, TYPE_CONFLICT_DECISION);
    enum ayni_class class;

    *decision = (struct decision){ .id = identifier_random_id() };
    if (type == NULL)
        return complain(complaint, AYNI_E_USAGE, N_("there is no type {}"), "conflict_decision",
                        NULL);
    if (field == 0)
        return complain(complaint, AYNI_E_INVALID,
                        N_("evidence is about a field: give --reason alone for _deleted"), NULL);
    enum ayni_status status = check_space(charter, about, complaint, &class);
    if (status != AYNI_OK)
        return status;
    put_place(about, field, decision);
    status = put_text(reader, type, FIELD_EVIDENCE, wish->evidence, decision, complaint);
    if (status == AYNI_OK && wish->note != NULL && class >= AYNI_CLASS_SENSITIVE)
        status = put_text(reader, type, FIELD_NOTE, wish->note, decision, complaint);
    for (size_t i = 0; i < decision->count; i++) {
        decision->fields[i].value = ayni_buffer_bytes(&decision->values[i]);
        if (decision->values[i].failed)
            return AYNI_E_MEMORY;
    }
    return status;
}

void decision_free(struct decision *decision)
{
    for (size_t i = 0; i < sizeof(decision->values) / sizeof(decision->values[0]); i++)
        ayni_buffer_free(&decision->values[i]);
    decision->count = 0;
}

struct author_change decision_change(const struct decision *decision,
                                     const struct record_key *about, const char *steward)
{
    return (struct author_change){ .space = about->space,
                                   .record = decision->id,
                                   .type = TYPE_CONFLICT_DECISION,
                                   .fields = decision->fields,
                                   .field_count = decision->count,
                                   .steward = ayni_bytes_of_text(steward) };
}
