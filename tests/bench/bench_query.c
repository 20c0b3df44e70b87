/*
 * Questions in SQL to a real daemon, through its control socket: counting all records by
 * district and month, filters by district and month or day, an average, one record and what is
 * about one subject.
 *
 *   bench_query [RECORDS 1000000]
 *
 * `_to_aim` is what an answer took to what it should take: 1 or less is well.
 */
#include <stdlib.h>
#include <string.h>

#include "proto/crypto.h"
#include "tests/support/bench.h"
#include "tests/support/bench_register.h"

enum { ROUNDS = 5 };
static const char space[] = "bench";

/* How long an answer takes, in ms: the quickest of some rounds, since what is read once is cached,
 * and the CPU of the daemon, of all of them. */
struct answer {
    uint64_t rows;
    double best, cpu;
};

static struct answer ask(struct bench_node *node, const char *sql)
{
    struct answer answer = { .cpu = -bench_process_cpu(node->process) };

    for (int i = 0; i < ROUNDS; i++) {
        struct ayni_control_value item;
        double start = bench_now();
        bench_node_ask(node, "query", "sql", sql, NULL);
        double took = (bench_now() - start) * 1e3;
        for (answer.rows = 0; bench_node_item(node, &item);)
            answer.rows++;
        if (i == 0 || took < answer.best)
            answer.best = took;
    }
    answer.rows--; /* the first item are the columns */
    answer.cpu = (answer.cpu + bench_process_cpu(node->process)) * 1e3 / ROUNDS;
    return answer;
}

/* `aim_ms`: what the quickest should take; 0: nothing is said. */
static void put(struct bench_line *line, struct bench_node *node, const char *name, double aim_ms,
                const char *sql)
{
    struct answer answer = ask(node, sql);
    char key[64];

    snprintf(key, sizeof(key), "%s_rows", name);
    bench_line_number(line, key, (double)answer.rows);
    snprintf(key, sizeof(key), "%s_ms", name);
    bench_line_number(line, key, answer.best);
    snprintf(key, sizeof(key), "%s_cpu_ms", name);
    bench_line_number(line, key, answer.cpu);
    if (aim_ms == 0)
        return;
    snprintf(key, sizeof(key), "%s_to_aim", name);
    bench_line_number(line, key, answer.best / aim_ms);
}

/* Of a million records; fewer should take less, but for what each question costs. */
static double aim(double ms, uint64_t count)
{
    return ms * (double)count / 1e6 + 1;
}

int main(int argc, char **argv)
{
    uint64_t count = bench_argument(argc, argv, 1, 1000000);
    struct bench_node node;
    struct bench_line line;
    char folder[256];

    bench_require(ayni_crypto_init() == AYNI_OK, "start", "failed");
    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "asked", true);
    bench_node_start(&node);
    bench_node_ask(&node, "space.create", "name", space, NULL);
    bench_register_import(&node, &bench_tests, space, count);
    bench_line_begin(&line, "query");
    bench_line_number(&line, "records", (double)count);
    put(&line, &node, "count", 0, "SELECT count(*) FROM hb_test");
    put(&line, &node, "count_by_district", aim(1000, count),
        "SELECT ubigeo, count(*) AS tests FROM hb_test GROUP BY ubigeo");
    put(&line, &node, "count_by_district_and_month", 0,
        "SELECT ubigeo, substr(date, 1, 7) AS month, count(*) AS tests FROM hb_test "
        "GROUP BY ubigeo, month");
    put(&line, &node, "district_and_month", aim(30, count),
        "SELECT * FROM hb_test WHERE ubigeo = (SELECT ubigeo FROM hb_test LIMIT 1) "
        "AND date BETWEEN '2026-03-01' AND '2026-03-31'");
    put(&line, &node, "district_and_day", 0,
        "SELECT * FROM hb_test WHERE ubigeo = (SELECT ubigeo FROM hb_test LIMIT 1) "
        "AND date = '2026-03-15'");
    put(&line, &node, "average_by_district", 0,
        "SELECT ubigeo, avg(hb) AS hb FROM hb_test GROUP BY ubigeo");
    put(&line, &node, "by_id", 0,
        "SELECT * FROM hb_test WHERE _id = (SELECT _id FROM hb_test LIMIT 1)");
    put(&line, &node, "by_subject", 0,
        "SELECT * FROM hb_test WHERE subject = (SELECT subject FROM hb_test LIMIT 1)");
    bench_line_end(&line);
    bench_node_stop(&node);
    bench_node_free(&node);
    bench_folder_remove(folder);
    return 0;
}
