#include "daemon/net/hearing.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/report.h"

struct hearing {
    struct log_writer *writer;
    atomic_bool on;
};

static enum ayni_status read_setting(struct log_store *log, bool *on)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    SCOPED_BUFFER value = { 0 };
    enum ayni_status status = log_snapshot_begin(log, &snapshot);

    if (status == AYNI_OK)
        status = log_get_setting(snapshot, HEARING_SETTING, &value);
    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    *on = value.size > 0;
    return AYNI_OK;
}

enum ayni_status hearing_new(struct log_store *log, struct log_writer *writer,
                             struct hearing **hearing)
{
    struct hearing *made = calloc(1, sizeof(*made));
    bool on = false;

    if (made == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = read_setting(log, &on);
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    made->writer = writer;
    made->on = on;
    *hearing = made;
    return AYNI_OK;
}

void hearing_free(struct hearing *hearing)
{
    free(hearing);
}

bool hearing_is_on(const struct hearing *hearing)
{
    return hearing->on;
}

static enum ayni_status clear(struct log_job *job, struct log_txn *txn)
{
    (void)job;
    return log_txn_put_setting(txn, HEARING_SETTING, (struct ayni_bytes){ NULL, 0 });
}

static void has_ended(struct hearing *hearing, const char *why)
{
    hearing->on = false;
    report(REPORT_INFO, "restored", "heard=%s", why);
}

enum ayni_status hearing_end(struct hearing *hearing, const char *why)
{
    struct log_job job = { .run = clear };

    if (!hearing->on)
        return AYNI_OK;
    enum ayni_status status = log_writer_run(hearing->writer, &job);
    if (status == AYNI_OK)
        has_ended(hearing, why);
    return status;
}

static void free_clear(struct log_job *job, enum ayni_status status)
{
    if (status != AYNI_OK) /* what is on the disk says so again after a restart */
        report(REPORT_ERROR, "hearing_not_ended", "reason=%s", ayni_status_name(status));
    free(job);
}

void hearing_end_soon(struct hearing *hearing, const char *why)
{
    if (!hearing->on)
        return;
    has_ended(hearing, why);
    struct log_job *job = calloc(1, sizeof(*job));
    if (job != NULL)
        *job = (struct log_job){ .run = clear, .done = free_clear };
    enum ayni_status status = job == NULL ? AYNI_E_MEMORY : log_writer_submit(hearing->writer, job);
    if (status != AYNI_OK)
        free_clear(job, status);
}
