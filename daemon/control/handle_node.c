#include "daemon/control/commands.h"

/* Answers at once: somebody is there. */
static enum ayni_status handle_ping(struct daemon *daemon, struct control_call *call)
{
    struct ayni_control_writer *item = call_item(call);

    (void)daemon;
    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "done", true);
    ayni_control_close(item);
    return call_send(call);
}

const struct control_command control_node_commands[] = {
    { "ping", handle_ping, CONTROL_NEED_NOTHING },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
