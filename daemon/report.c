#include "daemon/report.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include "daemon/clock.h"

static _Atomic int least = REPORT_INFO;

void report_set_level(enum report_level level)
{
    least = (int)level;
}

void report(enum report_level level, const char *event, const char *values, ...)
{
    static const char *const names[] = { "debug", "info", "warning", "error" };
    char when[AYNI_INSTANT_TEXT_SIZE];
    char line[1024] = "";
    va_list arguments;

    if ((int)level < least)
        return;
    if (values != NULL) {
        va_start(arguments, values);
        vsnprintf(line, sizeof(line), values, arguments);
        va_end(arguments);
    }
    ayni_instant_text(clock_now(), when);
    fprintf(stderr, "%s %s %s%s%s\n", when, names[level], event, line[0] ? " " : "", line);
}
