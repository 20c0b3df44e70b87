#include "daemon/records/import/import_doubt.h"

#include "daemon/records/import/import_place.h"
#include "daemon/records/links/split.h"
#include "proto/record_id.h"

static void warn(struct import_warnings *warnings, const char *column, const char *code,
                 const char *message, struct ayni_bytes arg)
{
    struct import_finding *warning = &warnings->items[warnings->count];

    if (warnings->count == IMPORT_WARNINGS_MAX)
        return;
    warnings->count++;
    warning->column = column;
    ayni_reason_set(&warning->reason, code, message);
    ayni_reason_arg(&warning->reason, arg);
}

void import_doubt_draft(const struct import_reading *reading, const struct import_draft *draft,
                        struct import_warnings *warnings)
{
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field(draft->plan->type, draft->disputed);

    if (draft->ambiguous)
        warn(warnings, NULL, "several_holders", N_("several records hold its number: {} was taken"),
             ayni_bytes_of_text(draft->plan->type->name));
    if (draft->disputed != 0)
        warn(warnings, NULL, "disputed_in_file",
             N_("an earlier row says otherwise of {}, and stands"),
             ayni_bytes_of_text(field == NULL ? "" : field->name));
    for (size_t i = 0; i < draft->moved_count && warnings->count < IMPORT_WARNINGS_MAX; i++)
        warnings->count +=
            import_place_doubt(reading, draft, &draft->moved[i], &warnings->items[warnings->count]);
}

void import_doubt_split(const struct import_reading *reading, const struct import_draft *drafts,
                        struct import_warnings *warnings)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct ayni_record child;

    for (size_t i = 0; i < reading->plan->record_count; i++) {
        const struct import_draft *draft = &drafts[i];
        if (!draft->present || draft->identifier_count == 0 || !split_of(&draft->state, &child))
            continue;
        ayni_record_text(&child, id);
        warn(warnings, import_plan_column(reading->plan, &draft->plan->identifiers[0].value),
             "number_was_split", N_("another one was parted from who has this number: {}"),
             ayni_bytes_of_text(id));
    }
}
