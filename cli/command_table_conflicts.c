#include "cli/command_table.h"

#define MINE FLAG("mine", N_("only where this node wrote one of the values"))

static const struct command commands[] = {
    { "conflicts", "conflicts", OUTPUT_MANY, cmd_conflicts, NULL,
      PARAMETERS(
          OF_TYPE, OF_SPACE, TEXT("since", "TIME", N_("only those that came to be since then")),
          MINE, FLAG("merged", N_("instead of what is open, what rules of the catalogue settled"))),
      N_("list open conflicts, or what was merged, oldest first"), "conflicts --type child" },
    { "conflicts show", "conflicts.show", OUTPUT_ONE, cmd_conflicts_show, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record")), IN_SPACE),
      N_("the values of a conflict side by side"), "conflicts show dni:99000001" },
    { "resolve", "resolve", OUTPUT_ONE, cmd_resolve, NULL,
      PARAMETERS(MAYBE_WORD("id", "ID", N_("the record")), IN_SPACE, REASON,
                 TEXT("evidence", "CODE",
                      N_("what it rests on, recorded beside it: document_seen, registry_answer, "
                         "visit, carer_said or other")),
                 EXPECT, TEXT("type", "TYPE", N_("with --prefer: of this type")), WHERE,
                 TEXT("prefer", "RULE",
                      N_("settle many by one rule: node:NAME, org:CODE, role:ROLE, origin:NAME, "
                         "latest or earliest")),
                 FLAG("dry_run", N_("with --prefer: list them and change nothing")),
                 { "fields", PARAMETER_CHOICES, "FIELD=VALUE|FIELD@N",
                   N_("the right value, or the number of an alternative"), false, false }),
      N_("settle contested fields"), "resolve dni:99000001 ubigeo@2 --reason \"confirmed\"" },
    { "unresolve", "unresolve", OUTPUT_ONE, cmd_unresolve, NULL,
      PARAMETERS(MAYBE_WORD("id", "ID", N_("the record")), IN_SPACE, REASON,
                 TEXT("since", "TIME", N_("instead of one: all that you settled here since then")),
                 TEXT("type", "TYPE", N_("with --since: of this type")), WHERE,
                 FLAG("dry_run", N_("with --since: list them and change nothing"))),
      N_("take the last resolution of a record back"), "unresolve dni:99000001" },
    { "review", "conflicts", OUTPUT_LINES, cmd_review, NULL,
      PARAMETERS(OF_TYPE, OF_SPACE, MINE,
                 LOCAL_TEXT("reason", "TEXT",
                            N_("why, kept with each value that is chosen; with --duplicates codes, "
                               "as link takes them")),
                 LOCAL_FLAG("duplicates", N_("pairs of children who may be one, instead")),
                 LOCAL_TEXT("territory", "UBIGEO",
                            N_("with --duplicates: of which one lives in this place"))),
      N_("settle conflicts at the terminal, one question at a time"), "review --type child" },
    { 0 },
};

const struct command_group conflicts_group = { N_("conflicts"), commands };
