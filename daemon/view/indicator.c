#include "daemon/view/indicator.h"

#include <stdio.h>

#include "daemon/records/json_form.h"
#include "proto/text.h"

/* A definition being read, with the parameters that its words point into. */
struct reading {
    struct json_at parameters;
    const struct ayni_catalogue *catalogue;
    struct indicator *indicator;
};

bool indicator_within(const struct indicator_window *window, int64_t value)
{
    return (!window->has_low || value >= window->low) &&
           (!window->has_high || value <= window->high);
}

/* "children.age_months": a member of a member of the parameters. */
static struct json_at parameter(const struct reading *reading, const struct json_at *at,
                                struct json_at *group)
{
    struct ayni_bytes path = json_form_text(at);
    char name[2 * INDICATOR_WORD_SIZE];

    (void)ayni_text_copy(path, name, sizeof(name));
    char *dot = strchr(name, '.');
    if (dot == NULL) {
        json_form_fail(at, "`%s` is no GROUP.NAME of the rule set's parameters", name);
        return (struct json_at){ .form = at->form };
    }
    *dot = '\0';
    *group = json_form_member(&reading->parameters, name);
    struct json_at value = json_form_member(group, dot + 1);
    if (!json_form_given(&value)) {
        json_form_fail(at, "the rule set has no parameter %s.%s", name, dot + 1);
        return (struct json_at){ .form = at->form };
    }
    return value;
}

/* [low, high], null for an open end; or the name of a parameter that is such. */
static struct indicator_window read_window(const struct reading *reading,
                                           const struct json_at *object, const char *key)
{
    struct json_at group, at = json_form_member(object, key);
    struct indicator_window window = { 0 };

    if (!json_form_given(&at))
        return window;
    struct json_at given = at;
    if (json_form_is_text(&at))
        given = parameter(reading, &at, &group);
    if (json_form_count(&given) != 2) {
        json_form_fail(&at, "a window is [from, to], null for an open end");
        return window;
    }
    struct json_at low = json_form_item(&given, 0), high = json_form_item(&given, 1);
    window.has_low = !json_form_is_null(&low);
    window.has_high = !json_form_is_null(&high);
    window.low = window.has_low ? json_form_integer(&low, -100000, 100000) : 0;
    window.high = window.has_high ? json_form_integer(&high, -100000, 100000) : 0;
    return window;
}

static const struct ayni_catalogue_type *read_type(const struct reading *reading,
                                                   const struct json_at *at)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(reading->catalogue, json_form_text(at));

    if (type == NULL)
        json_form_fail(at, "there is no such type");
    return type;
}

static uint32_t field_named(const struct ayni_catalogue_type *type, const char *name)
{
    const struct ayni_catalogue_field *field =
        type == NULL ? NULL : ayni_catalogue_field_named(type, ayni_bytes_of_text(name));

    return field == NULL ? 0 : field->number;
}

static void read_cohort(const struct reading *reading, const struct json_at *cohort)
{
    static const char *const keys[] = { "state", "age_months", "age_days", NULL };
    struct indicator *indicator = reading->indicator;

    json_form_only(cohort, keys);
    struct json_at states = json_form_member(cohort, "state");
    indicator->state_count = json_form_count(&states);
    if (indicator->state_count > INDICATOR_WORDS_MAX) {
        json_form_fail(&states, "at most %d states", INDICATOR_WORDS_MAX);
        indicator->state_count = 0;
    }
    for (size_t i = 0; i < indicator->state_count; i++) {
        struct json_at state = json_form_item(&states, i);
        (void)ayni_text_copy(json_form_text(&state), indicator->states[i], INDICATOR_WORD_SIZE);
    }
    indicator->age_months = read_window(reading, cohort, "age_months");
    indicator->age_days = read_window(reading, cohort, "age_days");
}

static void read_condition(const struct reading *reading, const struct json_at *at,
                           struct indicator_condition *condition)
{
    static const char *const keys[] = { "exists", "scheme", "date", "days_from_birth", NULL };
    char date[INDICATOR_WORD_SIZE];

    json_form_only(at, keys);
    struct json_at exists = json_form_required(at, "exists");
    struct json_at scheme = json_form_member(at, "scheme");
    struct json_at day = json_form_required(at, "date");
    const struct ayni_catalogue_type *type = read_type(reading, &exists);
    *condition = (struct indicator_condition){ .type = type == NULL ? 0 : type->number };
    (void)ayni_text_copy(json_form_text(&day), date, sizeof(date));
    condition->date_field = field_named(type, date);
    if (type != NULL && condition->date_field == 0)
        json_form_fail(&day, "%s has no field %s", type->name, date);
    if (json_form_given(&scheme)) {
        condition->scheme_field = field_named(type, "scheme");
        condition->state_field = field_named(type, "state");
        (void)ayni_text_copy(json_form_text(&scheme), condition->scheme, sizeof(condition->scheme));
        if (condition->scheme_field == 0)
            json_form_fail(&scheme, "this type has no schemes");
    }
    condition->days_from_birth = read_window(reading, at, "days_from_birth");
}

static void read_conditions(const struct reading *reading, const struct json_at *numerator)
{
    struct indicator *indicator = reading->indicator;

    indicator->condition_count = json_form_count(numerator);
    if (indicator->condition_count > INDICATOR_CONDITIONS_MAX) {
        json_form_fail(numerator, "at most %d conditions", INDICATOR_CONDITIONS_MAX);
        indicator->condition_count = 0;
    }
    for (size_t i = 0; i < indicator->condition_count; i++) {
        struct json_at condition = json_form_item(numerator, i);
        read_condition(reading, &condition, &indicator->conditions[i]);
    }
}

static void read_titles(const struct reading *reading, const struct json_at *root)
{
    static const char *const keys[] = { "es", "en", NULL };
    struct json_at title = json_form_member(root, "title");

    if (!json_form_given(&title))
        return;
    json_form_only(&title, keys);
    struct json_at es = json_form_required(&title, "es"), en = json_form_required(&title, "en");
    (void)ayni_text_copy(json_form_text(&es), reading->indicator->title_es, INDICATOR_TITLE_SIZE);
    (void)ayni_text_copy(json_form_text(&en), reading->indicator->title_en, INDICATOR_TITLE_SIZE);
}

static void read_measure(const struct reading *reading, const struct json_at *root)
{
    struct json_at group, measure = json_form_required(root, "measure"),
                          target = json_form_member(root, "target");
    struct ayni_bytes word = json_form_text(&measure);

    reading->indicator->is_count = ayni_bytes_equal(word, ayni_bytes_of_text("count"));
    if (!reading->indicator->is_count && !ayni_bytes_equal(word, ayni_bytes_of_text("percent")))
        json_form_fail(&measure, "count or percent");
    if (!json_form_given(&target))
        return;
    struct json_at value =
        json_form_is_text(&target) ? parameter(reading, &target, &group) : target;
    reading->indicator->has_target = true;
    reading->indicator->target = json_form_integer(&value, 0, 10000);
}

/* The groups, or the name of a parameter that is such. */
static void read_languages(const struct reading *reading, const struct json_at *root)
{
    struct json_at group, languages = json_form_member(root, "languages");

    if (!json_form_given(&languages))
        return;
    struct json_at given =
        json_form_is_text(&languages) ? parameter(reading, &languages, &group) : languages;
    if (json_form_given(&given))
        language_groups_read(&given, &reading->indicator->languages);
}

static void read_definition(struct reading *reading, const struct json_at *root)
{
    static const char *const keys[] = { "title",  "measure",   "target",    "subject",
                                        "cohort", "numerator", "languages", NULL };

    json_form_only(root, keys);
    read_titles(reading, root);
    read_measure(reading, root);
    struct json_at subject = json_form_required(root, "subject"),
                   cohort = json_form_required(root, "cohort");
    struct json_at numerator = json_form_member(root, "numerator");
    const struct ayni_catalogue_type *type = read_type(reading, &subject);
    reading->indicator->subject = type == NULL ? 0 : type->number;
    if (type != NULL && (field_named(type, "birth_date") == 0 || field_named(type, "ubigeo") == 0))
        json_form_fail(&subject, "a subject has birth_date and ubigeo");
    read_cohort(reading, &cohort);
    read_languages(reading, root);
    if (json_form_given(&numerator))
        read_conditions(reading, &numerator);
}

enum ayni_status indicator_read(struct ayni_bytes definition, struct ayni_bytes parameters,
                                const struct ayni_catalogue *catalogue, struct indicator *indicator,
                                char error[INDICATOR_ERROR_SIZE])
{
    struct json_form form, rules;
    struct reading reading = { .catalogue = catalogue, .indicator = indicator };

    json_form_open(&form, definition);
    json_form_open(&rules, parameters);
    reading.parameters = json_form_root(&rules);
    struct json_at root = json_form_root(&form);
    read_definition(&reading, &root);
    enum ayni_status status = form.status != AYNI_OK ? form.status : rules.status;
    snprintf(error, INDICATOR_ERROR_SIZE, "%s", form.status != AYNI_OK ? form.error : rules.error);
    json_form_close(&form);
    json_form_close(&rules);
    return status;
}
