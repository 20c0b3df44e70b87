#include "daemon/records/rules/check_catalogue.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/rules/check_rules.h"
#include "proto/catalogue_parse.h"
#include "proto/set.h"

/* Below it numbers are those of the editions that come with the program. */
enum { OWN_NUMBERS = 1000 };
/* Fields of the records, where findings are about them. */
enum { TYPE_NUMBER = 1, TYPE_NAME = 2, TYPE_SUBJECTS = 5 };
enum { FIELD_TYPE = 1, FIELD_NUMBER, FIELD_NAME, FIELD_KIND, FIELD_UNIT };
enum { FIELD_MERGE = 9, FIELD_TARGETS = 12, RULE_TYPE = 1, RULE_EXPRESSION = 4, CODE_TYPE = 1 };

struct looking {
    struct sql *sql;
    const struct ayni_catalogue *catalogue;
    const struct check_change *change;
    struct check_findings *findings;
};

static void find(const struct looking *looking, enum ayni_level level, uint32_t field,
                 const char *code, const char *message, struct ayni_bytes about)
{
    struct check_finding *finding =
        check_findings_add(looking->findings, level, AYNI_E_INVALID, field);

    if (finding == NULL)
        return;
    ayni_reason_set(&finding->reason, code, message);
    ayni_reason_arg(&finding->reason, about);
}

static void reject(const struct looking *looking, uint32_t field, const char *code,
                   const char *message, struct ayni_bytes about)
{
    find(looking, AYNI_LEVEL_REJECT, field, code, message, about);
}

static bool same(struct ayni_bytes text, const char *other)
{
    return ayni_bytes_equal(text, ayni_bytes_of_text(other));
}

/* What the first valid version said holds for ever, whatever later ones say. */
static void check_kept(const struct looking *looking, uint32_t field, bool kept)
{
    const struct ayni_catalogue_field *column = ayni_catalogue_field(looking->change->type, field);

    if (!kept && column != NULL)
        reject(looking, field, "never_changes", N_("{} never changes: what was said first holds"),
               ayni_bytes_of_text(column->name));
}

static void check_number(const struct looking *looking, uint32_t field, uint32_t number)
{
    if (looking->change->is_new && number < OWN_NUMBERS)
        find(looking, AYNI_LEVEL_WARN, field, "number_of_editions",
             N_("numbers under {} are those of the editions that come with the program"),
             ayni_bytes_of_text("1000"));
}

/* Names of types with spaces between; the row's own may be among them. */
static void check_types(const struct looking *looking, uint32_t field, struct ayni_bytes names,
                        struct ayni_bytes own)
{
    struct ayni_bytes name;

    while (ayni_set_next(&names, ' ', &name))
        if (!same(name, "any") && !ayni_bytes_equal(name, own) &&
            ayni_catalogue_type_named(looking->catalogue, name) == NULL)
            reject(looking, field, "unknown_type", N_("there is no type {}"), name);
}

static void check_type(const struct looking *looking, const struct ayni_type_row *row)
{
    const struct ayni_catalogue_type *held = ayni_catalogue_type(looking->catalogue, row->number);
    const struct ayni_catalogue_type *named =
        ayni_catalogue_type_named(looking->catalogue, row->name);

    if (held != NULL)
        check_kept(looking, TYPE_NAME, same(row->name, held->name));
    else
        check_number(looking, TYPE_NUMBER, row->number);
    if (named != NULL && named->number != row->number)
        reject(looking, TYPE_NAME, "name_taken", N_("another type is called {}"), row->name);
    check_types(looking, TYPE_SUBJECTS, row->subjects, row->name);
}

/* The type that a row is of; NULL, and found, where there is none. */
static const struct ayni_catalogue_type *type_of(const struct looking *looking, uint32_t number,
                                                 uint32_t field)
{
    const struct ayni_catalogue_type *type = ayni_catalogue_type(looking->catalogue, number);
    char text[16];

    snprintf(text, sizeof(text), "%u", (unsigned)number);
    if (type == NULL)
        reject(looking, field, "unknown_type", N_("there is no type {}"), ayni_bytes_of_text(text));
    return type;
}

static void check_held_field(const struct looking *looking, const struct ayni_field_row *row,
                             const struct ayni_catalogue_field *held)
{
    struct ayni_merge_rule merge;
    struct ayni_kind kind;
    char said[AYNI_MERGE_TEXT_SIZE] = "", kept[AYNI_MERGE_TEXT_SIZE];
    char said_kind[AYNI_KIND_TEXT_SIZE] = "", kept_kind[AYNI_KIND_TEXT_SIZE];

    if (ayni_merge_rule_parse(row->merge, &merge) == AYNI_OK)
        ayni_merge_rule_text(&merge, said);
    if (ayni_kind_parse(row->kind, &kind) == AYNI_OK)
        ayni_kind_text(&kind, said_kind);
    ayni_merge_rule_text(&held->merge, kept);
    ayni_kind_text(&held->kind, kept_kind);
    check_kept(looking, FIELD_NAME, same(row->name, held->name));
    check_kept(looking, FIELD_KIND, strcmp(said_kind, kept_kind) == 0);
    check_kept(looking, FIELD_UNIT, same(row->unit, held->unit));
    check_kept(looking, FIELD_MERGE, strcmp(said, kept) == 0);
}

static void check_field(const struct looking *looking, const struct ayni_field_row *row)
{
    const struct ayni_catalogue_type *type = type_of(looking, row->type, FIELD_TYPE);

    if (type == NULL)
        return;
    const struct ayni_catalogue_field *held = ayni_catalogue_field(type, row->number);
    const struct ayni_catalogue_field *named = ayni_catalogue_field_named(type, row->name);
    if (held != NULL)
        check_held_field(looking, row, held);
    else if (type->number < OWN_NUMBERS)
        check_number(looking, FIELD_NUMBER, row->number);
    if (named != NULL && named->number != row->number)
        reject(looking, FIELD_NAME, "name_taken", N_("another field is called {}"), row->name);
    check_types(looking, FIELD_TARGETS, row->targets, ayni_bytes_of_text(type->name));
}

static enum ayni_status check_rule(const struct looking *looking, const struct ayni_rule_row *row)
{
    const struct ayni_catalogue_type *type = type_of(looking, row->type, RULE_TYPE);
    SCOPED_BUFFER expression = { 0 };
    struct ayni_catalogue_rule rule = { .name = "" };
    struct check_rules *rules;

    if (type == NULL || row->retired)
        return AYNI_OK;
    struct ayni_catalogue_type with = *type; /* this rule alone */
    ayni_buffer_append(&expression, row->expression.data, row->expression.size);
    ayni_buffer_append_byte(&expression, '\0');
    if (expression.failed)
        return AYNI_E_MEMORY;
    rule.expression = (const char *)expression.data;
    with.rules = &rule;
    with.rule_count = 1;
    enum ayni_status status = check_rules_new(looking->sql, &with, NULL, 0, &rules);
    if (status != AYNI_OK)
        return status;
    if (check_rules_broken(rules, 0))
        reject(looking, RULE_EXPRESSION, "no_expression",
               N_("{} is no expression over the fields of the type"), row->expression);
    check_rules_free(rules);
    return AYNI_OK;
}

static enum ayni_status check_row(const struct looking *looking,
                                  const struct ayni_catalogue_row *row)
{
    uint32_t wrong = ayni_catalogue_row_wrong(row);
    const struct ayni_catalogue_field *column = ayni_catalogue_field(looking->change->type, wrong);

    if (wrong != 0) {
        reject(looking, wrong, "no_row", N_("{} is not of the form that the catalogue wants"),
               ayni_bytes_of_text(column == NULL ? "?" : column->name));
        return AYNI_OK;
    }
    if (row->kind == AYNI_ROW_TYPE)
        check_type(looking, &row->type);
    else if (row->kind == AYNI_ROW_FIELD)
        check_field(looking, &row->field);
    else if (row->kind == AYNI_ROW_RULE)
        return check_rule(looking, &row->rule);
    else if (row->kind == AYNI_ROW_CODE && row->code.type != 0)
        (void)type_of(looking, row->code.type, CODE_TYPE);
    return AYNI_OK;
}

enum ayni_status check_catalogue_row(struct sql *sql, const struct ayni_catalogue *catalogue,
                                     const struct check_change *change,
                                     struct check_findings *findings)
{
    struct looking looking = { sql, catalogue, change, findings };
    struct ayni_field fields[AYNI_ROW_FIELDS_MAX];
    struct ayni_catalogue_row row;
    SCOPED_BUFFER scratch = { 0 };
    uint32_t kind = change->type->number;
    size_t count = 0;

    if (kind != AYNI_ROW_LIST && (kind < AYNI_ROW_TYPE || kind > AYNI_ROW_RULE))
        return AYNI_OK;
    for (uint32_t number = 1; number <= AYNI_ROW_FIELDS_MAX; number++)
        if (ayni_catalogue_field(change->type, number) != NULL)
            fields[count++] =
                (struct ayni_field){ .number = number, .value = check_value(change, number) };
    enum ayni_status status = ayni_catalogue_row_from_fields(kind, fields, count, &scratch, &row);
    if (status == AYNI_OK)
        return check_row(&looking, &row);
    return status == AYNI_E_MEMORY ? status : AYNI_OK; /* a wrong value is found at its field */
}
