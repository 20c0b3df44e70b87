#ifndef AYNI_CLI_FAILURE_H
#define AYNI_CLI_FAILURE_H

#include <stdio.h>

#include "proto/control_value.h"

/* What went wrong, as a person reads it: translated, its places filled. */
struct failure {
    enum ayni_status status;
    char code[48];
    char text[1024];
    char hint[512]; /* what to do; may be empty */
    bool answered;  /* the answer itself stands on standard output; this is said besides */
};

/* What the programs end with. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_NO = 1,
    EXIT_USAGE = 2,
    EXIT_REFUSED = 3,
    EXIT_NO_DAEMON = 4,
    EXIT_FAILED = 5,
};
enum exit_code exit_code_of(enum ayni_status status);

/* A translated text with a {} for each of the strings that follow, up to a NULL. Returns `status`.
 */
enum ayni_status fail(struct failure *failure, enum ayni_status status, const char *text, ...)
    __attribute__((sentinel));
void fail_hint(struct failure *failure, const char *text, ...) __attribute__((sentinel));
/* The failure that an end of the daemon tells, translated. No words: the answer was no. */
enum ayni_status fail_by_daemon(struct failure *failure, enum ayni_status status,
                                const struct ayni_control_value *error);
/* The memory is used up. */
enum ayni_status fail_memory(struct failure *failure);

/* A text with its {} filled by an array of texts. */
void fill_places(char *to, size_t size, const char *text, const struct ayni_control_value *args);

/*
 * In one or two lines on standard error; with `json` also as an object on
 * standard output, if that holds no answer. Nothing where there are no words.
 */
void failure_print(const struct failure *failure, bool json);
/* Its words alone, on standard error: the text after `before`, and the hint. */
void failure_say(const char *before, const struct failure *failure);

#endif
