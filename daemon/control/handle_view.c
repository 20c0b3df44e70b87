/* view: the indicators, one of them broken down, or whom it counts; as it is or as it was. */
#include "daemon/control/commands.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/control/past.h"
#include "daemon/control/scope.h"
#include "daemon/control/view_arguments.h"
#include "daemon/control/view_item.h"
#include "daemon/daemon.h"
#include "daemon/records/reader_limits.h"
#include "daemon/records/territory_cache.h"
#include "daemon/view/view_past.h"

/* What the answer is made of. */
struct viewing {
    struct daemon *daemon;
    struct control_call *call;
    bool past; /* as it was known at `as_of`, up to where the log was by `limits` */
    struct ayni_instant as_of;
    struct reader_limits limits;
    struct reader *reader;
    struct plan *plan;
    const struct territories *territories;
    struct outbox outbox;
    enum ayni_status status; /* of what was put of a subject */
};

static void viewing_done(struct viewing *viewing)
{
    outbox_free(&viewing->outbox);
    territories_release(viewing->territories);
    plan_free(viewing->plan);
    reader_end(viewing->reader);
    reader_limits_free(&viewing->limits);
}

static enum ayni_status viewing_init(struct viewing *viewing, struct daemon *daemon,
                                     struct control_call *call)
{
    *viewing = (struct viewing){ .daemon = daemon, .call = call };
    enum ayni_status status = scope_as_of(call, &viewing->past, &viewing->as_of);
    if (status == AYNI_OK)
        status = reader_begin(&daemon->records, &viewing->reader);
    if (status == AYNI_OK)
        status = plan_load(viewing->reader, &viewing->plan);
    if (status == AYNI_OK)
        status = territory_cache_hold(daemon->records.territories, viewing->reader,
                                      &viewing->territories);
    if (status == AYNI_OK && viewing->past)
        status = reader_limits_find(viewing->reader, viewing->as_of, &viewing->limits);
    return status;
}

/* Nothing is kept open while an answer is sent, however slowly it is read. */
static enum ayni_status send(struct viewing *viewing)
{
    reader_end(viewing->reader);
    viewing->reader = NULL;
    return outbox_send(&viewing->outbox, viewing->call);
}

/* --- as it was --- */

static enum ayni_status past_page(struct viewing *viewing, const struct view_request *request,
                                  struct view_past *past, view_visit *visit, void *context)
{
    enum ayni_status status = reader_begin(&viewing->daemon->records, &viewing->reader);

    if (status != AYNI_OK)
        return status;
    reader_limit(viewing->reader, &viewing->limits);
    return view_past_page(viewing->reader, viewing->plan, request, past, visit, context);
}

/* Each subject that the request counts; what they put is sent in between. */
static enum ayni_status visit_past(struct viewing *viewing, const struct view_request *request,
                                   view_visit *visit, void *context)
{
    struct view_past past = { 0 };
    enum ayni_status status = send(viewing);

    while (status == AYNI_OK && !past.done) {
        status = past_page(viewing, request, &past, visit, context);
        if (status == AYNI_OK)
            status = viewing->status;
        if (status == AYNI_OK)
            status = send(viewing);
        if (status == AYNI_OK)
            status = call_progress(viewing->call, past.looked_at, 0);
        if (status == AYNI_OK && call_cancelled(viewing->call))
            status = AYNI_E_STOPPED;
    }
    return status;
}

/* --- view: each indicator once --- */

static enum ayni_status ask_nation(struct viewing *viewing, const struct indicator *indicator,
                                   month_no month, struct counts *counts)
{
    struct view_request request = {
        .edition = indicator, .territory = "", .level = VIEW_NATION, .month = month
    };
    struct view_row *rows;
    size_t count;
    enum ayni_status status = view_ask(viewing->reader, viewing->plan, &request, &rows, &count);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        counts_add(counts, &rows[i].counts, 1);
    free(rows);
    return AYNI_OK;
}

/* What each indicator of the plan comes to. */
struct summing {
    const struct plan *plan;
    struct counts *counts;
};

static bool sum(void *context, const struct indicator *indicator, const struct ayni_record *subject,
                uint32_t type, const struct subject_facts *facts,
                const struct contribution *contribution)
{
    struct summing *summing = context;
    struct counts counts = contribution_counts(contribution);

    (void)subject;
    (void)type;
    (void)facts;
    counts_add(&summing->counts[indicator - summing->plan->indicators], &counts, 1);
    return true;
}

static enum ayni_status list_indicators(struct viewing *viewing, month_no month,
                                        struct counts *counts)
{
    const struct plan *plan = viewing->plan;
    struct view_request all = { .territory = "", .level = VIEW_NATION, .month = month };
    struct summing summing = { plan, counts };
    bool spanish = strcmp(call_language(viewing->call), "es") == 0;
    enum ayni_status status = viewing->past ? visit_past(viewing, &all, sum, &summing) : AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < plan->count; i++) {
        const char *code = plan->indicators[i].code;
        if (i > 0 && strcmp(code, plan->indicators[i - 1].code) == 0)
            continue; /* another edition of it */
        const struct indicator *edition = plan_edition(plan, code, NULL, month_last_day(month));
        if (edition == NULL)
            continue;
        struct counts *own = &counts[edition - plan->indicators];
        if (!viewing->past)
            status = ask_nation(viewing, edition, month, own);
        if (status == AYNI_OK)
            view_item_indicator(&viewing->outbox, edition, month, own, spanish);
    }
    return status;
}

static enum ayni_status show_all(struct viewing *viewing)
{
    struct counts *counts = calloc(viewing->plan->count + 1, sizeof(*counts));
    month_no month;
    enum ayni_status status = view_arguments_alone(viewing->call);

    if (status == AYNI_OK)
        status = view_arguments_month(viewing->call, &month);
    if (status == AYNI_OK)
        status = counts == NULL ? AYNI_E_MEMORY : list_indicators(viewing, month, counts);
    free(counts);
    return status;
}

/* --- view INDICATOR: broken down --- */

struct adding {
    const struct view_request *request;
    struct tally *tally;
};

static bool add(void *context, const struct indicator *indicator, const struct ayni_record *subject,
                uint32_t type, const struct subject_facts *facts,
                const struct contribution *contribution)
{
    struct adding *adding = context;

    (void)subject;
    (void)type;
    view_add(adding->tally, adding->request, indicator, facts, contribution);
    return true;
}

static enum ayni_status rows_then(struct viewing *viewing, const struct view_request *request,
                                  struct view_row **rows, size_t *count)
{
    SCOPED_TALLY tally = { 0 };
    struct adding adding = { request, &tally };
    enum ayni_status status = visit_past(viewing, request, add, &adding);

    return status == AYNI_OK ? view_rows(&tally, rows, count) : status;
}

static enum ayni_status break_down(struct viewing *viewing, const struct view_request *request)
{
    struct view_row *rows;
    size_t count;
    enum ayni_status status =
        viewing->past ? rows_then(viewing, request, &rows, &count)
                      : view_ask(viewing->reader, viewing->plan, request, &rows, &count);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        view_item_row(&viewing->outbox, viewing->territories, request, &rows[i]);
    free(rows);
    return AYNI_OK;
}

/* --- view INDICATOR --trace: whom a number is made of --- */

static bool put_subject(void *context, const struct indicator *indicator,
                        const struct ayni_record *subject, uint32_t type,
                        const struct subject_facts *facts, const struct contribution *contribution)
{
    struct viewing *viewing = context;

    (void)indicator;
    if (viewing->status == AYNI_OK)
        viewing->status = view_item_subject(&viewing->outbox, viewing->territories, viewing->reader,
                                            subject, type, facts, contribution);
    return viewing->status == AYNI_OK && !outbox_is_full(&viewing->outbox);
}

/* Another reader than the one before. The tables that it sees must be those of the plan still. */
static enum ayni_status begin_again(struct viewing *viewing)
{
    struct plan *plan;
    enum ayni_status status = reader_begin(&viewing->daemon->records, &viewing->reader);

    if (status == AYNI_OK)
        status = plan_load(viewing->reader, &plan);
    if (status != AYNI_OK)
        return status;
    bool same = ayni_id_equal(&plan->hash, &viewing->plan->hash);
    plan_free(plan);
    return same ? AYNI_OK : AYNI_E_CHANGED;
}

/* As many as are sent at once, and the next ones under another reader: there may be millions. */
static enum ayni_status trace_now(struct viewing *viewing, const struct view_request *request)
{
    struct view_place place = { .done = false };
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && !place.done) {
        if (viewing->reader == NULL)
            status = begin_again(viewing);
        if (status == AYNI_OK)
            status =
                view_trace(viewing->reader, viewing->plan, request, &place, put_subject, viewing);
        if (status == AYNI_OK)
            status = viewing->status;
        if (status == AYNI_OK)
            status = send(viewing);
    }
    return status;
}

static enum ayni_status show_one(struct viewing *viewing)
{
    struct view_request request;
    bool traces, follows;
    enum ayni_status status = view_arguments_read(viewing->call, viewing->plan, &request);

    if (status == AYNI_OK)
        status = call_flag(viewing->call, "trace", &traces);
    if (status == AYNI_OK)
        status = call_flag(viewing->call, "successors", &follows);
    if (status == AYNI_OK && follows) {
        request.successors = viewing->territories;
        request.day = clock_today();
    }
    if (status != AYNI_OK || request.edition == NULL) /* none counts in that month */
        return status;
    return !traces         ? break_down(viewing, &request)
           : viewing->past ? visit_past(viewing, &request, put_subject, viewing)
                           : trace_now(viewing, &request);
}

/* Of what is shown as it was: what it lacks. */
static enum ayni_status put_lacks(struct viewing *viewing)
{
    enum ayni_status status = viewing->reader != NULL
                                  ? AYNI_OK
                                  : reader_begin(&viewing->daemon->records, &viewing->reader);

    if (status != AYNI_OK)
        return status;
    reader_limit(viewing->reader, &viewing->limits);
    return past_warn(&viewing->outbox, viewing->reader, NULL, 0);
}

static enum ayni_status handle_view(struct daemon *daemon, struct control_call *call)
{
    struct viewing viewing;
    enum ayni_status status = viewing_init(&viewing, daemon, call);

    if (status == AYNI_OK)
        status = call_has(call, "indicator") ? show_one(&viewing) : show_all(&viewing);
    if (status == AYNI_OK && viewing.past)
        status = put_lacks(&viewing);
    if (status == AYNI_OK)
        status = send(&viewing);
    viewing_done(&viewing);
    return status;
}

const struct control_command control_view_commands[] = {
    { "view", handle_view, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
