#include "cli/labels.h"

#include <stddef.h>
#include <string.h>

#include "cli/language.h"

static const struct {
    const char *key, *label;
} labels[] = {
    { "a", N_("one") },
    { "a_birth_date", N_("born") },
    { "a_names", N_("names") },
    { "_conflict", N_("conflict") },
    { "_contested", N_("contested") },
    { "_id", N_("record") },
    { "_node", N_("node") },
    { "_space", N_("space") },
    { "_steward", N_("steward") },
    { "_time", N_("time") },
    { "act", N_("act") },
    { "acts", N_("acts") },
    { "acts_changed", N_("acts changed since") },
    { "acts_unsigned", N_("acts not signed") },
    { "added", N_("added") },
    { "awaits_key", N_("awaits the key") },
    { "b", N_("the other") },
    { "b_birth_date", N_("born") },
    { "b_names", N_("names") },
    { "behind", N_("behind") },
    { "bundle", N_("bundle") },
    { "bytes", N_("bytes") },
    { "bytes_before", N_("bytes before") },
    { "changed", N_("changed") },
    { "child", N_("the id that goes on") },
    { "change", N_("change") },
    { "changed_since", N_("changed since the act") },
    { "children", N_("children") },
    { "children_now", N_("children now") },
    { "chains", N_("histories") },
    { "check", N_("check") },
    { "class", N_("class") },
    { "code", N_("code") },
    { "codes", N_("codes") },
    { "column", N_("column") },
    { "completeness", N_("completeness") },
    { "copied", N_("taken over, since it needs them") },
    { "confidential", N_("confidential") },
    { "conflicts", N_("conflicts") },
    { "contested", N_("contested") },
    { "content", N_("hash of the content") },
    { "content_changed", N_("content changed since") },
    { "control", N_("for stewards elsewhere") },
    { "counts", N_("counts as") },
    { "created", N_("created") },
    { "crowded", N_("more are alike") },
    { "cursor", N_("cursor") },
    { "dates", N_("days are written") },
    { "decimals", N_("before decimals stands") },
    { "denominator", N_("denominator") },
    { "deleted", N_("deleted") },
    { "differences", N_("what is missing") },
    { "done", N_("done") },
    { "duplicates", N_("perhaps here already") },
    { "entries", N_("entries") },
    { "entry", N_("entry") },
    { "excluded", N_("excluded") },
    { "expected", N_("expected") },
    { "facility", N_("facility") },
    { "facility_name", N_("name of the facility") },
    { "failures", N_("failures") },
    { "federation", N_("federation") },
    { "feed", N_("feed") },
    { "feeds", N_("feeds") },
    { "field", N_("field") },
    { "fields", N_("fields") },
    { "flag", N_("mark") },
    { "for", N_("for") },
    { "forks", N_("feeds with two histories") },
    { "free", N_("free") },
    { "from", N_("from") },
    { "frontier", N_("computed over") },
    { "hearing", N_("hearing what was erased") },
    { "held", N_("held before") },
    { "hint", N_("what to do") },
    { "id", N_("record") },
    { "incarnation", N_("incarnation") },
    { "ignored", N_("ignored") },
    { "in_sync", N_("in sync") },
    { "held_by", N_("held back by") },
    { "held_until", N_("held back until") },
    { "in_sync_with", N_("in sync with") },
    { "indicator", N_("indicator") },
    { "kept", N_("written by others, and kept") },
    { "key", N_("key") },
    { "kind", N_("kind") },
    { "label", N_("label") },
    { "level", N_("level") },
    { "lane", N_("lane") },
    { "last_entry", N_("last entry") },
    { "last_seen", N_("last seen") },
    { "link_contested", N_("contested link") },
    { "linked", N_("one with") },
    { "line", N_("line") },
    { "list_root", N_("hash of the list") },
    { "log_bytes", N_("log") },
    { "maximum", N_("maximum") },
    { "merge", N_("merge") },
    { "message", N_("message") },
    { "messages", N_("messages against the protocol") },
    { "minimum", N_("minimum") },
    { "needed", N_("needed") },
    { "mixed", N_("written by both, and kept") },
    { "mixed_records", N_("these") },
    { "moved", N_("moved") },
    { "missing_here", N_("missing here") },
    { "missing_there", N_("missing there") },
    { "municipality", N_("municipality") },
    { "municipality_name", N_("name of the municipality") },
    { "more", N_("more than these") },
    { "n", N_("no.") },
    { "name", N_("name") },
    { "named", N_("all of it is named") },
    { "node", N_("node") },
    { "nodes", N_("nodes") },
    { "not_taken", N_("not taken here") },
    { "number", N_("number") },
    { "numerator", N_("numerator") },
    { "ok", N_("in order") },
    { "on_time", N_("in time") },
    { "oldest_backup", N_("oldest backup") },
    { "open_problems", N_("open problems") },
    { "org", N_("organisation") },
    { "of", N_("of") },
    { "origin", N_("origin") },
    { "over_quota", N_("more feeds than are taken") },
    { "owner", N_("owner") },
    { "parameters", N_("parameters") },
    { "payloads_missing", N_("contents that were lost") },
    { "peers", N_("peers") },
    { "period", N_("period") },
    { "problems", N_("problems") },
    { "rate", N_("a second") },
    { "read", N_("read") },
    { "readable", N_("readable here") },
    { "reason", N_("reason") },
    { "reasons", N_("reasons") },
    { "received", N_("received") },
    { "receiver", N_("receiver") },
    { "received_bytes", N_("received") },
    { "received_today", N_("received today") },
    { "records", N_("records") },
    { "references", N_("records that name it") },
    { "refused", N_("refused") },
    { "rejected", N_("rejected") },
    { "removed", N_("removed") },
    { "required", N_("required") },
    { "restored", N_("as before") },
    { "rewritten", N_("of them written anew") },
    { "role", N_("role") },
    { "role_needed", N_("not given back: it takes a node of the field's role") },
    { "root_key_file", N_("root key") },
    { "rows", N_("rows") },
    { "rtt_ms", N_("ms") },
    { "rule", N_("rule") },
    { "runs", N_("records that don't verify") },
    { "score", N_("score") },
    { "scrub_needed", N_("needed to clean up after an erasure") },
    { "seals", N_("seals") },
    { "seen", N_("had seen") },
    { "sender", N_("sender") },
    { "sent_bytes", N_("sent") },
    { "sent_today", N_("sent today") },
    { "seq", N_("number in feed") },
    { "shown", N_("shown") },
    { "signers", N_("signers") },
    { "since", N_("since") },
    { "space", N_("space") },
    { "spaces", N_("spaces") },
    { "state", N_("state") },
    { "stayed", N_("of others, and kept") },
    { "steward", N_("steward") },
    { "store", N_("store") },
    { "stored", N_("stored") },
    { "strangers", N_("connections of strangers") },
    { "subject", N_("subject") },
    { "subjects", N_("subjects") },
    { "target", N_("target") },
    { "targets", N_("refers to") },
    { "territory", N_("territory") },
    { "time", N_("time") },
    { "timeliness", N_("timeliness") },
    { "title", N_("title") },
    { "type", N_("type") },
    { "unchanged", N_("unchanged") },
    { "unused_bytes", N_("given back by compact") },
    { "unit", N_("unit") },
    { "unknown", N_("unknown") },
    { "updated", N_("updated") },
    { "value", N_("value") },
    { "values", N_("values") },
    { "verdict", N_("verdict") },
    { "versions", N_("versions") },
    { "volume", N_("volume") },
    { "volumes", N_("volumes") },
    { "waiting", N_("waiting") },
    { "withheld", N_("not given") },
    { "waiting_volumes", N_("volumes that wait") },
    { "views_bytes", N_("derived data") },
    { "warnings", N_("warnings") },
    { "workflow", N_("workflow") },
    { "written", N_("written") },
    { "word", N_("word") },
};

const char *label_of(const char *key)
{
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
        if (strcmp(labels[i].key, key) == 0)
            return _(labels[i].label);
    return key;
}

static const struct {
    const char *key, *word, *label;
} words[] = {
    { "reasons", "same_id", N_("same number") },
    { "reasons", "same_mother", N_("same mother, born together") },
    { "reasons", "same_names", N_("same names and birth date") },
    { "reasons", "near_date", N_("same names, birth date almost the same") },
    { "reasons", "near_names", N_("names almost the same") },
    { "act", "edit", N_("edit") },
    { "act", "resolution", N_("resolution") },
    { "act", "withdrawal", N_("withdrawal") },
    { "verdict", "same", N_("the same child") },
    { "verdict", "twins", N_("twins") },
    { "verdict", "different", N_("different children") },
    { "verdict", "undecided", N_("to be looked at") },
    { "state", "alone", N_("in no federation") },
    { "state", "waiting", N_("waiting") },
    { "state", "member", N_("member") },
    { "state", "revoked", N_("revoked") },
    { "state", "connected", N_("connected") },
    { "state", "dialling", N_("dialling") },
    { "state", "heard", N_("heard before") },
    { "state", "refused", N_("refused") },
    { "state", "ok", N_("in order") },
    { "state", "full", N_("full") },
    { "state", "failing", N_("failing") },
    { "check", "disk", N_("disk") },
    { "check", "federation", N_("federation") },
    { "check", "hearing", N_("what was erased meanwhile") },
    { "check", "data", N_("derived data") },
    { "check", "erasure", N_("erasures") },
    { "check", "peers", N_("peers") },
    { "check", "sync", N_("in sync") },
    { "check", "clock", N_("clock") },
    { "check", "keys", N_("keys") },
    { "check", "ports", N_("ports") },
    { "check", "version", N_("version") },
};

const char *label_of_word(const char *key, struct ayni_bytes word)
{
    for (size_t i = 0; key != NULL && i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].key, key) == 0 &&
            ayni_bytes_equal(ayni_bytes_of_text(words[i].word), word))
            return _(words[i].label);
    return NULL;
}

bool label_is_size(const char *key)
{
    static const char *const sizes[] = {
        "bytes",       "free",           "sent_bytes",   "received_bytes", "log_bytes",
        "views_bytes", "unused_bytes",   "bytes_before", "needed",         "scrub_needed",
        "sent_today",  "received_today", "rate"
    };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (strcmp(sizes[i], key) == 0)
            return true;
    return false;
}

bool label_is_of_trouble(const char *key)
{
    static const char *const keys[] = { "held_by",          "held_until", "missing_here",
                                        "missing_there",    "refused",    "withheld",
                                        "ignored",          "over_quota", "hearing",
                                        "payloads_missing", "needed",     "scrub_needed" };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

bool label_is_for_programs(const char *key)
{
    return strcmp(key, "proof") == 0 || strcmp(key, "alike") == 0;
}
