#include "daemon/control/commands.h"

#include <string.h>

static const struct control_command *const groups[] = {
    control_act_commands,       control_approve_commands,    control_approvals_commands,
    control_node_commands,      control_federation_commands, control_records_commands,
    control_conflicts_commands, control_import_commands,     control_view_commands,
    control_members_commands,   control_spaces_commands,     control_stewards_commands,
    control_peers_commands,     control_lists_commands,      control_types_commands,
    control_quality_commands,   control_spot_check_commands, /* the figures */
    control_upkeep_commands,    control_watch_commands,      control_sources_commands,
    control_resolve_commands,   control_problems_commands,   control_store_commands,
    control_erase_commands,     control_bundle_commands,     control_doctor_commands,
    control_query_commands,     control_links_commands,      control_flags_commands,
    control_reference_commands, control_duplicates_commands, control_split_commands,
    control_catalogue_commands,
};

const struct control_command *control_command_find(struct ayni_bytes name)
{
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        for (const struct control_command *command = groups[i]; command->name != NULL; command++)
            if (ayni_bytes_equal(name, ayni_bytes_of_text(command->name)))
                return command;
    return NULL;
}

#define BIT(need) (1u << (need))
#define READING (BIT(CONTROL_NEED_LOOK) | BIT(CONTROL_NEED_SURVEY) | BIT(CONTROL_NEED_READ))

static const struct {
    const char *role;
    unsigned needs;
} roles[] = {
    { "reader", READING },
    { "auditor", READING | BIT(CONTROL_NEED_AUDIT) },
    { "editor", READING | BIT(CONTROL_NEED_WRITE) },
    { "reviewer", READING | BIT(CONTROL_NEED_WRITE) | BIT(CONTROL_NEED_REVIEW) },
    { "admin", READING | BIT(CONTROL_NEED_AUDIT) | BIT(CONTROL_NEED_WRITE) |
                   BIT(CONTROL_NEED_REVIEW) | BIT(CONTROL_NEED_TEND) | BIT(CONTROL_NEED_ADMIN) },
};

bool control_role_allows(const char *role, enum control_need need)
{
    if (need == CONTROL_NEED_NOTHING)
        return true;
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
        if (strcmp(role, roles[i].role) == 0)
            return (roles[i].needs & BIT(need)) != 0;
    return false;
}

bool control_needs_views(enum control_need need)
{
    return need == CONTROL_NEED_SURVEY || need == CONTROL_NEED_ADMIN ||
           control_is_about_records(need);
}

bool control_is_about_records(enum control_need need)
{
    return need == CONTROL_NEED_READ || need == CONTROL_NEED_AUDIT || need == CONTROL_NEED_WRITE ||
           need == CONTROL_NEED_REVIEW;
}
