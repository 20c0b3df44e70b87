#ifndef AYNI_CLI_WORDS_H
#define AYNI_CLI_WORDS_H

#include "cli/names.h"

/*
 * The form of a value for people, appended: moments in local time, yes and no
 * in their language, nodes by name, sizes with a unit, words that have a meaning of
 * their own (both by `key`, which may be NULL); texts as a line that a terminal can show
 * (cli/visible.h); all else as in value_text().
 */
void words_put(const struct names *names, const char *key, const struct ayni_control_value *value,
               struct ayni_buffer *to);

#endif
