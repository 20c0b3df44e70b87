#include "daemon/records/reference.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/records.h"
#include "daemon/records/rules/lms_table.h"
#include "daemon/records/walk.h"
#include "proto/catalogue.h"
#include "proto/nearest.h"
#include "proto/registry.h"

#define WHO_EDITION "2006"
#define WHO_LICENCE                                                                                \
    "WHO Child Growth Standards (2006). World Health Organization, CC BY-NC-SA 3.0 IGO unless "    \
    "stated otherwise"

static const struct reference references[] = {
    { "ubigeo", "territory", NULL, NULL },
    { "who-lhfa", NULL, WHO_EDITION, WHO_LICENCE },
    { "who-wfa", NULL, WHO_EDITION, WHO_LICENCE },
    { "who-bmifa", NULL, WHO_EDITION, WHO_LICENCE },
    { "who-hcfa", NULL, WHO_EDITION, WHO_LICENCE },
    { "who-acfa", NULL, WHO_EDITION, WHO_LICENCE },
    { "who-wfl", NULL, WHO_EDITION, WHO_LICENCE },
    { "who-wfh", NULL, WHO_EDITION, WHO_LICENCE },
    { "schedule-rules", "schedule_rule", NULL, NULL },
    { "his-codes", "code_list", NULL, NULL },
    { "products", "product", NULL, NULL },
    { "indicators", "indicator", NULL, NULL },
};

const struct reference *reference_known(size_t *count)
{
    *count = sizeof(references) / sizeof(references[0]);
    return references;
}

/* --- before one is loaded --- */

static enum ayni_status find(const char *name, const struct reference **reference,
                             struct complaint *complaint)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(name));

    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        if (strcmp(references[i].name, name) == 0) {
            *reference = &references[i];
            return AYNI_OK;
        }
        ayni_nearest_offer(&nearest, references[i].name);
    }
    complain_code(complaint, "unknown_table");
    if (nearest.best != NULL)
        complain_hint(complaint, N_("did you mean {}?"), nearest.best, NULL);
    else
        complain_hint(complaint, N_("`ayni help reference import` names them"), NULL);
    return complain(complaint, AYNI_E_USAGE, N_("there is no reference table {}"), name, NULL);
}

enum ayni_status reference_open(const struct records *records, const char *name,
                                const struct reference **reference, struct ayni_space *space,
                                struct complaint *complaint)
{
    SCOPED_CHARTER charter = standing_hold(records->standing);
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);
    enum ayni_status status = find(name, reference, complaint);

    if (status != AYNI_OK)
        return status;
    if (steering == NULL || !ayni_id_equal(steering, &records->node)) {
        complain_hint(complaint, N_("they come to all members with the registry"), NULL);
        return complain(complaint, AYNI_E_RIGHT,
                        N_("the steering node alone loads reference tables"), NULL);
    }
    *space = charter->registry_space;
    return AYNI_OK;
}

enum ayni_status reference_check_text(const struct reference *reference, struct ayni_bytes text,
                                      struct complaint *complaint)
{
    SCOPED_LMS_TABLE table = { 0 };
    size_t line;
    char number[24];
    enum ayni_status status = lms_table_read(text, &table, &line);

    if (status != AYNI_E_INVALID && status != AYNI_E_LIMIT)
        return status;
    snprintf(number, sizeof(number), "%zu", line);
    complain_hint(
        complaint,
        N_("columns sex, age_days (or length_cm, height_cm), l, m, s; a row for each step"), NULL);
    return complain(complaint, AYNI_E_INVALID,
                    N_("line {} is no row of the table {}, or one before it is missing"), number,
                    reference->name, NULL);
}

/* --- what is here --- */

/* The newest version that an import of the table wrote; others wrote records of the type as well.
 */
static const struct ayni_fold_item *newest_of(const struct record_state *state, const char *origin)
{
    for (size_t i = state->count; i > 0; i--) {
        const struct ayni_fold_item *item = &state->items[i - 1];
        if (item->valid && item->version != NULL &&
            ayni_bytes_equal(item->version->origin, ayni_bytes_of_text(origin)))
            return item;
    }
    return NULL;
}

enum ayni_status reference_count(struct reader *reader, const struct reference *reference,
                                 struct reference_rows *found)
{
    const struct charter *charter = reader_charter(reader);
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text(reference->type));
    SCOPED_WALK walk = { 0 };
    struct record_key key;

    *found = (struct reference_rows){ 0 };
    if (type == NULL)
        return AYNI_OK;
    walk_type(reader, &charter->registry_space, type->number, &walk);
    while (walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        enum ayni_status status = reader_fold(reader, &key, &state);
        const struct ayni_fold_item *newest;
        if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
            return status;
        newest = status == AYNI_OK && !record_state_gone(&state)
                     ? newest_of(&state, reference->name)
                     : NULL;
        if (newest == NULL)
            continue;
        found->rows++;
        if (newest->time.ms >= found->time.ms)
            found->node = newest->node;
        if (newest->time.ms >= found->time.ms)
            found->time = newest->time;
    }
    return walk.status;
}
