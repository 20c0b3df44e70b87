#include "daemon/records/edit_check.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/records/facts.h"
#include "daemon/records/territories.h"
#include "proto/registry.h"

/* The class of the space, as strict as can be where it isn't known. */
static enum ayni_class class_of(const struct charter *charter, const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    return info == NULL ? AYNI_CLASS_PUBLIC : info->class;
}

/* What to do about it, where there is more to say than what is wrong. */
static void add_hint(const struct edit_change *change, const struct check_finding *finding,
                     struct complaint *to)
{
    const struct ayni_catalogue_field *field = ayni_catalogue_field(change->type, finding->field);

    if (field == NULL)
        return;
    if (finding->status == AYNI_E_RIGHT)
        complain_hint(to, N_("write it into a space that is at least {}"),
                      ayni_class_name(field->read), NULL);
    else if (strcmp(finding->reason.code, "missing") == 0)
        complain_hint(to, N_("give {}=VALUE; `ayni types {}` says what it takes"), field->name,
                      change->type->name, NULL);
    else
        complain_hint(to, N_("in the field {}; `ayni types {}` says what it takes"), field->name,
                      change->type->name, NULL);
}

/* A rule of the catalogue speaks both languages itself; all else is translated by the command. */
static enum ayni_status say(const struct edit_change *change, const struct check_finding *finding,
                            struct complaint *to)
{
    const struct ayni_reason *reason = &finding->reason;
    const char *args[AYNI_REASON_ARGS_MAX + 1] = { NULL };

    for (size_t i = 0; i < reason->arg_count; i++)
        args[i] = reason->args[i];
    complain_code(to, reason->code);
    add_hint(change, finding, to);
    if (finding->message_en != NULL)
        return complain(to, finding->status, "{}",
                        change->english ? finding->message_en : finding->message_es, NULL);
    return complain(to, finding->status, reason->message, args[0], args[1], args[2], NULL);
}

/* The fields that the record shows now. */
static struct ayni_field *shown_fields(const struct record_state *state, struct ayni_arena *memory,
                                       size_t *count)
{
    *count = state == NULL ? 0 : state->folded.field_count;
    struct ayni_field *fields = ayni_arena_take(memory, *count, sizeof(*fields));

    for (size_t i = 0; fields != NULL && i < *count; i++)
        fields[i] = (struct ayni_field){ .number = state->folded.fields[i].number,
                                         .value = state->folded.fields[i].shown };
    return fields;
}

/* Who answers what the rules ask. */
struct answers {
    struct facts facts;
    const struct territories *territories;
};

static void answer_fact(void *context, enum check_fact fact, const struct ayni_record *record,
                        struct sql_value *value)
{
    struct answers *answers = context;

    facts_answer(&answers->facts, fact, record, value);
}

static bool territory_known(void *context, struct ayni_bytes ubigeo, int64_t day)
{
    const struct answers *answers = context;

    return territories_find(answers->territories, ubigeo, day) != NULL;
}

static enum ayni_status run(struct reader *reader, const struct edit_change *change,
                            struct answers *answers, struct check_findings *findings)
{
    const struct charter *charter = reader_charter(reader);
    SCOPED_ARENA memory = { 0 };
    struct check *check;
    struct check_lookups lookups = { .context = answers, .fact = answer_fact };
    struct check_change checked = {
        .type = change->type,
        .record = &change->key->record,
        .space_class = class_of(charter, &change->key->space),
        .is_new = change->before == NULL,
        .changes = change->fields,
        .change_count = change->count,
        .today = clock_today(),
    };

    if (answers->territories->count > 0)
        lookups.territory_known = territory_known;
    checked.before = shown_fields(change->before, &memory, &checked.before_count);
    if (checked.before == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = check_new(charter->catalogue, &check);
    if (status != AYNI_OK)
        return status;
    status = check_run(check, &checked, &lookups, findings);
    check_free(check);
    return status;
}

static enum ayni_status find(const struct records *records, struct reader *reader,
                             const struct edit_change *change, struct check_findings *findings)
{
    SCOPED_TERRITORIES *territories = NULL;
    struct answers answers;

    enum ayni_status status = territory_cache_hold(records->territories, reader, &territories);
    if (status != AYNI_OK)
        return status;
    answers.territories = territories;
    facts_begin(&answers.facts, reader, &change->key->space);
    status = run(reader, change, &answers, findings);
    facts_end(&answers.facts);
    return status;
}

enum ayni_status edit_check(const struct records *records, struct reader *reader,
                            const struct edit_change *change, struct complaint *complaint,
                            struct complaint *warning)
{
    struct check_findings findings;
    enum ayni_status status = find(records, reader, change, &findings);

    for (size_t i = 0; status == AYNI_OK && i < findings.count; i++) {
        if (findings.items[i].level == AYNI_LEVEL_REJECT)
            status = say(change, &findings.items[i], complaint);
    }
    for (size_t i = 0; status == AYNI_OK && i < findings.count; i++)
        (void)say(change, &findings.items[i], warning);
    return status;
}
