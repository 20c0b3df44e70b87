#include "daemon/records/cut_branches.h"

#include "daemon/records/task.h"
#include "proto/cut.h"

/* What is at hand while one span of a forked feed is looked at. */
struct looking {
    struct views_txn *txn;
    struct log_snapshot *log;
    const struct log_feed *feed;
    const struct arrived_span *span;
    enum ayni_status status;
};

static bool ends_in_span(const struct looking *looking, const struct ayni_cut *cut)
{
    for (size_t i = 0; i < cut->point_count; i++)
        if (ayni_id_equal(&cut->points[i].feed, &looking->feed->id) &&
            cut->points[i].seq >= looking->span->from && cut->points[i].seq <= looking->span->to)
            return true;
    return false;
}

/* Whether the cut entry names one of the entries of the span. */
static enum ayni_status is_named(struct looking *looking, const struct version_ref *ref,
                                 bool *named)
{
    struct log_entry entry;
    struct ayni_cut cut;
    enum ayni_status status = log_get_entry(looking->log, ref->feed, ref->seq, &entry);

    if (status != AYNI_OK || entry.entry.hollow != AYNI_HOLLOW_NONE)
        return status;
    status = ayni_cut_decode(entry.entry.payload, &cut);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    *named = ends_in_span(looking, &cut);
    ayni_cut_free(&cut);
    return AYNI_OK;
}

static enum ayni_status is_named_by_any(struct looking *looking, bool *named)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;
    struct version_ref ref;
    enum ayni_status status = AYNI_OK;

    views_cursor_open(views_txn_snapshot(looking->txn), RECORDS_TABLE_CUTS,
                      (struct ayni_bytes){ 0 }, &cursor);
    while (status == AYNI_OK && !*named && views_cursor_next(&cursor, &key, &value)) {
        if (key.size != ENTRY_KEY_SIZE)
            continue;
        ref = version_ref_decode(key.data + 16);
        status = is_named(looking, &ref, named);
    }
    return status == AYNI_OK ? cursor.status : status;
}

static bool fold_again(void *context, const struct log_feed *feed)
{
    struct looking *looking = context;

    looking->status = task_add_feed(looking->txn, feed->no);
    return looking->status == AYNI_OK;
}

enum ayni_status cut_branches_note(const struct arrivals *arrivals, struct views_txn *txn,
                                   struct log_snapshot *log, bool *charter)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < arrivals->span_count; i++) {
        struct log_feed feed;
        struct looking looking = { txn, log, &feed, &arrivals->spans[i], AYNI_OK };
        bool named = false;
        status = log_get_feed(log, arrivals->spans[i].feed, &feed);
        if (status == AYNI_OK && feed.forked)
            status = is_named_by_any(&looking, &named);
        if (status != AYNI_OK || !named)
            continue;
        *charter = true;
        status = log_each_history(log, &feed.id, fold_again, &looking);
        status = status == AYNI_OK ? looking.status : status;
    }
    return status;
}
