#include <stdlib.h>

#include "daemon/records/charter.h"
#include "daemon/records/reader_limits.h"
#include "daemon/records/reader_private.h"
#include "daemon/records/records.h"
#include "daemon/records/tables.h"
#include "proto/registry.h"

static enum ayni_status begin(const struct records *records, struct reader *reader)
{
    enum ayni_status status = views_snapshot_begin(records->views, &reader->views);

    if (status == AYNI_OK)
        status = log_snapshot_begin(records->log, &reader->log);
    return status;
}

enum ayni_status reader_begin(const struct records *records, struct reader **reader)
{
    struct reader *made = calloc(1, sizeof(*made));
    enum ayni_status status;

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->charter = standing_hold(records->standing);
    status = begin(records, made);
    if (status != AYNI_OK) {
        reader_end(made);
        return status;
    }
    *reader = made;
    return AYNI_OK;
}

enum ayni_status reader_over(struct views_snapshot *views, struct log_snapshot *log,
                             const struct charter *charter, struct reader **reader)
{
    struct reader *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    *made = (struct reader){ .views = views, .log = log, .charter = charter, .lent = true };
    *reader = made;
    return AYNI_OK;
}

void reader_end(struct reader *reader)
{
    if (reader == NULL)
        return;
    if (!reader->lent) {
        if (reader->log != NULL)
            log_snapshot_end(reader->log);
        views_snapshot_end(reader->views);
        charter_release(reader->charter);
    }
    for (size_t i = 0; i < reader->feed_count; i++)
        free(reader->feeds[i]);
    free(reader->feeds);
    record_places_free(&reader->places);
    link_memo_free(&reader->link_memo);
    free(reader);
}

void reader_end_scoped(struct reader **reader)
{
    reader_end(*reader);
}

const struct charter *reader_charter(const struct reader *reader)
{
    return reader->charter;
}

struct log_snapshot *reader_log(struct reader *reader)
{
    return reader->log;
}

struct views_snapshot *reader_views(struct reader *reader)
{
    return reader->views;
}

enum ayni_status reader_places(struct reader *reader, const struct record_places **places)
{
    enum ayni_status status =
        reader->places.known ? AYNI_OK : record_places_read(reader->views, &reader->places);

    *places = &reader->places;
    return status;
}

struct link_memo *reader_link_memo(struct reader *reader)
{
    return &reader->link_memo;
}

/* --- feeds --- */

/* Feeds are numbered from 1 as they come: a log with more has a damaged row. */
enum { FEED_NO_MAX = 1 << 24 };

static bool make_room(struct reader *reader, feed_no no)
{
    size_t count = reader->feed_count * 2 > no ? reader->feed_count * 2 : (size_t)no + 16;
    struct feed_facts **feeds;

    if (no < reader->feed_count)
        return true;
    feeds = reallocarray(reader->feeds, count, sizeof(*feeds));
    if (feeds == NULL)
        return false;
    memset(feeds + reader->feed_count, 0, (count - reader->feed_count) * sizeof(*feeds));
    reader->feeds = feeds;
    reader->feed_count = count;
    return true;
}

static uint64_t seq_limit(const struct reader *reader, feed_no no)
{
    if (reader->limits == NULL)
        return UINT64_MAX;
    return no < reader->limits->count ? reader->limits->seq_max[no] : 0;
}

static bool is_confidential(const struct charter *charter, const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    return info != NULL && info->confidential;
}

enum ayni_status reader_facts(struct reader *reader, feed_no no, struct feed_facts **facts)
{
    struct feed_facts *made;
    struct log_feed feed;
    const struct ayni_member *member;
    enum ayni_status status;

    if (no < reader->feed_count && reader->feeds[no] != NULL) {
        *facts = reader->feeds[no];
        return AYNI_OK;
    }
    status = log_get_feed(reader->log, no, &feed);
    if (status == AYNI_OK && no > FEED_NO_MAX)
        status = AYNI_E_IO;
    if (status != AYNI_OK)
        return status;
    made = make_room(reader, no) ? calloc(1, sizeof(*made)) : NULL;
    if (made == NULL)
        return AYNI_E_MEMORY;
    made->feed = feed;
    member = ayni_registry_member(reader->charter->registry, &made->feed.descriptor.node);
    if (member != NULL && member->organisation != NULL)
        made->roles = member->organisation->roles;
    made->seq_max = seq_limit(reader, no);
    made->confidential = is_confidential(reader->charter, &feed.descriptor.space);
    reader->any_forked |= made->feed.forked;
    *facts = reader->feeds[no] = made;
    return AYNI_OK;
}

const struct log_feed *reader_feed(struct reader *reader, feed_no no)
{
    struct feed_facts *facts;

    return reader_facts(reader, no, &facts) == AYNI_OK ? &facts->feed : NULL;
}

bool reader_allows(const struct reader *reader, const struct version_ref *ref)
{
    return ref->seq <= seq_limit(reader, ref->feed);
}

bool reader_is_limited(const struct reader *reader)
{
    return reader->limits != NULL;
}

void reader_limit(struct reader *reader, const struct reader_limits *limits)
{
    reader->limits = limits;
    link_memo_free(&reader->link_memo);
    for (size_t i = 0; i < reader->feed_count; i++)
        if (reader->feeds[i] != NULL)
            reader->feeds[i]->seq_max = seq_limit(reader, (feed_no)i);
}
