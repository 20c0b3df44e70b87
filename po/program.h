#ifndef AYNI_PO_PROGRAM_H
#define AYNI_PO_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

/* "FOLDER/name", where the running program is in FOLDER. False where that is not known or too long.
 */
bool program_beside(const char *name, char path[PATH_MAX]);

#endif
