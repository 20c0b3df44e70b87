#include "daemon/view/sources.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/records/json_form.h"
#include "daemon/records/rules/rule_sets.h"
#include "daemon/view/source_months.h"
#include "proto/registry.h"

/* --- the deadline --- */

/* Whether the rule set says when reports are due. */
static bool read_deadline(void *context, struct ayni_bytes parameters)
{
    SCOPED_JSON_FORM form;

    json_form_open(&form, parameters);
    struct json_at root = json_form_root(&form);
    struct json_at sources = json_form_member(&root, "sources");
    struct json_at deadline = json_form_member(&sources, "deadline_day");
    int64_t day = json_form_integer(&deadline, 1, 31);
    if (!json_form_given(&deadline) || form.status != AYNI_OK)
        return false;
    *(int64_t *)context = day;
    return true;
}

enum ayni_status sources_deadline(struct reader *reader, int64_t *day_of_month)
{
    return rule_sets_newest(reader, read_deadline, day_of_month);
}

/* --- the list --- */

static bool add_feed(void *context, const struct log_feed *feed)
{
    struct ayni_buffer *sources = context;
    struct source source = { .space = feed->descriptor.space,
                             .node = feed->descriptor.node,
                             .entries = log_feed_count(feed),
                             .last_time = feed->last_time };

    ayni_buffer_append(sources, &source, sizeof(source));
    return !sources->failed;
}

/* Who may write but hasn't is a source, too. The id of a grant holds when it was made. */
static void add_grants(const struct ayni_registry *registry, const struct ayni_node *self,
                       struct ayni_buffer *sources)
{
    size_t count;
    const struct ayni_grant *grants = ayni_registry_grants(registry, &count);

    for (size_t i = 0; i < count; i++) {
        struct source source = { .space = grants[i].space, .node = grants[i].node };
        struct ayni_instant made;
        if (grants[i].ended || grants[i].right != AYNI_RIGHT_WRITER ||
            !ayni_registry_may_read(registry, self, &grants[i].space))
            continue;
        source.since_known = ayni_record_time(&grants[i].record, &made.ms);
        if (source.since_known)
            source.since = month_of_day(clock_day_of(made));
        ayni_buffer_append(sources, &source, sizeof(source));
    }
}

static int by_place(const void *a, const void *b)
{
    const struct source *one = a, *other = b;
    int order = ayni_id_compare(&one->space, &other->space);

    return order != 0 ? order : ayni_id_compare(&one->node, &other->node);
}

static void merge(struct source *to, const struct source *from)
{
    to->entries += from->entries;
    if (from->last_time.ms > to->last_time.ms)
        to->last_time = from->last_time;
    if (from->since_known && (!to->since_known || from->since < to->since)) {
        to->since_known = true;
        to->since = from->since;
    }
}

/* Each source once; how many there are. */
static size_t merge_all(struct source *list, size_t all)
{
    size_t count = 0;

    if (all > 1)
        qsort(list, all, sizeof(*list), by_place);
    for (size_t i = 0; i < all; i++) {
        if (count > 0 && by_place(&list[count - 1], &list[i]) == 0)
            merge(&list[count - 1], &list[i]);
        else
            list[count++] = list[i];
    }
    return count;
}

static bool was_in_time(month_no month, struct ayni_instant came, int64_t deadline_day)
{
    int64_t last_day = month_first_day(month + 1) + deadline_day - 1;

    return clock_day_of(came) <= last_day;
}

/* What is expected of a source whose right has ended ends with what it reported. */
static enum ayni_status count_months(struct reader *reader, month_no last, int64_t deadline_day,
                                     struct source *source)
{
    const struct ayni_registry *registry = reader_charter(reader)->registry;
    month_no first = last - SOURCES_MONTHS + 1, end = last, earliest = last + 1, latest = first - 1;
    SCOPED_SOURCE_MONTHS months = { 0 };
    month_no month;
    struct ayni_instant came;

    source_months_open(reader, &source->space, &source->node, &months);
    while (source_months_next(&months, &month, &came) && month <= last) {
        earliest = month < earliest ? month : earliest;
        latest = month;
        if (month < first)
            continue;
        source->received++;
        source->on_time += was_in_time(month, came, deadline_day);
    }
    if (source->since_known && source->since < earliest)
        earliest = source->since;
    if (!ayni_registry_may_write(registry, &source->node, &source->space))
        end = latest;
    first = earliest > first ? earliest : first;
    source->expected = end >= first ? (uint32_t)(end - first) + 1 : 0;
    return months.status;
}

enum ayni_status sources_list(struct reader *reader, const struct ayni_node *self, month_no last,
                              int64_t deadline_day, struct source **list, size_t *count)
{
    const struct charter *charter = reader_charter(reader);
    SCOPED_BUFFER sources = { 0 };
    enum ayni_status status = log_each_feed(reader_log(reader), add_feed, &sources);

    add_grants(charter->registry, self, &sources);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&sources);
    if (status != AYNI_OK)
        return status;
    struct source *all = (struct source *)sources.data;
    size_t merged = merge_all(all, sources.size / sizeof(*all));
    for (size_t i = 0; status == AYNI_OK && i < merged; i++)
        if (!ayni_id_equal(&all[i].space, &charter->registry_space))
            status = count_months(reader, last, deadline_day, &all[i]);
    if (status != AYNI_OK)
        return status;
    sources = (struct ayni_buffer){ 0 };
    *list = all;
    *count = merged;
    return AYNI_OK;
}
