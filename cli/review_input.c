#include "cli/review_input.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool review_input(const char *prompt, char answer[REVIEW_ANSWER_SIZE])
{
    size_t size, from = 0;

    printf("%s ", prompt);
    fflush(stdout);
    if (fgets(answer, REVIEW_ANSWER_SIZE, stdin) == NULL) {
        printf("\n");
        return false;
    }
    size = strlen(answer);
    while (size > 0 && isspace((unsigned char)answer[size - 1]))
        answer[--size] = 0;
    while (isspace((unsigned char)answer[from]))
        from++;
    memmove(answer, answer + from, size - from + 1);
    return true;
}

enum ayni_status review_tell(enum ayni_status status, struct failure *failure)
{
    if (status == AYNI_E_STOPPED || status == AYNI_E_IO || status == AYNI_E_MEMORY)
        return status;
    failure_print(failure, false);
    *failure = (struct failure){ 0 };
    return AYNI_OK;
}
