#ifndef AYNI_TESTS_SUPPORT_BENCH_H
#define AYNI_TESTS_SUPPORT_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What the programs of tests/bench/ share: clocks, memory, and the one line of
 * JSON that each of them prints. A bench that fails says why and ends.
 */

/* Seconds since some start, and seconds of CPU that this process has used. */
double bench_now(void);
double bench_cpu(void);
/* The most memory that this process has had, and what it has now less mapped files, in KiB. */
uint64_t bench_peak_rss_kib(void);
uint64_t bench_anonymous_kib(void);
/* A number of /proc/PID/status, in KiB: VmHWM is the peak, RssAnon what isn't a mapped file; 0
 * where there is none. */
uint64_t bench_memory_kib(pid_t process, const char *what);
/* Seconds of CPU that a process has used, its threads together. */
double bench_process_cpu(pid_t process);
/* The same of those of its threads that bear a name. */
double bench_thread_cpu(pid_t process, const char *name);
/* Bytes that it has had written to disks. */
uint64_t bench_process_written(pid_t process);
/* Bytes on the disk of all files in a folder. */
uint64_t bench_folder_bytes(const char *folder);

/* Ends the program unless `ok`. */
void bench_require(bool ok, const char *what, const char *why);

/* Argument `index` of the command line as a number, or what stands in for it. */
uint64_t bench_argument(int argc, char **argv, int index, uint64_t fallback);

/* An empty folder for what a bench stores; also deleted, with all in it, when the program ends. */
void bench_folder_make(char *path, size_t size);
void bench_folder_remove(const char *path);

/* {"bench":"NAME",...}: names are plain words; nothing is escaped. */
struct bench_line {
    char text[4096];
    size_t size;
};
void bench_line_begin(struct bench_line *line, const char *bench);
void bench_line_number(struct bench_line *line, const char *name, double value);
void bench_line_text(struct bench_line *line, const char *name, const char *value);
/* Prints it on standard output. */
void bench_line_end(struct bench_line *line);

/* Times of single operations. Asking for a percentile sorts them. */
struct bench_times {
    double *seconds;
    size_t count, capacity;
};
void bench_times_add(struct bench_times *times, double seconds);
/* In seconds; `percent` from 0 to 100. */
double bench_times_percentile(struct bench_times *times, double percent);
void bench_times_free(struct bench_times *times);

#endif
