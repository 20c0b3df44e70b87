#include "daemon/control/commands.h"

#include <stdlib.h>

#include "daemon/control/outbox.h"
#include "daemon/daemon.h"
#include "daemon/records/names.h"

enum { SOURCES_MAX = 1024 };

/* What one node wrote in one space, all its feeds together. */
struct source {
    struct ayni_node node;
    struct ayni_space space;
    uint64_t entries;
    struct ayni_instant last_time;
};
struct sources {
    struct source list[SOURCES_MAX];
    size_t count;
};

static bool add_feed(void *context, const struct log_feed *feed)
{
    struct sources *sources = context;
    size_t at = 0;

    while (at < sources->count &&
           !(ayni_id_equal(&sources->list[at].node, &feed->descriptor.node) &&
             ayni_id_equal(&sources->list[at].space, &feed->descriptor.space)))
        at++;
    if (at == SOURCES_MAX)
        return true;
    struct source *source = &sources->list[at];
    if (at == sources->count) {
        *source = (struct source){ .node = feed->descriptor.node, .space = feed->descriptor.space };
        sources->count++;
    }
    source->entries += feed->head.seq;
    if (feed->last_time.ms > source->last_time.ms)
        source->last_time = feed->last_time;
    return true;
}

static void put_source(struct ayni_control_writer *item, const struct charter *charter,
                       const struct source *source)
{
    char name[NAMES_SIZE];

    ayni_control_open_object(item, NULL);
    ayni_control_put_node(item, "node", &source->node);
    names_of_node(charter, &source->node, name);
    ayni_control_put_text(item, "name", name);
    names_of_org(charter, &source->node, name);
    ayni_control_put_text(item, "org", name);
    names_of_space(charter, &source->space, name);
    ayni_control_put_text(item, "space", name);
    ayni_control_put_int(item, "entries", (int64_t)source->entries);
    ayni_control_put_instant(item, "last_entry", source->last_time);
    ayni_control_close(item);
}

static enum ayni_status handle_sources(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    struct reader *reader = NULL;
    struct sources *sources = calloc(1, sizeof(*sources));
    enum ayni_status status =
        sources == NULL ? AYNI_E_MEMORY : reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = log_each_feed(reader_log(reader), add_feed, sources);
    for (size_t i = 0; status == AYNI_OK && i < sources->count; i++) {
        put_source(outbox_begin(&outbox), reader_charter(reader), &sources->list[i]);
        outbox_end(&outbox);
    }
    reader_end(reader);
    free(sources);
    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_sources_commands[] = {
    { "view.sources", handle_sources, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
