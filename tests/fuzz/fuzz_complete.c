/* Any words as a line that is being typed: candidates are whole lines without controls, and begin
 * as the last word does. No daemon is there to ask. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complete.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 16 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* A line each, of what was printed. */
static void check_candidates(char *printed, const char *current)
{
    size_t size = strlen(current);

    for (char *line = printed, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        require(end != NULL && end > line && strncmp(line, current, size) == 0);
        for (const char *c = line; c < end; c++)
            require((unsigned char)*c >= 0x20 && *c != 0x7f);
    }
}

/* Its patience with a daemon ends the program. */
static void be_patient(void)
{
    sigset_t alarms;

    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    require(sigprocmask(SIG_BLOCK, &alarms, NULL) == 0);
}

static char *complete_words(int count, char *const *words)
{
    struct settings settings = { .home = "/nonexistent" };
    char *printed = NULL;
    size_t size = 0;
    FILE *screen = stdout;

    be_patient();
    stdout = open_memstream(&printed, &size);
    require(stdout != NULL);
    complete(count, words, &settings);
    fclose(stdout);
    stdout = screen;
    return printed;
}

/* A line that names another node would have it asked. */
static bool asks_nobody(char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], "--node") == 0 || strcmp(words[i], "--home") == 0)
            return false;
    return true;
}

/* Words end with a NUL byte or a line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *words[WORDS_MAX], *rest = text;
    int count = 0;

    require(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\0')
            text[i] = '\n';
    while (rest != NULL && count < WORDS_MAX)
        words[count++] = strsep(&rest, "\n");
    if (asks_nobody(words, count)) {
        char *printed = complete_words(count, words);
        check_candidates(printed, words[count - 1]);
        free(printed);
    }
    free(text);
    return 0;
}
