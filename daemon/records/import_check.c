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
    const struct ayni_catalogue_field *field = NULL;

    if (draft != NULL)
        field = ayni_catalogue_field_named(draft->plan->type, ayni_bytes_of_text(field_name));
    return field == NULL ? (struct ayni_bytes){ NULL, 0 }
                         : import_draft_value(draft, field->number);
}

static bool refers_to(struct ayni_bytes value, struct ayni_record *record)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    ayni_cbor_read_id(&reader, record);
    return ayni_cbor_done(&reader) == AYNI_OK;
}

/* The first surname of the mother whom the row itself names. */
static struct ayni_bytes mothers_surname(const struct asking *asking,
                                         const struct ayni_record *child)
{
    for (size_t i = 0; i < asking->count; i++) {
        const struct import_draft *link = &asking->drafts[i];
        struct ayni_record of, mother;
        if (link->present && strcmp(link->plan->type->name, "guardian_link") == 0 &&
            refers_to(value_in_row(asking, &link->key.record, "guardian_link", "child"), &of) &&
            ayni_id_equal(&of, child) &&
            refers_to(value_in_row(asking, &link->key.record, "guardian_link", "person"), &mother))
            return value_in_row(asking, &mother, "person", "surname_1");
    }
    return (struct ayni_bytes){ NULL, 0 };
}

/* A day or a text. */
static struct sql_value sql_of(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct sql_value sql = { .type = SQL_NULL };

    if (ayni_cbor_peek(&reader) == AYNI_CBOR_TEXT) {
        sql.type = SQL_TEXT;
        sql.bytes = ayni_cbor_read_text(&reader);
    } else if (value.size > 0) {
        sql.type = SQL_INTEGER;
        sql.integer = ayni_cbor_read_int(&reader);
    }
    return reader.status == AYNI_OK ? sql : (struct sql_value){ .type = SQL_NULL };
}

/* What the row says of its own records goes before what is held. */
static void answer_fact(void *context, enum check_fact fact, const struct ayni_record *record,
                        struct sql_value *value)
{
    const struct asking *asking = context;
    const struct import_draft *draft = draft_of(asking, record, NULL);

    if (fact == CHECK_SUBJECT_TYPE && draft != NULL)
        *value = (struct sql_value){ .type = SQL_TEXT,
                                     .bytes = ayni_bytes_of_text(draft->plan->type->name) };
    else if (fact == CHECK_SUBJECT_BIRTH_DATE)
        *value = sql_of(value_in_row(asking, record, NULL, "birth_date"));
    else if (fact == CHECK_SUBJECT_SEX)
        *value = sql_of(value_in_row(asking, record, NULL, "sex"));
    else if (fact == CHECK_MOTHER_SURNAME_1)
        *value = sql_of(mothers_surname(asking, record));
    if (value->type == SQL_NULL)
        facts_answer(asking->check->facts, fact, record, value);
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
