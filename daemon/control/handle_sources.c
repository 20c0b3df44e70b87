/* view.sources: who reports, how completely, and whether in time. */
#include "daemon/control/commands.h"
#include "daemon/control/named_item.h"

#include <stdlib.h>

#include "daemon/control/outbox.h"
#include "daemon/control/view_arguments.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"
#include "daemon/view/sources.h"

/* A percentage with two decimals, rounded; null where nothing is expected. */
static void put_share(struct ayni_control_writer *item, const char *key, int64_t part,
                      int64_t whole)
{
    if (whole == 0)
        ayni_control_put_null(item, key);
    else
        ayni_control_put_decimal(item, key, (part * 20000 + whole) / (2 * whole), 2);
}

static void put_source(struct ayni_control_writer *item, const struct charter *charter,
                       const struct source *source, bool has_deadline)
{
    char name[NAMES_SIZE];

    ayni_control_open_object(item, NULL);
    ayni_control_put_node(item, "node", &source->node);
    names_of_node(charter, &source->node, name);
    ayni_control_put_text(item, "name", name);
    names_of_org(charter, &source->node, name);
    ayni_control_put_text(item, "org", name);
    named_item_space(item, charter, &source->space);
    ayni_control_put_int(item, "expected", source->expected);
    ayni_control_put_int(item, "received", source->received);
    ayni_control_put_int(item, "on_time", has_deadline ? source->on_time : 0);
    put_share(item, "completeness", source->received, source->expected);
    put_share(item, "timeliness", source->on_time, has_deadline ? source->expected : 0);
    ayni_control_put_int(item, "entries", (int64_t)source->entries);
    if (source->entries == 0)
        ayni_control_put_null(item, "last_entry");
    else
        ayni_control_put_instant(item, "last_entry", source->last_time);
    ayni_control_close(item);
}

static enum ayni_status gather_sources(struct daemon *daemon, month_no last, struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    int64_t deadline_day = 0;
    struct source *list = NULL;
    size_t count = 0;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = sources_deadline(reader, &deadline_day);
    bool has_deadline = status == AYNI_OK;
    if (status == AYNI_OK || status == AYNI_E_NOT_FOUND)
        status = sources_list(reader, &daemon->records.node, last, deadline_day, &list, &count);
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        put_source(outbox_begin(outbox), reader_charter(reader), &list[i], has_deadline);
        outbox_end(outbox);
    }
    free(list);
    return status;
}

static enum ayni_status handle_sources(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    month_no last;
    enum ayni_status status = view_arguments_month(call, &last);

    if (status == AYNI_OK)
        status = gather_sources(daemon, last, &outbox);
    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_sources_commands[] = {
    { "view.sources", handle_sources, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
