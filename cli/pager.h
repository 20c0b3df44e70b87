#ifndef AYNI_CLI_PAGER_H
#define AYNI_CLI_PAGER_H

#include <sys/types.h>

/*
 * Standard output through $AYNI_PAGER, $PAGER or less, where it is a terminal;
 * what fits on one screen is printed as it is (less -F). All zero: none.
 */
struct pager {
    pid_t process;
};

void pager_begin(struct pager *pager);
/* Waits until it was read. */
void pager_end(struct pager *pager);

#endif
