#include "cli/command_table.h"

static const struct command help_commands[] = {
    { "help", NULL, OUTPUT_ONE, cmd_help, NULL,
      PARAMETERS({ "command", PARAMETER_POSITIONAL, "COMMAND", N_("the command"), false, true },
                 { "second", PARAMETER_POSITIONAL, NULL, NULL, false, true }),
      N_("explain a command"), "help import" },
    { 0 },
};
static const struct command_group help_group = { N_("help"), help_commands };

/* In this order they are listed. */
const struct command_group *const command_groups[] = {
    &node_group,       &federation_group, &records_group, &conflicts_group,
    &duplicates_group, &quality_group,    &month_group,   &view_group,
    &keeping_group,    &help_group,       NULL,
};
