/*
 * What an entry costs to read and verify, and to author, in runs of 256 with
 * payloads of 128 bytes and alone with 300: one JSON line each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "proto/limits.h"
#include "proto/seal.h"
#include "tests/support/federation.h"
#include "tests/support/random.h"

enum { REPEAT_MS = 500 };

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void expect(enum ayni_status status)
{
    if (status != AYNI_OK) {
        fprintf(stderr, "%s\n", ayni_status_name(status));
        exit(1);
    }
}

static void measure(size_t count, size_t payload_size)
{
    static struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX], room[AYNI_RUN_ENTRIES_MAX];
    static struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    static uint8_t payloads[AYNI_RUN_PAYLOAD_MAX];
    struct test_random random = { 1 };
    struct test_history history;
    struct ayni_run run = { entries, count, { { 0 } } }, read = { .entries = room };
    struct ayni_head after;
    struct ayni_instant start_of_time = { 0 };
    SCOPED_BUFFER wire = { 0 };
    size_t used, rounds = 0;

    test_history_make(&history, 1, 1, 0);
    test_random_fill(&random, payloads, sizeof(payloads));
    for (size_t i = 0; i < count; i++)
        entries[i] =
            (struct ayni_entry){ .kind = AYNI_KIND_VERSION,
                                 .time = { 1795317165678 },
                                 .payload = { payloads + i * payload_size, payload_size } };

    double start = now_us(), made_us, read_us;
    for (; now_us() - start < REPEAT_MS * 1e3; rounds++)
        ayni_run_seal(&run, &history.feed, &history.keys.secret, &history.start, &after, chains);
    made_us = (now_us() - start) / (double)(rounds * count);
    ayni_run_encode(&run, &wire);

    rounds = 0;
    start = now_us();
    for (; now_us() - start < REPEAT_MS * 1e3; rounds++) {
        expect(ayni_run_read(ayni_buffer_bytes(&wire), &used, &read));
        expect(ayni_run_verify(&read, &history.feed, &history.keys.node, AYNI_LANE_BULK,
                               &history.start, start_of_time, &after, chains));
    }
    read_us = (now_us() - start) / (double)(rounds * count);
    printf("{\"bench\":\"run\",\"entries\":%zu,\"payload_bytes\":%zu,\"wire_bytes_per_entry\":%.1f,"
           "\"author_us\":%.3f,\"verify_us\":%.3f}\n",
           count, payload_size, (double)wire.size / (double)count, made_us, read_us);
}

int main(void)
{
    expect(ayni_crypto_init());
    measure(1, 300);
    measure(64, 300);
    measure(109, 300);
    measure(256, 128);
    return 0;
}
