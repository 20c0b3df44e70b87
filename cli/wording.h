#ifndef AYNI_CLI_WORDING_H
#define AYNI_CLI_WORDING_H

#include "cli/failure.h"

/*
 * Answers that hold texts for people, in English with places for values, as an
 * error has them (docs/protocol.md, section 8.1): in the language asked for they
 * are "message" and "hint", also in objects inside of the answer. What is in "warnings" is said on
 * standard error.
 */
bool wording_is_needed(const struct ayni_control_value *object);
/* An item that is warnings and nothing else: they are said, and true is answered. */
bool wording_say_alone(const struct ayni_control_value *object);
/*
 * The object with its words, appended to `to`; its warnings stay in it where that is `json`, as
 * {"code", "message", "hint"}. AYNI_E_MEMORY.
 */
AYNI_CHECKED enum ayni_status wording_put(const struct ayni_control_value *object, bool json,
                                          struct ayni_buffer *to, struct failure *failure);

#endif
