#ifndef AYNI_CLI_OUTPUT_JSON_H
#define AYNI_CLI_OUTPUT_JSON_H

#include <stdio.h>

#include "cli/failure.h"

/*
 * A value as JSON, appended. Decimals are numbers with exactly their decimals,
 * integers past 2^53-1 are strings, sets and lists arrays, all else strings.
 */
void output_json_value(struct ayni_buffer *to, const struct ayni_control_value *value);
/* A row as an object: the columns are an ARRAY of texts; a value that is null is left out. */
void output_json_row(struct ayni_buffer *to, const struct ayni_control_value *columns,
                     const struct ayni_control_value *row);
/* {"error": {"code", "message", "hint"}} and a line end. */
void output_json_failure(FILE *to, const struct failure *failure);

#endif
