#include "daemon/control/commands.h"

const struct control_command control_import_commands[] = {
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
