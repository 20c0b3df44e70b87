#ifndef AYNI_DAEMON_CONTROL_COMMANDS_H
#define AYNI_DAEMON_CONTROL_COMMANDS_H

#include "daemon/control/call.h"

struct daemon; /* daemon/daemon.h */

/*
 * The requests that this daemon answers: docs/protocol.md, section 8. Each
 * group of handlers is a file (handle_<group>.c) with a table that ends with an
 * entry without a name; commands.c finds a request in all of them.
 */

/* What a steward must be allowed to do; which role may do what is in commands.c. */
enum control_need {
    CONTROL_NEED_NOTHING, /* any local user: ping, status */
    CONTROL_NEED_READ,    /* reader and all others */
    CONTROL_NEED_AUDIT,   /* auditor, admin */
    CONTROL_NEED_WRITE,   /* editor, reviewer, admin */
    CONTROL_NEED_REVIEW,  /* reviewer, admin */
    CONTROL_NEED_ADMIN,
};

typedef enum ayni_status control_handler(struct daemon *daemon, struct control_call *call);

struct control_command {
    const char *name;
    control_handler *handler;
    enum control_need need;
};

extern const struct control_command control_node_commands[];  /* handle_node.c: ping status sync */
extern const struct control_command control_peers_commands[]; /* handle_peers.c: peer.add ... */
extern const struct control_command
    control_federation_commands[]; /* handle_federation.c: card ticket join */
extern const struct control_command
    control_members_commands[]; /* handle_members.c: member.add ... */
extern const struct control_command
    control_spaces_commands[]; /* handle_spaces.c: space.create ... */
extern const struct control_command
    control_stewards_commands[]; /* handle_stewards.c: steward.add ... */
extern const struct control_command
    control_records_commands[]; /* handle_records.c: put set delete get log */
extern const struct control_command control_lists_commands[]; /* handle_lists.c: list export */
extern const struct control_command control_types_commands[]; /* handle_types.c: types */
extern const struct control_command
    control_conflicts_commands[]; /* handle_conflicts.c: conflicts resolve ... */
extern const struct control_command
    control_upkeep_commands[]; /* handle_upkeep.c: problems proof verify rebuild */
extern const struct control_command control_watch_commands[]; /* handle_watch.c: watch */
extern const struct control_command
    control_import_commands[];                               /* handle_import.c: import reference */
extern const struct control_command control_view_commands[]; /* handle_view.c: view */

/* The command of that name, or NULL. */
const struct control_command *control_command_find(struct ayni_bytes name);
/* Whether a steward of that role (reader editor reviewer admin auditor; "" for no steward) may do
 * what is needed. */
bool control_role_allows(const char *role, enum control_need need);

#endif
