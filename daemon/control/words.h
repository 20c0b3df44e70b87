#ifndef AYNI_DAEMON_CONTROL_WORDS_H
#define AYNI_DAEMON_CONTROL_WORDS_H

#include <stdarg.h>

#include "proto/control.h"

/* Marks an English text that the command translates (xgettext finds it). */
#define N_(text) (text)

enum { WORDS_ARGS_MAX = 8 };

/* A text with a {} for each of its arguments, all owned. All zero is none. */
struct words {
    char *text;
    char *args[WORDS_ARGS_MAX];
    size_t arg_count;
};

/* The text and its arguments (const char *, up to a NULL), copied, unless there are words already.
 */
void words_take(struct words *words, const char *text, va_list args);
void words_done(struct words *words); /* all zero again */
void words_put(struct ayni_control_writer *to, const char *text_key, const char *args_key,
               const struct words *words);
/* What is said of a failure that nobody put into words. */
const char *words_of_status(enum ayni_status status);

#endif
