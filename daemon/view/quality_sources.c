#include "daemon/view/quality_sources.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/problem.h"
#include "daemon/view/sources.h"

static struct quality_group group_of(const struct ayni_space *space, const struct ayni_node *node)
{
    return (struct quality_group){ .space = *space, .node = *node };
}

/* Tenths of days since its newest entry. A clock that is ahead makes none. */
static int64_t age_of(const struct source *source, struct ayni_instant now)
{
    enum { TENTH_OF_A_DAY_MS = 24 * 60 * 60 * 100 };

    return now.ms > source->last_time.ms
               ? (int64_t)((now.ms - source->last_time.ms) / TENTH_OF_A_DAY_MS)
               : 0;
}

/* Where sources aren't told apart, the stalest of them. */
static void count_freshness(struct quality *quality, const struct source *list, size_t count,
                            struct ayni_instant now)
{
    struct quality_group all = { .type = 0 };
    int64_t stalest = 0, known = 0;

    for (size_t i = 0; i < count; i++) {
        struct quality_group group = group_of(&list[i].space, &list[i].node);
        int64_t age = age_of(&list[i], now);
        if (list[i].entries == 0 || !quality_takes(quality, &group))
            continue;
        if (quality->request.by_source)
            quality_add(quality, QUALITY_FRESHNESS, &group, age, 1);
        stalest = age > stalest ? age : stalest;
        known++;
    }
    if (!quality->request.by_source && known > 0)
        quality_add(quality, QUALITY_FRESHNESS, &all, stalest, known);
}

static void count_reports(struct quality *quality, const struct source *list, size_t count,
                          bool has_deadline)
{
    for (size_t i = 0; i < count; i++) {
        struct quality_group group = group_of(&list[i].space, &list[i].node);
        if (!quality_takes(quality, &group))
            continue;
        if (quality_wants(quality, QUALITY_REPORTS))
            quality_add(quality, QUALITY_REPORTS, &group, list[i].received, list[i].expected);
        if (quality_wants(quality, QUALITY_TIMELINESS) && has_deadline)
            quality_add(quality, QUALITY_TIMELINESS, &group, list[i].on_time, list[i].expected);
    }
}

enum ayni_status quality_sources(struct quality *quality, struct reader *reader,
                                 const struct ayni_node *self, month_no last,
                                 struct ayni_instant now, bool *has_deadline)
{
    struct source *list = NULL;
    int64_t deadline_day = 0;
    size_t count = 0;
    enum ayni_status status = sources_deadline(reader, &deadline_day);

    *has_deadline = status == AYNI_OK;
    if (status == AYNI_OK || status == AYNI_E_NOT_FOUND)
        status = sources_list(reader, self, last, deadline_day, &list, &count);
    if (status != AYNI_OK)
        return status;
    count_reports(quality, list, count, *has_deadline);
    if (quality_wants(quality, QUALITY_FRESHNESS))
        count_freshness(quality, list, count, now);
    free(list);
    return AYNI_OK;
}

/* --- versions that are none --- */

struct counting {
    struct quality *quality;
    struct reader *reader;
};

static bool count_malformed(void *context, const struct problem *problem)
{
    struct counting *counting = context;
    const struct log_feed *feed;

    if (problem->kind != PROBLEM_MALFORMED)
        return true;
    feed = reader_feed(counting->reader, problem->ref.feed);
    if (feed == NULL)
        return true;
    struct quality_group group = group_of(&problem->key.space, &feed->descriptor.node);
    group.type = problem->key.type;
    snprintf(group.origin, sizeof(group.origin), "manual");
    if (quality_takes(counting->quality, &group))
        quality_add(counting->quality, QUALITY_QUARANTINED, &group, 1, 1);
    return true;
}

enum ayni_status quality_malformed(struct quality *quality, struct reader *reader)
{
    struct counting counting = { quality, reader };
    struct problem_cursor from = { 0 };

    return problems_each(reader, quality->request.space, quality->request.type, &from,
                         count_malformed, &counting);
}
