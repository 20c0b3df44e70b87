/* link, distinct, unlink: whether two children are one. */
#include "daemon/control/commands.h"
#include "daemon/control/error.h"
#include "daemon/control/link_item.h"
#include "daemon/control/outbox.h"
#include "daemon/control/record_item.h"
#include "daemon/daemon.h"
#include "daemon/records/links/link_decide.h"

static void put_decided(struct ayni_control_writer *item, const struct charter *charter,
                        const struct link_result *result, const struct ayni_record *one)
{
    ayni_control_open_object(item, NULL);
    ayni_control_put_record(item, "id", &result->decision);
    record_item_field_names(item, "changed", charter, LINK_TYPE, result->changed,
                            result->changed_count);
    ayni_control_put_text(item, "verdict", link_verdict_word(result->link.verdict));
    link_item_put(item, &result->component, one);
    control_warnings_put(item, &result->warnings);
    ayni_control_close(item);
}

static enum ayni_status decide(struct daemon *daemon, struct control_call *call,
                               struct link_request *request)
{
    SCOPED_OUTBOX outbox = { 0 };
    struct link_result result;
    enum ayni_status status = call_text(call, "one", &request->one);

    if (status == AYNI_OK)
        status = call_text(call, "other", &request->other);
    if (status == AYNI_OK)
        status = call_text_or(call, "space", NULL, &request->space);
    request->steward = call_steward(call);
    request->by_admin = call_by_admin(call);
    request->english = strcmp(call_language(call), "en") == 0;
    if (status == AYNI_OK)
        status = link_decide(&daemon->records, request, &result, call_complaint(call));
    if (status != AYNI_OK)
        return status;
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    put_decided(outbox_begin(&outbox), charter, &result, &result.one);
    outbox_end(&outbox);
    return outbox_send(&outbox, call);
}

static enum ayni_status handle_link(struct daemon *daemon, struct control_call *call)
{
    struct link_request request = { .verdict = LINK_SAME };
    enum ayni_status status = call_text(call, "reason", &request.reasons);

    if (status == AYNI_OK)
        status = call_text_or(call, "keep", NULL, &request.keep);
    return status == AYNI_OK ? decide(daemon, call, &request) : status;
}

static enum ayni_status handle_distinct(struct daemon *daemon, struct control_call *call)
{
    struct link_request request = { .verdict = LINK_DIFFERENT };
    const char *verdict;
    enum ayni_status status = call_text_or(call, "verdict", "different", &verdict);

    if (status == AYNI_OK)
        status = call_text_or(call, "reason", NULL, &request.reasons);
    if (status != AYNI_OK)
        return status;
    if (strcmp(verdict, link_verdict_word(LINK_TWINS)) == 0)
        request.verdict = LINK_TWINS;
    else if (strcmp(verdict, link_verdict_word(LINK_DIFFERENT)) != 0)
        return call_fail(call, AYNI_E_USAGE, N_("the verdict is different or twins"), NULL);
    return decide(daemon, call, &request);
}

static enum ayni_status handle_unlink(struct daemon *daemon, struct control_call *call)
{
    struct link_request request = { .verdict = LINK_UNDECIDED };
    enum ayni_status status = call_text_or(call, "reason", NULL, &request.why);

    return status == AYNI_OK ? decide(daemon, call, &request) : status;
}

const struct control_command control_links_commands[] = {
    { "link", handle_link, CONTROL_NEED_REVIEW },
    { "distinct", handle_distinct, CONTROL_NEED_REVIEW },
    { "unlink", handle_unlink, CONTROL_NEED_REVIEW },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
