#ifndef AYNI_CLI_COMMANDS_H
#define AYNI_CLI_COMMANDS_H

#include "cli/settings.h"

/*
 * The one table of commands: parsing, requests, help, completion and the test
 * that compares it with the man page are read from it.
 */
enum parameter_kind {
    PARAMETER_FLAG,       /* --name */
    PARAMETER_TEXT,       /* --name VALUE */
    PARAMETER_INT,        /* --name NUMBER */
    PARAMETER_LIST,       /* --name A,B,C */
    PARAMETER_POSITIONAL, /* VALUE, in this order */
    PARAMETER_PAIRS,      /* all that is left: FIELD=VALUE ..., at least one if required */
    PARAMETER_CHOICES,    /* all that is left: FIELD=VALUE or FIELD@N ... */
    PARAMETER_WORDS,      /* all that is left: VALUE ... */
};

struct parameter {
    const char *name; /* of the argument of the request; in the option `-` stands for `_` */
    enum parameter_kind kind;
    const char *value; /* what help calls the value; words with | between are all there are */
    const char *help;  /* English, marked by N_() */
    bool required;
    bool local; /* for the command itself, not sent */
};

/* What a request answers with: docs/protocol.md, section 8.3. */
enum output_form { OUTPUT_ONE, OUTPUT_MANY, OUTPUT_LINES, OUTPUT_ROWS };

struct arguments;
typedef enum ayni_status command_run(const struct settings *settings,
                                     const struct arguments *arguments, struct failure *failure);

struct command {
    const char *name;    /* one word, or two: "member add" */
    const char *request; /* of docs/protocol.md, section 8.3; NULL where `run` does without */
    enum output_form form;
    command_run *run;   /* NULL: asks the daemon and prints what it answers */
    const char *prints; /* for people, of an answer that is one object, this value alone; or NULL */
    const struct parameter *parameters; /* up to one without a name */
    const char *summary;                /* English, marked by N_() */
    const char *example;                /* one line, without `ayni` */
};

/* What somebody looks for in one place, as `ayni help` lists it. */
struct command_group {
    const char *title;              /* English, marked by N_() */
    const struct command *commands; /* up to one without a name */
};

extern const struct command_group *const command_groups[]; /* up to NULL */

/* All commands, group by group: a walk starts as { 0 }. NULL after the last. */
struct command_walk {
    size_t group, command;
};
const struct command *command_next(struct command_walk *walk);

/*
 * The command that `argv` begins with, and how many words its name took.
 * AYNI_E_USAGE, with the nearest name, where there is none.
 */
AYNI_CHECKED enum ayni_status command_find(char *const *argv, int argc,
                                           const struct command **command, int *words,
                                           struct failure *failure);

/* `_` of a parameter's name as `-`: how the option is written. */
enum { OPTION_NAME_SIZE = 32 };
void parameter_option(const struct parameter *parameter, char name[OPTION_NAME_SIZE]);
bool parameter_is_option(const struct parameter *parameter);
bool parameter_takes_rest(const struct parameter *parameter); /* all words that are left */

/* Commands that do more than ask and print: one file each. */
command_run cmd_init, cmd_card, cmd_join, cmd_get, cmd_conflicts, cmd_conflicts_show, cmd_resolve,
    cmd_unresolve, cmd_import, cmd_export, cmd_verify, cmd_backup, cmd_restore, cmd_bundle_export,
    cmd_bundle_read, cmd_steward_key, cmd_query, cmd_review, cmd_spot_check, cmd_act_print,
    cmd_catalogue_upgrade, cmd_help;

#endif
