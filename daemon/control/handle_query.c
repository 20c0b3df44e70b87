/* query: one SELECT over the records. */
#include <stdlib.h>

#include "daemon/control/asking.h"
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/daemon.h"

_Static_assert(sizeof(struct call_pair) == sizeof(struct sql_parameter), "a pair is a parameter");

/* The whole answer, so that nothing is read any more while it is sent. */
static enum ayni_status gather(struct daemon *daemon, struct control_call *call, const char *sql,
                               struct outbox *outbox)
{
    SCOPED_ASKING asking = { 0 };
    const struct call_pair *set;
    size_t count;
    enum ayni_status status = call_pairs(call, "set", &set, &count);

    if (status == AYNI_OK)
        status = asking_begin(&asking, daemon, call);
    if (status == AYNI_OK)
        status = asking_prepare(&asking, sql, (const struct sql_parameter *)set, count);
    if (status != AYNI_OK)
        return status;
    sql_query_put_names(asking.query, outbox_begin(outbox));
    outbox_end(outbox);
    while ((status = asking_next(&asking)) == AYNI_OK && !outbox->items.failed) {
        sql_query_put_row(asking.query, outbox_begin(outbox));
        outbox_end(outbox);
        if (outbox->items.size > daemon->config.query_memory)
            return call_fail(call, AYNI_E_LIMIT, N_("the answer is too large"), NULL);
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status handle_query(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    const char *sql;
    enum ayni_status status = call_text(call, "sql", &sql);

    if (status == AYNI_OK)
        status = gather(daemon, call, sql, &outbox);
    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_query_commands[] = {
    { "query", handle_query, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
