#include "tests/support/federation.h"

#include <stdlib.h>

#include "tests/support/suite.h"

/* Made once: a fuzz target asks a million times. */
struct test_keys test_keys(uint8_t number)
{
    static struct test_keys made[256];
    static bool is_made[256];
    uint8_t seed[32] = { 0xa1, number };

    if (!is_made[number] &&
        ayni_signing_key_of_seed(seed, &made[number].secret, &made[number].node) != AYNI_OK)
        abort();
    is_made[number] = true;
    return made[number];
}

struct test_keys test_root(void)
{
    return test_keys(0);
}

void test_card(uint8_t number, struct ayni_buffer *cose)
{
    struct test_keys keys = test_keys(number);
    struct ayni_card card = {
        .serial = 1,
        .name = TEST_BYTES("Red Innova"),
        .node = keys.node,
        .transport_key = { number, 1, 2, 3 },
        .endpoints = { TEST_BYTES("tcp://ayni.example.org:7411"),
                       TEST_BYTES("tcp://[2001:db8::1]:7411") },
        .endpoint_count = 2,
    };

    if (ayni_card_sign(&card, &keys.secret, cose) != AYNI_OK)
        abort();
}

void test_history_make(struct test_history *made, uint8_t number, size_t count, uint8_t variant)
{
    static uint8_t payloads[256][TEST_RUN_MAX][3];
    struct test_keys root = test_root();

    *made = (struct test_history){ .keys = test_keys(number) };
    made->descriptor = (struct ayni_feed_descriptor){
        .node = made->keys.node,
        .space = { { 1 } },
        .lane = AYNI_LANE_CURRENT,
        .incarnation = { { number, 9 } },
    };
    made->feed = ayni_feed_of(&root.node, &made->descriptor);
    made->start = (struct ayni_head){ 0, ayni_chain_start(&made->feed) };
    for (size_t i = 0; i < count; i++) {
        uint8_t *payload = payloads[variant][i];
        payload[0] = 0x82; /* [i, variant] in CBOR, for i and variants below 24 */
        payload[1] = (uint8_t)i;
        payload[2] = variant;
        made->entries[i] = (struct ayni_entry){ .kind = AYNI_KIND_VERSION,
                                                .time = { 1795317165678 + i },
                                                .payload = { payload, 3 } };
    }
    made->run = (struct ayni_run){ made->entries, count, { { 0 } } };
    ayni_run_seal(&made->run, &made->feed, &made->keys.secret, &made->start, &made->end,
                  made->chains);
}
