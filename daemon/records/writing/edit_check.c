#include "daemon/records/writing/edit_check.h"

#include <string.h>

#include "daemon/records/rules/checker.h"

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

static enum ayni_status say(const struct edit_change *change, const struct check_finding *finding,
                            struct complaint *to)
{
    add_hint(change, finding, to);
    return checker_complain(finding, change->english, to);
}

static void warn(const struct edit_change *change, const struct check_finding *finding,
                 struct complaints *warnings)
{
    struct complaint *warning = complaints_add(warnings);

    if (warning != NULL)
        say(change, finding, warning);
}

static enum ayni_status find(const struct records *records, struct reader *reader,
                             const struct edit_change *change, struct check_findings *findings)
{
    SCOPED_ARENA memory = { 0 };
    SCOPED_CHECKER *checker = NULL;
    struct check_change checked = {
        .type = change->type,
        .is_new = change->before == NULL,
        .changes = change->fields,
        .change_count = change->count,
    };
    enum ayni_status status = checker_new(records, reader, &checker);

    checked.before = record_state_shown(change->before, &memory, &checked.before_count);
    if (status == AYNI_OK && checked.before == NULL)
        status = AYNI_E_MEMORY;
    return status == AYNI_OK ? checker_run(checker, change->key, &checked, findings) : status;
}

enum ayni_status edit_check(const struct records *records, struct reader *reader,
                            const struct edit_change *change, struct complaint *complaint,
                            struct complaints *warnings)
{
    struct check_findings findings;
    enum ayni_status status = find(records, reader, change, &findings);

    for (size_t i = 0; status == AYNI_OK && i < findings.count; i++) {
        if (findings.items[i].level == AYNI_LEVEL_REJECT)
            status = say(change, &findings.items[i], complaint);
    }
    for (size_t i = 0; status == AYNI_OK && i < findings.count; i++)
        warn(change, &findings.items[i], warnings);
    return status;
}
