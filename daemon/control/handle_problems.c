/* problems: what doesn't count, what is wrong with what does, and the way out. */
#include "daemon/control/commands.h"

#include "daemon/control/node_problems.h"
#include "daemon/control/sealed_problems.h"
#include "daemon/control/survey_problems.h"
#include "daemon/control/version_problems.h"
#include "daemon/daemon.h"

static enum ayni_status list_all(struct daemon *daemon, struct control_call *call,
                                 struct problem_filter *filter, struct outbox *outbox)
{
    enum ayni_status status = AYNI_OK;

    if (problem_filter_takes_nodes(filter))
        status = node_problems_list(daemon, call, filter, outbox);
    if (status == AYNI_OK && problem_filter_takes_nodes(filter))
        status = sealed_problems_list(daemon, call, filter, outbox);
    if (status == AYNI_OK)
        status = version_problems_list(daemon, call, filter, outbox);
    return status == AYNI_OK ? survey_problems_list(daemon, call, filter, outbox) : status;
}

static enum ayni_status handle_problems(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    SCOPED_OUTBOX outbox = { 0 };
    struct problem_filter filter;
    enum ayni_status status = problem_filter_read(call, charter, &filter);

    if (status == AYNI_OK)
        status = list_all(daemon, call, &filter, &outbox);
    if (status == AYNI_OK)
        status = problem_filter_put(&filter, charter, &outbox);
    if (status == AYNI_OK)
        status = outbox_send(&outbox, call);
    problem_filter_free(&filter);
    return status;
}

const struct control_command control_problems_commands[] = {
    { "problems", handle_problems, CONTROL_NEED_READ },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
