#include "daemon/records/erasure/residue.h"

/* One byte: 1 for yes. */
static const char running_name[] = "store/running";
static const char residue_name[] = "erasure/residue";

static enum ayni_status read_flag(struct log_snapshot *log, const char *name, bool *set)
{
    SCOPED_BUFFER value = { 0 };
    enum ayni_status status = log_get_setting(log, name, &value);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    *set = status == AYNI_OK && value.size == 1 && value.data[0] != 0;
    return AYNI_OK;
}

static enum ayni_status put_flag(struct log_txn *txn, const char *name, uint8_t set)
{
    return log_txn_put_setting(txn, name, (struct ayni_bytes){ &set, 1 });
}

struct life_job {
    struct log_job job; /* first */
    bool begins, left;  /* the one before has left something */
};

static enum ayni_status note_life(struct log_job *job, struct log_txn *txn)
{
    const struct life_job *life = (const struct life_job *)job;
    enum ayni_status status = put_flag(txn, running_name, life->begins);

    return status == AYNI_OK && life->left ? put_flag(txn, residue_name, 1) : status;
}

static enum ayni_status was_running(struct log_store *log, bool *was)
{
    struct log_snapshot *snapshot;
    enum ayni_status status = log_snapshot_begin(log, &snapshot);

    if (status != AYNI_OK)
        return status;
    status = read_flag(snapshot, running_name, was);
    log_snapshot_end(snapshot);
    return status;
}

enum ayni_status residue_begin(struct log_store *log, struct log_writer *writer)
{
    struct life_job life = { .job = { .run = note_life, .urgent = true }, .begins = true };
    enum ayni_status status = was_running(log, &life.left);

    return status == AYNI_OK ? log_writer_run(writer, &life.job) : status;
}

enum ayni_status residue_end(struct log_writer *writer)
{
    struct life_job life = { .job = { .run = note_life, .urgent = true } };

    return log_writer_run(writer, &life.job);
}

enum ayni_status residue_may_be(struct log_snapshot *log, bool *may_be)
{
    return read_flag(log, residue_name, may_be);
}

enum ayni_status residue_clear(struct log_txn *txn)
{
    return put_flag(txn, residue_name, 0);
}
