#ifndef AYNI_TESTS_SUPPORT_FEED_H
#define AYNI_TESTS_SUPPORT_FEED_H

#include "proto/entry.h"
#include "proto/limits.h"
#include "tests/support/random.h"

/* A feed that a test writes: a key of its own, and where the writer stands. */
struct test_feed {
    struct ayni_signing_key secret;
    struct ayni_feed_descriptor descriptor;
    struct ayni_feed id;
    struct ayni_head head;
    struct ayni_instant last_time;
};

/* All from `random`, in the federation of test_root(); ayni_crypto_init() is called here. */
void test_feed_init(struct test_feed *feed, uint8_t lane, struct test_random *random);

/* A sealed run and what it is made of. It must not be moved. */
struct test_run {
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run run;
    struct ayni_head before, after;
    uint8_t payloads[AYNI_PAYLOAD_SIZE_MAX];
};

/* The next run of the feed: `count` entries with random payloads of `payload_size` bytes. */
void test_feed_next(struct test_feed *feed, size_t count, size_t payload_size,
                    struct test_random *random, struct test_run *run);

#endif
