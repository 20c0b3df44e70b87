#include "daemon/control/commands.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"
#include "daemon/records/territories.h"

/* What the answer is made of. */
struct viewing {
    struct daemon *daemon;
    struct control_call *call;
    struct reader *reader;
    struct plan *plan;
    const struct territories *territories;
    struct outbox outbox;
};

static void viewing_done(struct viewing *viewing)
{
    outbox_free(&viewing->outbox);
    territories_release(viewing->territories);
    plan_free(viewing->plan);
    reader_end(viewing->reader);
}

static enum ayni_status viewing_init(struct viewing *viewing, struct daemon *daemon,
                                     struct control_call *call)
{
    *viewing = (struct viewing){ .daemon = daemon, .call = call };
    enum ayni_status status = reader_begin(&daemon->records, &viewing->reader);
    if (status == AYNI_OK)
        status = plan_load(viewing->reader, &viewing->plan);
    if (status == AYNI_OK)
        status = territory_cache_hold(daemon->records.territories, viewing->reader,
                                      &viewing->territories);
    return status;
}

/* The edition of an indicator that counts in a month; NULL where none does. */
static const struct indicator *edition_of(const struct plan *plan, const char *code,
                                          const char *rules, month_no month)
{
    const struct indicator *found = NULL;

    for (size_t i = 0; i < plan->count; i++) {
        const struct indicator *indicator = &plan->indicators[i];
        if (strcmp(indicator->code, code) == 0 &&
            (rules == NULL || strcmp(indicator->rules, rules) == 0) &&
            indicator->valid_from <= month_last_day(month) &&
            (!indicator->has_valid_to || indicator->valid_to >= month_last_day(month)))
            found = indicator;
    }
    return found;
}

/* A percentage with two decimals, rounded; a count as it is; null where there is nobody. */
static void put_value(struct ayni_control_writer *item, const struct indicator *indicator,
                      const struct counts *counts)
{
    if (indicator == NULL || counts->denominator <= 0)
        ayni_control_put_null(item, "value");
    else if (indicator->is_count)
        ayni_control_put_int(item, "value", counts->denominator);
    else
        ayni_control_put_decimal(
            item, "value",
            (counts->numerator * 20000 + counts->denominator) / (2 * counts->denominator), 2);
}

/* --- view: each indicator once --- */

static void put_indicator(struct viewing *viewing, const struct indicator *indicator,
                          month_no month, const struct counts *counts)
{
    struct ayni_control_writer *item = outbox_begin(&viewing->outbox);
    bool spanish = strcmp(call_language(viewing->call), "es") == 0;

    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "indicator", indicator->code);
    ayni_control_put_text(item, "title", spanish ? indicator->title_es : indicator->title_en);
    ayni_control_put_month(item, "period", month_first_day(month));
    ayni_control_put_int(item, "numerator", counts->numerator);
    ayni_control_put_int(item, "denominator", counts->denominator);
    put_value(item, indicator, counts);
    if (indicator->has_target)
        ayni_control_put_decimal(item, "target", indicator->target, 2);
    else
        ayni_control_put_null(item, "target");
    ayni_control_close(item);
    outbox_end(&viewing->outbox);
}

static enum ayni_status ask_nation(struct viewing *viewing, const struct indicator *indicator,
                                   month_no month)
{
    struct view_request request = { .indicator = indicator->code,
                                    .rules = indicator->rules,
                                    .territory = "",
                                    .level = VIEW_NATION,
                                    .month = month };
    struct counts counts = { 0 };
    struct view_row *rows;
    size_t count;
    enum ayni_status status = view_ask(viewing->reader, viewing->plan, &request, &rows, &count);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        counts_add(&counts, &rows[i].counts, 1);
    free(rows);
    put_indicator(viewing, indicator, month, &counts);
    return AYNI_OK;
}

static enum ayni_status list_indicators(struct viewing *viewing)
{
    const struct plan *plan = viewing->plan;
    month_no month;
    enum ayni_status status = view_arguments_month(viewing->call, &month);

    for (size_t i = 0; status == AYNI_OK && i < plan->count; i++) {
        const char *code = plan->indicators[i].code;
        if (i > 0 && strcmp(code, plan->indicators[i - 1].code) == 0)
            continue; /* another edition of it */
        const struct indicator *edition = edition_of(plan, code, NULL, month);
        if (edition != NULL)
            status = ask_nation(viewing, edition, month);
    }
    return status;
}

/* --- view INDICATOR: broken down --- */

static void put_place(struct viewing *viewing, struct ayni_control_writer *item, const char *place)
{
    const struct territory *territory =
        place[0] == '\0' ? NULL : territories_last(viewing->territories, ayni_bytes_of_text(place));

    if (place[0] == '\0')
        ayni_control_put_null(item, "territory");
    else
        ayni_control_put_text(item, "territory", place);
    if (territory == NULL)
        ayni_control_put_null(item, "name");
    else
        ayni_control_put_text(item, "name", territory->name);
}

static void put_dimension(struct ayni_control_writer *item, enum view_dimension dimension,
                          const char *value)
{
    if (value[0] == '\0')
        ayni_control_put_null(item, view_dimension_name(dimension));
    else
        ayni_control_put_text(item, view_dimension_name(dimension), value);
}

static void put_row(struct viewing *viewing, const struct view_request *request,
                    const struct indicator *indicator, const struct view_row *row)
{
    struct ayni_control_writer *item = outbox_begin(&viewing->outbox);

    ayni_control_open_object(item, NULL);
    put_place(viewing, item, row->place);
    if (request->by_sex)
        put_dimension(item, VIEW_BY_SEX, row->sex);
    if (request->by_language)
        put_dimension(item, VIEW_BY_LANGUAGE, row->language);
    ayni_control_put_month(item, "period", month_first_day(request->month));
    ayni_control_put_int(item, "numerator", row->counts.numerator);
    ayni_control_put_int(item, "denominator", row->counts.denominator);
    ayni_control_put_int(item, "excluded", row->counts.excluded);
    ayni_control_put_int(item, "unknown", row->counts.unknown);
    put_value(item, indicator, &row->counts);
    ayni_control_put_int(item, "contested", row->counts.contested);
    ayni_control_close(item);
    outbox_end(&viewing->outbox);
}

static enum ayni_status break_down(struct viewing *viewing, const struct view_request *request)
{
    const struct indicator *indicator =
        edition_of(viewing->plan, request->indicator, request->rules, request->month);
    struct view_row *rows;
    size_t count;
    enum ayni_status status = view_ask(viewing->reader, viewing->plan, request, &rows, &count);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        put_row(viewing, request, indicator, &rows[i]);
    free(rows);
    return AYNI_OK;
}

/* --- view INDICATOR --trace: whom a number is made of --- */

static const char *counted_as(const struct contribution *contribution)
{
    if (contribution->flags & CONTRIBUTION_NUMERATOR)
        return "numerator";
    return contribution->flags & CONTRIBUTION_UNKNOWN ? "unknown" : "denominator";
}

/* A subject in each space that holds it. */
static bool put_subject(void *context, const struct indicator *indicator,
                        const struct ayni_record *subject, uint32_t type,
                        const struct subject_facts *facts, const struct contribution *contribution)
{
    enum { SPACES_MAX = 16 };
    struct viewing *viewing = context;
    const struct charter *charter = reader_charter(viewing->reader);
    struct record_key keys[SPACES_MAX];
    size_t count = 0;

    (void)indicator;
    if (reader_find(viewing->reader, subject, type, NULL, keys, SPACES_MAX, &count) != AYNI_OK)
        return false;
    for (size_t i = 0; i < count && i < SPACES_MAX; i++) {
        struct ayni_control_writer *item = outbox_begin(&viewing->outbox);
        ayni_control_open_object(item, NULL);
        record_item_key(item, charter, &keys[i], true);
        put_place(viewing, item, facts->place);
        ayni_control_put_text(item, "counts", counted_as(contribution));
        ayni_control_put_bool(item, "contested",
                              (contribution->flags & CONTRIBUTION_CONTESTED) != 0);
        ayni_control_close(item);
        outbox_end(&viewing->outbox);
    }
    return !viewing->outbox.items.failed;
}

static enum ayni_status show_indicator(struct viewing *viewing)
{
    struct view_request request;
    bool trace;
    enum ayni_status status = view_arguments_read(viewing->call, viewing->plan, &request);

    if (status == AYNI_OK)
        status = call_flag(viewing->call, "trace", &trace);
    if (status != AYNI_OK)
        return status;
    return trace ? view_trace(viewing->reader, viewing->plan, &request, put_subject, viewing)
                 : break_down(viewing, &request);
}

static enum ayni_status handle_view(struct daemon *daemon, struct control_call *call)
{
    struct viewing viewing;
    enum ayni_status status = viewing_init(&viewing, daemon, call);

    if (status == AYNI_OK)
        status = call_has(call, "indicator") ? show_indicator(&viewing) : list_indicators(&viewing);
    if (status == AYNI_OK) {
        /* Sent when nothing is kept open any more, however slowly it is read. */
        struct outbox outbox = viewing.outbox;
        viewing.outbox = (struct outbox){ 0 };
        viewing_done(&viewing);
        status = outbox_send(&outbox, call);
        outbox_free(&outbox);
        return status;
    }
    viewing_done(&viewing);
    return status;
}

const struct control_command control_view_commands[] = {
    { "view", handle_view, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
