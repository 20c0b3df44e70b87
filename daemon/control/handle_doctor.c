/* doctor: what isn't well on this node, and how to mend it. */
#include "daemon/control/checkup.h"
#include "daemon/control/commands.h"
#include "daemon/control/error.h"

static void put_finding(struct ayni_control_writer *item, const struct finding *finding)
{
    ayni_control_open_object(item, NULL);
    ayni_control_put_text(item, "check", finding->check);
    ayni_control_put_bool(item, "ok", finding->state == CHECKUP_WELL);
    if (finding->state == CHECKUP_WELL)
        ayni_control_put_text(item, "hint", "");
    else
        control_words_put(item, &finding->trouble);
    ayni_control_close(item);
}

static enum ayni_status handle_doctor(struct daemon *daemon, struct control_call *call)
{
    struct checkup checkup;
    enum ayni_status status = AYNI_OK;
    bool well = true;

    checkup_run(daemon, &checkup);
    for (size_t i = 0; i < CHECKUP_COUNT && status == AYNI_OK; i++) {
        put_finding(call_item(call), &checkup.findings[i]);
        well = well && checkup.findings[i].state == CHECKUP_WELL;
        status = call_send(call);
    }
    return status == AYNI_OK && !well ? call_answer_no(call) : status;
}

const struct control_command control_doctor_commands[] = {
    { "doctor", handle_doctor, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
