#ifndef AYNI_CLI_JSON_LINES_H
#define AYNI_CLI_JSON_LINES_H

#include <stdio.h>

#include "cli/failure.h"

/*
 * Rows as `ayni export --format json` writes them: an object a line, whose members are cells by
 * the names of their columns; what a row hasn't got is left out, and sets are lists.
 */

/* Whether the file begins as such rows do; it is where it was afterwards. */
bool json_lines_begin(FILE *from);
/*
 * The same rows as CSV, with commas between, in a temporary file without a name, at its beginning;
 * the caller closes it. Columns are in the order in which they first come. `from` is read twice
 * from where it is.
 *
 *   AYNI_E_INVALID  in words: a line that is no such object, or is too long, or too many columns
 */
AYNI_CHECKED enum ayni_status json_lines_to_csv(FILE *from, FILE **csv, struct failure *failure);

#endif
