#include "daemon/records/import/import_check.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/import/import_facts.h"
#include "daemon/records/rules/check_rules.h"
#include "proto/cbor.h"

/* --- rules of the map --- */

static enum ayni_status prepare_rules(const struct import_check *check,
                                      const struct plan_record *record, struct check_rules **rules,
                                      struct complaint *complaint)
{
    enum ayni_status status = check_rules_of_map(check->check, &record->ruled, record->rule_columns,
                                                 record->rule_column_count, rules);

    for (size_t i = 0; status == AYNI_OK && i < record->ruled.rule_count; i++)
        if (check_rules_broken(*rules, i))
            status = complain(complaint, AYNI_E_INVALID,
                              N_("the map's rule {} is no expression over the fields of {}"),
                              record->ruled.rules[i].name, record->type->name, NULL);
    return status;
}

enum ayni_status import_check_prepare(struct import_check *check, const struct import_plan *plan,
                                      struct complaint *complaint)
{
    enum ayni_status status = AYNI_OK;

    check->map_rules = calloc(plan->record_count + 1, sizeof(struct check_rules *));
    if (check->map_rules == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; status == AYNI_OK && i < plan->record_count; i++)
        if (plan->records[i].ruled.rule_count > 0)
            status = prepare_rules(check, &plan->records[i], &check->map_rules[i], complaint);
    return status;
}

void import_check_done(struct import_check *check, const struct import_plan *plan)
{
    for (size_t i = 0; check->map_rules != NULL && i < plan->record_count; i++)
        check_rules_free(check->map_rules[i]);
    free(check->map_rules);
    check->map_rules = NULL;
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

/* The first column that a condition asks of; NULL where it asks of none that the file has. */
static const char *column_asked(const struct import_plan *plan,
                                const struct plan_condition *condition)
{
    const char *column = NULL;

    for (size_t i = condition->when_count; i > 0; i--)
        if (condition->when[i - 1].column >= 0)
            column = plan->header[condition->when[i - 1].column];
    for (size_t i = 0; i < condition->unless_count && column == NULL; i++)
        if (condition->unless[i].column >= 0)
            column = plan->header[condition->unless[i].column];
    return column;
}

/* The column that a rule of the map is about, where it names no field: one in its
 * expression, else in its conditions. */
static const char *column_of_rule(const struct import_reading *reading,
                                  const struct import_draft *draft, const char *name)
{
    const struct plan_record *plan = draft->plan;

    for (size_t i = 0; i < plan->ruled.rule_count; i++) {
        const struct ayni_catalogue_rule *rule = &plan->ruled.rules[i];
        if (strcmp(rule->name, name) != 0)
            continue;
        for (size_t j = 0; j < plan->rule_column_count; j++)
            if (strstr(rule->expression, plan->rule_columns[j]) != NULL &&
                plan->rule_places[j] != PLAN_NOWHERE)
                return reading->plan->header[plan->rule_places[j]];
        return column_asked(reading->plan, &plan->rule_conditions[i]);
    }
    return NULL;
}

/* What the map calls a failure of the field. */
static const char *reason_of(const struct import_draft *draft, uint32_t number, const char *code)
{
    const struct plan_record *plan = draft->plan;
    const struct import_source *source = NULL;

    for (size_t i = 0; i < draft->says_count && source == NULL; i++)
        if (draft->says[i].number == number)
            source = draft->from[i]->source;
    for (size_t i = 0; i < plan->field_count && source == NULL; i++)
        if (plan->fields[i].field->number == number)
            source = plan->fields[i].source;
    return source == NULL ? code : import_plan_reason(source->reasons, source->reason_count, code);
}

static void tell(const struct import_reading *reading, const struct import_draft *draft,
                 const struct check_finding *from, struct import_finding *finding)
{
    finding->column = column_of(reading, draft, from->field);
    if (finding->column == NULL && from->field == 0)
        finding->column = column_of_rule(reading, draft, from->reason.code);
    finding->reason = from->reason;
    finding->reason.code = reason_of(draft, from->field, from->reason.code);
    finding->message_es = from->message_es;
}

/* What was found of a draft: the first that rejects it, else warnings as long as there is room. */
struct telling {
    struct import_finding *finding;
    struct import_finding *warnings;
    size_t max, *warning_count;
};

static void tell_all(const struct import_reading *reading, const struct import_draft *draft,
                     const struct check_findings *findings, const struct telling *telling)
{
    for (size_t i = 0; i < findings->count; i++) {
        bool warns = findings->items[i].level == AYNI_LEVEL_WARN;
        if (findings->rejected && !warns) {
            tell(reading, draft, &findings->items[i], telling->finding);
            return;
        }
        if (!findings->rejected && *telling->warning_count < telling->max)
            tell(reading, draft, &findings->items[i],
                 &telling->warnings[(*telling->warning_count)++]);
    }
}

/* The rules of the map go first: they know more of the row. */
/* Whether the row is one of those that a rule of the map is for. */
static bool asks_rule(void *context, size_t rule)
{
    const struct import_asking *asking = context;

    return import_condition_fits(&asking->plan->rule_conditions[rule], asking->cells);
}

static enum ayni_status run_rules(const struct import_asking *asking, size_t index,
                                  const struct check_change *change,
                                  const struct check_lookups *lookups,
                                  struct check_findings *findings)
{
    struct check_rules *rules = asking->check->map_rules[index];
    struct check_change all = *change;
    struct check_lookups own = *lookups;

    findings->count = findings->beyond = 0;
    findings->rejected = false;
    all.asks_all = true;
    own.asks = asks_rule;
    return rules == NULL ? AYNI_OK
                         : check_rules_run(rules, &all, &own, check_rule_failed, findings);
}

/* What a row says against an earlier one isn't written, and has to be right all the same. */
static enum ayni_status judge_disputed(const struct import_check *check,
                                       const struct import_draft *draft,
                                       const struct check_change *change,
                                       const struct check_lookups *lookups,
                                       struct check_findings *findings)
{
    struct check_change said = *change;
    struct ayni_field fields[PLAN_FIELDS_MAX];
    enum ayni_status status;

    said.changes = fields;
    said.change_count = 0;
    for (size_t i = 0; i < draft->says_count; i++)
        if (!draft->from[i]->source->initial)
            fields[said.change_count++] = draft->says[i];
    status = check_run(check->check, &said, lookups, findings);
    if (!findings->rejected)
        findings->count = 0;
    return status;
}

enum ayni_status import_check_draft(const struct import_check *check,
                                    struct import_reading *reading,
                                    const struct import_draft *drafts, size_t index,
                                    const struct ayni_bytes *cells, struct import_finding *finding,
                                    bool *rejected, struct import_finding *warnings, size_t max,
                                    size_t *warning_count)
{
    const struct import_draft *draft = &drafts[index];
    struct import_asking asking = { check,       reading, drafts, reading->plan->record_count,
                                    draft->plan, cells,   { 0 } };
    struct check_change change = {
        .type = draft->plan->type,
        .record = &draft->key.record,
        .space_class = check->space_class,
        .is_new = draft->is_new,
        .before = draft->before,
        .before_count = draft->before_count,
        .changes = draft->changes,
        .change_count = draft->change_count,
        .roles = check->roles,
        .today = check->today,
    };
    const struct telling telling = { finding, warnings, max, warning_count };
    SCOPED_ARENA memory = { 0 };
    struct check_findings findings;
    enum ayni_status status;

    asking.company = (struct import_company){ .held = &check->facts->neighbours,
                                              .subjects = check->subjects,
                                              .drafts = drafts,
                                              .draft_count = asking.count,
                                              .itself = draft,
                                              .memory = &memory };
    const struct check_lookups lookups = import_facts_lookups(&asking);
    status = run_rules(&asking, index, &change, &lookups, &findings);
    if (status == AYNI_OK)
        tell_all(reading, draft, &findings, &telling);
    if (status == AYNI_OK && !findings.rejected && draft->disputed != 0) {
        status = judge_disputed(check, draft, &change, &lookups, &findings);
        if (status == AYNI_OK)
            tell_all(reading, draft, &findings, &telling);
    }
    *rejected = findings.rejected;
    if (status != AYNI_OK || findings.rejected || (!draft->is_new && draft->change_count == 0))
        return status;
    status = check_run(check->check, &change, &lookups, &findings);
    if (status == AYNI_OK)
        tell_all(reading, draft, &findings, &telling);
    *rejected = findings.rejected;
    return status;
}

/* --- numbers of nobody --- */

/* Whether the number is none of its scheme, by the rules of the catalogue. */
static enum ayni_status judge_number(const struct import_check *check,
                                     const struct identifier_type *type,
                                     const struct identifier *identifier,
                                     struct check_findings *findings)
{
    SCOPED_BUFFER scheme = { 0 }, value = { 0 };
    const struct check_lookups lookups = { 0 };
    struct check_change change = { .type = type->type, .is_new = true, .today = check->today };
    struct ayni_field fields[2];

    ayni_cbor_put_text(&scheme, ayni_bytes_of_text(identifier->scheme));
    ayni_cbor_put_text(&value, ayni_bytes_of_text(identifier->value));
    if (scheme.failed || value.failed)
        return AYNI_E_MEMORY;
    fields[0] = (struct ayni_field){ type->scheme, ayni_buffer_bytes(&scheme) };
    fields[1] = (struct ayni_field){ type->value, ayni_buffer_bytes(&value) };
    change.changes = fields;
    change.change_count = 2;
    change.space_class = AYNI_CLASS_SEALED;
    return check_run(check->check, &change, &lookups, findings);
}

enum ayni_status import_check_unknown(const struct import_check *check,
                                      const struct import_reading *reading,
                                      const struct import_draft *draft,
                                      struct import_finding *finding)
{
    const struct import_map_record *from = draft->plan->from;
    struct check_findings findings = { .count = 0 };
    enum ayni_status status = AYNI_OK;
    const char *code = draft->identifier_count > 0 ? "unknown_subject" : "missing";

    if (draft->plan->identifier_count > 0)
        finding->column = import_plan_column(reading->plan, &draft->plan->identifiers[0].value);
    if (draft->identifier_count > 0) {
        ayni_reason_set(&finding->reason, "unknown_subject", N_("nobody here has the number {}"));
        ayni_reason_arg_text(&finding->reason, draft->identifiers[0].value);
    } else {
        ayni_reason_set(&finding->reason, "unknown_subject",
                        N_("the row gives no number of whom it is about"));
    }
    if (draft->identifier_count > 0 && reading->identifier.type != NULL)
        status = judge_number(check, &reading->identifier, &draft->identifiers[0], &findings);
    for (size_t i = 0; i < findings.count; i++)
        if (findings.items[i].field == reading->identifier.value &&
            findings.items[i].level == AYNI_LEVEL_REJECT) {
            finding->reason = findings.items[i].reason;
            finding->message_es = findings.items[i].message_es;
            return status;
        }
    code = import_plan_reason(from->reasons, from->reason_count, code);
    finding->reason.code = strcmp(code, "missing") == 0 ? "unknown_subject" : code;
    return status;
}
