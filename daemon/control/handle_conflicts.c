/* conflicts, conflicts.show: what waits for a steward. */
#include "daemon/control/commands.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/scope.h"
#include "daemon/daemon.h"
#include "daemon/records/conflict.h"

struct listing {
    struct daemon *daemon;
    struct scope scope;
    const struct charter *charter; /* of the page's reader */
    struct conflict_cursor from;
    struct outbox outbox;
    bool mine; /* in which this node has a value */
};

static bool put_conflict(void *context, const struct conflict *conflict)
{
    struct listing *listing = context;
    struct ayni_control_writer *item;
    bool mine = !listing->mine;

    for (size_t i = 0; i < conflict->node_count && !mine; i++)
        mine = ayni_id_equal(&conflict->nodes[i], &listing->daemon->identity.node);
    if (!mine)
        return true;
    item = outbox_begin(&listing->outbox);
    ayni_control_open_object(item, NULL);
    record_item_key(item, listing->charter, &conflict->key, false);
    record_item_field_names(item, "fields", listing->charter, conflict->key.type, conflict->fields,
                            conflict->field_count);
    ayni_control_put_instant(item, "since", conflict->since);
    ayni_control_open_array(item, "nodes");
    for (size_t i = 0; i < conflict->node_count; i++)
        ayni_control_put_node(item, NULL, &conflict->nodes[i]);
    ayni_control_close(item);
    ayni_control_close(item);
    outbox_end(&listing->outbox);
    return !outbox_is_full(&listing->outbox);
}

static enum ayni_status gather_page(struct listing *listing)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(&listing->daemon->records, &reader);

    if (status != AYNI_OK)
        return status;
    listing->charter = reader_charter(reader);
    return conflicts_each(reader, scope_space(&listing->scope), listing->scope.type, &listing->from,
                          put_conflict, listing);
}

static enum ayni_status send_conflicts(struct listing *listing, struct control_call *call)
{
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && !listing->from.done) {
        status = gather_page(listing);
        if (status == AYNI_OK)
            status = outbox_send(&listing->outbox, call);
        if (status == AYNI_OK && call_cancelled(call))
            status = AYNI_E_STOPPED;
    }
    outbox_free(&listing->outbox);
    return status;
}

static enum ayni_status handle_conflicts(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct listing listing = { .daemon = daemon };
    enum ayni_status status = call_flag(call, "mine", &listing.mine);

    if (status == AYNI_OK)
        status = scope_read(call, charter, &listing.scope);
    return status == AYNI_OK ? send_conflicts(&listing, call) : status;
}

/* --- conflicts.show --- */

static enum ayni_status gather_show(struct daemon *daemon, struct control_call *call,
                                    struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct ayni_control_writer *item;
    struct record_key key;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = scope_record(call, reader, &key);
    if (status == AYNI_OK)
        status = reader_fold(reader, &key, &state);
    if (status != AYNI_OK)
        return status;
    item = outbox_begin(outbox);
    ayni_control_open_object(item, NULL);
    record_item_key(item, reader_charter(reader), &key, true);
    record_item_contested(item, "fields", reader_charter(reader), &state, true);
    ayni_control_close(item);
    outbox_end(outbox);
    return AYNI_OK;
}

static enum ayni_status handle_show(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_show(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_conflicts_commands[] = {
    { "conflicts", handle_conflicts, CONTROL_NEED_READ },
    { "conflicts.show", handle_show, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
