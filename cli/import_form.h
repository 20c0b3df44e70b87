#ifndef AYNI_CLI_IMPORT_FORM_H
#define AYNI_CLI_IMPORT_FORM_H

#include "cli/arguments.h"
#include "cli/csv.h"

/*
 * What --encoding and --delimiter declare of a file; what they don't is found.
 * AYNI_E_USAGE for a delimiter that can't be one.
 */
AYNI_CHECKED enum ayni_status import_form_of(const struct arguments *arguments,
                                             struct csv_form *form, struct failure *failure);
/* How the file was read, on standard error, where that isn't what a program would expect. */
void import_form_tell(const struct csv_file *file);

#endif
