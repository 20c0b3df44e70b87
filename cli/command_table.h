#ifndef AYNI_CLI_COMMAND_TABLE_H
#define AYNI_CLI_COMMAND_TABLE_H

#include "cli/commands.h"
#include "cli/language.h"

/*
 * How the table of commands is written: a file for each group, whose rows are
 * made of what stands here. Only command_table*.c includes it.
 */
extern const struct command_group node_group, federation_group, records_group, conflicts_group,
    duplicates_group, quality_group, month_group, view_group, keeping_group;

/* A parameter each: what it is, whether it must be there, and whether it stays in the command. */
#define WORD(name, value, help)                                                                    \
    {                                                                                              \
        name, PARAMETER_POSITIONAL, value, help, true, false                                       \
    }
#define MAYBE_WORD(name, value, help)                                                              \
    {                                                                                              \
        name, PARAMETER_POSITIONAL, value, help, false, false                                      \
    }
#define FLAG(name, help)                                                                           \
    {                                                                                              \
        name, PARAMETER_FLAG, NULL, help, false, false                                             \
    }
#define TEXT(name, value, help)                                                                    \
    {                                                                                              \
        name, PARAMETER_TEXT, value, help, false, false                                            \
    }
#define NEEDED_TEXT(name, value, help)                                                             \
    {                                                                                              \
        name, PARAMETER_TEXT, value, help, true, false                                             \
    }
#define INT(name, value, help)                                                                     \
    {                                                                                              \
        name, PARAMETER_INT, value, help, false, false                                             \
    }
#define LIST(name, value, help)                                                                    \
    {                                                                                              \
        name, PARAMETER_LIST, value, help, false, false                                            \
    }
#define PAIRS(name, help)                                                                          \
    {                                                                                              \
        name, PARAMETER_PAIRS, "FIELD=VALUE", help, true, false                                    \
    }
#define LOCAL_FLAG(name, help)                                                                     \
    {                                                                                              \
        name, PARAMETER_FLAG, NULL, help, false, true                                              \
    }
#define LOCAL_TEXT(name, value, help)                                                              \
    {                                                                                              \
        name, PARAMETER_TEXT, value, help, false, true                                             \
    }
#define LOCAL_WORD(name, value, help)                                                              \
    {                                                                                              \
        name, PARAMETER_POSITIONAL, value, help, true, true                                        \
    }
#define NO_MORE                                                                                    \
    {                                                                                              \
        NULL, PARAMETER_FLAG, NULL, NULL, false, false                                             \
    }
#define PARAMETERS(...)                                                                            \
    (const struct parameter[])                                                                     \
    {                                                                                              \
        __VA_ARGS__, NO_MORE                                                                       \
    }
#define NOTHING                                                                                    \
    (const struct parameter[])                                                                     \
    {                                                                                              \
        NO_MORE                                                                                    \
    }

/* Parameters of several commands, which say the same everywhere. */
#define IN_SPACE TEXT("space", "SPACE", N_("the space, where the record is in several"))
#define OF_SPACE TEXT("space", "SPACE", N_("of this space alone"))
#define OF_TYPE TEXT("type", "TYPE", N_("of this type alone"))
#define OF_PLACE TEXT("territory", "UBIGEO", N_("of this place alone"))
#define OF_NODE TEXT("node", "NODE", N_("written by this node"))
#define WHERE TEXT("where", "SQL", N_("only rows for which this SQL expression is true"))
#define AS_OF TEXT("as_of", "TIME", N_("as it was known here at that time"))
#define REASON TEXT("reason", "TEXT", N_("why; it is signed with the change"))
#define EXPECT INT("expect", "COUNT", N_("refuse if the alternatives are no longer this many"))

#endif
