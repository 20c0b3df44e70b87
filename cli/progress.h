#ifndef AYNI_CLI_PROGRESS_H
#define AYNI_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A bar on standard error for what takes more than a second, where that is a
 * terminal: one line that is drawn again. A terminal that can't do that
 * (TERM=dumb, as with some screen readers) gets a plain line every ten seconds. All zero
 * is one that begins.
 */
struct progress {
    bool begun, shown;
    bool counted; /* how much is done has been said */
    uint64_t begun_at_ms, drawn_at_ms;
};

/* `total` 0: not known. Both 0: nothing is known but that the daemon is still at work. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total);
/* Wipes it out, so that other output can follow. */
void progress_end(struct progress *progress);

#endif
