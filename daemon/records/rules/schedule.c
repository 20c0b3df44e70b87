#include "daemon/records/rules/schedule.h"

#include <string.h>

#include "daemon/records/json_form.h"
#include "daemon/records/rules/rule_sets.h"
#include "daemon/records/walk.h"
#include "proto/cbor.h"

/* The fields that are read here; a number is never given to another. */
enum {
    TYPE_RULE_SET = 708,
    RULE_SET_VALID_FROM = 3,
    RULE_SET_VALID_TO = 4,
    TYPE_SCHEDULE_RULE = 709,
    RULE_RULE_SET = 1,
    RULE_COMPONENT = 2,
    RULE_DOSE = 3,
    RULE_AGE_MIN = 4,
    RULE_AGE_MAX = 5,
    RULE_INTERVAL_MIN = 6,
    RULE_INTERVAL_MAX = 7,
    RULE_COUNTED_FROM = 9,
    MONTHS_MAX = 1200,
};

void schedule_free(struct schedule *schedule)
{
    ayni_arena_free(&schedule->memory);
    *schedule = (struct schedule){ 0 };
}

/* --- windows --- */

static struct schedule_days days_of(const struct record_state *state, uint32_t field)
{
    struct schedule_days days = { 0 };

    days.known = record_state_integer(state, field, &days.days);
    return days;
}

/* When the rule set of a rule holds; false where it isn't here. */
static bool read_validity(struct reader *reader, const struct record_state *rule,
                          struct schedule_window *window)
{
    struct record_key key = { .space = rule->key.space, .type = TYPE_RULE_SET };
    SCOPED_STATE state = { 0 };

    if (!record_state_reference(rule, RULE_RULE_SET, &key.record) ||
        reader_fold(reader, &key, &state) != AYNI_OK || record_state_gone(&state) ||
        !record_state_integer(&state, RULE_SET_VALID_FROM, &window->valid_from))
        return false;
    if (!record_state_integer(&state, RULE_SET_VALID_TO, &window->valid_to))
        window->valid_to = INT64_MAX;
    return true;
}

static bool read_window(struct reader *reader, const struct record_state *state,
                        struct ayni_arena *memory, struct schedule_window *window)
{
    struct ayni_bytes component, from;

    if (record_state_gone(state) || !record_state_text(state, RULE_COMPONENT, &component) ||
        !record_state_integer(state, RULE_DOSE, &window->dose) ||
        !record_state_text(state, RULE_COUNTED_FROM, &from) ||
        !read_validity(reader, state, window))
        return false;
    if (ayni_bytes_equal(from, ayni_bytes_of_text("birth"))) {
        window->age_min = days_of(state, RULE_AGE_MIN);
        window->age_max = days_of(state, RULE_AGE_MAX);
    }
    window->interval_min = days_of(state, RULE_INTERVAL_MIN);
    window->interval_max = days_of(state, RULE_INTERVAL_MAX);
    window->component = ayni_arena_text(memory, component);
    return window->component != NULL;
}

static enum ayni_status read_windows(struct reader *reader, struct schedule *schedule)
{
    const struct ayni_space *space = &reader_charter(reader)->registry_space;
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    uint64_t count;
    enum ayni_status status = reader_count(reader, space, TYPE_SCHEDULE_RULE, &count);

    if (status != AYNI_OK || count == 0)
        return status;
    count = count < SCHEDULE_WINDOWS_MAX ? count : SCHEDULE_WINDOWS_MAX;
    schedule->windows = ayni_arena_zero(&schedule->memory, count, sizeof(*schedule->windows));
    walk_type(reader, space, TYPE_SCHEDULE_RULE, &walk);
    while (schedule->windows != NULL && status == AYNI_OK && schedule->window_count < count &&
           walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        struct schedule_window window = { 0 };
        status = reader_fold(reader, &key, &state);
        if (status == AYNI_OK && read_window(reader, &state, &schedule->memory, &window))
            schedule->windows[schedule->window_count++] = window;
    }
    if (status == AYNI_OK)
        status = walk.status;
    return status == AYNI_OK ? ayni_arena_status(&schedule->memory) : status;
}

/* --- words --- */

struct reading_words {
    const struct ayni_catalogue *catalogue;
    struct ayni_arena *memory;
    struct schedule_words words;
};

static void add_component(const struct json_at *at, struct reading_words *reading,
                          const char *component, uint32_t type, const char *code)
{
    struct schedule_words *words = &reading->words;

    if (words->component_count == SCHEDULE_WORDS_MAX)
        json_form_fail(at, "is one more than %d", SCHEDULE_WORDS_MAX);
    else
        words->components[words->component_count++] =
            (struct schedule_component){ component, type, code };
}

static void read_component(const struct json_at *at, struct reading_words *reading)
{
    static const char *const keys[] = { "component", "type", "codes", NULL };
    struct json_at name = json_form_required(at, "component");
    struct json_at type_name = json_form_required(at, "type");
    struct json_at codes = json_form_member(at, "codes");
    const char *component = ayni_arena_text(reading->memory, json_form_text(&name));
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(reading->catalogue, json_form_text(&type_name));

    json_form_only(at, keys);
    if (type == NULL)
        return;
    if (!json_form_given(&codes))
        add_component(at, reading, component, type->number, NULL);
    for (size_t i = 0; i < json_form_count(&codes); i++) {
        struct json_at code = json_form_item(&codes, i);
        add_component(&code, reading, component, type->number,
                      ayni_arena_text(reading->memory, json_form_text(&code)));
    }
}

static void read_instrument(const struct json_at *at, struct reading_words *reading)
{
    static const char *const keys[] = { "code", "months", NULL };
    struct json_at code = json_form_required(at, "code");
    struct json_at months = json_form_required(at, "months");
    struct json_at from = json_form_item(&months, 0), to = json_form_item(&months, 1);
    struct schedule_words *words = &reading->words;
    struct schedule_instrument instrument = { .code = ayni_arena_text(reading->memory,
                                                                      json_form_text(&code)) };

    json_form_only(at, keys);
    instrument.months_min = json_form_integer(&from, 0, MONTHS_MAX);
    instrument.months_max = json_form_integer(&to, instrument.months_min, MONTHS_MAX);
    if (json_form_count(&months) != 2)
        json_form_fail(&months, "must be the first and the last month");
    else if (words->instrument_count == SCHEDULE_WORDS_MAX)
        json_form_fail(at, "is one more than %d", SCHEDULE_WORDS_MAX);
    else
        words->instruments[words->instrument_count++] = instrument;
}

enum ayni_status schedule_read_words(struct ayni_bytes parameters,
                                     const struct ayni_catalogue *catalogue,
                                     struct ayni_arena *memory, struct schedule_words *words)
{
    SCOPED_JSON_FORM form = { 0 };
    struct reading_words reading = { .catalogue = catalogue, .memory = memory };

    json_form_open(&form, parameters);
    struct json_at root = json_form_root(&form);
    struct json_at components = json_form_member(&root, "components");
    struct json_at instruments = json_form_member(&root, "instruments");
    if (form.status == AYNI_OK && !json_form_given(&components) && !json_form_given(&instruments))
        return AYNI_E_NOT_FOUND;
    for (size_t i = 0; form.status == AYNI_OK && i < json_form_count(&components); i++) {
        struct json_at component = json_form_item(&components, i);
        read_component(&component, &reading);
    }
    for (size_t i = 0; form.status == AYNI_OK && i < json_form_count(&instruments); i++) {
        struct json_at instrument = json_form_item(&instruments, i);
        read_instrument(&instrument, &reading);
    }
    if (form.status != AYNI_OK || ayni_arena_status(memory) != AYNI_OK)
        return form.status != AYNI_OK ? form.status : AYNI_E_MEMORY;
    *words = reading.words;
    return AYNI_OK;
}

struct reading {
    const struct ayni_catalogue *catalogue;
    struct schedule *schedule;
};

static bool reads(void *context, struct ayni_bytes parameters)
{
    const struct reading *reading = context;

    return schedule_read_words(parameters, reading->catalogue, &reading->schedule->memory,
                               &reading->schedule->words) == AYNI_OK;
}

enum ayni_status schedule_load(struct reader *reader, struct schedule *schedule)
{
    struct reading reading = { reader_charter(reader)->catalogue, schedule };
    enum ayni_status status = read_windows(reader, schedule);

    if (status == AYNI_OK)
        status = rule_sets_newest(reader, reads, &reading);
    if (status == AYNI_E_NOT_FOUND)
        status = AYNI_OK;
    return status == AYNI_OK ? ayni_arena_status(&schedule->memory) : status;
}

/* --- asking --- */

const char *schedule_component(const struct schedule *schedule, uint32_t type,
                               struct ayni_bytes code)
{
    for (size_t i = 0; i < schedule->words.component_count; i++) {
        const struct schedule_component *at = &schedule->words.components[i];
        if (at->type == type &&
            (at->code == NULL || ayni_bytes_equal(ayni_bytes_of_text(at->code), code)))
            return at->component;
    }
    return NULL;
}

const struct schedule_window *schedule_window(const struct schedule *schedule,
                                              const char *component, int64_t dose, int64_t day)
{
    const struct schedule_window *found = NULL;
    int64_t newest = INT64_MIN;

    for (size_t i = 0; i < schedule->window_count; i++) {
        const struct schedule_window *at = &schedule->windows[i];
        if (strcmp(at->component, component) != 0 || at->valid_from > day || at->valid_to < day ||
            at->valid_from < newest)
            continue;
        if (at->valid_from > newest)
            found = NULL;
        newest = at->valid_from;
        found = at->dose == dose ? at : found;
    }
    return found;
}

const struct schedule_instrument *schedule_instrument(const struct schedule *schedule,
                                                      struct ayni_bytes code)
{
    for (size_t i = 0; i < schedule->words.instrument_count; i++)
        if (ayni_bytes_equal(ayni_bytes_of_text(schedule->words.instruments[i].code), code))
            return &schedule->words.instruments[i];
    return NULL;
}
