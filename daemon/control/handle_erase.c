/* erase, erase.status: an order that a record be forgotten everywhere, and who confirmed it. */
#include "daemon/control/commands.h"
#include "daemon/control/link_item.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/daemon.h"
#include "daemon/federation/receipts.h"
#include "daemon/records/erasure/erase.h"
#include "daemon/records/names.h"

/* --- erase --- */

static enum ayni_status send_erased(struct control_call *call, const struct erase_result *result)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result->record);
    ayni_control_put_bool(item, "done", true);
    ayni_control_put_int(item, "records", (int64_t)result->records);
    ayni_control_put_int(item, "versions", (int64_t)result->versions);
    ayni_control_put_int(item, "kept", (int64_t)result->kept);
    link_item_put(item, &result->component, &result->record);
    ayni_control_close(item);
    return call_send(call);
}

static enum ayni_status handle_erase(struct daemon *daemon, struct control_call *call)
{
    struct erase_request request = { .steward = call_steward(call) };
    struct erase_result result;
    enum ayni_status status = call_text(call, "id", &request.id);

    if (status == AYNI_OK)
        status = call_text(call, "reason", &request.reason);
    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &request.space);
    if (status == AYNI_OK)
        status = call_flag(call, "only", &request.only);
    if (status == AYNI_OK)
        status = call_flag(call, "alone", &request.alone);
    if (status == AYNI_OK)
        status = erase_record(&daemon->records, &request, &result, call_complaint(call));
    return status == AYNI_OK ? send_erased(call, &result) : status;
}

/* --- erase.status --- */

struct status_listing {
    struct reader *reader;
    struct outbox outbox;
    size_t count;
};

static const char *state_word(const struct receipts_state *state)
{
    if (!state->confirmed)
        return "pending";
    return state->receipt.state == AYNI_RECEIPT_SCRUBBED ? "scrubbed" : "dropped";
}

static bool put_state(void *context, const struct receipts_state *state)
{
    struct status_listing *listing = context;
    struct ayni_control_writer *item = outbox_begin(&listing->outbox);

    ayni_control_open_object(item, NULL);
    record_item_key(item, reader_charter(listing->reader), state->key, true);
    ayni_control_put_node(item, "node", &state->node);
    ayni_control_put_text(item, "state", state_word(state));
    if (state->confirmed)
        ayni_control_put_instant(item, "time", state->receipt.time);
    else
        ayni_control_put_null(item, "time");
    if (state->confirmed && state->receipt.has_backup)
        ayni_control_put_day(item, "oldest_backup", state->receipt.backup_day);
    else
        ayni_control_put_null(item, "oldest_backup");
    if (!state->member)
        ayni_control_put_bool(item, "member", false);
    ayni_control_close(item);
    outbox_end(&listing->outbox);
    listing->count++;
    return true;
}

/* `id` NULL: all that was erased. */
static enum ayni_status gather_status(struct daemon *daemon, struct control_call *call,
                                      const char *id, struct status_listing *listing)
{
    SCOPED_READER *reader = NULL;
    struct ayni_record record;
    enum ayni_status status = reader_begin(&daemon->records, &reader);

    listing->reader = reader;
    if (status == AYNI_OK && id != NULL)
        status = names_record(reader, id, NULL, &record, call_complaint(call));
    if (status == AYNI_OK)
        status = receipts_each(reader, id == NULL ? NULL : &record, put_state, listing);
    if (status == AYNI_OK && id != NULL && listing->count == 0)
        return call_fail(call, AYNI_E_NOT_FOUND, N_("nobody ordered that {} be erased"), id, NULL);
    return status;
}

static enum ayni_status handle_status(struct daemon *daemon, struct control_call *call)
{
    struct status_listing listing = { 0 };
    const char *id;
    enum ayni_status status = call_text_or(call, "id", NULL, &id);

    if (status == AYNI_OK)
        status = gather_status(daemon, call, id, &listing);
    if (status == AYNI_OK)
        status = outbox_send(&listing.outbox, call);
    outbox_free(&listing.outbox);
    return status;
}

const struct control_command control_erase_commands[] = {
    { "erase", handle_erase, CONTROL_NEED_REVIEW },
    { "erase.status", handle_status, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
