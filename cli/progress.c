#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/language.h"

enum { WAIT_MS = 1000, REDRAW_MS = 100, LINE_MS = 10000, BAR_WIDTH = 40 };

static uint64_t ticks_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Whether the terminal can go back to the beginning of a line and wipe it out. */
static bool can_redraw(void)
{
    const char *terminal = getenv("TERM");
    return terminal != NULL && terminal[0] != '\0' && strcmp(terminal, "dumb") != 0;
}

static void draw_bar(uint64_t done, uint64_t total)
{
    char bar[BAR_WIDTH + 1];

    for (uint64_t i = 0; i < BAR_WIDTH; i++)
        bar[i] = i * total < done * BAR_WIDTH ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "[%s] ", bar);
}

static void draw(const struct progress *progress, uint64_t done, uint64_t total)
{
    bool redraws = can_redraw();

    if (redraws)
        fputs("\r", stderr);
    if (total > 0 && redraws)
        draw_bar(done < total ? done : total, total);
    if (total > 0)
        fprintf(stderr, "%3" PRIu64 " %%  %" PRIu64 "/%" PRIu64 " ",
                (done < total ? done : total) * 100 / total, done, total);
    else if (done > 0)
        fprintf(stderr, "%" PRIu64 " ", done);
    else
        fprintf(stderr, "%s %" PRIu64 " s ", _("still at work:"),
                (progress->drawn_at_ms - progress->begun_at_ms) / 1000);
    if (!redraws)
        fputs("\n", stderr);
    fflush(stderr);
}

/* Not before it takes long, and not more often than can be read. */
static bool is_due(const struct progress *progress, uint64_t now_ms)
{
    uint64_t since_ms = progress->shown ? progress->drawn_at_ms : progress->begun_at_ms;
    uint64_t least_ms = can_redraw() ? (progress->shown ? REDRAW_MS : WAIT_MS) : LINE_MS;

    return now_ms >= since_ms + least_ms;
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total)
{
    uint64_t now_ms = ticks_ms();

    if (!progress->begun) {
        progress->begun = true;
        progress->begun_at_ms = now_ms;
    }
    if (done == 0 && total == 0 && progress->counted)
        return; /* what is there says more */
    progress->counted = progress->counted || done > 0 || total > 0;
    if (!is_due(progress, now_ms) || !isatty(STDERR_FILENO))
        return;
    progress->shown = true;
    progress->drawn_at_ms = now_ms;
    draw(progress, done, total);
}

void progress_end(struct progress *progress)
{
    if (progress->shown && can_redraw())
        fprintf(stderr, "\r\033[K");
    progress->shown = false;
}
