#include "tests/support/fork.h"

#include <assert.h>

#include "proto/fork_proof.h"

static struct ayni_entry make_entry(uint8_t number)
{
    static uint8_t payloads[8][2];

    payloads[number][0] = 0x81; /* [number] in CBOR */
    payloads[number][1] = number;
    return (struct ayni_entry){ .kind = AYNI_KIND_VERSION,
                                .time = { 1795317165678 },
                                .payload = { payloads[number], 2 } };
}

/* One entry each, after `fork->at`. */
static void part(struct test_fork *fork)
{
    struct ayni_head after;
    struct ayni_hash chain;

    for (uint8_t side = 0; side < 2; side++) {
        fork->own[side] = make_entry((uint8_t)(TEST_FORK_COMMON_MAX + side));
        fork->sides[side] = (struct ayni_run){ &fork->own[side], 1, { { 0 } } };
        ayni_run_seal(&fork->sides[side], &fork->feed, &fork->keys.secret, &fork->at, &after,
                      &chain);
    }
}

void test_fork_after(struct test_fork *fork, uint8_t number,
                     const struct ayni_feed_descriptor *descriptor, const struct ayni_head *at)
{
    *fork = (struct test_fork){
        .keys = test_keys(number), .root = test_root().node, .descriptor = *descriptor, .at = *at
    };
    fork->feed = ayni_feed_of(&fork->root, descriptor);
    part(fork);
}

void test_fork_make(struct test_fork *fork, uint8_t number, const struct ayni_space *space,
                    size_t common)
{
    struct ayni_hash chains[TEST_FORK_COMMON_MAX];

    assert(common <= TEST_FORK_COMMON_MAX);
    *fork = (struct test_fork){ .keys = test_keys(number), .root = test_root().node };
    fork->descriptor = (struct ayni_feed_descriptor){ .node = fork->keys.node,
                                                      .space = *space,
                                                      .lane = AYNI_LANE_CURRENT,
                                                      .incarnation = { { number, 7 } } };
    fork->feed = ayni_feed_of(&fork->root, &fork->descriptor);
    fork->at = (struct ayni_head){ 0, ayni_chain_start(&fork->feed) };
    for (size_t i = 0; i < common; i++)
        fork->shared[i] = make_entry((uint8_t)i);
    fork->common = (struct ayni_run){ fork->shared, common, { { 0 } } };
    if (common > 0) {
        struct ayni_head start = fork->at;
        ayni_run_seal(&fork->common, &fork->feed, &fork->keys.secret, &start, &fork->at, chains);
    }
    part(fork);
}

void test_fork_prove(const struct test_fork *fork, int one, int other, struct ayni_buffer *proof)
{
    struct ayni_fork_proof facts = { .root = fork->root,
                                     .descriptor = fork->descriptor,
                                     .seq = fork->at.seq + 1,
                                     .before = fork->at.chain };
    struct ayni_fork_side first = { &fork->own[one], 1, fork->sides[one].signature };
    struct ayni_fork_side second = { &fork->own[other], 1, fork->sides[other].signature };

    ayni_fork_proof_encode(&facts, &first, &second, proof);
}
