#include "daemon/records/rules/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/rules/check_catalogue.h"
#include "daemon/records/rules/check_rules.h"
#include "proto/cbor.h"
#include "proto/set.h"
#include "proto/value_check.h"

enum { BROKEN_NAME_SIZE = 96 };

struct check {
    const struct ayni_catalogue *catalogue;
    struct sql *sql;
    struct check_rules **rules; /* by index of the catalogue's types, made when first asked for */
    char broken[BROKEN_NAME_SIZE];
};

enum ayni_status check_new(const struct ayni_catalogue *catalogue, struct check **check)
{
    struct check *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->catalogue = catalogue;
    made->sql = sql_new();
    made->rules = calloc(catalogue->type_count + 1, sizeof(*made->rules));
    if (made->sql == NULL || made->rules == NULL) {
        check_free(made);
        return AYNI_E_MEMORY;
    }
    *check = made;
    return AYNI_OK;
}

void check_free(struct check *check)
{
    if (check == NULL)
        return;
    for (size_t i = 0; check->rules != NULL && i < check->catalogue->type_count; i++)
        check_rules_free(check->rules[i]);
    free(check->rules);
    sql_free(check->sql);
    free(check);
}

static enum ayni_status rules_of(struct check *check, const struct ayni_catalogue_type *type,
                                 struct check_rules **rules)
{
    size_t index = (size_t)(type - check->catalogue->types);
    enum ayni_status status = AYNI_OK;

    if (check->rules[index] == NULL)
        status = check_rules_new(check->sql, type, NULL, 0, &check->rules[index]);
    *rules = check->rules[index];
    return status;
}

struct check_finding *check_findings_add(struct check_findings *findings, enum ayni_level level,
                                         enum ayni_status status, uint32_t field)
{
    findings->rejected = findings->rejected || level == AYNI_LEVEL_REJECT;
    if (findings->count == CHECK_FINDINGS_MAX) {
        findings->beyond++;
        return NULL;
    }
    struct check_finding *finding = &findings->items[findings->count++];
    memset(finding, 0, sizeof(*finding));
    finding->level = level;
    finding->status = status;
    finding->field = field;
    return finding;
}

static void add_field(struct check_findings *findings, enum ayni_level level,
                      enum ayni_status status, const struct ayni_catalogue_field *field,
                      const char *code, const char *message)
{
    struct check_finding *finding = check_findings_add(findings, level, status, field->number);

    if (finding == NULL)
        return;
    ayni_reason_set(&finding->reason, code, message);
    ayni_reason_arg_text(&finding->reason, field->name);
}

static bool is_null(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    return ayni_cbor_peek(&reader) == AYNI_CBOR_NULL;
}

/* The day on which places have to exist: the event's, else the writer's. */
static int64_t day_of(const struct check_change *change)
{
    struct ayni_cbor_reader reader = { 0 };
    int64_t day = change->today;

    if (change->type->is_event)
        reader = ayni_cbor_reader(check_value(change, AYNI_EVENT_DATE));
    if (ayni_cbor_peek(&reader) == AYNI_CBOR_UINT)
        day = ayni_cbor_read_int(&reader);
    return reader.status == AYNI_OK ? day : change->today;
}

static void check_place(const struct check_change *change, const struct check_lookups *lookups,
                        const struct ayni_catalogue_field *field, struct ayni_bytes place,
                        struct check_findings *findings)
{
    int64_t day = day_of(change);
    const char *became = "";

    if (lookups->territory_known(lookups->context, place, day))
        return;
    if (lookups->territory_became != NULL)
        became = lookups->territory_became(lookups->context, place, day);
    struct check_finding *finding =
        check_findings_add(findings, AYNI_LEVEL_REJECT, AYNI_E_INVALID, field->number);
    if (finding == NULL)
        return;
    ayni_reason_set(&finding->reason, "unknown_district",
                    became[0] == '\0' ? N_("{} is no place of the table then")
                                      : N_("{} is no place any more then: it became {}"));
    ayni_reason_arg(&finding->reason, place);
    if (became[0] != '\0')
        ayni_reason_arg_text(&finding->reason, became);
}

/* Places by their public code, which the value has been found to be. */
static void check_places(const struct check_change *change, const struct check_lookups *lookups,
                         const struct ayni_catalogue_field *field, struct ayni_bytes value,
                         struct check_findings *findings)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    struct ayni_bytes before = { 0 };

    if (lookups->territory_known == NULL || field->kind.scheme != AYNI_SCHEME_UBIGEO ||
        strcmp(change->type->name, "territory") == 0) /* the table isn't asked about itself */
        return;
    if (field->kind.type == AYNI_KIND_ID) {
        check_place(change, lookups, field, ayni_cbor_read_text(&reader), findings);
        return;
    }
    size_t count = ayni_cbor_read_array(&reader);
    for (size_t i = 0; i < count && reader.status == AYNI_OK; i++)
        check_place(change, lookups, field, ayni_set_read(&reader, AYNI_CBOR_TEXT, &before),
                    findings);
}

static void check_field(const struct check_change *change, const struct check_lookups *lookups,
                        const struct ayni_catalogue_field *field, struct ayni_bytes value,
                        struct check_findings *findings)
{
    struct ayni_reason reason = { 0 };

    if (ayni_value_check(field, value, &reason) != AYNI_OK) {
        struct check_finding *finding =
            check_findings_add(findings, AYNI_LEVEL_REJECT, AYNI_E_INVALID, field->number);
        if (finding != NULL)
            finding->reason = reason;
        return;
    }
    if (is_null(value))
        return;
    if (field->read > change->space_class)
        add_field(findings, AYNI_LEVEL_REJECT, AYNI_E_RIGHT, field, "stricter_than_space",
                  N_("{} is stricter than the space"));
    if (field->retired)
        add_field(findings, AYNI_LEVEL_WARN, AYNI_E_INVALID, field, "retired_field",
                  N_("{} is no longer in use"));
    check_places(change, lookups, field, value, findings);
}

static void check_unknown(uint32_t number, struct check_findings *findings)
{
    struct check_finding *finding =
        check_findings_add(findings, AYNI_LEVEL_REJECT, AYNI_E_INVALID, number);

    if (finding == NULL)
        return;
    ayni_reason_set(&finding->reason, "unknown_field", N_("the type has no field {}"));
    ayni_reason_arg_int(&finding->reason, number);
}

/* What a new record lacks rejects it; what a change takes from an old one is worth a warning. */
static void check_required(const struct check_change *change, struct check_findings *findings)
{
    for (size_t i = 0; i < change->type->field_count; i++) {
        const struct ayni_catalogue_field *field = &change->type->fields[i];
        bool touched = change->is_new;
        if (!field->required || field->retired)
            continue;
        for (size_t j = 0; j < change->change_count; j++)
            touched = touched || change->changes[j].number == field->number;
        if (touched && is_null(check_value(change, field->number)))
            add_field(findings, change->is_new ? AYNI_LEVEL_REJECT : AYNI_LEVEL_WARN,
                      AYNI_E_INVALID, field, "missing", N_("{} needs a value"));
    }
}

void check_rule_failed(void *context, const struct ayni_catalogue_rule *rule, uint32_t field)
{
    struct check_finding *finding = check_findings_add(context, rule->level, AYNI_E_INVALID, field);

    if (finding == NULL)
        return;
    ayni_reason_set(&finding->reason, rule->name, rule->message_en);
    finding->message_es = rule->message_es;
    finding->message_en = rule->message_en;
}

static bool deletes(const struct check_change *change)
{
    return change->change_count > 0 && ayni_field_deletes(&change->changes[0]);
}

enum ayni_status check_run(struct check *check, const struct check_change *change,
                           const struct check_lookups *lookups, struct check_findings *findings)
{
    struct check_rules *rules;

    findings->count = 0;
    findings->beyond = 0;
    findings->rejected = false;
    for (size_t i = 0; i < change->change_count; i++) {
        uint32_t number = change->changes[i].number;
        const struct ayni_catalogue_field *field = ayni_catalogue_field(change->type, number);
        if (field != NULL)
            check_field(change, lookups, field, change->changes[i].value, findings);
        else if (number != 0)
            check_unknown(number, findings);
    }
    if (deletes(change))
        return AYNI_OK;
    check_required(change, findings);
    enum ayni_status status = check_catalogue_row(check->sql, check->catalogue, change, findings);
    if (status == AYNI_OK)
        status = rules_of(check, change->type, &rules);
    if (status != AYNI_OK)
        return status;
    return check_rules_run(rules, change, lookups, check_rule_failed, findings);
}

enum ayni_status check_rules_of_map(struct check *check, const struct ayni_catalogue_type *type,
                                    const char *const *columns, size_t column_count,
                                    struct check_rules **rules)
{
    return check_rules_new(check->sql, type, columns, column_count, rules);
}

const char *check_broken_rule(struct check *check, size_t index)
{
    struct check_rules *rules;

    for (size_t i = 0; i < check->catalogue->type_count; i++) {
        const struct ayni_catalogue_type *type = &check->catalogue->types[i];
        if (rules_of(check, type, &rules) != AYNI_OK)
            return NULL;
        for (size_t j = 0; j < type->rule_count; j++) {
            if (!check_rules_broken(rules, j) || index-- > 0)
                continue;
            snprintf(check->broken, sizeof(check->broken), "%s.%s", type->name,
                     type->rules[j].name);
            return check->broken;
        }
    }
    return NULL;
}
