#include "cli/commands.h"

#include "cli/language.h"

/* A parameter each: what it is, then whether it must be there and whether it stays in the command.
 */
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

#define IN_SPACE TEXT("space", "SPACE", N_("the space, where the record is in several"))
#define OF_SPACE TEXT("space", "SPACE", N_("of this space alone"))
#define TWO_IDS                                                                                    \
    WORD("one", "ID", N_("a child or person: an id, the beginning of one, dni:NUMBER")),           \
        WORD("other", "ID", N_("the other one"))
#define DECIDED_IN TEXT("space", "SPACE", N_("where the decision is written; found if not said"))
#define SAME_REASONS                                                                               \
    N_("why, commas between: same_id, same_names, same_mother, document_seen, visit, other")
#define REASON TEXT("reason", "TEXT", N_("why; it is signed with the change"))
#define EXPECT INT("expect", "COUNT", N_("refuse if the alternatives are no longer this many"))
#define AS_OF TEXT("as_of", "TIME", N_("as it was known here at that time"))
#define MINE FLAG("mine", N_("only where this node wrote one of the values"))
#define WHERE TEXT("where", "SQL", N_("only rows for which this SQL expression is true"))
#define PERIOD WORD("period", "YYYY-MM", N_("the month"))
#define MUNICIPALITY TEXT("municipality", "ORG", N_("of this municipality"))
#define ACT_SPACE                                                                                  \
    TEXT("space", "SPACE", N_("where the children are; needed where there are several"))

const struct command commands[] = {
    { "init", NULL, OUTPUT_ONE, cmd_init, NULL,
      PARAMETERS(NEEDED_TEXT("name", "NAME", N_("what this node is called")),
                 FLAG("steering", N_("found a federation; this node steers it")),
                 TEXT("federation", "NAME", N_("the name of the new federation"))),
      N_("make the home of a node: keys and store"), "init --name red-innova" },
    { "card", "card", OUTPUT_ONE, cmd_card, "card",
      PARAMETERS(LOCAL_FLAG("qr", N_("as a QR code"))), N_("print this node's signed card"),
      "card > red-innova.card" },
    { "ticket", "ticket", OUTPUT_ONE, NULL, "ticket", NOTHING,
      N_("print the ticket of the federation, for those who join"), "ticket" },
    { "join", "join", OUTPUT_ONE, cmd_join, NULL,
      PARAMETERS(WORD("ticket", "TICKET", N_("what `ayni ticket` printed on a member"))),
      N_("join a federation; steering then adds this node's card"), "join ayni-ticket-1:..." },
    { "member add", "member.add", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(
          WORD("card", "CARD", N_("what `ayni card` printed on the new node")),
          TEXT("role", "partner|government|relay", N_("a new member is a partner if not said")),
          TEXT("org", "CODE", N_("its organisation, found or made")),
          TEXT("org_name", "NAME", N_("the name of a new organisation"))),
      N_("admit a node to the federation"), "member add ayni-card-1:... --org red-innova" },
    { "member list", "member.list", OUTPUT_MANY, NULL, NULL, NOTHING, N_("list the members"),
      "member list" },
    { "member revoke", "member.revoke", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("node", "NODE", N_("the member")),
                 NEEDED_TEXT("reason", "TEXT", N_("why; it is signed and kept"))),
      N_("revoke a member: its connections end at once"),
      "member revoke red-innova --reason \"laptop stolen\"" },
    { "space create", "space.create", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("name", "NAME", N_("for example loreto/visits")),
                 TEXT("class", "public|personal|sensitive|sealed",
                      N_("how strict it is; sensitive if not said")),
                 FLAG("confidential", N_("encrypt what is in it; relays can't read it"))),
      N_("make a space; this node owns it"), "space create loreto/visits" },
    { "space grant", "space.grant", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("name", "SPACE", N_("the space")), WORD("node", "NODE", N_("who")),
                 WORD("right", "reader|writer|relay", N_("the right"))),
      N_("grant a right in a space"), "space grant loreto/visits red-innova writer" },
    { "space ungrant", "space.ungrant", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("name", "SPACE", N_("the space")), WORD("node", "NODE", N_("who"))),
      N_("end a node's rights in a space"), "space ungrant loreto/visits red-innova" },
    { "space list", "space.list", OUTPUT_MANY, NULL, NULL, NOTHING,
      N_("list the spaces, and what this node may do there"), "space list" },
    { "steward add", "steward.add", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("name", "NAME", N_("a local user's name, or what to call the key")),
                 NEEDED_TEXT("role", "reader|editor|reviewer|admin|auditor",
                             N_("what the steward may do")),
                 TEXT("key", "KEY", N_("what ayni steward key prints for a steward elsewhere"))),
      N_("let a person work on this node"), "steward add rosa --role editor" },
    { "steward list", "steward.list", OUTPUT_MANY, NULL, NULL, NOTHING,
      N_("list the stewards of this node"), "steward list" },
    { "steward remove", "steward.remove", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("name", "NAME", N_("the steward"))), N_("end a steward's rights here"),
      "steward remove rosa" },
    { "steward key", NULL, OUTPUT_ONE, cmd_steward_key, "key", NOTHING,
      N_("print your key for nodes elsewhere; made if there is none"), "steward key" },
    { "peer add", "peer.add", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("endpoint", "ENDPOINT", N_("tcp://ADDRESS:PORT")),
                 WORD("node", "NODE", N_("whom to expect there"))),
      N_("dial a node, now and from now on"), "peer add tcp://10.0.0.7:7340 midis" },
    { "peer list", "peer.list", OUTPUT_MANY, NULL, NULL, NOTHING,
      N_("list the peers and their connections"), "peer list" },
    { "peer remove", "peer.remove", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("node", "NODE", N_("the peer"))), N_("dial a node no more"),
      "peer remove midis" },
    { "status", "status", OUTPUT_ONE, NULL, NULL, NOTHING,
      N_("who this node is, its peers and spaces, and whether it is in sync"), "status" },
    { "doctor", "doctor", OUTPUT_MANY, NULL, NULL, NOTHING,
      N_("look whether all is well on this node, and say how to mend what isn't"), "doctor" },
    { "sync", "sync", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(FLAG("wait", N_("end when all agree, or time is up")),
                 INT("timeout", "S", N_("how long to wait, in seconds"))),
      N_("sync now with every peer that can be reached"), "sync --wait --timeout 60" },
    { "types", "types", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("type", "TYPE", N_("a type, for its fields"))),
      N_("the catalogue: record types, or the fields of one"), "types child" },
    { "put", "put", OUTPUT_ONE, NULL, "id",
      PARAMETERS(WORD("type", "TYPE", N_("the type of the record")),
                 NEEDED_TEXT("space", "SPACE", N_("where it is kept")), REASON,
                 PAIRS("fields", N_("its values"))),
      N_("write a new record and print its id"),
      "put hb_test --space loreto/visits subject=dni:99000001 date=2026-09-01 hb=10.5" },
    { "set", "set", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record")), IN_SPACE, REASON, EXPECT,
                 PAIRS("fields", N_("the new values; an empty one clears the field"))),
      N_("change fields of a record"), "set dni:99000001 ubigeo=160101 --reason \"moved\"" },
    { "delete", "delete", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record")), IN_SPACE,
                 NEEDED_TEXT("reason", "TEXT", N_("why; it is signed with the change"))),
      N_("mark a record as deleted"), "delete dni:99000001 --reason \"entered twice\"" },
    { "erase", "erase", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record: an id, the beginning of one, dni:NUMBER")),
                 OF_SPACE,
                 NEEDED_TEXT("reason", "TEXT", N_("why; it is signed, kept and read by others")),
                 FLAG("only", N_("the record alone, without those that are about it")),
                 FLAG("alone", N_("with those about it, without others that are one with it"))),
      N_("erase a record, or a child with all records about it, on all nodes"),
      "erase dni:99000001 --reason \"the mother asked for it\"" },
    { "erase status", "erase.status", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("id", "ID", N_("a record that was erased; all of them if not said"))),
      N_("which nodes have confirmed an erasure: pending, dropped or scrubbed"),
      "erase status dni:99000001" },
    { "get", "get", OUTPUT_ONE, cmd_get, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record: an id, the beginning of one, dni:NUMBER")),
                 IN_SPACE, AS_OF),
      N_("print a record, its contested fields marked"), "get dni:99000001" },
    { "log", "log", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record")), IN_SPACE),
      N_("the history of a record: who set what, when, having seen what"), "log dni:99000001" },
    { "list", "list", OUTPUT_ROWS, NULL, NULL,
      PARAMETERS(
          WORD("type", "TYPE", N_("the type")), WHERE, OF_SPACE,
          TEXT("order_by", "FIELD", N_("order by this field; \"FIELD desc\" turns it round")),
          INT("limit", "N", N_("at most this many rows")),
          LIST("columns", "A,B,C", N_("these columns alone")), AS_OF),
      N_("list records of a type"), "list child --columns surname_1,given_names,birth_date" },
    { "query", "query", OUTPUT_ROWS, cmd_query, NULL,
      PARAMETERS(WORD("sql", "SQL|@NAME",
                      N_("one SELECT, whose tables are record types; or @NAME of a saved query")),
                 LOCAL_TEXT("format", "table|csv|json", N_("table if not said, json with --json")),
                 AS_OF,
                 { "set", PARAMETER_PAIRS, "NAME=VALUE", N_("what :NAME in the query stands for"),
                   false, false }),
      N_("ask the records in SQL"),
      "query \"SELECT ubigeo, count(*) AS children FROM child GROUP BY ubigeo\"" },
    { "queries", "queries", OUTPUT_MANY, NULL, NULL, NOTHING,
      N_("list the saved queries: `ayni query @NAME` asks one"), "queries" },
    { "import", "import", OUTPUT_ONE, cmd_import, NULL,
      PARAMETERS(
          MAYBE_WORD("type", "TYPE", N_("the type whose fields the header names; none with a map")),
          LOCAL_WORD("file", "FILE", N_("a CSV file, or - for standard input")),
          TEXT("space", "SPACE", N_("where the records are kept; needed but with --guess")),
          LOCAL_TEXT("map", "NAME|FILE",
                     N_("how columns become fields: padron, padron-ngo, kobo-home-visits, "
                        "his, growth, or a file")),
          FLAG("dry_run", N_("check every row and store nothing")),
          LOCAL_TEXT("rejects", "FILE", N_("where rows that fail go")),
          LOCAL_FLAG("guess", N_("print a first map for such a file, and import nothing"))),
      N_("import a CSV file"), "import padron.csv --map padron --space loreto/padron" },
    { "export", "export", OUTPUT_ROWS, cmd_export, NULL,
      PARAMETERS(WORD("type", "TYPE", N_("the type")),
                 { "file", PARAMETER_POSITIONAL, "FILE",
                   N_("with --format xlsx: the file to write"), false, true },
                 LOCAL_TEXT("format", "csv|json|xlsx", N_("csv if not said")), WHERE, OF_SPACE,
                 AS_OF,
                 LOCAL_FLAG("excel", N_("safe to open in Excel: no cell is taken for a formula"))),
      N_("export records of a type; the file can be imported again"),
      "export child > children.csv" },
    { "watch", "watch", OUTPUT_LINES, NULL, NULL,
      PARAMETERS(
          TEXT("since", "CURSOR",
               N_("begin after this place, which an earlier line named; 0: with the first"))),
      N_("print changes as they arrive"), "watch --json > changes.jsonl" },
    { "conflicts", "conflicts", OUTPUT_MANY, cmd_conflicts, NULL,
      PARAMETERS(
          TEXT("type", "TYPE", N_("of this type alone")), OF_SPACE,
          TEXT("since", "TIME", N_("only those that came to be since then")), MINE,
          FLAG("merged", N_("instead of what is open, what rules of the catalogue settled"))),
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
    { "unresolve", "unresolve", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record")), IN_SPACE),
      N_("take the last resolution of a record back"), "unresolve dni:99000001" },
    { "review", "conflicts", OUTPUT_LINES, cmd_review, NULL,
      PARAMETERS(TEXT("type", "TYPE", N_("of this type alone")), OF_SPACE, MINE,
                 LOCAL_TEXT("reason", "TEXT",
                            N_("why, kept with each value that is chosen; with --duplicates codes, "
                               "as link takes them")),
                 LOCAL_FLAG("duplicates", N_("pairs of children who may be one, instead")),
                 LOCAL_TEXT("territory", "UBIGEO",
                            N_("with --duplicates: of which one lives in this place"))),
      N_("settle conflicts at the terminal, one question at a time"), "review --type child" },
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
    { "problems", "problems", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(
          TEXT("type", "TYPE", N_("of this type alone")), OF_SPACE,
          TEXT("territory", "UBIGEO", N_("of this place alone")),
          TEXT("node", "NODE", N_("written by this node")),
          TEXT("kind", "REASON", N_("with this reason: missing, no_right, date_in_future ...")),
          FLAG("summary", N_("how many of each reason, by space, node and territory"))),
      N_("list forked feeds and versions that don't count or break a rule, and the way out"),
      "problems --territory 1601 --summary" },
    { "quality", "quality", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("word", "WORD", N_("one figure: completeness, validity, accuracy ...")),
                 LIST("by", "A,B", N_("break down by source, origin, territory, type")),
                 TEXT("level", "department|province|district", N_("a row for each")),
                 TEXT("territory", "UBIGEO", N_("of this place alone")), OF_SPACE,
                 TEXT("node", "NODE", N_("written by this node")),
                 TEXT("type", "TYPE", N_("of this type alone")),
                 TEXT("period", "YYYY-MM", N_("what is of this month"))),
      N_("how complete, timely, valid and accurate the records are, with what was counted"),
      "quality --by source --territory 1601" },
    { "spot-check", "spot_check", OUTPUT_ROWS, cmd_spot_check, NULL,
      PARAMETERS(INT("sample", "N", N_("draw so many records, and print a form to be filled in")),
                 TEXT("type", "TYPE", N_("of this type; services of all types if not said")),
                 OF_SPACE, TEXT("territory", "UBIGEO", N_("of this place alone")),
                 TEXT("node", "NODE", N_("written by this node")),
                 TEXT("period", "YYYY-MM", N_("what is of this month")),
                 TEXT("seed", "SEED", N_("draw as with this seed; at random if not said")),
                 LOCAL_TEXT("answers", "FILE", N_("the form, filled in: store it in --space")),
                 LOCAL_TEXT("rejects", "FILE", N_("where rows that fail go")),
                 LOCAL_FLAG("dry_run", N_("check every row and store nothing"))),
      N_("draw a random sample to verify in the field, and take the answers"),
      "spot-check --sample 30 --type home_visit --territory 1601 > form.csv" },
    { "flag", "flag", OUTPUT_ONE, NULL, NULL,
      PARAMETERS(WORD("id", "ID", N_("the record")),
                 WORD("kind", "KIND",
                      N_("outlier, rule_failed, not_found_at_address, no_service_seen, accuracy")),
                 TEXT("state", "open|explained|corrected", N_("open if not said")), REASON,
                 IN_SPACE, TEXT("in", "SPACE", N_("where the mark is kept; beside the record"))),
      N_("mark a record for follow-up, or say what became of it"),
      "flag 019f8a6c-1f2e outlier --reason \"height falls\"" },
    { "flag list", "flag.list", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(TEXT("type", "TYPE", N_("of records of this type alone")), OF_SPACE,
                 TEXT("territory", "UBIGEO", N_("of this place alone")),
                 TEXT("node", "NODE", N_("written by this node")),
                 TEXT("kind", "KIND", N_("of this kind alone")),
                 TEXT("state", "open|explained|corrected|all", N_("open if not said"))),
      N_("list the follow-up marks"), "flag list --territory 1601" },
    { "bundle export", "bundle.export", OUTPUT_ONE, cmd_bundle_export, NULL,
      PARAMETERS(NEEDED_TEXT("for", "NODE", N_("the member that is to import it")),
                 FLAG("since_ack", N_("leave out only what it said itself, in its last bundle, "
                                      "that it holds")),
                 FLAG("full", N_("all that it may have, whatever it is known to hold")),
                 TEXT("volume_size", "SIZE",
                      N_("cut it to files of this size at most: FILE.001, FILE.002 ...")),
                 LOCAL_WORD("file", "FILE", N_("the file to write"))),
      N_("write what a member lacks into a file, for a stick or a mail; it alone can read it"),
      "bundle export --for loreto --volume-size 25M /media/stick/loreto.ayni" },
    { "bundle import", "bundle.import", OUTPUT_ONE, cmd_bundle_read, NULL,
      PARAMETERS(LOCAL_WORD("file", "FILE", N_("a bundle, or the common name of its volumes"))),
      N_("read a bundle in; the same one again changes nothing"),
      "bundle import /media/stick/loreto.ayni" },
    { "bundle show", "bundle.show", OUTPUT_ONE, cmd_bundle_read, NULL,
      PARAMETERS(LOCAL_WORD("file", "FILE", N_("a bundle, or the common name of its volumes"))),
      N_("say for whom a bundle is, from whom, and what is in it"),
      "bundle show /media/stick/loreto.ayni" },
    { "verify", "verify", OUTPUT_ONE, cmd_verify, NULL,
      PARAMETERS(FLAG("full", N_("every hash and signature, not those since the last time alone")),
                 LOCAL_TEXT("proof", "FILE", N_("check one exported proof; needs no daemon"))),
      N_("check every chain and seal"), "verify --proof visit.proof" },
    { "proof", "proof", OUTPUT_ONE, NULL, "proof",
      PARAMETERS(WORD("id", "ID", N_("the record")), IN_SPACE),
      N_("print the proof of a record's newest version"), "proof dni:99000001 > visit.proof" },
    { "rebuild", "rebuild", OUTPUT_ONE, NULL, NULL, NOTHING, N_("compute all that is derived anew"),
      "rebuild" },
    { "compact", "compact", OUTPUT_ONE, NULL, NULL, NOTHING,
      N_("give unused room on the disk back; what was deleted is in no file after it"), "compact" },
    { "backup", "backup", OUTPUT_ONE, cmd_backup, NULL,
      PARAMETERS(WORD("folder", "DIR", N_("a new folder, or an empty one"))),
      N_("copy this node into a folder while it runs; who has the copy is this node"),
      "backup /media/stick/2026-11-22" },
    { "restore", "restore.alone", OUTPUT_ONE, cmd_restore, NULL,
      PARAMETERS(
          { "folder", PARAMETER_POSITIONAL, "DIR", N_("what `ayni backup` has made"), false, true },
          LOCAL_FLAG("alone", N_("without hearing from another member first what was erased "
                                 "meanwhile"))),
      N_("make a home of a backup; the node goes on and fetches what it lacks from its peers"),
      "restore /media/stick/2026-11-22" },
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
      PARAMETERS(MAYBE_WORD("period", "YYYY-MM", N_("of this month alone")), MUNICIPALITY,
                 TEXT("territory", "UBIGEO", N_("of this place alone")), OF_SPACE),
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
    { "view", "view", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("indicator", "INDICATOR", N_("one indicator, broken down")),
                 TEXT("territory", "UBIGEO", N_("of this place alone")),
                 TEXT("level", "department|province|district", N_("a row for each")),
                 TEXT("period", "YYYY-MM", N_("the month; the latest if not said")),
                 LIST("by", "A,B", N_("break down by sex, language ...")),
                 TEXT("rules", "NAME", N_("by this edition of the rules")),
                 TEXT("as_of", "TIME", N_("as it was known here at that time")),
                 FLAG("trace", N_("the signed records behind it"))),
      N_("the indicators"), "view i02a --level province --period 2026-09" },
    { "view sources", "view.sources", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(TEXT("period", "YYYY-MM",
                      N_("the last of the twelve months; the last that ended if not said"))),
      N_("how complete and timely each source is"), "view sources" },
    { "reference import", "reference.import", OUTPUT_ONE, cmd_import, NULL,
      PARAMETERS(WORD("name", "NAME",
                      N_("the table: ubigeo, who-lhfa, who-wfa, who-bmifa, who-hcfa, who-acfa, "
                         "who-wfl, who-wfh, schedule-rules, his-codes, products, indicators")),
                 LOCAL_WORD("file", "FILE", N_("a CSV file, or - for standard input")),
                 TEXT("edition", "TEXT", N_("of a growth standard: its edition; 2006 if not said")),
                 TEXT("licence", "TEXT", N_("likewise, its licence; that of WHO's if not said"))),
      N_("load a reference table into the federation"), "reference import ubigeo ubigeo.csv" },
    { "reference list", "reference.list", OUTPUT_MANY, NULL, NULL, NOTHING,
      N_("list the reference tables that are loaded"), "reference list" },
    { "help", NULL, OUTPUT_ONE, cmd_help, NULL,
      PARAMETERS({ "command", PARAMETER_POSITIONAL, "COMMAND", N_("the command"), false, true },
                 { "second", PARAMETER_POSITIONAL, NULL, NULL, false, true }),
      N_("explain a command"), "help import" },
};
const size_t command_count = sizeof(commands) / sizeof(commands[0]);
