#include "daemon/control/survey_problems.h"

#include <stdio.h>
#include <string.h>

#include "daemon/control/outlier_survey.h"
#include "daemon/control/problem_item.h"
#include "daemon/daemon.h"
#include "daemon/records/discrepancy.h"
#include "daemon/records/doubts.h"
#include "daemon/records/locate.h"
#include "daemon/records/names.h"

struct listing {
    struct problem_filter *filter;
    struct outbox *outbox;
    bool english;
    char place[LOCATE_CODE_SIZE]; /* of the record being looked at, where that matters */
    struct doubts doubts;         /* likewise */
    struct discrepancies discrepancies;
    struct outliers outliers;
    struct outlier_values values;
};

/* One thing found in it: where it is listed, say what it is. */
static void put(struct listing *listing, const struct surveyed *record, const char *level,
                uint32_t field, const struct complaint *said)
{
    const struct record_state *state = record->state;
    const struct ayni_fold_item *newest = record_state_newest(state);
    const struct problem_found found = { said->code, &state->key.space, &newest->node,
                                         listing->place };
    const struct problem_item item = { .charter = reader_charter(record->reader),
                                       .key = &state->key,
                                       .node = &newest->node,
                                       .time = newest->time,
                                       .reason = ayni_bytes_of_text(said->code),
                                       .field = field,
                                       .level = level,
                                       .said = said };

    if (!problem_filter_lists(listing->filter, &found))
        return;
    problem_item_put(outbox_begin(listing->outbox), &item);
    outbox_end(listing->outbox);
}

static void put_doubt(struct listing *listing, const struct surveyed *record,
                      const struct check_finding *finding)
{
    const struct ayni_catalogue_field *field = ayni_catalogue_field(record->type, finding->field);
    struct complaint said = { 0 };

    if (finding->status == AYNI_E_RIGHT && field != NULL)
        complain_hint(&said, N_("write it into a space that is at least {}"),
                      ayni_class_name(field->read), NULL);
    else
        complain_hint(&said, N_("correct the field: `ayni set`"), NULL);
    (void)checker_complain(finding, listing->english, &said);
    put(listing, record, finding->level == AYNI_LEVEL_WARN ? "warn" : "reject", finding->field,
        &said);
}

static void put_discrepancy(struct listing *listing, const struct surveyed *record,
                            const struct discrepancy *discrepancy)
{
    struct complaint said = { 0 };
    char other[NAMES_SIZE];

    names_of_space(reader_charter(record->reader), &discrepancy->other, other);
    complain_code(&said, "discrepancy");
    complain_hint(&said, N_("correct the one that is wrong: `ayni set ID FIELD=VALUE --space S`"),
                  NULL);
    (void)complain(&said, AYNI_OK, N_("the space {} shows another value"), other, NULL);
    put(listing, record, "warn", discrepancy->field, &said);
}

static void put_outlier(struct listing *listing, const struct surveyed *record,
                        const struct outlier *outlier)
{
    struct complaint said = { 0 };
    char low[24], high[24];

    if (!outlier->is_outside && !outlier->is_far)
        return;
    snprintf(low, sizeof(low), "%lld", (long long)outlier->range->low);
    snprintf(high, sizeof(high), "%lld", (long long)outlier->range->high);
    complain_code(&said, "outlier");
    complain_hint(&said, N_("look whether it is right; `ayni flag ID outlier` marks it"), NULL);
    if (outlier->is_outside)
        (void)complain(&said, AYNI_OK, N_("it is outside {} to {}, which is plausible at that age"),
                       low, high, NULL);
    else
        (void)complain(&said, AYNI_OK, N_("it is far from what its source measures at that age"),
                       NULL);
    put(listing, record, "warn", outlier->field, &said);
}

static enum ayni_status look_at(void *context, const struct surveyed *record, bool *enough)
{
    struct listing *listing = context;
    const struct problem_filter *filter = listing->filter;
    enum ayni_status status = AYNI_OK;

    if (record_state_gone(record->state))
        return AYNI_OK;
    listing->place[0] = '\0';
    if (problem_filter_needs_place(filter))
        status = locate_record(record->reader, record->state, listing->place);
    if (status != AYNI_OK || !locate_within(listing->place, filter->territory))
        return status;
    status = doubts_of(record, &listing->doubts);
    if (status == AYNI_OK)
        status = discrepancies_of(record->reader, record->state, &listing->discrepancies);
    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < listing->doubts.found.count; i++)
        put_doubt(listing, record, &listing->doubts.found.items[i]);
    outliers_of(&listing->outliers, record, &listing->values);
    for (size_t i = 0; i < listing->values.count; i++)
        put_outlier(listing, record, &listing->values.items[i]);
    for (size_t i = 0; i < listing->discrepancies.differing && i < DISCREPANCIES_MAX; i++)
        put_discrepancy(listing, record, &listing->discrepancies.items[i]);
    *enough = outbox_is_full(listing->outbox);
    return AYNI_OK;
}

static enum ayni_status list_surveyed(struct daemon *daemon, struct control_call *call,
                                      struct listing *listing)
{
    const struct scope *scope = &listing->filter->scope;
    struct survey survey = { .type = scope->type, .space = scope_space(scope) };
    uint64_t total;
    enum ayni_status status = survey_total(&daemon->records, &survey, &total);

    while (status == AYNI_OK && !survey.done) {
        status = survey_page(&daemon->records, &survey, true, look_at, listing);
        if (status == AYNI_OK)
            status = outbox_send(listing->outbox, call);
        if (status == AYNI_OK)
            status = call_progress(call, survey.looked_at, total);
        if (status == AYNI_OK && call_cancelled(call))
            status = AYNI_E_STOPPED;
    }
    return status;
}

enum ayni_status survey_problems_list(struct daemon *daemon, struct control_call *call,
                                      struct problem_filter *filter, struct outbox *outbox)
{
    struct listing listing = { .filter = filter,
                               .outbox = outbox,
                               .english = strcmp(call_language(call), "en") == 0 };
    enum ayni_status status =
        outlier_survey_learn(daemon, call, scope_space(&filter->scope), &listing.outliers);

    if (status == AYNI_OK || status == AYNI_E_NOT_FOUND)
        status = list_surveyed(daemon, call, &listing);
    outliers_free(&listing.outliers);
    return status;
}
