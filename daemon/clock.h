#ifndef AYNI_DAEMON_CLOCK_H
#define AYNI_DAEMON_CLOCK_H

#include <pthread.h>
#include <time.h>

#include "proto/instant.h"

/* The wall clock, which may jump: for what people and entries see. */
struct ayni_instant clock_now(void);
/* Milliseconds that never fall, since some start: for waiting and measuring. */
uint64_t clock_ticks_ms(void);
/* Today in local time, as days since 1970-01-01 (proto/instant.h): what rules call today. */
int64_t clock_today(void);
/* The day of a moment, in local time likewise. */
int64_t clock_day_of(struct ayni_instant instant);
/* The time of that day: milliseconds since midnight. */
uint64_t clock_ms_of_day(struct ayni_instant instant);
/* A condition to wait on with deadlines of clock_after_ms(). */
void clock_condition_init(pthread_cond_t *condition);
/* That many milliseconds from now, for pthread_cond_timedwait(); at most a year. */
struct timespec clock_after_ms(uint64_t ms);

#endif
