#ifndef AYNI_TESTS_SUPPORT_BENCH_COMMIT_H
#define AYNI_TESTS_SUPPORT_BENCH_COMMIT_H

#include <stdint.h>

/*
 * What one durable commit costs on this disk, now: a put of 300 bytes into an
 * LMDB store of its own, in its default sync mode. The measure for everything
 * that has to wait for the disk.
 */
struct bench_commits;

/* In a new folder of that name inside of `folder`. */
struct bench_commits *bench_commits_open(const char *folder, const char *name);
void bench_commits_close(struct bench_commits *commits);
/* One put and its commit, in seconds. */
double bench_commits_one(struct bench_commits *commits);
/*
 * How many commits the LMDB store in a folder has seen, whoever writes it, for the size of groups:
 * another process may have it open.
 */
uint64_t bench_commits_of(const char *folder);

#endif
