#ifndef AYNI_CLI_LATIN_1_H
#define AYNI_CLI_LATIN_1_H

#include "proto/bytes.h"

/* A text in Latin-1, as the field means it (Windows-1252), appended as UTF-8. */
void latin_1_append(struct ayni_buffer *to, struct ayni_bytes text);

#endif
