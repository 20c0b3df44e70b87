#ifndef AYNI_CLI_PROGRESS_H
#define AYNI_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* A bar on standard error for what takes more than a second, where that is a terminal. All zero is
 * one that begins. */
struct progress {
    bool begun, shown;
    uint64_t begun_at_ms;
};

/* `total` 0: not known. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total);
/* Wipes it out, so that other output can follow. */
void progress_end(struct progress *progress);

#endif
