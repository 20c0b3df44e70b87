/* watch: the change feed. */
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/daemon.h"
#include "daemon/records/change_feed.h"
#include "daemon/records/names.h"

enum { POLL_MS = 50 };

struct watching {
    struct daemon *daemon;
    struct outbox outbox;
};

static bool put_change(void *context, const struct charter *charter, const struct change *change)
{
    struct watching *watching = context;
    struct ayni_control_writer *item = outbox_begin(&watching->outbox);
    char cursor[CHANGE_CURSOR_TEXT_SIZE], name[NAMES_SIZE];

    ayni_control_open_object(item, NULL);
    change_cursor_text(watching->daemon->log, &change->cursor, cursor);
    ayni_control_put_text(item, "cursor", cursor);
    ayni_control_put_instant(item, "time", change->time);
    record_item_key(item, charter, &change->key, true);
    ayni_control_put_node(item, "node", &change->node);
    ayni_control_open_array(item, "fields");
    for (size_t i = 0; i < change->version->field_count; i++) {
        names_of_field(charter, change->key.type, change->version->fields[i].number, name);
        ayni_control_put_text(item, NULL, name);
    }
    ayni_control_close(item);
    ayni_control_close(item);
    outbox_end(&watching->outbox);
    return !outbox_is_full(&watching->outbox);
}

static enum ayni_status read_cursor(struct daemon *daemon, struct control_call *call,
                                    struct change_cursor *cursor)
{
    const char *since;
    enum ayni_status status = call_text_or(call, "since", NULL, &since);

    if (status != AYNI_OK)
        return status;
    if (since == NULL)
        return change_cursor_now(&daemon->records, cursor);
    status = change_cursor_parse(daemon->log, since, cursor);
    if (status == AYNI_OK)
        return AYNI_OK;
    call_hint(call, N_("a cursor is what a line of `ayni watch` has under `cursor`, or 0 for all"),
              NULL);
    return call_fail(call, AYNI_E_USAGE,
                     status == AYNI_E_VERSION ? N_("{} is a cursor of another store")
                                              : N_("{} is no cursor"),
                     since, NULL);
}

static enum ayni_status handle_watch(struct daemon *daemon, struct control_call *call)
{
    struct watching watching = { .daemon = daemon };
    struct change_cursor cursor;
    enum ayni_status status = read_cursor(daemon, call, &cursor);
    bool more = false;

    while (status == AYNI_OK && !call_cancelled(call)) {
        status = change_feed_read(&daemon->records, &cursor, put_change, &watching, &more);
        more = more || outbox_is_full(&watching.outbox);
        if (status == AYNI_OK)
            status = outbox_send(&watching.outbox, call);
        if (status == AYNI_OK && !more && call_wait(call, POLL_MS))
            break;
    }
    outbox_free(&watching.outbox);
    return status;
}

const struct control_command control_watch_commands[] = {
    { "watch", handle_watch, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
