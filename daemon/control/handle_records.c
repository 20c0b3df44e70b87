/* put, set, delete, get, log: one record. */
#include "daemon/control/commands.h"

#include <string.h>

#include "daemon/control/duplicate_item.h"
#include "daemon/control/error.h"
#include "daemon/control/flag_item.h"
#include "daemon/control/link_item.h"
#include "daemon/control/named_item.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/control/scope.h"
#include "daemon/daemon.h"
#include "daemon/records/erasure/erasure_drops.h"
#include "daemon/records/reader_limits.h"
#include "daemon/records/writing/edit.h"

/* --- put, set, delete --- */

/* The arguments that all edits have; assignments are lent by the call. */
static enum ayni_status read_edit(struct control_call *call, struct edit_request *request)
{
    const struct call_pair *pairs;
    int64_t expect;
    size_t count;
    enum ayni_status status = call_text_or(call, "space", NULL, &request->space);

    _Static_assert(sizeof(struct call_pair) == sizeof(struct edit_assignment),
                   "a pair is an assignment");
    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &request->reason);
    if (status == AYNI_OK)
        status = call_pairs(call, "fields", &pairs, &count);
    if (status == AYNI_OK)
        status = call_int_or(call, "expect", -1, &expect);
    if (status != AYNI_OK)
        return status;
    request->assignments = (const struct edit_assignment *)pairs;
    request->assignment_count = count;
    request->steward = call_steward(call);
    request->by_admin = call_by_admin(call);
    request->no_settling = !call_may_settle(call);
    request->english = strcmp(call_language(call), "en") == 0;
    request->has_expect = expect >= 0;
    request->expect = request->has_expect ? (size_t)expect : 0;
    return AYNI_OK;
}

static enum ayni_status send_edit(struct daemon *daemon, struct control_call *call,
                                  struct edit_result *result, bool with_changed)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct alike_list alike;
    struct ayni_control_writer *item;

    duplicate_item_warn(&daemon->records, result, &alike);
    item = call_item(call);
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result->key.record);
    if (with_changed)
        record_item_field_names(item, "changed", charter, result->key.type, result->changed,
                                result->changed_count);
    control_warnings_put(item, &result->warnings);
    duplicate_item_alike(item, &alike);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status handle_put(struct daemon *daemon, struct control_call *call)
{
    struct edit_request request = { 0 };
    struct edit_result result;
    const char *space;
    enum ayni_status status = call_text(call, "type", &request.type);

    if (status == AYNI_OK)
        status = call_text(call, "space", &space);
    if (status == AYNI_OK)
        status = read_edit(call, &request);
    if (status == AYNI_OK)
        status = edit_put(&daemon->records, &request, &result, call_complaint(call));
    return status == AYNI_OK ? send_edit(daemon, call, &result, !result.created) : status;
}

static enum ayni_status handle_set(struct daemon *daemon, struct control_call *call)
{
    struct edit_request request = { 0 };
    struct edit_result result;
    enum ayni_status status = call_text(call, "id", &request.id);

    if (status == AYNI_OK)
        status = read_edit(call, &request);
    if (status == AYNI_OK)
        status = edit_set(&daemon->records, &request, &result, call_complaint(call));
    return status == AYNI_OK ? send_edit(daemon, call, &result, true) : status;
}

static enum ayni_status handle_delete(struct daemon *daemon, struct control_call *call)
{
    struct edit_request request = { 0 };
    struct edit_result result;
    const char *reason;
    enum ayni_status status = call_text(call, "id", &request.id);

    if (status == AYNI_OK)
        status = call_text(call, "reason", &reason);
    if (status == AYNI_OK)
        status = read_edit(call, &request);
    if (status == AYNI_OK)
        status = edit_delete(&daemon->records, &request, &result, call_complaint(call));
    return status == AYNI_OK ? send_edit(daemon, call, &result, true) : status;
}

/* --- get --- */

/* `erased`: versions that would be here too, as it was. */
static enum ayni_status put_record(struct ayni_control_writer *item, struct reader *reader,
                                   const struct record_state *state,
                                   const struct link_component *component, size_t erased)
{
    const struct charter *charter = reader_charter(reader);

    ayni_control_open_object(item, NULL);
    record_item_key(item, charter, &state->key, true);
    record_item_fields(item, charter, state);
    record_item_contested(item, "contested", charter, state, false);
    ayni_control_put_int(item, "versions", (int64_t)state->total);
    if (state->folded.deleted)
        ayni_control_put_bool(item, "deleted", true);
    if (erased > 0)
        ayni_control_put_int(item, "erased", (int64_t)erased);
    link_item_put(item, component, &state->key.record);
    enum ayni_status status = flag_item_put_open(item, reader, &state->key.record);
    ayni_control_close(item);
    return status;
}

static enum ayni_status fail_as_nothing(struct control_call *call, size_t erased)
{
    return call_fail(call, AYNI_E_NOT_FOUND,
                     erased > 0 ? N_("all of it that was here by then was erased since")
                                : N_("nothing of it was here by then"),
                     NULL);
}

static enum ayni_status gather_record(struct daemon *daemon, struct control_call *call,
                                      struct outbox *outbox)
{
    SCOPED_LIMITS limits = { 0 };
    SCOPED_READER *reader = NULL;
    struct ayni_instant as_of;
    bool past;
    size_t erased = 0;
    SCOPED_STATE state = { 0 };
    struct link_component component;
    struct record_key key;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = scope_record(call, reader, &key);
    if (status == AYNI_OK)
        status = scope_as_of(call, &past, &as_of);
    if (status == AYNI_OK && past)
        status = reader_limits_find(reader, as_of, &limits);
    if (status != AYNI_OK)
        return status;
    if (past) {
        reader_limit(reader, &limits);
        status = erasure_dropped_of(reader, &key, &erased);
    }
    if (status == AYNI_OK)
        status = reader_fold(reader, &key, &state);
    if (status == AYNI_E_NOT_FOUND)
        return fail_as_nothing(call, erased);
    if (status == AYNI_OK)
        status = links_component(reader, &key.record, &component);
    if (status != AYNI_OK)
        return status;
    status = put_record(outbox_begin(outbox), reader, &state, &component, erased);
    outbox_end(outbox);
    return status;
}

static enum ayni_status handle_get(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_record(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

/* --- log --- */

static const char *act_of(const struct ayni_version *version)
{
    if (version->act == AYNI_ACT_RESOLUTION)
        return "resolution";
    if (version->act == AYNI_ACT_WITHDRAWAL)
        return "withdrawal";
    if (version->field_count > 0 && ayni_field_deletes(&version->fields[0]))
        return "delete";
    return "edit";
}

static void put_version(struct ayni_control_writer *item, const struct charter *charter,
                        const struct record_state *state, size_t index)
{
    const struct ayni_fold_item *version = &state->items[index];
    struct ayni_feed_prefix feed = ayni_feed_prefix_of(&version->feed);
    char entry[RECORD_ITEM_ENTRY_SIZE];

    ayni_control_open_object(item, NULL);
    ayni_control_put_instant(item, "time", version->time);
    named_item_node(item, charter, &version->node);
    ayni_control_put_string(item, "steward", version->version->steward);
    ayni_control_put_text(item, "act", act_of(version->version));
    if (version->version->origin.size == 0)
        ayni_control_put_text(item, "origin", "manual");
    else
        ayni_control_put_string(item, "origin", version->version->origin);
    ayni_control_put_string(item, "reason", version->version->reason);
    record_item_version_fields(item, charter, version->version);
    named_item_space(item, charter, &state->key.space);
    record_item_entry_text(&feed, version->seq, entry);
    ayni_control_put_text(item, "entry", entry);
    record_item_seen(item, "seen", version);
    if (!version->valid)
        ayni_control_put_bool(item, "counts", false);
    ayni_control_close(item);
}

static enum ayni_status gather_log(struct daemon *daemon, struct control_call *call,
                                   struct outbox *outbox)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct record_key key;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    if (status == AYNI_OK)
        status = scope_record(call, reader, &key);
    if (status == AYNI_OK)
        status = reader_fold(reader, &key, &state);
    for (size_t i = state.count; status == AYNI_OK && i > 0; i--) {
        put_version(outbox_begin(outbox), reader_charter(reader), &state, i - 1);
        outbox_end(outbox);
    }
    return status;
}

static enum ayni_status handle_log(struct daemon *daemon, struct control_call *call)
{
    SCOPED_OUTBOX outbox = { 0 };
    enum ayni_status status = gather_log(daemon, call, &outbox);

    return status == AYNI_OK ? outbox_send(&outbox, call) : status;
}

const struct control_command control_records_commands[] = {
    { "put", handle_put, CONTROL_NEED_WRITE },       { "set", handle_set, CONTROL_NEED_WRITE },
    { "delete", handle_delete, CONTROL_NEED_WRITE }, { "get", handle_get, CONTROL_NEED_READ },
    { "log", handle_log, CONTROL_NEED_READ },        { NULL, NULL, CONTROL_NEED_NOTHING },
};
