#include "daemon/clock.h"

static uint64_t read_ms(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct ayni_instant clock_now(void)
{
    return (struct ayni_instant){ read_ms(CLOCK_REALTIME) };
}

uint64_t clock_ticks_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

/* Seconds since 1970 as if local time were UTC. */
static time_t local_seconds(struct ayni_instant instant)
{
    time_t seconds = (time_t)(instant.ms / 1000);
    struct tm local = { 0 };

    localtime_r(&seconds, &local); /* a year that is too large leaves UTC */
    return seconds + local.tm_gmtoff;
}

int64_t clock_day_of(struct ayni_instant instant)
{
    return local_seconds(instant) / 86400;
}

uint64_t clock_ms_of_day(struct ayni_instant instant)
{
    return (uint64_t)(local_seconds(instant) % 86400) * 1000 + instant.ms % 1000;
}

int64_t clock_today(void)
{
    return clock_day_of(clock_now());
}

void clock_condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct timespec clock_after_ms(uint64_t ms)
{
    const uint64_t year_ms = 366ULL * 24 * 3600 * 1000;
    struct timespec t;

    if (ms > year_ms)
        ms = year_ms;
    clock_gettime(CLOCK_MONOTONIC, &t);
    uint64_t ns = (uint64_t)t.tv_nsec + ms % 1000 * 1000000;
    t.tv_sec += (time_t)(ms / 1000 + ns / 1000000000);
    t.tv_nsec = (long)(ns % 1000000000);
    return t;
}
