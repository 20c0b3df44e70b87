/* view: the indicators, and one of them broken down. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/control/commands.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"
#include "daemon/records/standing.h"
#include "daemon/records/territories.h"
#include "daemon/view/view_query.h"

/* One `view` request as it is asked for, checked. */
struct view_call {
    struct reader *reader;
    struct plan *plan;
    struct view_request request;
    const struct indicator *indicator; /* any edition of it: title and measure */
    bool is_spanish;
};

static void view_call_done(struct view_call *view)
{
    plan_free(view->plan);
    reader_end(view->reader);
}
#define SCOPED_VIEW_CALL __attribute__((cleanup(view_call_done))) struct view_call

static enum ayni_status view_begin(struct daemon *daemon, struct control_call *call,
                                   struct view_call *view)
{
    view->is_spanish = strcmp(call_language(call), "es") == 0;
    enum ayni_status status = reader_begin(&daemon->records, &view->reader);
    if (status == AYNI_OK)
        status = plan_load(view->reader, &view->plan);
    return status;
}

/* The newest month that has ended: one that goes on isn't counted to its end. */
static month_no latest_month(void)
{
    return month_of_day(clock_today()) - 1;
}

/* Hundredths of a percent, half up; the count itself where that is the measure. */
static void put_value(struct ayni_control_writer *item, const struct indicator *indicator,
                      const struct counts *counts)
{
    if (indicator->is_count)
        ayni_control_put_int(item, "value", counts->denominator);
    else if (counts->denominator == 0)
        ayni_control_put_null(item, "value");
    else
        ayni_control_put_decimal(
            item, "value",
            (counts->numerator * 20000 + counts->denominator) / (2 * counts->denominator), 2);
}

/* Whom nothing is asked of: the count is both. */
static int64_t numerator_of(const struct indicator *indicator, const struct counts *counts)
{
    return indicator->is_count ? counts->denominator : counts->numerator;
}

/* --- all indicators --- */

static enum ayni_status send_latest(struct control_call *call, struct view_call *view,
                                    const struct indicator *indicator)
{
    struct view_request request = { .indicator = indicator->code,
                                    .territory = "",
                                    .month = latest_month() };
    struct counts counts = { 0 };
    struct view_row *rows;
    size_t count;

    enum ayni_status status = view_ask(view->reader, view->plan, &request, &rows, &count);
    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        counts_add(&counts, &rows[i].counts, 1);
    free(rows);
    struct ayni_control_writer *item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "indicator", indicator->code);
    ayni_control_put_text(item, "title",
                          view->is_spanish ? indicator->title_es : indicator->title_en);
    ayni_control_put_month(item, "period", month_first_day(request.month));
    ayni_control_put_int(item, "numerator", numerator_of(indicator, &counts));
    ayni_control_put_int(item, "denominator", counts.denominator);
    put_value(item, indicator, &counts);
    if (indicator->has_target)
        ayni_control_put_decimal(item, "target", indicator->target, 2);
    else
        ayni_control_put_null(item, "target");
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status answer_all(struct control_call *call, struct view_call *view)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < view->plan->count; i++)
        if (i == 0 ||
            strcmp(view->plan->indicators[i].code, view->plan->indicators[i - 1].code) != 0)
            status = send_latest(call, view, &view->plan->indicators[i]);
    return status;
}

/* --- what is asked for --- */

static enum ayni_status read_indicator(struct control_call *call, struct view_call *view)
{
    const char *code;

    enum ayni_status status = call_text(call, "indicator", &code);
    if (status != AYNI_OK)
        return status;
    view->request.indicator = code;
    for (size_t i = 0; i < view->plan->count; i++)
        if (strcmp(view->plan->indicators[i].code, code) == 0)
            view->indicator = &view->plan->indicators[i];
    if (view->indicator != NULL)
        return AYNI_OK;
    const char *nearest = plan_nearest(view->plan, code);
    status = call_fail(call, AYNI_E_USAGE, N_("there is no indicator {}"), code, NULL);
    if (nearest != NULL)
        call_hint(call, N_("is it {}?"), nearest, NULL);
    else
        call_hint(call, N_("`ayni view` shows them"), NULL);
    return status;
}

static enum ayni_status read_rules(struct control_call *call, struct view_call *view)
{
    if (!call_has(call, "rules"))
        return AYNI_OK;
    enum ayni_status status = call_text(call, "rules", &view->request.rules);
    for (size_t i = 0; status == AYNI_OK && i < view->plan->count; i++)
        if (strcmp(view->plan->indicators[i].code, view->request.indicator) == 0 &&
            strcmp(view->plan->indicators[i].rules, view->request.rules) == 0)
            return AYNI_OK;
    if (status == AYNI_OK)
        status = call_fail(call, AYNI_E_USAGE, N_("{} has no rule set {}"), view->request.indicator,
                           view->request.rules, NULL);
    return status;
}

static bool is_territory(const char *code)
{
    size_t size = strlen(code);

    return (size == 0 || size == 2 || size == 4 || size == 6) && strspn(code, "0123456789") == size;
}

static enum ayni_status read_place(struct control_call *call, struct view_call *view)
{
    static const struct {
        const char *name;
        enum view_level level;
    } levels[] = { { "department", VIEW_DEPARTMENT },
                   { "province", VIEW_PROVINCE },
                   { "district", VIEW_DISTRICT } };
    const char *level;

    enum ayni_status status = call_text_or(call, "territory", "", &view->request.territory);
    if (status == AYNI_OK)
        status = call_text_or(call, "level", "", &level);
    if (status != AYNI_OK)
        return status;
    if (!is_territory(view->request.territory)) {
        status = call_fail(call, AYNI_E_USAGE, N_("{} is no code of a territory"),
                           view->request.territory, NULL);
        call_hint(call,
                  N_("a department has 2 digits, a province 4, a district 6: 16, 1601, 160101"),
                  NULL);
        return status;
    }
    view->request.level = (enum view_level)strlen(view->request.territory);
    if (level[0] == '\0')
        return AYNI_OK;
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        if (strcmp(level, levels[i].name) == 0) {
            view->request.level = levels[i].level;
            return AYNI_OK;
        }
    }
    return call_fail(call, AYNI_E_USAGE, N_("{} is no level: department, province or district"),
                     level, NULL);
}

static enum ayni_status read_period(struct control_call *call, struct view_call *view)
{
    const char *period;
    int64_t day;

    view->request.month = latest_month();
    if (!call_has(call, "period"))
        return AYNI_OK;
    enum ayni_status status = call_text(call, "period", &period);
    if (status != AYNI_OK)
        return status;
    if (ayni_month_parse(ayni_bytes_of_text(period), &day) != AYNI_OK)
        return call_fail(call, AYNI_E_USAGE, N_("{} is no month: YYYY-MM"), period, NULL);
    view->request.month = month_of_day(day);
    if (view->request.month > month_of_day(clock_today()))
        return call_fail(call, AYNI_E_USAGE, N_("{} hasn't begun"), period, NULL);
    return AYNI_OK;
}

static enum ayni_status read_dimensions(struct control_call *call, struct view_call *view)
{
    const char *const *by;
    size_t count;

    enum ayni_status status = call_texts(call, "by", &by, &count);
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        if (strcmp(by[i], "sex") == 0)
            view->request.by_sex = true;
        else if (strcmp(by[i], "language") == 0)
            view->request.by_language = true;
        else
            status = call_fail(call, AYNI_E_USAGE, N_("{} is no dimension: sex or language"), by[i],
                               NULL);
    }
    return status;
}

static enum ayni_status read_request(struct control_call *call, struct view_call *view)
{
    enum ayni_status status = read_indicator(call, view);

    if (status == AYNI_OK)
        status = read_rules(call, view);
    if (status == AYNI_OK)
        status = read_place(call, view);
    if (status == AYNI_OK)
        status = read_period(call, view);
    if (status == AYNI_OK)
        status = read_dimensions(call, view);
    if (status == AYNI_OK && call_has(call, "as_of"))
        status = call_fail(call, AYNI_E_INVALID,
                           N_("this version of aynid shows the view as it is now alone"), NULL);
    return status;
}

/* --- one broken down --- */

static void put_place(struct ayni_control_writer *item, const struct territories *territories,
                      const char *place, month_no month)
{
    const struct territory *territory = territories_find(territories, place, month_last_day(month));

    if (place[0] != '\0')
        ayni_control_put_text(item, "territory", place);
    else
        ayni_control_put_null(item, "territory");
    if (territory != NULL)
        ayni_control_put_text(item, "name", territory->name);
    else
        ayni_control_put_null(item, "name");
}

static enum ayni_status send_row(struct control_call *call, const struct view_call *view,
                                 const struct territories *territories, const struct view_row *row)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    put_place(item, territories, row->place, view->request.month);
    if (view->request.by_sex)
        ayni_control_put_text(item, "sex", row->sex[0] != '\0' ? row->sex : "unknown");
    if (view->request.by_language)
        ayni_control_put_text(item, "language",
                              row->language[0] != '\0' ? row->language : "unknown");
    ayni_control_put_month(item, "period", month_first_day(view->request.month));
    ayni_control_put_int(item, "numerator", numerator_of(view->indicator, &row->counts));
    ayni_control_put_int(item, "denominator", row->counts.denominator);
    ayni_control_put_int(item, "excluded", row->counts.excluded);
    ayni_control_put_int(item, "unknown", row->counts.unknown);
    put_value(item, view->indicator, &row->counts);
    ayni_control_put_int(item, "contested", row->counts.contested);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status answer_rows(struct control_call *call, struct view_call *view)
{
    struct territories *territories;
    struct view_row *rows;
    size_t count;

    enum ayni_status status = territories_load(view->reader, &territories);
    if (status != AYNI_OK)
        return status;
    status = view_ask(view->reader, view->plan, &view->request, &rows, &count);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = send_row(call, view, territories, &rows[i]);
    if (count > 0)
        free(rows);
    territories_free(territories);
    return status;
}

/* --- the records behind a number --- */

struct tracing {
    struct control_call *call;
    struct view_call *view;
    enum ayni_status status;
};

static const char *counted_as(const struct indicator *indicator,
                              const struct contribution *contribution)
{
    if (indicator->is_count)
        return "denominator";
    if ((contribution->flags & CONTRIBUTION_NUMERATOR) != 0)
        return "numerator";
    return (contribution->flags & CONTRIBUTION_UNKNOWN) != 0 ? "unknown" : "denominator";
}

/* The subject's record in each space that holds it. */
static bool send_traced(void *context, const struct ayni_record *subject, uint32_t type,
                        const struct subject_facts *facts, const struct contribution *contribution)
{
    enum { SPACES_MAX = 16 };
    struct tracing *tracing = context;
    const struct charter *charter = reader_charter(tracing->view->reader);
    struct record_key keys[SPACES_MAX];
    char name[NAMES_SIZE];
    size_t count = 0;

    tracing->status =
        reader_find(tracing->view->reader, subject, type, NULL, keys, SPACES_MAX, &count);
    for (size_t i = 0; tracing->status == AYNI_OK && i < count && i < SPACES_MAX; i++) {
        SCOPED_STATE state = { 0 };
        tracing->status = reader_fold(tracing->view->reader, &keys[i], &state);
        const struct ayni_fold_item *newest =
            tracing->status == AYNI_OK ? record_state_newest(&state) : NULL;
        if (newest == NULL || record_state_gone(&state))
            continue;
        struct ayni_control_writer *item = call_item(tracing->call);
        ayni_control_open_object(item, NULL);
        ayni_control_put_record(item, "id", subject);
        names_of_type(charter, type, name);
        ayni_control_put_text(item, "type", name);
        names_of_space(charter, &keys[i].space, name);
        ayni_control_put_text(item, "space", name);
        ayni_control_put_node(item, "node", &newest->node);
        ayni_control_put_record(item, "subject", subject);
        ayni_control_put_text(item, "counts", counted_as(tracing->view->indicator, contribution));
        ayni_control_close(item);
        tracing->status = call_send(tracing->call);
    }
    (void)facts;
    return tracing->status == AYNI_OK;
}

static enum ayni_status answer_trace(struct control_call *call, struct view_call *view)
{
    struct tracing tracing = { call, view, AYNI_OK };

    enum ayni_status status =
        view_trace(view->reader, view->plan, &view->request, send_traced, &tracing);
    return status == AYNI_OK ? tracing.status : status;
}

static enum ayni_status handle_view(struct daemon *daemon, struct control_call *call)
{
    SCOPED_VIEW_CALL view = { 0 };
    bool trace;

    enum ayni_status status = call_flag(call, "trace", &trace);
    if (status == AYNI_OK)
        status = view_begin(daemon, call, &view);
    if (status != AYNI_OK)
        return status;
    if (!call_has(call, "indicator"))
        return answer_all(call, &view);
    status = read_request(call, &view);
    if (status != AYNI_OK)
        return status;
    return trace ? answer_trace(call, &view) : answer_rows(call, &view);
}

const struct control_command control_view_commands[] = {
    { "view", handle_view, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
