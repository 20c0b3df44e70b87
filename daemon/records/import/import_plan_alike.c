/* References that mean the same, in whatever record of the plan. */
#include <string.h>

#include "daemon/records/import/import_plan_private.h"

static bool has_same_targets(const struct ayni_catalogue_field *a,
                             const struct ayni_catalogue_field *b)
{
    bool same = a->target_count == b->target_count;

    for (size_t i = 0; same && i < a->target_count; i++)
        same = strcmp(a->targets[i], b->targets[i]) == 0;
    return same;
}

/* Nothing is done with the text that a source has made but to read it. */
static bool reads_as_it_is(const struct import_source *source)
{
    return source->word_count == 0 && (source->split == NULL || source->word > 0);
}

static bool reads_alike(const struct plan_field *a, const struct plan_field *b)
{
    return a == b || (b->field->kind.type == AYNI_KIND_REF && reads_as_it_is(a->source) &&
                      reads_as_it_is(b->source) && has_same_targets(a->field, b->field));
}

static const struct plan_field *first_like(const struct import_plan *plan,
                                           const struct plan_field *field)
{
    for (size_t i = 0; i < plan->record_count; i++)
        for (size_t j = 0; j < plan->records[i].field_count; j++)
            if (reads_alike(field, &plan->records[i].fields[j]))
                return &plan->records[i].fields[j];
    return field;
}

void import_plan_find_alike(struct import_plan *plan)
{
    for (size_t i = 0; i < plan->record_count; i++)
        for (size_t j = 0; j < plan->records[i].field_count; j++) {
            struct plan_field *field = &plan->records[i].fields[j];
            if (field->field->kind.type == AYNI_KIND_REF)
                field->reads_as = first_like(plan, field);
        }
}
