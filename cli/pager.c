#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *choose(void)
{
    static const char *const variables[] = { "AYNI_PAGER", "PAGER" };

    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL)
            return value;
    }
    return "if command -v less >/dev/null; then exec less; else exec cat; fi";
}

/* In the child: as git does, less ends by itself when all fits, keeps colours and doesn't fold
 * lines. */
static void become_pager(int from, const char *command)
{
    dup2(from, STDIN_FILENO);
    setenv("LESS", "FRSX", 0);
    setenv("LESSCHARSET", "utf-8", 0);
    execlp("sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* Who closes the pager has read enough, and it is no failure. */
static void on_closed(int number)
{
    (void)number;
    _exit(0);
}

void pager_begin(struct pager *pager)
{
    const char *command = choose();
    int ends[2];

    if (!isatty(STDOUT_FILENO) || command[0] == '\0' || strcmp(command, "cat") == 0)
        return;
    if (pipe(ends) != 0)
        return;
    fflush(stdout);
    pager->process = fork();
    if (pager->process == 0) {
        close(ends[1]);
        become_pager(ends[0], command);
    }
    if (pager->process > 0) {
        dup2(ends[1], STDOUT_FILENO);
        signal(SIGPIPE, on_closed);
    }
    close(ends[0]);
    close(ends[1]);
}

void pager_end(struct pager *pager)
{
    int nowhere;

    if (pager->process <= 0)
        return;
    fflush(stdout);
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO); /* the pager sees the end */
    close(nowhere);
    while (waitpid(pager->process, NULL, 0) < 0 && errno == EINTR)
        ;
    pager->process = 0;
}
