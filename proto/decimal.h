#ifndef AYNI_PROTO_DECIMAL_H
#define AYNI_PROTO_DECIMAL_H

#include "proto/bytes.h"

/* Whole numbers and decimals with a fixed count of places, kept as whole numbers. Nothing is
 * floating point. */
enum { AYNI_DECIMAL_TEXT_SIZE = 32, AYNI_DECIMAL_SCALE_MAX = 9 };

/* `value` * 10^-scale with exactly `scale` decimals. `text` holds AYNI_DECIMAL_TEXT_SIZE. */
void ayni_decimal_text(int64_t value, uint32_t scale, char *text);
/*
 * An optional sign, digits, and at most `scale` decimals after a point (more
 * are allowed where they are 0).
 *
 *   AYNI_E_INVALID  not a number
 *   AYNI_E_LIMIT    too large, or more decimals than are kept
 */
AYNI_CHECKED enum ayni_status ayni_decimal_parse(struct ayni_bytes text, uint32_t scale,
                                                 int64_t *value);

#endif
