/* Feeds that fork, in logs that learn of it in different orders: all end with the same segments. */
#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/suite.h"
#include "tests/support/tree.h"

enum { LOGS = 4, ROUNDS = 12, STEPS = 120 };

static struct test_log stores[LOGS];
static struct tree tree;
static struct test_random random_numbers;
static const struct ayni_space space = { { 1 } };
static const struct ayni_instant now = { 1800000000000 };

static void setup(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    for (size_t i = 0; i < LOGS; i++)
        test_log_make(&stores[i], 4 * 1024 * 1024);
}

static void teardown(void)
{
    for (size_t i = 0; i < LOGS; i++)
        test_log_remove(&stores[i]);
}

static uint64_t below(uint64_t limit)
{
    return test_random_below(&random_numbers, limit);
}

/* --- entries --- */

/* Verify the run after `head` of a segment, and store it. */
static enum ayni_status take_run(struct test_log *to, const struct ayni_feed *segment,
                                 struct ayni_head *head, const struct ayni_run *run)
{
    struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    struct ayni_head after;
    struct log_txn *txn;

    ck_assert_int_eq(ayni_run_verify(run, &tree.feed, &tree.keys.node, AYNI_LANE_CURRENT, head,
                                     (struct ayni_instant){ 0 }, &after, chains),
                     AYNI_OK);
    ck_assert_int_eq(log_txn_begin(to->store, &txn), AYNI_OK);
    enum ayni_status status =
        log_txn_extend(txn, segment, &tree.feed, &tree.descriptor, head, run, chains, &after, now);
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    *head = after;
    return status;
}

/* The first runs of a history, under the feed's own name: nobody knows of a fork yet. */
static void begin_with(struct test_log *to, size_t history)
{
    struct ayni_head head = { 0, ayni_chain_start(&tree.feed) };

    for (size_t run = 0; run < tree.histories[history].run_count; run++) {
        struct ayni_run made = tree_run(&tree, history, run);
        ck_assert_int_eq(take_run(to, &tree.feed, &head, &made), AYNI_OK);
    }
}

/* --- gossip --- */

static void put_proof(struct test_log *to, struct ayni_bytes bytes)
{
    struct ayni_fork_proof proof;
    struct log_txn *txn;

    ck_assert_int_eq(ayni_fork_proof_decode(bytes, &proof), AYNI_OK);
    ck_assert_int_eq(log_txn_begin(to->store, &txn), AYNI_OK);
    enum ayni_status status = log_txn_put_fork(txn, &proof, bytes, now);
    ck_assert_msg(status == AYNI_OK || status == AYNI_E_EXISTS, "%s", ayni_status_name(status));
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
}

struct picked {
    struct ayni_buffer proof;
    uint64_t wanted, seen;
};

static bool pick_proof(void *context, const struct log_fork *fork)
{
    struct picked *picked = context;

    if (picked->seen++ != picked->wanted)
        return true;
    ayni_buffer_append(&picked->proof, fork->proof.data, fork->proof.size);
    return false;
}

/* Hand over the `wanted`-th proof; false where there are not as many. */
static bool hand_proof(struct test_log *from, struct test_log *to, uint64_t wanted)
{
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(from);
    struct picked picked = { .wanted = wanted };
    bool found;

    ck_assert_int_eq(log_each_fork(snapshot, pick_proof, &picked), AYNI_OK);
    found = picked.proof.size > 0;
    if (found)
        put_proof(to, ayni_buffer_bytes(&picked.proof));
    ayni_buffer_free(&picked.proof);
    return found;
}

/* Both hold the segment and differ in it: find where, and prove it to `to`. */
static void show_fork(struct log_snapshot *from, const struct log_segment *theirs,
                      struct test_log *to, const struct log_segment *ours)
{
    SCOPED_LOG_SNAPSHOT *held = test_log_snapshot(to);
    struct ayni_entry one[AYNI_RUN_ENTRIES_MAX], other[AYNI_RUN_ENTRIES_MAX];
    struct ayni_fork_side own_side, other_side;
    struct ayni_hash a = { { 0 } }, b = { { 0 } };
    struct ayni_fork_proof proof = { .root = tree.root,
                                     .descriptor = tree.descriptor,
                                     .seq = ours->start.seq };
    SCOPED_BUFFER bytes = { 0 };

    do {
        proof.before = a;
        proof.seq++;
        ck_assert_int_eq(log_get_chain(from, theirs->no, proof.seq, &a), AYNI_OK);
        ck_assert_int_eq(log_get_chain(held, ours->no, proof.seq, &b), AYNI_OK);
    } while (ayni_id_equal(&a, &b));
    ck_assert_int_eq(log_get_chain(held, ours->no, proof.seq - 1, &proof.before), AYNI_OK);
    ck_assert_int_eq(log_get_side(held, ours->no, proof.seq, one, &own_side), AYNI_OK);
    ck_assert_int_eq(log_get_side(from, theirs->no, proof.seq, other, &other_side), AYNI_OK);
    ayni_fork_proof_encode(&proof, &own_side, &other_side, &bytes);
    put_proof(to, ayni_buffer_bytes(&bytes));
}

/* Whether the other's segment goes through the end of ours, or ours through its end. */
static bool agrees(struct log_snapshot *from, const struct log_segment *theirs,
                   struct log_snapshot *held, const struct log_segment *ours)
{
    struct ayni_hash chain;

    if (theirs->head.seq >= ours->head.seq) {
        ck_assert_int_eq(log_get_chain(from, theirs->no, ours->head.seq, &chain), AYNI_OK);
        return ayni_id_equal(&chain, &ours->head.chain);
    }
    ck_assert_int_eq(log_get_chain(held, ours->no, theirs->head.seq, &chain), AYNI_OK);
    return ayni_id_equal(&chain, &theirs->head.chain);
}

static void pull_runs(struct log_snapshot *from, const struct log_segment *theirs,
                      struct test_log *to, const struct log_segment *ours)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run run = { .entries = entries };
    struct ayni_head head = ours->head;
    SCOPED_BUFFER runs = { 0 };
    uint64_t next;
    size_t used;

    ck_assert_int_eq(log_read_runs(from, theirs->no, head.seq + 1, theirs->head.seq, 1 + below(900),
                                   &runs, &next),
                     AYNI_OK);
    for (size_t at = 0; at < runs.size; at += used) {
        struct ayni_bytes rest = { runs.data + at, runs.size - at };
        ck_assert_int_eq(ayni_run_read(rest, &used, &run), AYNI_OK);
        enum ayni_status status = take_run(to, &theirs->id, &head, &run);
        ck_assert_msg(status == AYNI_OK || status == AYNI_E_FORK, "%s", ayni_status_name(status));
    }
}

struct pull {
    struct log_snapshot *from;
    struct test_log *to;
    bool changed;
};

/* What a peer has of one segment, as gossip would bring it. */
static bool pull_segment(void *context, const struct log_segment *theirs)
{
    struct pull *pull = context;
    struct log_segment ours = { .id = tree.feed, .head = { 0, ayni_chain_start(&tree.feed) } };
    struct log_snapshot *held = test_log_snapshot(pull->to);
    enum ayni_status status = log_find_segment(held, &theirs->id, &ours);
    bool known = status == AYNI_OK || ayni_id_equal(&theirs->id, &tree.feed);
    bool same = !known || status != AYNI_OK || agrees(pull->from, theirs, held, &ours);

    log_snapshot_end(held);
    if (!known)
        return true; /* its proof hasn't come */
    if (!same) {
        show_fork(pull->from, theirs, pull->to, &ours);
        pull->changed = true;
    } else if (theirs->head.seq > ours.head.seq && !ours.ended) {
        pull_runs(pull->from, theirs, pull->to, &ours);
        pull->changed = true;
    }
    return true;
}

static bool pull_some(void *context, const struct log_segment *theirs)
{
    return below(3) > 0 || pull_segment(context, theirs);
}

static void gossip(struct test_log *from, struct test_log *to)
{
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(from);
    struct pull pull = { snapshot, to, false };

    if (below(3) == 0)
        (void)hand_proof(from, to, below(4));
    ck_assert_int_eq(log_each_segment(snapshot, pull_some, &pull), AYNI_OK);
}

/* All that there is to hand over; whether entries came. */
static bool gossip_all(struct test_log *from, struct test_log *to)
{
    for (uint64_t i = 0; hand_proof(from, to, i); i++)
        ;
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(from);
    struct pull pull = { snapshot, to, false };
    ck_assert_int_eq(log_each_segment(snapshot, pull_segment, &pull), AYNI_OK);
    return pull.changed;
}

/* --- what must hold --- */

static void expect_whole(struct test_log *store, const struct ayni_buffer *expected, uint64_t seed)
{
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(store);
    SCOPED_BUFFER text = { 0 };

    tree_segments_of_log(snapshot, &tree.feed, &text);
    ck_assert_msg(strcmp((char *)text.data, (char *)expected->data) == 0,
                  "seed %llu: the log has\n%sand not\n%s", (unsigned long long)seed, text.data,
                  expected->data);
}

START_TEST(any_order_ends_in_the_same_segments)
{
    uint64_t seed = 1000 + (uint64_t)_i;
    SCOPED_BUFFER expected = { 0 };
    bool changed = true;

    random_numbers = (struct test_random){ seed };
    tree_make(&tree, 5, &space, 2 + below(TREE_HISTORIES_MAX - 1), NULL, &random_numbers);
    tree_segments(&tree, &expected);
    for (size_t i = 0; i < tree.count; i++) /* some logs begin with nothing */
        if (i < LOGS)
            begin_with(&stores[i], i);
    for (int step = 0; step < STEPS; step++) {
        gossip(&stores[below(LOGS)], &stores[below(LOGS)]);
        if (step % 20 ==
            7) /* a history that nobody has seen comes to somebody who has nothing else */
            for (size_t i = LOGS; i < tree.count; i++) {
                struct test_log late;
                test_log_make(&late, 1 << 20);
                begin_with(&late, i);
                gossip(&late, &stores[below(LOGS)]);
                test_log_remove(&late);
            }
    }
    for (size_t i = LOGS; i < tree.count; i++) {
        struct test_log late;
        test_log_make(&late, 1 << 20);
        begin_with(&late, i);
        for (int round = 0; round < 20; round++) {
            gossip_all(&stores[0], &late);
            gossip_all(&late, &stores[0]);
        }
        test_log_remove(&late);
    }
    for (int round = 0; changed; round++) {
        changed = false;
        for (size_t i = 0; i < LOGS * LOGS; i++)
            changed |= gossip_all(&stores[i / LOGS], &stores[i % LOGS]);
        ck_assert_msg(round < 50, "seed %llu: it never ends", (unsigned long long)seed);
    }
    for (size_t i = 0; i < LOGS; i++) {
        expect_whole(&stores[i], &expected, seed);
        ck_assert_uint_eq(test_log_check(stores[i].store), tree_entry_count(&tree));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_segments");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_set_timeout(core, 120);
    tcase_add_loop_test(core, any_order_ends_in_the_same_segments, 0, ROUNDS);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
