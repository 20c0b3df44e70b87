/* quality: the figures of data quality. */
#include "daemon/control/commands.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/control/outlier_survey.h"
#include "daemon/control/quality_arguments.h"
#include "daemon/control/quality_item.h"
#include "daemon/control/quality_pairs.h"
#include "daemon/daemon.h"
#include "daemon/records/links/linkage.h"
#include "daemon/records/territory_cache.h"
#include "daemon/view/quality_record.h"
#include "daemon/view/quality_sources.h"
#include "proto/registry.h"

struct answering {
    struct daemon *daemon;
    struct control_call *call;
    const struct charter *charter;
    struct quality quality;
    month_no last; /* up to which reports are looked at */
    bool has_deadline;
    bool too_many_pairs; /* who may be one: no longer counted */
    bool has_outliers;   /* a rule set says what they are */
};

/* --- what can be known here --- */

static bool steers(const struct charter *charter)
{
    return ayni_id_equal(ayni_registry_steering(charter->registry), &charter->self);
}

static const char *why_not_unique(const struct answering *answering)
{
    if (answering->quality.request.has_month)
        return N_("it is of today, and of no month");
    if (!call_has(answering->call, "word"))
        return N_("all children are compared for it: `ayni quality uniqueness`");
    return answering->too_many_pairs ? N_("there are more open pairs than can be counted") : NULL;
}

/* Why a figure isn't known here as it is asked for; NULL: it is. */
static const char *why_unknown(const struct answering *answering, enum quality_figure figure)
{
    const struct quality_request *request = &answering->quality.request;

    if (quality_is_of_sources(figure) &&
        (request->by_territory || request->by_type || request->by_origin || request->type != 0 ||
         request->territory[0] != '\0'))
        return N_("it is of a node in a space, and of nothing smaller");
    if (figure == QUALITY_TIMELINESS && !answering->has_deadline)
        return N_("no rule set says by which day reports are due");
    if (figure == QUALITY_LATENCY && !steers(answering->charter))
        return N_("the steering node alone knows what came to it when");
    if ((figure == QUALITY_OUT_OF_RANGE || figure == QUALITY_FAR) && !answering->has_outliers)
        return N_("no rule set says what is plausible");
    if (figure == QUALITY_UNIQUENESS)
        return why_not_unique(answering);
    if (figure == QUALITY_LINKAGE && !linkage_is_known(answering->charter))
        return N_("the catalogue has no memberships of programmes");
    return NULL;
}

static bool is_counted(const struct answering *answering, enum quality_figure figure)
{
    return quality_wants(&answering->quality, figure) && why_unknown(answering, figure) == NULL;
}

/* --- counting --- */

static enum ayni_status count_sources(struct answering *answering)
{
    struct quality *quality = &answering->quality;
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&answering->daemon->records, &reader);

    answering->has_deadline = true;
    if (status == AYNI_OK &&
        (is_counted(answering, QUALITY_REPORTS) || is_counted(answering, QUALITY_TIMELINESS) ||
         is_counted(answering, QUALITY_FRESHNESS)))
        status = quality_sources(quality, reader, &answering->daemon->records.node, answering->last,
                                 clock_now(), &answering->has_deadline);
    if (status == AYNI_OK && is_counted(answering, QUALITY_QUARANTINED) &&
        !quality->request.has_month)
        status = quality_malformed(quality, reader);
    if (status == AYNI_OK && is_counted(answering, QUALITY_LATENCY))
        status = arrival_days_read(reader, &quality->arrivals);
    return status;
}

/* What sources measure: before records are judged by it. */
static enum ayni_status learn_outliers(struct answering *answering)
{
    struct quality *quality = &answering->quality;
    enum ayni_status status = AYNI_E_NOT_FOUND;

    if (quality_wants(quality, QUALITY_FAR))
        status = outlier_survey_learn(answering->daemon, answering->call, quality->request.space,
                                      &quality->outliers);
    answering->has_outliers = status == AYNI_OK;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status run(struct answering *answering, struct survey *survey, bool with_checks,
                            uint64_t before, uint64_t total)
{
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && !survey->done) {
        status = survey_page(&answering->daemon->records, survey, with_checks, quality_record,
                             &answering->quality);
        if (status == AYNI_OK)
            status = call_progress(answering->call, before + survey->looked_at, total);
        if (status == AYNI_OK && call_cancelled(answering->call))
            status = AYNI_E_STOPPED;
    }
    return status;
}

/* Whether any of these is counted. */
static bool counts_any(const struct answering *answering, const enum quality_figure *figures,
                       size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || is_counted(answering, figures[i]);
    return any;
}

static enum ayni_status count_records(struct answering *answering)
{
    static const enum quality_figure own[] = {
        QUALITY_FIELDS,       QUALITY_LATENCY,       QUALITY_VALIDITY,  QUALITY_CONSISTENCY,
        QUALITY_LINKAGE,      QUALITY_TRIANGULATION, QUALITY_CONTESTED, QUALITY_QUARANTINED,
        QUALITY_OUT_OF_RANGE, QUALITY_FAR,           QUALITY_UNIQUENESS
    };
    static const enum quality_figure others[] = { QUALITY_ACCURACY, QUALITY_SUSPECTED,
                                                  QUALITY_MARKS };
    static const enum quality_figure checked[] = { QUALITY_VALIDITY, QUALITY_CONSISTENCY };
    const struct records *records = &answering->daemon->records;
    const struct quality_request *request = &answering->quality.request;
    struct survey of_itself = { .type = request->type,
                                .space = request->space,
                                .takes = quality_is_of_itself };
    struct survey about = { .takes = quality_is_about_others };
    bool with_checks = counts_any(answering, checked, sizeof(checked) / sizeof(checked[0]));
    uint64_t first, second;
    enum ayni_status status = survey_total(records, &of_itself, &first);

    if (status == AYNI_OK)
        status = survey_total(records, &about, &second);
    if (status == AYNI_OK && counts_any(answering, own, sizeof(own) / sizeof(own[0])))
        status = run(answering, &of_itself, with_checks, 0, first + second);
    if (status == AYNI_OK && counts_any(answering, others, sizeof(others) / sizeof(others[0])))
        status = run(answering, &about, false, first, first + second);
    return status;
}

/* --- answering --- */

/* What is asked for and has nothing to count, or isn't known, is said, too. */
static void put_figure(struct answering *answering, const struct territories *territories,
                       enum quality_figure figure, const struct quality_row *rows, size_t count,
                       struct outbox *outbox)
{
    const struct quality_request *request = &answering->quality.request;
    static const char *const nothing = N_("there is nothing of it to count");
    const struct quality_row none = { .figure = figure };
    const char *why = why_unknown(answering, figure);

    for (size_t i = 0; why == NULL && i < count; i++)
        quality_item_put(outbox, answering->charter, territories, request, &rows[i],
                         rows[i].denominator == 0 ? nothing : NULL);
    if (why != NULL || count == 0)
        quality_item_put(outbox, answering->charter, territories, request, &none,
                         why != NULL ? why : nothing);
}

static enum ayni_status put_rows(struct answering *answering, struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_TERRITORIES *territories = NULL;
    struct quality_row *rows = NULL;
    size_t count = 0;
    enum ayni_status status = reader_begin(&answering->daemon->records, &reader);

    if (status == AYNI_OK)
        status = territory_cache_hold(answering->daemon->records.territories, reader, &territories);
    if (status == AYNI_OK)
        status = quality_rows(&answering->quality, &rows, &count);
    for (size_t i = 0, end = 0, figure = 0; status == AYNI_OK && figure < QUALITY_FIGURES;
         figure++, i = end) {
        while (end < count && rows[end].figure == (enum quality_figure)figure)
            end++;
        if (quality_wants(&answering->quality, (enum quality_figure)figure))
            put_figure(answering, territories, (enum quality_figure)figure, rows + i, end - i,
                       outbox);
    }
    free(rows);
    return status;
}

static enum ayni_status answer(struct answering *answering)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = count_sources(answering);

    if (status == AYNI_OK)
        status = learn_outliers(answering);
    if (status == AYNI_OK)
        status = count_records(answering);
    if (status == AYNI_OK && is_counted(answering, QUALITY_UNIQUENESS))
        status = quality_pairs_count(answering->daemon, answering->call, &answering->quality,
                                     &answering->too_many_pairs);
    if (status == AYNI_OK)
        status = put_rows(answering, &outbox);
    return status == AYNI_OK ? outbox_send(&outbox, answering->call) : status;
}

static enum ayni_status handle_quality(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct answering answering = { .daemon = daemon, .call = call, .charter = charter };
    struct scope scope;
    enum ayni_status status =
        quality_arguments_read(call, charter, &scope, &answering.quality.request, &answering.last);

    answering.quality.registry = charter->registry_space;
    answering.quality.today = clock_today();
    if (status == AYNI_OK)
        status = answer(&answering);
    quality_free(&answering.quality);
    return status;
}

const struct control_command control_quality_commands[] = {
    { "quality", handle_quality, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
