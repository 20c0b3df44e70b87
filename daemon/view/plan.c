#include "daemon/view/plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/standing.h"
#include "daemon/records/state.h"
#include "daemon/records/walk.h"
#include "daemon/report.h"
#include "daemon/view/shown.h"
#include "proto/cbor.h"
#include "proto/nearest.h"
#include "proto/text.h"

enum { TYPE_INDICATOR = 707, TYPE_RULE_SET = 708 };
enum { INDICATOR_CODE = 1, INDICATOR_NAME = 2, INDICATOR_DEFINITION = 3, INDICATOR_RULE_SET = 4 };
enum { INDICATOR_VALID_FROM = 7, INDICATOR_VALID_TO = 8 };
enum { RULE_SET_NAME = 1, RULE_SET_PARAMETERS = 5 };

static struct ayni_bytes text_of(const struct record_state *state, uint32_t field)
{
    return shown_text(record_state_value(state, field));
}

static enum ayni_status load_rule_set(struct reader *reader, const struct record_state *indicator,
                                      struct record_state *rules)
{
    struct record_key key = { .space = reader_charter(reader)->registry_space,
                              .type = TYPE_RULE_SET };
    struct ayni_cbor_reader value =
        ayni_cbor_reader(record_state_value(indicator, INDICATOR_RULE_SET));

    ayni_cbor_read_id(&value, &key.record);
    enum ayni_status status = ayni_cbor_done(&value);
    return status == AYNI_OK ? reader_fold(reader, &key, rules) : AYNI_E_NOT_FOUND;
}

static void put_value(struct ayni_buffer *source, const struct record_state *state, uint32_t field)
{
    struct ayni_bytes value = record_state_value(state, field);
    uint64_t size = value.size;

    ayni_buffer_append(source, &size, sizeof(size));
    ayni_buffer_append(source, value.data, value.size);
}

/* The hash of all that the indicator is read from: what is read would have bytes between fields. */
static enum ayni_status hash_source(const struct record_state *state,
                                    const struct record_state *rules, struct ayni_hash *hash)
{
    SCOPED_BUFFER source = { 0 };
    static const uint32_t fields[] = { INDICATOR_CODE, INDICATOR_NAME, INDICATOR_DEFINITION,
                                       INDICATOR_VALID_FROM, INDICATOR_VALID_TO };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        put_value(&source, state, fields[i]);
    put_value(&source, rules, RULE_SET_NAME);
    put_value(&source, rules, RULE_SET_PARAMETERS);
    *hash = ayni_hash_of(ayni_buffer_bytes(&source));
    return ayni_buffer_status(&source);
}

static enum ayni_status read_indicator(struct reader *reader, const struct record_state *state,
                                       struct indicator *indicator,
                                       char error[INDICATOR_ERROR_SIZE])
{
    SCOPED_STATE rules = { 0 };

    *indicator = (struct indicator){ 0 };
    (void)ayni_text_copy(text_of(state, INDICATOR_CODE), indicator->code, sizeof(indicator->code));
    (void)ayni_text_copy(text_of(state, INDICATOR_NAME), indicator->title_es,
                         sizeof(indicator->title_es));
    (void)ayni_text_copy(text_of(state, INDICATOR_NAME), indicator->title_en,
                         sizeof(indicator->title_en));
    (void)shown_day(record_state_value(state, INDICATOR_VALID_FROM), &indicator->valid_from);
    indicator->has_valid_to =
        shown_day(record_state_value(state, INDICATOR_VALID_TO), &indicator->valid_to);
    snprintf(error, INDICATOR_ERROR_SIZE, "its rule set isn't here");
    enum ayni_status status = load_rule_set(reader, state, &rules);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_E_INVALID : status;
    (void)ayni_text_copy(text_of(&rules, RULE_SET_NAME), indicator->rules,
                         sizeof(indicator->rules));
    status = hash_source(state, &rules, &indicator->source);
    if (status != AYNI_OK)
        return status;
    return indicator_read(text_of(state, INDICATOR_DEFINITION),
                          text_of(&rules, RULE_SET_PARAMETERS), reader_charter(reader)->catalogue,
                          indicator, error);
}

/* An indicator that others compute is defined in words. */
static bool is_computed(const struct record_state *state)
{
    struct ayni_bytes definition = text_of(state, INDICATOR_DEFINITION);

    return definition.size > 0 && definition.data[0] == '{';
}

static enum ayni_status add(struct reader *reader, const struct record_key *key, struct plan *plan)
{
    SCOPED_STATE state = { 0 };
    char error[INDICATOR_ERROR_SIZE];

    enum ayni_status status = reader_fold(reader, key, &state);
    if (status != AYNI_OK || record_state_gone(&state))
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (!is_computed(&state))
        return AYNI_OK;
    status = read_indicator(reader, &state, &plan->indicators[plan->count], error);
    if (status == AYNI_OK)
        plan->count++;
    else if (status == AYNI_E_INVALID)
        report(REPORT_WARNING, "indicator_left_out", "code=%s reason=%s",
               plan->indicators[plan->count].code, error);
    return status == AYNI_E_INVALID ? AYNI_OK : status;
}

static int by_code(const void *a, const void *b)
{
    const struct indicator *one = a, *other = b;
    int order = strcmp(one->code, other->code);

    if (order == 0)
        order = (one->valid_from > other->valid_from) - (one->valid_from < other->valid_from);
    return order != 0 ? order : strcmp(one->rules, other->rules);
}

static enum ayni_status seal(struct plan *plan)
{
    SCOPED_BUFFER sources = { 0 };

    qsort(plan->indicators, plan->count, sizeof(*plan->indicators), by_code);
    for (size_t i = 0; i < plan->count; i++)
        ayni_buffer_append(&sources, &plan->indicators[i].source,
                           sizeof(plan->indicators[i].source));
    plan->hash = ayni_hash_of(ayni_buffer_bytes(&sources));
    return ayni_buffer_status(&sources);
}

static enum ayni_status load_all(struct reader *reader, struct plan *plan)
{
    const struct charter *charter = reader_charter(reader);
    enum ayni_status status = AYNI_OK;
    struct record_key key;
    struct walk walk;

    if (!charter->founded)
        return AYNI_OK;
    walk_type(reader, &charter->registry_space, TYPE_INDICATOR, &walk);
    while (status == AYNI_OK && plan->count < PLAN_INDICATORS_MAX && walk_next(&walk, &key))
        status = add(reader, &key, plan);
    if (status == AYNI_OK)
        status = walk.status;
    walk_close(&walk);
    return status;
}

enum ayni_status plan_load(struct reader *reader, struct plan **plan)
{
    struct plan *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->indicators = calloc(PLAN_INDICATORS_MAX + 1, sizeof(*made->indicators));
    enum ayni_status status = made->indicators == NULL ? AYNI_E_MEMORY : load_all(reader, made);
    if (status == AYNI_OK)
        status = seal(made);
    if (status != AYNI_OK) {
        plan_free(made);
        return status;
    }
    *plan = made;
    return AYNI_OK;
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    free(plan->indicators);
    free(plan);
}

const struct indicator *plan_edition(const struct plan *plan, const char *code, const char *rules,
                                     int64_t month_end)
{
    const struct indicator *found = NULL;

    for (size_t i = 0; i < plan->count; i++) {
        const struct indicator *indicator = &plan->indicators[i];
        if (strcmp(indicator->code, code) == 0 &&
            (rules == NULL || strcmp(indicator->rules, rules) == 0) &&
            indicator->valid_from <= month_end &&
            (!indicator->has_valid_to || indicator->valid_to >= month_end))
            found = indicator;
    }
    return found;
}

const char *plan_nearest(const struct plan *plan, const char *code)
{
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(code));

    for (size_t i = 0; i < plan->count; i++)
        ayni_nearest_offer(&nearest, plan->indicators[i].code);
    return nearest.best;
}
