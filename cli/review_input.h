#ifndef AYNI_CLI_REVIEW_INPUT_H
#define AYNI_CLI_REVIEW_INPUT_H

#include "cli/failure.h"

/* What a person types in a review. */
enum { REVIEW_ANSWER_SIZE = 4096 };

/* A line without its end and the blanks around it. False at the end of what is typed. */
bool review_input(const char *prompt, char answer[REVIEW_ANSWER_SIZE]);

/* What was refused is told, and the review goes on: AYNI_OK. Without a daemon there is no going on.
 */
AYNI_CHECKED enum ayni_status review_tell(enum ayni_status status, struct failure *failure);

#endif
