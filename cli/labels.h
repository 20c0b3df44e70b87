#ifndef AYNI_CLI_LABELS_H
#define AYNI_CLI_LABELS_H

#include "proto/bytes.h"

/* The heading for people of a JSON key, in their language; the key itself where there is none. */
const char *label_of(const char *key);

/* What a word means to people where it is the value of that key, in their language; NULL: what it
 * says. */
const char *label_of_word(const char *key, struct ayni_bytes word);

/* Whether the value of a key is a size in bytes, which people read with a unit. */
bool label_is_size(const char *key);

/* Whether it is said only where it is something: as a rule it is 0, no or nothing. */
bool label_is_of_trouble(const char *key);

/* Whether it is left out of tables: long, and of use to programs alone. */
bool label_is_for_programs(const char *key);

#endif
