#include "daemon/clock.h"

#include <time.h>

static uint64_t read_ms(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct ayni_instant clock_now(void)
{
    return (struct ayni_instant){read_ms(CLOCK_REALTIME)};
}

uint64_t clock_ticks_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_today(void)
{
    time_t now = time(NULL);
    struct tm local;

    localtime_r(&now, &local);
    return (now + local.tm_gmtoff) / 86400;
}
