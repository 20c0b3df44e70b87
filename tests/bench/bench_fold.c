/*
 * What a record costs to fold: of one version, by far the commonest; of two
 * registers that write the same child apart; and of ten. Each with 15 fields at
 * first and 3 in each edit, which has seen all before it. One JSON line.
 */
#include <string.h>

#include "proto/fold.h"
#include "tests/support/bench.h"

enum { VERSIONS_MAX = 10, REGISTERS = 2, FIRST_FIELDS = 15, EDIT_FIELDS = 3 };

static struct ayni_fold_item items[VERSIONS_MAX];
static struct ayni_version versions[VERSIONS_MAX];
static struct ayni_field fields[VERSIONS_MAX][FIRST_FIELDS];
static struct ayni_seen contexts[VERSIONS_MAX][REGISTERS];

static bool fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    (void)context;
    (void)feed;
    (void)seen;
    return true;
}

static struct ayni_merge_rule review(void *context, uint32_t type, uint32_t field)
{
    (void)context;
    (void)type;
    (void)field;
    return (struct ayni_merge_rule){ AYNI_MERGE_REVIEW, { NULL, 0 } };
}

/* Both feeds begin with a whole child; then they edit in turn. */
static void make_version(size_t at)
{
    static const uint8_t values[] = { 1, 2, 3, 4, 5 };
    struct ayni_version *version = &versions[at];

    memset(items[at].feed.bytes, (int)(at % REGISTERS), sizeof(items[at].feed.bytes));
    memset(items[at].chain.bytes, (int)(7 * at + 1), sizeof(items[at].chain.bytes));
    items[at].seq = 1 + at / REGISTERS;
    items[at].time.ms = at;
    items[at].valid = true;
    items[at].version = version;
    version->fields = fields[at];
    version->field_count = at < REGISTERS ? FIRST_FIELDS : EDIT_FIELDS;
    for (size_t i = 0; i < version->field_count; i++)
        fields[at][i] = (struct ayni_field){ (uint32_t)i + 1, { &values[(at + i) % 5], 1 } };
    version->seen = contexts[at];
    for (size_t i = 1; i <= REGISTERS && at >= REGISTERS; i++) {
        struct ayni_seen *seen = &version->seen[version->seen_count++];
        seen->seq = items[at - i].seq;
        memcpy(seen->feed.bytes, items[at - i].feed.bytes, sizeof(seen->feed.bytes));
        memcpy(seen->chain.bytes, items[at - i].chain.bytes, sizeof(seen->chain.bytes));
    }
}

static double measure_ns(size_t count, uint64_t rounds)
{
    static const struct ayni_fold_chains chains = { NULL, fits, NULL };
    double start = bench_now();

    for (uint64_t i = 0; i < rounds; i++) {
        struct ayni_folded folded;
        enum ayni_status status = ayni_fold(items, count, &chains, review, NULL, &folded);
        bench_require(status == AYNI_OK, "fold", ayni_status_name(status));
        ayni_folded_free(&folded);
    }
    return (bench_now() - start) * 1e9 / (double)rounds;
}

int main(int argc, char **argv)
{
    uint64_t rounds = bench_argument(argc, argv, 1, 200000);
    struct bench_line line;

    for (size_t i = 0; i < VERSIONS_MAX; i++)
        make_version(i);
    bench_line_begin(&line, "fold");
    bench_line_number(&line, "one_version_ns", measure_ns(1, rounds));
    bench_line_number(&line, "two_versions_ns", measure_ns(2, rounds));
    bench_line_number(&line, "ten_versions_ns", measure_ns(10, rounds));
    bench_line_end(&line);
    return 0;
}
