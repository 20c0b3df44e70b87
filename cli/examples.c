#include "cli/examples.h"

#include <string.h>

enum { EXAMPLES_MAX = 4 + 1 };

static const struct {
    const char *command;
    const char *lines[EXAMPLES_MAX];
} examples[] = {
    { "init", { "init --name midis --steering --federation \"Primera Infancia\"" } },
    { "card", { "card --qr" } },
    { "member add", { "member add ayni-card-1:... --role government --org drel" } },
    { "space create", { "space create loreto/cases --class sealed --confidential" } },
    { "steward add", { "steward add rosa --role reviewer --key KEY" } },
    { "sync", { "sync" } },
    { "types", { "types" } },
    { "put",
      { "put child --space loreto/children dni=99000001 surname_1=Vela given_names=Rosa "
        "birth_date=2025-03-01 sex=f ubigeo=160101 state=active" } },
    { "set", { "set dni:99000001 address= --reason \"it was another child's\"" } },
    { "get",
      { "get dni:99000001 --as-of 2026-09-30T23:59:59Z", "get 019f8a6c --space loreto/visits" } },
    { "list",
      { "list child --where \"sex = 'f' AND ubigeo LIKE '1601%'\" --order-by birth_date",
        "list hb_test --where \"hb < 11.0\" --limit 20 --json" } },
    { "query",
      { "query @late-hb-tests territory=1601",
        "query \"SELECT label(outcome) AS outcome, count(*) FROM home_visit GROUP BY 1\"",
        "query \"SELECT * FROM child\" --format csv > children.csv" } },
    { "import",
      { "import padron.csv --map padron --space loreto/padron --dry-run",
        "import hb_test tests.csv --space loreto/visits --delimiter \";\" --encoding latin-1",
        "import visits.csv --map ./visits.json --space loreto/visits --rejects rejects.csv",
        "import --guess home_visit visits.csv > visits.json" } },
    { "export",
      { "export child children.xlsx --format xlsx",
        "export hb_test --where \"date >= '2026-09-01'\" --excel > tests.csv" } },
    { "watch", { "watch --since 0" } },
    { "erase", { "erase 019f8a6c --only --reason \"entered for another child\"" } },
    { "erase status", { "erase status" } },
    { "conflicts", { "conflicts --mine", "conflicts --merged --since 2026-09-01T00:00:00Z" } },
    { "resolve",
      { "resolve dni:99000001 \"given_names=Ana Rosa\" --reason \"DNI seen\" --evidence "
        "document_seen",
        "resolve --type child --where \"has(_contested, 'language')\" --prefer node:innova "
        "--dry-run" } },
    { "review", { "review", "review --duplicates --territory 1601" } },
    { "duplicates", { "duplicates --key same_id" } },
    { "split", { "split dni:99000001 --node red-innova --reason \"two children\"" } },
    { "problems", { "problems --kind date_in_future" } },
    { "quality",
      { "quality", "quality completeness --by territory --level district --period 2026-09" } },
    { "spot-check", { "spot-check --answers form.csv --space loreto/visits" } },
    { "flag", { "flag 019f8a6c-1f2e outlier --state explained --reason \"measured again\"" } },
    { "bundle export", { "bundle export --for loreto --full /media/stick/loreto.ayni" } },
    { "verify", { "verify", "verify --full" } },
    { "restore", { "restore --alone" } },
    { "approve",
      { "approve 2026-09 --territory 16 --step accept --level region",
        "approve 2026-09 --territory 160301 --step return --reason \"3 children are missing\"" } },
    { "view", { "view", "view children --territory 1601 --by sex", "view i02a --trace" } },
    { "reference import", { "reference import who-lhfa lhfa.csv --edition 2006" } },
    { "help", { "help", "help member", "member add --help" } },
};

const char *const *examples_more(const struct command *command)
{
    static const char *const none[] = { NULL };

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
        if (strcmp(examples[i].command, command->name) == 0)
            return examples[i].lines;
    return none;
}
