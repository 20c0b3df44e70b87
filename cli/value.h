#ifndef AYNI_CLI_VALUE_H
#define AYNI_CLI_VALUE_H

#include "proto/control_value.h"

/*
 * The form of a value in JSON strings and CSV cells, appended: UUIDs, base32,
 * RFC 3339, exact decimals, `true`, arrays with commas between; nothing for null.
 */
void value_text(const struct ayni_control_value *value, struct ayni_buffer *to);
/* Right-aligned in tables. */
bool value_is_number(const struct ayni_control_value *value);

#endif
