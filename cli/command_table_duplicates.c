#include "cli/command_table.h"

#define TWO_IDS                                                                                    \
    WORD("one", "ID", N_("a child or person: an id, the beginning of one, dni:NUMBER")),           \
        WORD("other", "ID", N_("the other one"))
#define DECIDED_IN TEXT("space", "SPACE", N_("where the decision is written; found if not said"))
#define SAME_REASONS                                                                               \
    N_("why, commas between: same_id, same_names, same_mother, document_seen, visit, other")

static const struct command commands[] = {
    { "duplicates", "duplicates", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("type", "TYPE", N_("child, if not said")),
                 TEXT("space", "SPACE", N_("of which one is in this space")),
                 TEXT("territory", "UBIGEO", N_("of which one lives in this place")),
                 TEXT("key", "same_id|same_mother|same_names|near_date|near_names",
                      N_("only pairs for which this holds")),
                 INT("min_score", "SCORE", N_("only pairs that are this strong, up to 100")),
                 INT("limit", "NUMBER", N_("at most so many"))),
      N_("list pairs of children who may be one, the strongest first"),
      "duplicates --territory 1601 --min-score 60" },
    { "link", "link", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(TWO_IDS, NEEDED_TEXT("reason", "CODE[,CODE]", SAME_REASONS),
                 TEXT("keep", "ID", N_("which of the two ids goes on; the lower if not said")),
                 DECIDED_IN),
      N_("decide that two children, or two persons, are one; nothing of either is changed"),
      "link dni:99000001 cnv:1234567 --reason same_names,document_seen" },
    { "distinct", "distinct", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(TWO_IDS, TEXT("verdict", "different|twins", N_("different if not said")),
                 TEXT("reason", "CODE[,CODE]", SAME_REASONS), DECIDED_IN),
      N_("decide that two children, or two persons, are two"),
      "distinct dni:99000001 dni:99000002 --verdict twins" },
    { "unlink", "unlink", OUTPUT_ONE, NULL, NULL, PARAMETERS(TWO_IDS, REASON, DECIDED_IN),
      N_("take back what was decided on two: they are parted again, and may be proposed again"),
      "unlink dni:99000001 cnv:1234567 --reason \"wrong mother\"" },
    { "split", "split", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(
          WORD("id", "ID", N_("the child or person")),
          { "node", PARAMETER_LIST, "NAME", N_("whose versions and records go over"), true, false },
          OF_SPACE, REASON, FLAG("dry_run", N_("say what it would come to, and change nothing")),
          { "more", PARAMETER_WORDS, "NAME", N_("more nodes"), false, false }),
      N_("part two children entered under one number: what these nodes wrote becomes another's"),
      "split dni:99000001 --node red-innova --dry-run" },
    { "unsplit", "unsplit", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("id", "ID", N_("the one that the split made")), REASON),
      N_("take a split back: everything is as it was, but for what was entered since"),
      "unsplit 0198c2f4 --reason \"one child after all\"" },
    { 0 },
};

const struct command_group duplicates_group = { N_("one child or two"), commands };
