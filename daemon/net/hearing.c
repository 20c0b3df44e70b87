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

enum ayni_status hearing_end(struct hearing *hearing, const char *why)
{
    struct log_job job = { .run = clear };

    if (!hearing->on)
        return AYNI_OK;
    enum ayni_status status = log_writer_run(hearing->writer, &job);
    if (status != AYNI_OK)
        return status;
    hearing->on = false;
    report(REPORT_INFO, "restored", "heard=%s", why);
    return AYNI_OK;
}
