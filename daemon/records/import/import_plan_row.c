#include <string.h>

#include "daemon/records/import/import_plan_private.h"

/* --- conditions --- */

static const struct plan_test *bind_tests(struct import_plan *plan, const struct import_test *tests,
                                          size_t count)
{
    struct plan_test *bound = ayni_arena_zero(&plan->memory, count + 1, sizeof(*bound));

    for (size_t i = 0; bound != NULL && i < count; i++)
        bound[i] = (struct plan_test){ import_plan_use_column(plan, tests[i].column), &tests[i] };
    return bound;
}

enum ayni_status import_plan_bind_condition(struct import_plan *plan,
                                            const struct import_condition *from,
                                            struct plan_condition *to)
{
    to->when = bind_tests(plan, from->when, from->when_count);
    to->unless = bind_tests(plan, from->unless, from->unless_count);
    to->when_count = from->when_count;
    to->unless_count = from->unless_count;
    return ayni_arena_status(&plan->memory);
}

/* --- rules of the map --- */

/* The next name in "" of an expression, outside its texts in ''; false where there is none. */
static bool next_quoted(const char **rest, struct ayni_bytes *name)
{
    for (const char *at = *rest; *at != 0; at++) {
        const char *end;
        if (*at != '\'' && *at != '"')
            continue;
        end = strchr(at + 1, *at);
        if (end == NULL)
            return false;
        if (*at == '"') {
            *name = (struct ayni_bytes){ (const uint8_t *)at, (size_t)(end - at) + 1 };
            *rest = end + 1;
            return true;
        }
        at = end;
    }
    return false;
}

static void bind_rule_column(struct import_plan *plan, struct plan_record *record,
                             struct ayni_bytes quoted)
{
    char *name = ayni_arena_text(&plan->memory, quoted);
    char *bare =
        ayni_arena_text(&plan->memory, (struct ayni_bytes){ quoted.data + 1, quoted.size - 2 });

    if (name == NULL || bare == NULL || record->rule_column_count == PLAN_RULE_COLUMNS_MAX)
        return;
    for (size_t i = 0; i < record->rule_column_count; i++)
        if (strcmp(record->rule_columns[i], name) == 0)
            return;
    record->rule_places[record->rule_column_count] = import_plan_use_column(plan, bare);
    record->rule_columns[record->rule_column_count++] = name;
}

/* The rules themselves, in a copy of the type. */
static enum ayni_status copy_rules(struct import_plan *plan, struct plan_record *record)
{
    size_t count = record->from->rule_count;
    struct ayni_catalogue_rule *rules = ayni_arena_zero(&plan->memory, count + 1, sizeof(*rules));
    enum ayni_status status = AYNI_OK;

    record->rule_conditions =
        ayni_arena_zero(&plan->memory, count + 1, sizeof(*record->rule_conditions));
    if (rules == NULL || record->rule_conditions == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        rules[i] = record->from->rules[i].rule;
        status = import_plan_bind_condition(plan, &record->from->rules[i].condition,
                                            &record->rule_conditions[i]);
    }
    record->ruled = *record->type;
    record->ruled.rules = rules;
    record->ruled.rule_count = count;
    return status;
}

enum ayni_status import_plan_bind_rules(struct import_plan *plan, struct plan_record *record)
{
    struct ayni_bytes quoted;
    enum ayni_status status = copy_rules(plan, record);

    record->rule_columns =
        ayni_arena_zero(&plan->memory, PLAN_RULE_COLUMNS_MAX, sizeof(*record->rule_columns));
    record->rule_places =
        ayni_arena_zero(&plan->memory, PLAN_RULE_COLUMNS_MAX, sizeof(*record->rule_places));
    if (status == AYNI_OK)
        status = ayni_arena_status(&plan->memory);
    for (size_t i = 0; status == AYNI_OK && i < record->ruled.rule_count; i++)
        for (const char *rest = record->ruled.rules[i].expression; next_quoted(&rest, &quoted);)
            bind_rule_column(plan, record, quoted);
    return status == AYNI_OK ? ayni_arena_status(&plan->memory) : status;
}
