/*
 * The hand-written ceiling by itself: tests/support/ceiling.h says what it does.
 *
 *   bench_ceiling [ENTRIES 100000] [ENTRIES_PER_COMMIT 10000]
 */
#include "tests/support/bench.h"
#include "tests/support/ceiling.h"

int main(int argc, char **argv)
{
    uint64_t per_commit = bench_argument(argc, argv, 2, CEILING_PER_COMMIT);
    struct ceiling measured;
    struct bench_line line;

    ceiling_measure(bench_argument(argc, argv, 1, 100000), per_commit, &measured);
    bench_line_begin(&line, "ceiling");
    bench_line_number(&line, "entries", measured.entries);
    bench_line_number(&line, "entries_per_commit", (double)per_commit);
    bench_line_number(&line, "entries_per_s", measured.entries / measured.seconds);
    bench_line_number(&line, "cpu_us_per_entry", measured.cpu_s / measured.entries * 1e6);
    bench_line_number(&line, "check_us", measured.check_s / measured.entries * 1e6);
    bench_line_number(&line, "store_us", measured.store_s / measured.entries * 1e6);
    bench_line_number(&line, "commit_us", measured.commit_s / measured.entries * 1e6);
    bench_line_number(&line, "disk_bytes_per_entry",
                      (double)measured.disk_bytes / measured.entries);
    bench_line_number(&line, "peak_rss_kib", (double)bench_peak_rss_kib());
    bench_line_end(&line);
    return 0;
}
