#ifndef AYNI_CLI_LABELS_H
#define AYNI_CLI_LABELS_H

#include <stdbool.h>

/* The heading for people of a JSON key, in their language; the key itself where there is none. */
const char *label_of(const char *key);

/* Whether the value of a key is a size in bytes, which people read with a unit. */
bool label_is_size(const char *key);

/* Whether it is left out of tables: long, and of use to programs alone. */
bool label_is_for_programs(const char *key);

#endif
