#ifndef AYNI_CLI_INPUT_JSON_H
#define AYNI_CLI_INPUT_JSON_H

#include "proto/bytes.h"

/*
 * The text under `key` of a JSON object, as --json prints them, appended;
 * false (and nothing) where it is no such object. Memory that runs out is the
 * buffer's failure.
 */
bool input_json_text(struct ayni_bytes document, const char *key, struct ayni_buffer *text);

#endif
