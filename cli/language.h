#ifndef AYNI_CLI_LANGUAGE_H
#define AYNI_CLI_LANGUAGE_H

#include "po/language.h"

/* Marks a text of a table, which is translated where it is printed. */
#define N_(text) (text)

#endif
