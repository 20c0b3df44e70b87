#include "daemon/control/commands.h"

const struct control_command control_view_commands[] = {
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
