#ifndef AYNI_PROTO_REASON_H
#define AYNI_PROTO_REASON_H

#include "proto/bytes.h"

/* Marks a text that the command translates (xgettext finds it). */
#define N_(text) (text)

/*
 * Why a value is refused or doubted: a word for machines, and a text in
 * English with a `{}` for each argument, so that whoever shows it can
 * translate it. Keeps its arguments itself and needs no freeing; an argument
 * that is too long is cut at a character.
 */
enum { AYNI_REASON_ARGS_MAX = 3, AYNI_REASON_ARG_SIZE = 96 };

struct ayni_reason {
    const char *code;    /* "bad_date", "out_of_range", ... : static */
    const char *message; /* "{} is not a day" ...: static */
    char args[AYNI_REASON_ARGS_MAX][AYNI_REASON_ARG_SIZE];
    size_t arg_count;
};

void ayni_reason_set(struct ayni_reason *reason, const char *code, const char *message);
/* Add the argument of the next `{}`. What isn't fit to be printed in it is replaced by '?'. */
void ayni_reason_arg(struct ayni_reason *reason, struct ayni_bytes value);
void ayni_reason_arg_text(struct ayni_reason *reason, const char *value);
void ayni_reason_arg_int(struct ayni_reason *reason, int64_t value);
/* The reason with one argument, all at once: answers AYNI_E_INVALID, for a check to return. */
enum ayni_status ayni_reason_refuse(struct ayni_reason *reason, const char *code,
                                    const char *message, struct ayni_bytes value);

#endif
