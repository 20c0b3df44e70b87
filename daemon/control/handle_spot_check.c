/* spot_check: a random sample of records, to be verified in the field. */
#include "daemon/control/commands.h"

#include <stdio.h>

#include "daemon/control/scope.h"
#include "daemon/control/spot_check_row.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
#include "daemon/records/first_place.h"
#include "daemon/records/locate.h"
#include "daemon/records/rules/survey.h"
#include "daemon/records/territory_cache.h"
#include "daemon/view/record_month.h"

struct sampling {
    struct daemon *daemon;
    struct control_call *call;
    struct ayni_space registry;
    struct scope scope;
    bool has_node;
    struct ayni_node node;
    const char *territory; /* empty: any */
    bool has_month;
    month_no month;
    struct draw draw;
    char seed[DRAW_SEED_SIZE];
};

/* --- arguments --- */

static enum ayni_status read_seed(struct control_call *call, char seed[DRAW_SEED_SIZE])
{
    const char *text;
    enum ayni_status status = call_text_or(call, "seed", NULL, &text);

    if (status != AYNI_OK)
        return status;
    if (text == NULL) {
        draw_seed(seed);
        return AYNI_OK;
    }
    if (!draw_seed_valid(text)) {
        call_hint(call, N_("it has 1 to 64 letters, digits, hyphens, dots or underscores"), NULL);
        return call_fail(call, AYNI_E_USAGE, N_("{} is no seed"), text, NULL);
    }
    snprintf(seed, DRAW_SEED_SIZE, "%s", text);
    return AYNI_OK;
}

static enum ayni_status read_size(struct control_call *call, int64_t *size)
{
    enum ayni_status status = call_int_or(call, "sample", 0, size);

    if (status != AYNI_OK || (*size >= 1 && *size <= DRAW_MAX))
        return status;
    return call_fail(call, AYNI_E_USAGE, N_("a sample has 1 to 10000 records"), NULL);
}

static enum ayni_status read_sampling(struct sampling *sampling, const struct charter *charter,
                                      int64_t *size)
{
    struct control_call *call = sampling->call;
    enum ayni_status status = read_size(call, size);

    if (status == AYNI_OK)
        status = read_seed(call, sampling->seed);
    if (status == AYNI_OK)
        status = scope_read(call, charter, &sampling->scope);
    if (status == AYNI_OK)
        status = scope_node(call, charter, &sampling->has_node, &sampling->node);
    if (status == AYNI_OK)
        status = view_arguments_territory(call, &sampling->territory);
    if (status == AYNI_OK)
        status = view_arguments_month(call, &sampling->month);
    sampling->has_month = call_has(call, "period");
    sampling->registry = charter->registry_space;
    return status;
}

/* --- the population --- */

/* What can be verified where nobody says what: services, whose numbers are 200 to 299. */
static bool is_service(const struct ayni_catalogue_type *type)
{
    return type->is_event && type->number >= 200 && type->number < 300;
}

static enum ayni_status is_asked_for(const struct sampling *sampling, const struct surveyed *record,
                                     bool *asked)
{
    const struct record_state *state = record->state;
    const struct ayni_fold_item *newest = record_state_newest(state);
    char place[LOCATE_CODE_SIZE] = "";
    enum ayni_status status = AYNI_OK;
    month_no month;

    *asked = false;
    if (record_state_gone(state) ||
        (sampling->has_node && !ayni_id_equal(&newest->node, &sampling->node)) ||
        (sampling->has_month &&
         (!record_month(record->type, state, &month) || month != sampling->month)))
        return AYNI_OK;
    if (sampling->scope.has_space)
        *asked = true;
    else if (!ayni_id_equal(&state->key.space, &sampling->registry)) {
        status = first_place_is(record->reader, &state->key, asked);
    }
    if (status == AYNI_OK && *asked && sampling->territory[0] != '\0')
        status = locate_record(record->reader, state, place);
    *asked = *asked && locate_within(place, sampling->territory);
    return status;
}

static enum ayni_status offer(void *context, const struct surveyed *record, bool *enough)
{
    struct sampling *sampling = context;
    bool asked;
    enum ayni_status status = is_asked_for(sampling, record, &asked);

    (void)enough;
    if (status == AYNI_OK && asked)
        draw_offer(&sampling->draw, &record->state->key);
    return status;
}

static enum ayni_status draw_all(struct sampling *sampling)
{
    const struct records *records = &sampling->daemon->records;
    struct survey survey = { .type = sampling->scope.type, .space = scope_space(&sampling->scope) };
    uint64_t total;
    enum ayni_status status;

    if (survey.type == 0)
        survey.takes = is_service;
    status = survey_total(records, &survey, &total);
    while (status == AYNI_OK && !survey.done) {
        status = survey_page(records, &survey, false, offer, sampling);
        if (status == AYNI_OK)
            status = call_progress(sampling->call, survey.looked_at, total);
        if (status == AYNI_OK && call_cancelled(sampling->call))
            status = AYNI_E_STOPPED;
    }
    draw_end(&sampling->draw);
    return status;
}

/* --- the form --- */

static enum ayni_status put_form(struct sampling *sampling, struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_TERRITORIES *territories = NULL;
    enum ayni_status status = reader_begin(&sampling->daemon->records, &reader);

    if (status == AYNI_OK)
        status = territory_cache_hold(sampling->daemon->records.territories, reader, &territories);
    spot_check_row_put_names(outbox);
    for (size_t i = 0; status == AYNI_OK && i < sampling->draw.count; i++)
        status = spot_check_row_put(outbox, reader, territories, &sampling->draw, i);
    return status;
}

static enum ayni_status sample(struct sampling *sampling, int64_t size)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = draw_begin(&sampling->draw, sampling->seed, (size_t)size);

    if (status == AYNI_OK)
        status = draw_all(sampling);
    if (status == AYNI_OK && sampling->draw.count == 0)
        return call_fail(sampling->call, AYNI_E_NOT_FOUND,
                         N_("there is no such record to draw from"), NULL);
    if (status == AYNI_OK)
        status = put_form(sampling, &outbox);
    return status == AYNI_OK ? outbox_send(&outbox, sampling->call) : status;
}

static enum ayni_status handle_spot_check(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct sampling sampling = { .daemon = daemon, .call = call };
    int64_t size;
    enum ayni_status status = read_sampling(&sampling, charter, &size);

    if (status == AYNI_OK)
        status = sample(&sampling, size);
    draw_free(&sampling.draw);
    return status;
}

const struct control_command control_spot_check_commands[] = {
    { "spot_check", handle_spot_check, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
