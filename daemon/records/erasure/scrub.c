#include "daemon/records/erasure/scrub.h"

#include "daemon/records/erasure/residue.h"
#include "daemon/records/projection/projector.h"

static const char setting_name[] = "erasure/scrubbed"; /* the number of a drop u64 */

/* A rebuild that began meanwhile ends a compaction: it is begun again so often. */
enum { TRIES_MAX = 3 };

enum ayni_status scrub_reached(struct log_snapshot *log, uint64_t *drop)
{
    SCOPED_BUFFER value = { 0 };
    enum ayni_status status = log_get_setting(log, setting_name, &value);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    *drop = status == AYNI_OK && value.size == 8 ? ayni_get_u64(value.data) : 0;
    return AYNI_OK;
}

struct reach_job {
    struct log_job job; /* first */
    uint64_t drop;
};

static enum ayni_status put_reached(struct log_job *job, struct log_txn *txn)
{
    uint8_t value[8];

    ayni_put_u64(value, ((struct reach_job *)job)->drop);
    enum ayni_status status =
        log_txn_put_setting(txn, setting_name, (struct ayni_bytes){ value, sizeof(value) });
    return status == AYNI_OK ? residue_clear(txn) : status;
}

static enum ayni_status last_drop(struct records *records, uint64_t *drop)
{
    struct log_snapshot *log;
    enum ayni_status status = log_snapshot_begin(records->log, &log);

    if (status != AYNI_OK)
        return status;
    status = log_last_drop(log, drop);
    log_snapshot_end(log);
    return status;
}

static enum ayni_status compact(struct records *records, const struct store_listener *listener,
                                struct scrub_result *result)
{
    enum ayni_status status = log_compact(records->log, listener, &result->log);

    if (status != AYNI_OK) {
        result->failed = result->log;
        return status;
    }
    /* What was overwritten is in the file until then. */
    status = projector_merge(records->projector);
    if (status == AYNI_OK)
        status = views_compact(records->views, listener, &result->views);
    for (int i = 1; status == AYNI_E_CHANGED && i < TRIES_MAX; i++)
        status = views_compact(records->views, listener, &result->views);
    if (status != AYNI_OK)
        result->failed = result->views;
    return status;
}

enum ayni_status scrub_run(struct records *records, const struct store_listener *listener,
                           struct scrub_result *result)
{
    struct reach_job job = { .job = { .run = put_reached, .urgent = true } };
    enum ayni_status status = last_drop(records, &job.drop);

    *result = (struct scrub_result){ 0 };
    /* One that begins from here on finds nothing of it in the log. */
    if (status == AYNI_OK && projector_is_rebuilding(records->projector))
        status = AYNI_E_CHANGED;
    if (status == AYNI_OK)
        status = compact(records, listener, result);
    return status == AYNI_OK ? log_writer_run(records->writer, &job.job) : status;
}
