#include "daemon/records/doubts.h"

#include "proto/value_check.h"

/* A value that its field doesn't take is listed where it came; what was written into a field before
 * it went out of use is right. */
static bool is_doubt(const struct surveyed *record, const struct check_finding *finding)
{
    const struct ayni_catalogue_field *field = ayni_catalogue_field(record->type, finding->field);
    struct ayni_reason reason;

    if (finding->message_en != NULL)
        return true;
    return finding->level == AYNI_LEVEL_REJECT && field != NULL &&
           ayni_value_check(field, record_state_value(record->state, field->number), &reason) ==
               AYNI_OK;
}

static void keep_doubts(const struct surveyed *record, struct check_findings *findings)
{
    size_t kept = 0;

    for (size_t i = 0; i < findings->count; i++)
        if (is_doubt(record, &findings->items[i]))
            findings->items[kept++] = findings->items[i];
    findings->count = kept;
}

enum ayni_status doubts_of(const struct surveyed *record, struct doubts *doubts)
{
    SCOPED_ARENA memory = { 0 };
    struct check_change change = { .type = record->type, .asks_all = true };
    enum ayni_status status;

    doubts->found.count = 0;
    doubts->rules = 0;
    if (record_state_gone(record->state))
        return AYNI_OK;
    change.writer = &record_state_newest(record->state)->node;
    change.changes = record_state_shown(record->state, &memory, &change.change_count);
    if (change.changes == NULL)
        return AYNI_E_MEMORY;
    status = checker_run(record->checker, &record->state->key, &change, &doubts->found);
    if (status != AYNI_OK)
        return status;
    doubts->rules = record->type->rule_count;
    keep_doubts(record, &doubts->found);
    return AYNI_OK;
}
