#ifndef AYNI_DAEMON_RECORDS_COMPLAINT_H
#define AYNI_DAEMON_RECORDS_COMPLAINT_H

#include <stdarg.h>

#include "proto/reason.h"

/*
 * What is wrong with something that a person asked for, and what to do about
 * it, in words: English texts with a {} for each argument, translated by the
 * command (docs/protocol.md, section 8). All zero: nothing is wrong.
 */
enum { COMPLAINT_ARGS_MAX = 4, COMPLAINT_ARG_SIZE = 160, COMPLAINT_CODE_SIZE = 48 };
struct complaint {
    char code[COMPLAINT_CODE_SIZE]; /* more special than the status, or empty: "unknown_district" */
    const char *text;               /* NULL while nothing is wrong */
    char args[COMPLAINT_ARGS_MAX][COMPLAINT_ARG_SIZE];
    size_t arg_count;
    const char *hint; /* or NULL */
    char hint_args[COMPLAINT_ARGS_MAX][COMPLAINT_ARG_SIZE];
    size_t hint_arg_count;
};

/* Say it, with C strings up to a NULL; long ones are cut. Returns `status`. The first complaint
 * stands. */
enum ayni_status complain(struct complaint *complaint, enum ayni_status status, const char *text,
                          ...) __attribute__((sentinel));
void complain_hint(struct complaint *complaint, const char *text, ...) __attribute__((sentinel));
/* Its code, said before its words: copied, and kept only while nothing is said. */
void complain_code(struct complaint *complaint, const char *code);
/* Say a reason, its word as the code. */
enum ayni_status complain_why(struct complaint *complaint, enum ayni_status status,
                              const struct ayni_reason *reason);
/* The same for who has the strings as a list. */
void complain_list(struct complaint *complaint, const char *text, va_list list);
void complain_hint_list(struct complaint *complaint, const char *text, va_list list);

/* What is worth saying of what was done all the same. Those beyond the maximum are not kept. */
enum { COMPLAINTS_MAX = 8 };
struct complaints {
    struct complaint list[COMPLAINTS_MAX];
    size_t count;
};
/* Room for one more, to be filled by complain(); NULL where there is none. */
struct complaint *complaints_add(struct complaints *complaints);

/* A C string of a view, for the arguments above; cut at COMPLAINT_ARG_SIZE, between characters. */
struct complaint_word {
    char text[COMPLAINT_ARG_SIZE];
};
struct complaint_word complaint_word(struct ayni_bytes text);

#endif
