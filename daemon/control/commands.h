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
    CONTROL_NEED_LOOK,    /* reader and all others: members, peers, the catalogue */
    CONTROL_NEED_SURVEY,  /* reader and all others: spaces, stewards, reference tables */
    CONTROL_NEED_READ,    /* reader and all others: records */
    CONTROL_NEED_AUDIT,   /* auditor, admin */
    CONTROL_NEED_WRITE,   /* editor, reviewer, admin */
    CONTROL_NEED_REVIEW,  /* reviewer, admin */
    CONTROL_NEED_TEND,    /* admin: this node */
    CONTROL_NEED_ADMIN,   /* admin: who and what there is in the federation */
};

typedef enum ayni_status control_handler(struct daemon *daemon, struct control_call *call);

struct control_command {
    const char *name;
    control_handler *handler;
    enum control_need need;
};

/* handle_<group>.c */
extern const struct control_command control_node_commands[];       /* ping status sync */
extern const struct control_command control_doctor_commands[];     /* doctor */
extern const struct control_command control_peers_commands[];      /* peer.add ... */
extern const struct control_command control_federation_commands[]; /* card ticket join */
extern const struct control_command control_members_commands[];    /* member.add ... */
extern const struct control_command control_catalogue_commands[];  /* catalogue.upgrade */
extern const struct control_command control_spaces_commands[];     /* space.create ... */
extern const struct control_command control_stewards_commands[];   /* steward.add ... */
extern const struct control_command control_records_commands[];    /* put set delete get log */
extern const struct control_command control_erase_commands[];      /* erase erase.status */
extern const struct control_command control_lists_commands[];      /* list export */
extern const struct control_command control_duplicates_commands[]; /* duplicates */
extern const struct control_command control_query_commands[];      /* query queries */
extern const struct control_command control_types_commands[];      /* types */
extern const struct control_command control_conflicts_commands[];  /* conflicts conflicts.show */
extern const struct control_command control_flags_commands[];      /* flag flag.list */
extern const struct control_command control_resolve_commands[];    /* resolve unresolve */
extern const struct control_command control_links_commands[];      /* link distinct unlink */
extern const struct control_command control_split_commands[];      /* split unsplit */
extern const struct control_command control_problems_commands[];   /* problems */
extern const struct control_command control_upkeep_commands[];     /* proof verify rebuild */
extern const struct control_command control_watch_commands[];      /* watch */
extern const struct control_command control_import_commands[];     /* import import.guess */
extern const struct control_command control_reference_commands[];  /* reference.import ... */
extern const struct control_command control_view_commands[];       /* view */
extern const struct control_command control_sources_commands[];    /* view.sources */
extern const struct control_command control_act_commands[];        /* act.draft ... */
extern const struct control_command control_approve_commands[];    /* approve */
extern const struct control_command control_approvals_commands[];  /* approvals */
extern const struct control_command control_bundle_commands[];     /* bundle.export ... */
extern const struct control_command control_store_commands[]; /* compact backup restore.alone */

/* The steward's figures and samples: handle_quality.c, handle_spot_check.c */
extern const struct control_command control_quality_commands[];
extern const struct control_command control_spot_check_commands[];

/* The command of that name, or NULL. */
const struct control_command *control_command_find(struct ayni_bytes name);
/* Whether a steward of that role (reader editor reviewer admin auditor; "" for no steward) may do
 * what is needed. */
bool control_role_allows(const char *role, enum control_need need);
/* Whether it is answered from views/, which right after a start may still follow the log. */
bool control_needs_views(enum control_need need);
/* Whether it is about records, which a restored node doesn't show before it has heard of erasures.
 */
bool control_is_about_records(enum control_need need);

#endif
