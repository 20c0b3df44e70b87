#include "tests/support/bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/folder.h"

/* --- clocks and sizes --- */

double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

double bench_cpu(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

uint64_t bench_peak_rss_kib(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (uint64_t)used.ru_maxrss;
}

uint64_t bench_anonymous_kib(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    uint64_t kib = 0;

    while (status != NULL && fgets(line, sizeof(line), status) != NULL)
        if (sscanf(line, "RssAnon: %" SCNu64, &kib) == 1)
            break;
    if (status != NULL)
        fclose(status);
    return kib;
}

uint64_t bench_folder_bytes(const char *folder)
{
    DIR *entries = opendir(folder);
    uint64_t bytes = 0;
    struct stat is;

    bench_require(entries != NULL, "measuring", folder);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
        if (fstatat(dirfd(entries), entry->d_name, &is, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(is.st_mode))
            bytes += (uint64_t)is.st_blocks * 512;
    closedir(entries);
    return bytes;
}

/* --- the program --- */

void bench_require(bool ok, const char *what, const char *why)
{
    if (ok)
        return;
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

uint64_t bench_argument(int argc, char **argv, int index, uint64_t fallback)
{
    return index < argc ? strtoull(argv[index], NULL, 10) : fallback;
}

void bench_folder_make(char *path, size_t size)
{
    const char *base = getenv("TMPDIR");

    snprintf(path, size, "%s/ayni-bench-XXXXXX", base != NULL ? base : "/var/tmp");
    bench_require(mkdtemp(path) != NULL, "making a folder", path);
}

void bench_folder_remove(const char *path)
{
    struct test_folder folder;

    snprintf(folder.path, sizeof(folder.path), "%s", path);
    test_folder_remove(&folder);
}

/* --- the line --- */

static void __attribute__((format(printf, 2, 3)))
add(struct bench_line *line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int size =
        vsnprintf(line->text + line->size, sizeof(line->text) - line->size, format, arguments);
    va_end(arguments);
    bench_require(size >= 0 && (size_t)size < sizeof(line->text) - line->size, "line", "too long");
    line->size += (size_t)size;
}

void bench_line_begin(struct bench_line *line, const char *bench)
{
    line->size = 0;
    add(line, "{\"bench\":\"%s\"", bench);
}

void bench_line_number(struct bench_line *line, const char *name, double value)
{
    double whole = value < 0 ? -value : value;

    add(line, whole >= 1000 ? ",\"%s\":%.0f" : ",\"%s\":%.4g", name, value);
}

void bench_line_text(struct bench_line *line, const char *name, const char *value)
{
    add(line, ",\"%s\":\"%s\"", name, value);
}

void bench_line_end(struct bench_line *line)
{
    printf("%s}\n", line->text);
    fflush(stdout);
}

/* --- times --- */

void bench_times_add(struct bench_times *times, double seconds)
{
    if (times->count == times->capacity) {
        times->capacity = times->capacity == 0 ? 1024 : times->capacity * 2;
        times->seconds = realloc(times->seconds, times->capacity * sizeof(*times->seconds));
        bench_require(times->seconds != NULL, "times", "no memory");
    }
    times->seconds[times->count++] = seconds;
}

static int by_seconds(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

double bench_times_percentile(struct bench_times *times, double percent)
{
    if (times->count == 0)
        return 0;
    qsort(times->seconds, times->count, sizeof(*times->seconds), by_seconds);
    return times->seconds[(size_t)((double)(times->count - 1) * percent / 100)];
}

void bench_times_free(struct bench_times *times)
{
    free(times->seconds);
    *times = (struct bench_times){ 0 };
}
