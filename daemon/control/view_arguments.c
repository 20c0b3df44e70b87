#include "daemon/control/view_arguments.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/control/scope.h"
#include "proto/nearest.h"

static const struct {
    const char *name;
    enum view_level level;
} levels[] = {
    { "department", VIEW_DEPARTMENT },
    { "province", VIEW_PROVINCE },
    { "district", VIEW_DISTRICT },
};
enum { LEVEL_COUNT = sizeof(levels) / sizeof(levels[0]) };

static enum ayni_status read_indicator(struct control_call *call, const struct plan *plan,
                                       const char **indicator)
{
    enum ayni_status status = call_text(call, "indicator", indicator);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->indicators[i].code, *indicator) == 0)
            return AYNI_OK;
    const char *nearest = plan_nearest(plan, *indicator);
    if (nearest != NULL)
        call_hint(call, N_("did you mean {}?"), nearest, NULL);
    else
        call_hint(call, N_("`ayni view` lists them"), NULL);
    return call_fail(call, AYNI_E_USAGE, N_("there is no indicator {}"), *indicator, NULL);
}

static enum ayni_status read_rules(struct control_call *call, const struct plan *plan,
                                   const char *indicator, const char **rules)
{
    enum ayni_status status = call_text_or(call, "rules", NULL, rules);

    if (status != AYNI_OK || *rules == NULL)
        return status;
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(*rules));
    for (size_t i = 0; i < plan->count; i++) {
        if (strcmp(plan->indicators[i].code, indicator) != 0)
            continue;
        if (strcmp(plan->indicators[i].rules, *rules) == 0)
            return AYNI_OK;
        ayni_nearest_offer(&nearest, plan->indicators[i].rules);
    }
    if (nearest.best != NULL)
        call_hint(call, N_("did you mean {}?"), nearest.best, NULL);
    return call_fail(call, AYNI_E_USAGE, N_("{} has no rules {}"), indicator, *rules, NULL);
}

enum ayni_status view_arguments_territory(struct control_call *call, const char **territory)
{
    enum ayni_status status = call_text_or(call, "territory", "", territory);

    if (status != AYNI_OK)
        return status;
    size_t size = strlen(*territory);
    if (size <= VIEW_DISTRICT && size % 2 == 0 && strspn(*territory, "0123456789") == size)
        return AYNI_OK;
    call_hint(call, N_("a department has 2 digits, a province 4, a district 6"), NULL);
    return call_fail(call, AYNI_E_USAGE, N_("{} is no territory"), *territory, NULL);
}

enum ayni_status view_arguments_level(struct control_call *call, const char *territory,
                                      enum view_level *level)
{
    const char *name;
    enum ayni_status status = call_text_or(call, "level", NULL, &name);

    *level = (enum view_level)strlen(territory);
    if (status != AYNI_OK || name == NULL)
        return status;
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        if (strcmp(levels[i].name, name) != 0)
            continue;
        if (levels[i].level < *level)
            return call_fail(call, AYNI_E_USAGE, N_("{} is smaller than a {}"), territory, name,
                             NULL);
        *level = levels[i].level;
        return AYNI_OK;
    }
    return call_fail(call, AYNI_E_USAGE, N_("{} is no level: department, province or district"),
                     name, NULL);
}

static enum ayni_status read_dimensions(struct control_call *call, struct view_request *request)
{
    const char *const *names;
    size_t count;
    enum ayni_status status = call_texts(call, "by", &names, &count);

    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        if (strcmp(names[i], view_dimension_name(VIEW_BY_SEX)) == 0) {
            request->by_sex = true;
        } else if (strcmp(names[i], view_dimension_name(VIEW_BY_LANGUAGE)) == 0) {
            request->by_language = true;
        } else {
            call_hint(call, N_("there are: {}"), "sex, language", NULL);
            status = call_fail(call, AYNI_E_USAGE, N_("numbers can't be broken down by {}"),
                               names[i], NULL);
        }
    }
    return status;
}

enum ayni_status view_arguments_month(struct control_call *call, month_no *month)
{
    const char *text;
    struct ayni_instant as_of;
    bool past;
    int64_t day;
    enum ayni_status status = scope_as_of(call, &past, &as_of);

    if (status == AYNI_OK)
        status = call_text_or(call, "period", NULL, &text);
    if (status != AYNI_OK)
        return status;
    *month = month_of_day(past ? clock_day_of(as_of) : clock_today()) - 1;
    if (text == NULL)
        return AYNI_OK;
    if (ayni_month_parse(ayni_bytes_of_text(text), &day) != AYNI_OK)
        return call_fail(call, AYNI_E_USAGE, N_("'{}' is not a month (YYYY-MM)"), text, NULL);
    *month = month_of_day(day);
    if (month_first_day(*month) > clock_today())
        return call_fail(call, AYNI_E_USAGE, N_("the month {} has not begun"), text, NULL);
    return AYNI_OK;
}

enum ayni_status view_arguments_read(struct control_call *call, const struct plan *plan,
                                     struct view_request *request)
{
    const char *indicator, *rules;

    *request = (struct view_request){ .level = VIEW_NATION };
    enum ayni_status status = read_indicator(call, plan, &indicator);
    if (status == AYNI_OK)
        status = read_rules(call, plan, indicator, &rules);
    if (status == AYNI_OK)
        status = view_arguments_territory(call, &request->territory);
    if (status == AYNI_OK)
        status = view_arguments_level(call, request->territory, &request->level);
    if (status == AYNI_OK)
        status = view_arguments_month(call, &request->month);
    if (status != AYNI_OK)
        return status;
    request->edition = plan_edition(plan, indicator, rules, month_last_day(request->month));
    return read_dimensions(call, request);
}

enum ayni_status view_arguments_alone(struct control_call *call)
{
    static const char *const names[] = {
        "territory", "level", "by", "rules", "successors", "trace"
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!call_has(call, names[i]))
            continue;
        call_hint(call, N_("`ayni view` lists them"), NULL);
        return call_fail(call, AYNI_E_USAGE, N_("--{} needs an indicator"), names[i], NULL);
    }
    return AYNI_OK;
}
