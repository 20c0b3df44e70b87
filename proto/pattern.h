#ifndef AYNI_PROTO_PATTERN_H
#define AYNI_PROTO_PATTERN_H

#include "proto/bytes.h"

/*
 * What a text must look like as a whole. A pattern is a sequence of sets, each
 * with how often it comes:
 *
 *   [a-z0-9_]  one of these characters    \d  a digit 0 to 9     x     itself
 *   [\L' -]    \L is any letter           .   any character      \x    x itself
 *   {3} {2,4} {2,} * + ?                  without it: once
 *
 * Time is bounded by the product of both lengths; texts over
 * AYNI_PATTERN_TEXT_MAX characters never fit.
 */
enum { AYNI_PATTERN_TEXT_MAX = 255 };

bool ayni_pattern_is_valid(struct ayni_bytes pattern);
/* A pattern that is not valid fits everything: it must not refuse what nobody can judge. */
bool ayni_pattern_fits(struct ayni_bytes pattern, struct ayni_bytes text);

#endif
