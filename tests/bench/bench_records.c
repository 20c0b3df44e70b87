/*
 * Writing records and bringing them into views/: one by one, each durable and read back;
 * many at once as an import does; views/ made anew; a list of all of them. One JSON line.
 * The argument is how many records; 100,000 if none is given.
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/walk.h"
#include "proto/cbor.h"
#include "tests/support/bench.h"
#include "tests/support/node_pair.h"

enum { CHUNK = 4096, SINGLES = 500, FIELDS = 7, TYPE_HB_TEST = 208 };

/* A test of haemoglobin as its own CBOR values, in memory that lives as long as the change. */
struct sample {
    struct ayni_field fields[FIELDS];
    uint8_t bytes[256];
};

static void put_sample(struct sample *sample, uint64_t number, struct author_change *change)
{
    struct ayni_buffer to = ayni_buffer_over(sample->bytes, sizeof(sample->bytes));
    struct ayni_record child = { { 0 } }, record = { { 0 } };
    static const uint32_t numbers[FIELDS] = { 1, 2, 6, 7, 8, 9, 10 };
    size_t ends[FIELDS];
    char id[32];

    ayni_put_u64(child.bytes + 8, (number / 8) * UINT64_C(0x9E3779B97F4A7C15));
    ayni_put_u64(record.bytes, number * UINT64_C(0xC2B2AE3D27D4EB4F));
    ayni_put_u64(record.bytes + 8, number);
    snprintf(id, sizeof(id), "his-%012llu", (unsigned long long)number);
    for (size_t i = 0; i < FIELDS; i++) {
        if (i == 0)
            ayni_cbor_put_id(&to, &child);
        else if (i == 2 || i == 5)
            ayni_cbor_put_string(&to, i == 2 ? id : "puesto de salud, segunda visita del mes");
        else if (i == 3 || i == 4)
            ayni_cbor_put_string(&to, i == 3 ? "his" : "160101");
        else
            ayni_cbor_put_uint(&to, i == 1 ? 20454 : 80 + number % 60);
        ends[i] = to.size;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        size_t from = i == 0 ? 0 : ends[i - 1];
        sample->fields[i] =
            (struct ayni_field){ numbers[i], { sample->bytes + from, ends[i] - from } };
    }
    *change = (struct author_change){ .space = test_visits,
                                      .record = record,
                                      .type = TYPE_HB_TEST,
                                      .fields = sample->fields,
                                      .field_count = FIELDS,
                                      .steward = TEST_BYTES("maria"),
                                      .origin = TEST_BYTES("his") };
}

static double write_many(uint64_t count, double *followed_s)
{
    struct sample *samples = calloc(CHUNK, sizeof(*samples));
    struct author_change *changes = calloc(CHUNK, sizeof(*changes));
    double start = bench_now(), written;

    ck_assert(samples != NULL && changes != NULL);
    for (uint64_t at = 0; at < count;) {
        size_t some = 0;
        for (; some < CHUNK && at < count; some++, at++)
            put_sample(&samples[some], at, &changes[some]);
        test_must(author_append(test_midis.records.author, changes, some, AYNI_LANE_BULK, NULL),
                  "append");
    }
    written = bench_now() - start;
    test_node_settle(&test_midis);
    *followed_s = bench_now() - start;
    free(samples);
    free(changes);
    return written;
}

static double write_singly(uint64_t from)
{
    struct sample sample;
    struct author_change change;
    double start = bench_now();

    for (uint64_t i = 0; i < SINGLES; i++) {
        put_sample(&sample, from + i, &change);
        test_must(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
                  "write");
    }
    return bench_now() - start;
}

static double rebuild(void)
{
    double start = bench_now();

    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    test_node_settle(&test_midis);
    return bench_now() - start;
}

static double list(uint64_t *listed)
{
    SCOPED_READER *reader = NULL;
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    double start = bench_now();

    test_must(reader_begin(&test_midis.records, &reader), "read");
    walk_type(reader, NULL, TYPE_HB_TEST, &walk);
    for (*listed = 0; walk_next(&walk, &key); ++*listed) {
        SCOPED_STATE state = { 0 };
        test_must(reader_fold(reader, &key, &state), "fold");
    }
    return bench_now() - start;
}

static uint64_t bytes_of(const char *store)
{
    char path[512];

    test_folder_path(&test_midis.folder, store, path, sizeof(path));
    return bench_folder_bytes(path);
}

static uint64_t record_count;

/* The node in one process reports by Check, so it runs inside of it. */
START_TEST(measure)
{
    struct bench_line line;
    double written, followed;
    uint64_t listed;

    test_midis.map_size = UINT64_C(1) << 34;
    test_one_open();
    bench_line_begin(&line, "records");
    written = write_many(record_count, &followed);
    bench_line_number(&line, "records", (double)record_count);
    bench_line_number(&line, "author_bulk_per_s", (double)record_count / written);
    bench_line_number(&line, "followed_per_s", (double)record_count / followed);
    bench_line_number(&line, "author_single_per_s", SINGLES / write_singly(record_count));
    bench_line_number(&line, "rebuild_per_s", (double)record_count / rebuild());
    bench_line_number(&line, "list_per_s", (double)record_count / list(&listed));
    bench_line_number(&line, "log_bytes", (double)bytes_of("log"));
    bench_line_number(&line, "views_bytes", (double)bytes_of("views"));
    bench_line_number(&line, "peak_rss_kib", (double)bench_peak_rss_kib());
    bench_line_end(&line);
    test_one_close();
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("bench");
    TCase *only = tcase_create("records");
    SRunner *runner = srunner_create(suite);

    record_count = bench_argument(argc, argv, 1, 100000);
    tcase_set_timeout(only, 0);
    tcase_add_test(only, measure);
    suite_add_tcase(suite, only);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
