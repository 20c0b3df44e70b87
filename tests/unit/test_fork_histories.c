/*
 * Random trees of histories that a hostile member writes into one feed, with
 * contexts that name any of them, while honest nodes write on what they see.
 * Nodes get parts of it in any order, find forks, tell each other: in the end
 * all hold the same segments and answer the same, as the slow model of the
 * fold says, and a rebuild changes nothing.
 *
 *     AYNI_SEEDS=100   a tenth as many seeds
 *     AYNI_SEED=17     this one alone, which a failure prints
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/federation/forks.h"
#include "daemon/records/charter.h"
#include "proto/limits.h"
#include "tests/support/fold_model.h"
#include "tests/support/log.h"
#include "tests/support/node_all.h"
#include "tests/support/node_fork.h"
#include "tests/support/node_pair.h"
#include "tests/support/tree.h"

enum { SEEDS_DEFAULT = 6, NODES = 3, STEPS = 30, RECORDS = 3, PERSON = 103, ROUNDS = 40 };

static struct test_node *const nodes[NODES] = { &test_midis, &test_innova, &test_care };
static struct tree tree;
static struct test_random rnd;
static unsigned long long seed;

static size_t below(size_t count)
{
    return (size_t)test_random_below(&rnd, count);
}

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

static void setup(void)
{
    test_three_open();
    test_node_exchange(&test_midis, &test_innova);
}

static struct record_key key_of(size_t number)
{
    return (struct record_key){ test_visits, PERSON, { { (uint8_t)number, 1, 2, 3, 4, 5 } } };
}

/* --- what is written --- */

/* An entry of the tree as a pair of the own feed. */
static struct ayni_seen seen_at(const struct tree_history *history, uint64_t seq)
{
    struct ayni_seen seen = { .own = true, .seq = seq };

    memcpy(seen.chain.bytes, history->chains[seq].bytes, sizeof(seen.chain.bytes));
    return seen;
}

static int by_order(const void *a, const void *b)
{
    return ayni_seen_order(a, b);
}

/* Of its own history, and of any other that there is so far; what it names is of no matter. */
static size_t some_context(const struct tree *of, const struct tree_history *history,
                           struct ayni_seen *seen)
{
    size_t count = 0;

    if (history->length > 0 && below(3) > 0)
        seen[count++] = seen_at(history, 1 + below(history->length));
    for (size_t i = 0; i < of->count && count < 3; i++) {
        const struct tree_history *other = &of->histories[i];
        if (other != history && other->length > 0 && below(3) == 0)
            seen[count++] = seen_at(other, 1 + below(other->length));
    }
    qsort(seen, count, sizeof(*seen), by_order);
    if (count > 1 && by_order(&seen[0], &seen[1]) == 0)
        return 1;
    return count > 2 && by_order(&seen[1], &seen[2]) == 0 ? 2 : count;
}

/* A surname, of one byte and a number, for one of few records. */
static void fill(const struct tree *of, const struct tree_history *history,
                 struct test_random *random, struct ayni_buffer *payload)
{
    struct ayni_seen seen[3];
    uint8_t value[2] = { 0x61, (uint8_t)('a' + below(20)) };
    struct ayni_field field = { 1, { value, sizeof(value) } };
    struct ayni_version version = { .record = key_of(below(RECORDS)).record,
                                    .type = PERSON,
                                    .seen = seen,
                                    .seen_count = some_context(of, history, seen),
                                    .fields = &field,
                                    .field_count = 1,
                                    .steward = TEST_BYTES("x") };

    test_random_fill(random, version.salt, sizeof(version.salt));
    ayni_version_encode(&version, payload);
}

/* An honest writer, on what it has folded. */
static void write_honestly(struct test_node *node)
{
    uint8_t value[2] = { 0x61, (uint8_t)('A' + below(20)) };
    struct ayni_field field = { 1, { value, sizeof(value) } };
    struct record_key key = key_of(below(RECORDS));
    struct author_change change = { .space = key.space,
                                    .record = key.record,
                                    .type = key.type,
                                    .fields = &field,
                                    .field_count = 1,
                                    .steward = TEST_BYTES("maria") };

    test_must(author_write(node->records.author, &change, 1, AYNI_LANE_CURRENT, NULL), "write");
}

/* --- what comes about --- */

static void ignore(void *context, const struct ayni_feed *feed)
{
    (void)context;
    (void)feed;
}

static void tend(struct test_node *node)
{
    test_must(forks_tend(&node->records, ignore, NULL), "tend");
    test_node_settle(node);
}

static void meet(struct test_node *from, struct test_node *to, size_t runs_max)
{
    test_node_compare(from, to);
    test_node_hand(from, to, runs_max, below(2) == 0);
    if (below(2) == 0)
        tend(to);
}

/* The first runs of a history alone, as who has seen no other one holds it. */
static void begin_with(struct test_log *log, size_t history, size_t runs)
{
    struct ayni_head head = { 0, ayni_chain_start(&tree.feed) };

    for (size_t i = 0; i < runs; i++) {
        struct ayni_run run = tree_run(&tree, history, i);
        struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
        struct ayni_head after;
        struct log_txn *txn;
        test_must(ayni_run_verify(&run, &tree.feed, &tree.keys.node, AYNI_LANE_CURRENT, &head,
                                  (struct ayni_instant){ 0 }, &after, chains),
                  "verify");
        test_must(log_txn_begin(log->store, &txn), "transaction");
        test_must(log_txn_extend(txn, &tree.feed, &tree.feed, &tree.descriptor, &head, &run, chains,
                                 &after, (struct ayni_instant){ 5 }),
                  "run");
        test_must(log_txn_commit(txn), "commit");
        head = after;
    }
}

/* The author shows one of its histories, or how it begins, to a node, through somebody who has
 * seen no other. */
static void show(size_t history, size_t runs, struct test_node *to)
{
    struct test_log log;
    struct test_node author = { 0 };

    test_log_make(&log, 1 << 20);
    begin_with(&log, history, runs);
    author.log = log.store;
    for (int round = 0; round < 6; round++) {
        test_node_share_proofs(to, &author);
        test_node_share_proofs(&author, to);
        test_node_compare(&author, to);
        test_node_hand(&author, to, SIZE_MAX, false);
    }
    test_log_remove(&log);
}

static void happen(void)
{
    struct test_node *node = nodes[below(NODES)], *other = nodes[below(NODES)];
    size_t history = below(tree.count);

    switch (below(8)) {
    case 0:
    case 1:
        show(history, 1 + below(tree.histories[history].run_count), node);
        break;
    case 2:
    case 3:
        write_honestly(node);
        break;
    case 4:
        tend(node);
        break;
    case 5:
        if (below(4) == 0)
            test_node_reopen(node, below(2) == 0);
        break;
    default:
        if (node != other)
            meet(node, other, below(3) == 0 ? 1 + below(3) : SIZE_MAX);
    }
}

static bool add_arrivals(void *context, const struct log_feed *feed)
{
    *(uint64_t *)context += log_feed_count(feed) + feed->forked;
    return true;
}

static uint64_t held_by_all(void)
{
    uint64_t held = 0;

    for (size_t i = 0; i < NODES; i++) {
        SCOPED_LOG_SNAPSHOT *log = NULL;
        test_must(log_snapshot_begin(nodes[i]->log, &log), "snapshot");
        test_must(log_each_feed(log, add_arrivals, &held), "feeds");
    }
    return held;
}

/* Until nothing moves any more. */
static void agree(void)
{
    uint64_t before = 0, now = held_by_all();
    unsigned quiet = 0;

    for (unsigned round = 0; quiet < 2; round++) {
        ck_assert_msg(round < ROUNDS, "AYNI_SEED=%llu: it never ends", seed);
        for (size_t i = 0; i < NODES * NODES; i++)
            if (i / NODES != i % NODES)
                meet(nodes[i / NODES], nodes[i % NODES], SIZE_MAX);
        for (size_t i = 0; i < NODES; i++)
            tend(nodes[i]);
        before = now;
        now = held_by_all();
        quiet = now == before ? quiet + 1 : 0;
    }
}

/* --- what must hold in the end --- */

static void check_segments(const struct test_node *node)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    SCOPED_BUFFER expected = { 0 }, held = { 0 };

    tree_segments(&tree, &expected);
    test_must(log_snapshot_begin(node->log, &log), "snapshot");
    tree_segments_of_log(log, &tree.feed, &held);
    ck_assert_msg(strcmp((char *)expected.data, (char *)held.data) == 0,
                  "AYNI_SEED=%llu: a node has\n%sand not\n%s", seed, held.data, expected.data);
}

/* Whether a history of the tree goes through both. */
static bool joins(uint64_t seq, const uint8_t *chain, size_t chain_size,
                  const struct ayni_fold_item *item)
{
    for (size_t i = 0; i < tree.count; i++) {
        const struct tree_history *history = &tree.histories[i];
        if (seq <= history->length && item->seq <= seq &&
            memcmp(history->chains[seq].bytes, chain, chain_size) == 0 &&
            ayni_id_equal(&history->chains[item->seq], &item->chain))
            return true;
    }
    return false;
}

/* Honest feeds have one history, and what is said of them fits it. */
static bool covers(void *context, const struct ayni_fold_item *by,
                   const struct ayni_fold_item *what)
{
    (void)context;
    for (size_t i = 0; i < by->version->seen_count; i++) {
        const struct ayni_seen *seen = &by->version->seen[i];
        const uint8_t *name = seen->own ? by->feed.bytes : seen->feed.bytes;
        if (memcmp(name, what->feed.bytes, sizeof(seen->feed.bytes)) != 0)
            continue;
        if (ayni_id_equal(&what->feed, &tree.feed)
                ? joins(seen->seq, seen->chain.bytes, sizeof(seen->chain.bytes), what)
                : what->seq <= seen->seq)
            return true;
    }
    return false;
}

static bool in_past(void *context, const struct ayni_fold_item *older,
                    const struct ayni_fold_item *newer)
{
    (void)context;
    if (!ayni_id_equal(&older->feed, &newer->feed))
        return false;
    return ayni_id_equal(&older->feed, &tree.feed)
               ? joins(newer->seq, newer->chain.bytes, sizeof(newer->chain.bytes), older)
               : older->seq <= newer->seq;
}

/* The model doesn't say of which type the record is. */
static struct ayni_merge_rule rule_of(void *charter, uint32_t type, uint32_t field)
{
    (void)type;
    return charter_fold_rule(charter, PERSON, field);
}

static void check_fold(const struct test_node *node)
{
    SCOPED_READER *reader = NULL;

    test_must(reader_begin((struct records *)(uintptr_t)&node->records, &reader), "read");
    for (size_t i = 0; i < RECORDS; i++) {
        SCOPED_STATE state = { 0 };
        SCOPED_BUFFER expected = { 0 }, folded = { 0 };
        struct record_key key = key_of(i);
        struct fold_model model = { NULL, covers, in_past, rule_of,
                                    (void *)(uintptr_t)reader_charter(reader) };
        if (reader_fold(reader, &key, &state) != AYNI_OK)
            continue;
        fold_model_fold(&model, state.items, state.count, &expected);
        fold_model_print(&state.folded, &folded);
        ck_assert_msg(ayni_bytes_equal(ayni_buffer_bytes(&expected), ayni_buffer_bytes(&folded)),
                      "AYNI_SEED=%llu: record %zu folds otherwise than the model", seed, i);
    }
}

static void check_anew(struct test_node *node)
{
    SCOPED_BUFFER grown = { 0 };

    test_node_all(node, &grown);
    test_must(projector_rebuild(node->records.projector, NULL), "rebuild");
    test_node_same(node, &grown, seed, "a rebuild");
    test_node_reopen(node, true);
    test_node_same(node, &grown, seed, "views/ were deleted");
}

START_TEST(any_order_of_a_forked_feed_ends_in_one_state)
{
    seed = number_of("AYNI_SEED", 1) + (unsigned long long)_i;
    rnd = (struct test_random){ seed };
    tree_make(&tree, 2, &test_visits, 2 + below(TREE_HISTORIES_MAX - 1), fill, &rnd);
    for (int i = 0; i < STEPS; i++)
        happen();
    for (size_t i = 0; i < tree.count; i++)
        show(i, tree.histories[i].run_count, nodes[below(NODES)]);
    agree();
    for (size_t i = 0; i < NODES; i++) {
        check_segments(nodes[i]);
        check_fold(nodes[i]);
        if (i > 0)
            test_same_answers(nodes[0], nodes[i]);
    }
    check_anew(nodes[below(NODES)]);
}
END_TEST

int main(void)
{
    bool one = getenv("AYNI_SEED") != NULL;
    uint64_t seeds = number_of("AYNI_SEEDS", 10 * SEEDS_DEFAULT) / 10;
    Suite *suite = suite_create("fork_histories");
    TCase *histories = tcase_create("histories");

    tcase_add_checked_fixture(histories, setup, test_three_close);
    tcase_set_timeout(histories, 240);
    tcase_add_loop_test(histories, any_order_of_a_forked_feed_ends_in_one_state, 0,
                        one ? 1 : (int)(seeds < 1 ? 1 : seeds));
    suite_add_tcase(suite, histories);
    return test_run(suite);
}
