/* erase: an order that a record be forgotten everywhere. */
#include "daemon/control/commands.h"
#include "daemon/daemon.h"
#include "daemon/records/erase.h"

static enum ayni_status send_erased(struct control_call *call, const struct erase_result *result)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result->record);
    ayni_control_put_bool(item, "done", true);
    ayni_control_put_int(item, "records", (int64_t)result->records);
    ayni_control_put_int(item, "versions", (int64_t)result->versions);
    ayni_control_put_int(item, "kept", (int64_t)result->kept);
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
        status = erase_record(&daemon->records, &request, &result, call_complaint(call));
    return status == AYNI_OK ? send_erased(call, &result) : status;
}

const struct control_command control_erase_commands[] = {
    { "erase", handle_erase, CONTROL_NEED_REVIEW },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
