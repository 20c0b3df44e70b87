#include "daemon/records/import_check.h"

#include "proto/cbor.h"

/* What the rules of one draft may ask about. */
struct asking {
    const struct import_check *check;
    struct import_reading *reading;
    const struct import_draft *drafts;
    size_t count;
};

/* --- facts --- */

static const struct import_draft *draft_of(const struct asking *asking,
                                           const struct ayni_record *record, const char *type)
{
    for (size_t i = 0; i < asking->count; i++) {
        const struct import_draft *draft = &asking->drafts[i];
        if (draft->present && ayni_id_equal(&draft->key.record, record) &&
            (type == NULL || strcmp(draft->plan->type->name, type) == 0))
            return draft;
    }
    return NULL;
}

/* The value of a field by its name, where the row has the record. */
static struct ayni_bytes value_in_row(const struct asking *asking, const struct ayni_record *record,
                                      const char *type, const char *field_name)
{
    const struct import_draft *draft = draft_of(asking, record, type);
    const struct ayni_catalogue_field *field =
        draft == NULL
            ? NULL
            : ayni_catalogue_field_named(draft->plan->type, ayni_bytes_of_text(field_name));

    return field == NULL ? (struct ayni_bytes){ NULL, 0 }
                         : import_draft_value(draft, field->number);
}

/* The same where it is held; the bytes are copied to the batch. */
static struct ayni_bytes value_held(const struct asking *asking, const struct ayni_record *record,
                                    const char *type_name, const char *field_name)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(asking->reading->plan->catalogue, ayni_bytes_of_text(type_name));
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field_named(type, ayni_bytes_of_text(field_name));
    SCOPED_STATE state = { 0 };
    struct record_key place;
    struct ayni_bytes value = { NULL, 0 };
    size_t count = 0;

    if (field == NULL ||
        reader_find(asking->reading->reader, record, type->number, NULL, &place, 1, &count) !=
            AYNI_OK ||
        count == 0 || reader_fold(asking->reading->reader, &place, &state) != AYNI_OK)
        return value;
    value = record_state_value(&state, field->number);
    return (struct ayni_bytes){ (const uint8_t *)ayni_arena_text(asking->reading->memory, value),
                                value.size };
}

static struct ayni_bytes value_of(const struct asking *asking, const struct ayni_record *record,
                                  const char *type, const char *field)
{
    struct ayni_bytes value = value_in_row(asking, record, type, field);

    return value.size > 0 ? value : value_held(asking, record, type, field);
}

/* The mother whom the row itself names. */
static struct ayni_bytes mothers_surname(const struct asking *asking,
                                         const struct ayni_record *child)
{
    for (size_t i = 0; i < asking->count; i++) {
        const struct import_draft *link = &asking->drafts[i];
        struct ayni_cbor_reader person;
        struct ayni_record mother, of;
        struct ayni_cbor_reader subject;
        if (!link->present || strcmp(link->plan->type->name, "guardian_link") != 0)
            continue;
        subject = ayni_cbor_reader(value_in_row(asking, &link->key.record, NULL, "child"));
        person = ayni_cbor_reader(value_in_row(asking, &link->key.record, NULL, "person"));
        ayni_cbor_read_id(&subject, &of);
        ayni_cbor_read_id(&person, &mother);
        if (ayni_cbor_done(&subject) == AYNI_OK && ayni_cbor_done(&person) == AYNI_OK &&
            ayni_id_equal(&of, child))
            return value_in_row(asking, &mother, "person", "surname_1");
    }
    return (struct ayni_bytes){ NULL, 0 };
}

static struct sql_value sql_of(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct sql_value sql = { .type = SQL_NULL };

    switch (ayni_cbor_peek(&reader)) {
    case AYNI_CBOR_UINT:
    case AYNI_CBOR_NEGATIVE:
        sql.type = SQL_INTEGER;
        sql.integer = ayni_cbor_read_int(&reader);
        break;
    case AYNI_CBOR_TEXT:
        sql.type = SQL_TEXT;
        sql.bytes = ayni_cbor_read_text(&reader);
        break;
    default:
        break;
    }
    return sql;
}

static void answer_fact(void *context, enum check_fact fact, const struct ayni_record *record,
                        struct sql_value *value)
{
    const struct asking *asking = context;

    switch (fact) {
    case CHECK_SUBJECT_BIRTH_DATE:
        *value = sql_of(value_of(asking, record, "child", "birth_date"));
        break;
    case CHECK_SUBJECT_SEX:
        *value = sql_of(value_of(asking, record, "child", "sex"));
        break;
    case CHECK_SUBJECT_LAST_MENSTRUAL_PERIOD:
        *value = sql_of(value_of(asking, record, "pregnancy", "last_menstrual_period"));
        break;
    case CHECK_FACILITY_ALTITUDE_M:
        *value = sql_of(value_of(asking, record, "facility", "altitude_m"));
        break;
    case CHECK_MOTHER_SURNAME_1:
        *value = sql_of(mothers_surname(asking, record));
        break;
    default: /* unknown: rules that need it hold */
        break;
    }
}

static bool territory_known(void *context, struct ayni_bytes ubigeo, int64_t day)
{
    const struct asking *asking = context;

    return territories_find(asking->check->territories, ubigeo, day) != NULL;
}

/* --- findings --- */

/* The column that a field is read from. What is wrong with an identifier is in its number. */
static const char *column_of(const struct import_reading *reading, const struct import_draft *draft,
                             uint32_t number)
{
    const struct plan_record *plan = draft->plan;
    const char *column = NULL;

    for (size_t i = 0; i < plan->field_count && column == NULL; i++)
        if (plan->fields[i].field->number == number)
            column = import_plan_column(reading->plan, &plan->fields[i]);
    for (size_t i = 0; i < plan->field_count && column == NULL && plan->holder != PLAN_NOWHERE; i++)
        if (plan->fields[i].field->number == reading->identifier.value)
            column = import_plan_column(reading->plan, &plan->fields[i]);
    return column;
}

static void tell(const struct import_reading *reading, const struct import_draft *draft,
                 const struct check_finding *from, struct import_finding *finding)
{
    finding->column = column_of(reading, draft, from->field);
    finding->reason = from->reason;
    finding->message_es = from->message_es;
}

enum ayni_status import_check_draft(const struct import_check *check,
                                    struct import_reading *reading,
                                    const struct import_draft *drafts, size_t index,
                                    struct import_finding *finding, bool *rejected,
                                    struct import_finding *warnings, size_t max,
                                    size_t *warning_count)
{
    const struct import_draft *draft = &drafts[index];
    struct asking asking = { check, reading, drafts, reading->plan->record_count };
    struct check_lookups lookups = { .context = &asking, .fact = answer_fact };
    struct check_change change = {
        .type = draft->plan->type,
        .record = &draft->key.record,
        .space_class = check->space_class,
        .is_new = draft->is_new,
        .before = draft->before,
        .before_count = draft->before_count,
        .changes = draft->changes,
        .change_count = draft->change_count,
        .today = check->today,
    };
    struct check_findings findings;
    enum ayni_status status;

    if (check->territories->count > 0)
        lookups.territory_known = territory_known;
    status = check_run(check->check, &change, &lookups, &findings);
    *rejected = findings.rejected;
    for (size_t i = 0; status == AYNI_OK && i < findings.count; i++) {
        bool warns = findings.items[i].level == AYNI_LEVEL_WARN;
        if (findings.rejected && !warns) {
            tell(reading, draft, &findings.items[i], finding);
            return AYNI_OK;
        }
        if (!findings.rejected && *warning_count < max)
            tell(reading, draft, &findings.items[i], &warnings[(*warning_count)++]);
    }
    return status;
}
