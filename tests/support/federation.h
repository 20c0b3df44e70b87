#ifndef AYNI_TESTS_SUPPORT_FEDERATION_H
#define AYNI_TESTS_SUPPORT_FEDERATION_H

#include "proto/card.h"
#include "proto/entry.h"

/*
 * A federation of fixed keys for tests of what is signed: its root, and nodes
 * by number, the same ones in every run. ayni_crypto_init() comes first.
 */
struct test_keys {
    struct ayni_signing_key secret;
    struct ayni_node node;
};

struct test_keys test_keys(uint8_t number);
/* The root key's pair: test_keys(0). */
struct test_keys test_root(void);

/* A card of node `number` with two endpoints, signed, appended. */
void test_card(uint8_t number, struct ayni_buffer *cose);

/* A feed of `number` in space 1, lane 1, and a run of `count` (up to 8) entries at its start. */
enum { TEST_RUN_MAX = 8 };
struct test_history {
    struct test_keys keys;
    struct ayni_feed_descriptor descriptor;
    struct ayni_feed feed;
    struct ayni_entry entries[TEST_RUN_MAX];
    struct ayni_run run;
    struct ayni_head start, end;
    struct ayni_hash chains[TEST_RUN_MAX];
};
/* `variant` is in each payload: two variants are two histories of one feed. */
void test_history_make(struct test_history *made, uint8_t number, size_t count, uint8_t variant);

#endif
