#include "daemon/federation/copies_watch.h"

#include "daemon/clock.h"
#include "daemon/report.h"

/* The same node under the same heading; that a copy goes on writing is no news. */
static bool is_told(const struct copies_watch *watch, const struct copies_finding *finding)
{
    const struct copies_finding *told = (const void *)watch->told.data;

    for (size_t i = 0; i < watch->told.size / sizeof(*told); i++)
        if (ayni_id_equal(&told[i].node, &finding->node) && told[i].twice == finding->twice &&
            (finding->twice || told[i].since.ms == finding->since.ms))
            return true;
    return false;
}

static bool tell(void *context, const struct copies_finding *finding)
{
    struct copies_watch *watch = context;
    char node[AYNI_NODE_TEXT_SIZE];

    if (is_told(watch, finding))
        return true;
    ayni_node_text(&finding->node, node);
    report(finding->twice ? REPORT_WARNING : REPORT_INFO,
           finding->twice ? "node_runs_twice" : "node_began_anew", "node=%.8s", node);
    ayni_buffer_append(&watch->told, finding, sizeof(*finding));
    return true;
}

enum ayni_status copies_watch_look(struct copies_watch *watch, struct log_store *log)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(log, &snapshot);

    return status == AYNI_OK ? copies_each(snapshot, clock_now(), tell, watch) : status;
}

bool copies_watch_runs_twice(const struct copies_watch *watch, const struct ayni_node *node)
{
    const struct copies_finding *told = (const void *)watch->told.data;

    for (size_t i = 0; i < watch->told.size / sizeof(*told); i++)
        if (ayni_id_equal(&told[i].node, node) && told[i].twice)
            return true;
    return false;
}

void copies_watch_done(struct copies_watch *watch)
{
    ayni_buffer_free(&watch->told);
}
