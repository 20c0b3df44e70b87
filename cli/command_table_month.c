#include "cli/command_table.h"

#define PERIOD WORD("period", "YYYY-MM", N_("the month"))
#define MUNICIPALITY TEXT("municipality", "ORG", N_("of this municipality"))
#define ACT_SPACE                                                                                  \
    TEXT("space", "SPACE", N_("where the children are; needed where there are several"))

static const struct command commands[] = {
    { "act draft", "act.draft", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(PERIOD,
                 NEEDED_TEXT("facility", "REGISTER:CODE", N_("the facility that signs with it")),
                 MUNICIPALITY, ACT_SPACE, REASON,
                 FLAG("again", N_("also where others have signed: all sign anew"))),
      N_("draft the municipality's act of a month, and sign it: its children, counted and hashed"),
      "act draft 2026-09 --facility renaes:00004321" },
    { "act sign", "act.sign", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(PERIOD, MUNICIPALITY, OF_SPACE, REASON,
                 FLAG("anyway", N_("also where the list of this node is another one"))),
      N_("sign an act that was drafted, for the facility; this node makes the list itself first"),
      "act sign 2026-09" },
    { "act show", "act.show", OUTPUT_ONE, NULL, NULL, PARAMETERS(PERIOD, MUNICIPALITY, OF_SPACE),
      N_("an act, who has signed it, and which children have changed since"), "act show 2026-09" },
    { "act print", "act.print", OUTPUT_ONE, cmd_act_print, NULL,
      PARAMETERS(PERIOD, MUNICIPALITY, OF_SPACE),
      N_("an act as a page to be signed on paper, with what is open"),
      "act print 2026-09 > act.txt" },
    { "act list", "act.list", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("period", "YYYY-MM", N_("of this month alone")), MUNICIPALITY, OF_PLACE,
                 OF_SPACE),
      N_("list the acts, and whether children have changed since"),
      "act list 2026-09 --territory 16" },
    { "approve", "approve", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(PERIOD, NEEDED_TEXT("territory", "UBIGEO", N_("whose acts")),
                 TEXT("step", "ready|approve|accept|return",
                      N_("approve, if not said; accept and return are of the level below")),
                 TEXT("level", "municipality|network|region|midis",
                      N_("whose approval it is; by this node's organisation if not said")),
                 TEXT("workflow", "NAME", N_("monthly_act if not said")), OF_SPACE,
                 TEXT("reason", "TEXT", N_("why; it is needed to return"))),
      N_("approve a month's acts of a territory, or what the level below has approved"),
      "approve 2026-09 --territory 160301" },
    { "approvals", "approvals", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("period", "YYYY-MM", N_("of this month alone")),
                 TEXT("territory", "UBIGEO", N_("of this place and what is in it")),
                 TEXT("workflow", "NAME", N_("monthly_act if not said")), OF_SPACE),
      N_("list who has approved a month's acts, level by level, and who hasn't"),
      "approvals 2026-09 --territory 16" },
    { 0 },
};

const struct command_group month_group = { N_("the month"), commands };
