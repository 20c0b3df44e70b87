#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 1000, BAR_WIDTH = 40 };

static uint64_t ticks_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void draw(uint64_t done, uint64_t total)
{
    char bar[BAR_WIDTH + 1];
    uint64_t shown = done < total ? done : total;

    if (total == 0) {
        fprintf(stderr, "\r%" PRIu64 " ", done);
        return;
    }
    for (uint64_t i = 0; i < BAR_WIDTH; i++)
        bar[i] = i * total < shown * BAR_WIDTH ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %3" PRIu64 " %%  %" PRIu64 "/%" PRIu64 " ", bar, shown * 100 / total,
            done, total);
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total)
{
    uint64_t now_ms = ticks_ms();

    if (!progress->begun) {
        progress->begun = true;
        progress->begun_at_ms = now_ms;
    }
    if (now_ms < progress->begun_at_ms + WAIT_MS || !isatty(STDERR_FILENO))
        return;
    progress->shown = true;
    draw(done, total);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
    progress->shown = false;
}
