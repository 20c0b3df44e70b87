#include "tests/support/bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
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

uint64_t bench_memory_kib(pid_t process, const char *what)
{
    char path[64], line[256], name[64];
    uint64_t kib = 0, found;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)process);
    FILE *status = fopen(path, "r");
    while (status != NULL && kib == 0 && fgets(line, sizeof(line), status) != NULL)
        if (sscanf(line, "%63[^:]: %" SCNu64, name, &found) == 2 && strcmp(name, what) == 0)
            kib = found;
    if (status != NULL)
        fclose(status);
    return kib;
}

double bench_process_cpu(pid_t process)
{
    char path[64], text[1024] = "";
    unsigned long user = 0, system = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
    FILE *stat = fopen(path, "r");
    bench_require(stat != NULL && fgets(text, sizeof(text), stat) != NULL, "reading", path);
    fclose(stat);
    const char *after_name = strrchr(text, ')');
    bench_require(after_name != NULL &&
                      sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                             &user, &system) == 2,
                  "reading", path);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* The first word of a file of a thread, as /proc/PID/task/THREAD has them; false where it has
 * ended.
 */
static bool read_word(const char *folder, const char *thread, const char *file, char *word)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s/%s", folder, thread, file);
    FILE *from = fopen(path, "r");
    if (from == NULL)
        return false;
    bool found = fscanf(from, "%63s", word) == 1;
    fclose(from);
    return found;
}

double bench_thread_cpu(pid_t process, const char *name)
{
    char folder[64], word[64];
    double nanoseconds = 0;

    snprintf(folder, sizeof(folder), "/proc/%d/task", (int)process);
    DIR *threads = opendir(folder);
    bench_require(threads != NULL, "reading", folder);
    for (const struct dirent *thread; (thread = readdir(threads)) != NULL;)
        if (thread->d_name[0] != '.' && read_word(folder, thread->d_name, "comm", word) &&
            strcmp(word, name) == 0 && read_word(folder, thread->d_name, "schedstat", word))
            nanoseconds += strtod(word, NULL);
    closedir(threads);
    return nanoseconds * 1e-9;
}

uint64_t bench_process_written(pid_t process)
{
    char path[64], line[128];
    unsigned long long bytes = 0;

    snprintf(path, sizeof(path), "/proc/%d/io", (int)process);
    FILE *io = fopen(path, "r");
    bench_require(io != NULL, "reading", path);
    while (fgets(line, sizeof(line), io) != NULL && sscanf(line, "write_bytes: %llu", &bytes) != 1)
        ;
    fclose(io);
    return bytes;
}

uint64_t bench_anonymous_kib(void)
{
    return bench_memory_kib(getpid(), "RssAnon");
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

/* Folders of a bench that ends early; its children leave them alone. */
static char folders[8][256];
static pid_t owner;

static void remove_folders(void)
{
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && getpid() == owner; i++)
        if (folders[i][0] != '\0')
            bench_folder_remove(folders[i]);
}

/* Its place among those folders; an empty path finds a free one. */
static char *place_of(const char *path)
{
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (strcmp(folders[i], path) == 0)
            return folders[i];
    return NULL;
}

void bench_folder_make(char *path, size_t size)
{
    const char *base = getenv("TMPDIR");
    char *place = place_of("");

    snprintf(path, size, "%s/ayni-bench-XXXXXX", base != NULL ? base : "/var/tmp");
    bench_require(mkdtemp(path) != NULL && place != NULL, "making a folder", path);
    if (owner == 0)
        atexit(remove_folders);
    owner = getpid();
    snprintf(place, sizeof(folders[0]), "%s", path);
}

void bench_folder_remove(const char *path)
{
    struct test_folder folder;
    char *place = place_of(path);

    snprintf(folder.path, sizeof(folder.path), "%s", path);
    test_folder_remove(&folder);
    if (place != NULL)
        place[0] = '\0';
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
