#include "cli/command_table.h"

static const struct command commands[] = {
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
    { "rebuild", "rebuild", OUTPUT_ONE, NULL, NULL, NOTHING, N_("compute all that is derived anew"),
      "rebuild" },
    { "compact", "compact", OUTPUT_ONE, NULL, NULL, NOTHING,
      N_("give unused room on the disk back; what was deleted is in no file after it"), "compact" },
    { 0 },
};

const struct command_group keeping_group = { N_("moving and keeping"), commands };
