#include "daemon/home.h"

#include "daemon/records/author_feed.h"
#include "daemon/report.h"

struct place_job {
    struct log_job job; /* first */
    struct ayni_bytes place;
    bool is_elsewhere;
};

/* All of it, or none. */
static enum ayni_status note_place(struct log_job *job, struct log_txn *txn)
{
    const struct place_job *place = (struct place_job *)job;
    enum ayni_status status = log_txn_put_setting(txn, HOME_PLACE_SETTING, place->place);

    if (status == AYNI_OK && place->is_elsewhere)
        status = author_era_begin(log_txn_snapshot(txn), txn);
    if (status == AYNI_OK && place->is_elsewhere)
        status = log_txn_renew_instance(txn);
    return status;
}

static enum ayni_status read_place(struct log_store *log, struct ayni_buffer *kept)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(log, &snapshot);

    return status == AYNI_OK ? log_get_setting(snapshot, HOME_PLACE_SETTING, kept) : status;
}

enum ayni_status home_check_place(struct log_store *log, struct log_writer *writer,
                                  const struct identity *identity)
{
    SCOPED_BUFFER kept = { 0 };
    struct place_job job = { .job.run = note_place,
                             .place = { identity->place, sizeof(identity->place) } };
    enum ayni_status status = read_place(log, &kept);

    if (status == AYNI_OK && ayni_bytes_equal(ayni_buffer_bytes(&kept), job.place))
        return AYNI_OK;
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    job.is_elsewhere = status == AYNI_OK; /* a new log was nowhere before */
    if (job.is_elsewhere)
        report(REPORT_WARNING, "home_elsewhere", "what=new_incarnations");
    return log_writer_run(writer, &job.job);
}
