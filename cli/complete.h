#ifndef AYNI_CLI_COMPLETE_H
#define AYNI_CLI_COMPLETE_H

#include "cli/commands.h"

/*
 * What the shell may offer for the word that is being typed: `ayni --complete
 * WORD ...`, whose words are those behind `ayni`, the unfinished one last and perhaps
 * empty. Candidates are printed, a line each; none where nothing is known,
 * as for files. cli/completion/ayni is who asks.
 */
void complete(int argc, char *const *argv, struct settings *settings);

#endif
