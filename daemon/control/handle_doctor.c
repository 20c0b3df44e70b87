/* doctor: what isn't well on this node, and how to mend it. */
#include "daemon/control/catalogue_checkup.h"
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

static enum ayni_status send_finding(struct control_call *call, const struct finding *finding,
                                     bool *well)
{
    put_finding(call_item(call), finding);
    *well = *well && finding->state == CHECKUP_WELL;
    return call_send(call);
}

static enum ayni_status handle_doctor(struct daemon *daemon, struct control_call *call)
{
    struct checkup checkup;
    struct finding catalogue;
    enum ayni_status status = AYNI_OK;
    bool well = true;

    checkup_run(daemon, &checkup);
    catalogue_checkup(daemon, &catalogue);
    for (size_t i = 0; i < CHECKUP_COUNT && status == AYNI_OK; i++)
        status = send_finding(call, &checkup.findings[i], &well);
    if (status == AYNI_OK)
        status = send_finding(call, &catalogue, &well);
    return status == AYNI_OK && !well ? call_answer_no(call) : status;
}

const struct control_command control_doctor_commands[] = {
    { "doctor", handle_doctor, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
