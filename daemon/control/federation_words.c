#include "daemon/control/federation_words.h"

#include "daemon/records/names.h"

enum ayni_status federation_fail_no_federation(struct control_call *call)
{
    enum ayni_status status =
        call_fail(call, AYNI_E_RIGHT, N_("this node is not a member of a federation yet"), NULL);
    call_hint(
        call,
        N_("join one with `ayni join TICKET`, and have its steering node add this node's card"),
        NULL);
    return status;
}

static enum ayni_status fail_member(struct control_call *call, const struct charter *charter,
                                    enum ayni_status status, const char *text)
{
    if (status == AYNI_E_USAGE) {
        status = call_fail(call, AYNI_E_USAGE, N_("{} fits more than one member"), text, NULL);
        call_hint(call, N_("`ayni member list` shows them"), NULL);
        return status;
    }
    status = call_fail(call, AYNI_E_NOT_FOUND, N_("there is no member {}"), text, NULL);
    names_hint_member(charter, text, call_complaint(call));
    return status;
}

static enum ayni_status fail_space(struct control_call *call, const struct charter *charter,
                                   enum ayni_status status, const char *text)
{
    if (status == AYNI_E_USAGE) {
        status = call_fail(call, AYNI_E_USAGE, N_("{} fits more than one space"), text, NULL);
        call_hint(call, N_("`ayni space list` lists them"), NULL);
        return status;
    }
    status = call_fail(call, AYNI_E_NOT_FOUND, N_("there is no space {}"), text, NULL);
    names_hint_space(charter, text, call_complaint(call));
    return status;
}

enum ayni_status federation_find_member(struct control_call *call, const struct charter *charter,
                                        const char *text, const struct ayni_member **member)
{
    enum ayni_status status =
        ayni_registry_find_member(charter->registry, ayni_bytes_of_text(text), member);

    return status == AYNI_OK ? AYNI_OK : fail_member(call, charter, status, text);
}

enum ayni_status federation_find_space(struct control_call *call, const struct charter *charter,
                                       const char *text, const struct ayni_space_info **space)
{
    enum ayni_status status =
        ayni_registry_find_space(charter->registry, ayni_bytes_of_text(text), space);

    return status == AYNI_OK ? AYNI_OK : fail_space(call, charter, status, text);
}

enum ayni_status federation_answer_id(struct control_call *call, const struct ayni_record *record,
                                      bool done)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", record);
    if (done)
        ayni_control_put_bool(item, "done", true);
    ayni_control_close(item);
    return call_send(call);
}
