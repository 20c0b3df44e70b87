/* How many feeds an author has: feeds, branches, spaces and lanes; and who may have more. */
#include "daemon/records/quotas.h"

#include "tests/support/fork.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

static struct test_log node_log;
static struct test_random random_numbers;
static const struct ayni_space space = { { 1 } }, other_space = { { 2 } };

static void setup(void)
{
    random_numbers.state = 11;
    test_log_make(&node_log, 64 * 1024 * 1024);
}

static void teardown(void)
{
    test_log_remove(&node_log);
}

/* `count` incarnations of one author, an entry in each. */
static void write_feeds(const struct ayni_feed_descriptor *author, unsigned count)
{
    const struct ayni_node root = test_root().node;
    static struct test_run run;
    struct test_feed feed;
    struct log_txn *txn;

    ck_assert_int_eq(log_txn_begin(node_log.store, &txn), AYNI_OK);
    for (unsigned i = 0; i < count; i++) {
        test_feed_init(&feed, author->lane, &random_numbers);
        feed.descriptor.node = author->node;
        feed.descriptor.space = author->space;
        feed.id = ayni_feed_of(&root, &feed.descriptor);
        feed.head.chain = ayni_chain_start(&feed.id);
        test_feed_next(&feed, 1, 8, &random_numbers, &run);
        ck_assert_int_eq(test_log_append_in(txn, &feed, &run, feed.last_time), AYNI_OK);
    }
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
}

static struct ayni_feed_descriptor author_of(uint8_t number, const struct ayni_space *in,
                                             uint8_t lane)
{
    return (
        struct ayni_feed_descriptor){ .node = test_keys(number).node, .space = *in, .lane = lane };
}

static void read(struct quotas *quotas)
{
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&node_log);

    *quotas = (struct quotas){ 0 };
    ck_assert_int_eq(quotas_read(snapshot, quotas), AYNI_OK);
}

struct seen {
    size_t count;
    struct quota_use uses[4];
};

static bool see(void *context, const struct quota_use *use)
{
    struct seen *seen = context;

    ck_assert_uint_lt(seen->count, 4);
    seen->uses[seen->count++] = *use;
    return true;
}

static struct seen look(void)
{
    SCOPED_QUOTAS quotas = { 0 };
    struct seen seen = { 0 };

    read(&quotas);
    quotas_each(&quotas, see, &seen);
    return seen;
}

START_TEST(operators_hear_of_an_author_long_before_nothing_more_is_taken)
{
    struct ayni_feed_descriptor author = author_of(3, &space, AYNI_LANE_CURRENT);

    ck_assert_uint_eq(look().count, 0);
    write_feeds(&author, QUOTAS_ALERT - 1);
    ck_assert_uint_eq(look().count, 0);
    write_feeds(&author, 1);
    struct seen seen = look();
    ck_assert_uint_eq(seen.count, 1);
    ck_assert(ayni_id_equal(&seen.uses[0].node, &author.node));
    ck_assert(ayni_id_equal(&seen.uses[0].space, &space));
    ck_assert_uint_eq(seen.uses[0].lane, AYNI_LANE_CURRENT);
    ck_assert_uint_eq(seen.uses[0].feeds, QUOTAS_ALERT);
    ck_assert(!quota_is_used_up(&seen.uses[0]));
    write_feeds(&author, AYNI_FEEDS_PER_AUTHOR_MAX - QUOTAS_ALERT - 1);
    seen = look();
    ck_assert(!quota_is_used_up(&seen.uses[0]));
    write_feeds(&author, 1);
    seen = look();
    ck_assert(quota_is_used_up(&seen.uses[0]));
}
END_TEST

START_TEST(authors_spaces_and_lanes_are_counted_apart)
{
    const struct ayni_feed_descriptor authors[] = {
        author_of(3, &space, AYNI_LANE_CURRENT),
        author_of(3, &space, AYNI_LANE_BULK),
        author_of(3, &other_space, AYNI_LANE_CURRENT),
        author_of(4, &space, AYNI_LANE_CURRENT),
    };

    for (size_t i = 0; i < 4; i++)
        write_feeds(&authors[i], QUOTAS_ALERT - 1);
    ck_assert_uint_eq(look().count, 0);
    write_feeds(&authors[_i], 1);
    struct seen seen = look();
    ck_assert_uint_eq(seen.count, 1);
    ck_assert(ayni_id_equal(&seen.uses[0].node, &authors[_i].node));
    ck_assert(ayni_id_equal(&seen.uses[0].space, &authors[_i].space));
    ck_assert_uint_eq(seen.uses[0].lane, authors[_i].lane);
}
END_TEST

/* Ways out of one feed's beginning of which nothing is held but the proofs. */
START_TEST(branches_count_from_their_proof_on)
{
    struct test_fork fork;
    struct ayni_fork_proof proof;
    SCOPED_BUFFER bytes = { 0 };
    struct log_txn *txn;

    test_fork_make(&fork, 3, &space, 0);
    test_fork_prove(&fork, 0, 1, &bytes);
    ck_assert_int_eq(ayni_fork_proof_decode(ayni_buffer_bytes(&bytes), &proof), AYNI_OK);
    ck_assert_int_eq(log_txn_begin(node_log.store, &txn), AYNI_OK);
    ck_assert_int_eq(
        log_txn_put_fork(txn, &proof, ayni_buffer_bytes(&bytes), (struct ayni_instant){ 5 }),
        AYNI_OK);
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    write_feeds(&fork.descriptor, QUOTAS_ALERT - 2);
    struct seen seen = look();
    ck_assert_uint_eq(seen.count, 1);
    ck_assert_uint_eq(seen.uses[0].feeds, QUOTAS_ALERT);
}
END_TEST

START_TEST(what_is_taken_is_counted)
{
    struct ayni_feed_descriptor known = author_of(3, &space, AYNI_LANE_CURRENT);
    struct ayni_feed_descriptor others[] = {
        author_of(2, &space, AYNI_LANE_CURRENT),
        author_of(3, &space, AYNI_LANE_CONTROL),
        author_of(3, &other_space, AYNI_LANE_CURRENT),
        author_of(4, &space, AYNI_LANE_CURRENT),
    };
    SCOPED_QUOTAS quotas = { 0 };

    write_feeds(&known, 2);
    read(&quotas);
    ck_assert(quotas_take(&quotas, &known, AYNI_FEEDS_PER_AUTHOR_MAX - 3));
    ck_assert(!quotas_take(&quotas, &known, 2));
    ck_assert(quotas_take(&quotas, &known, 1));
    ck_assert(!quotas_take(&quotas, &known, 1));
    for (size_t i = 0; i < 4; i++) { /* of whom nothing was there */
        ck_assert(quotas_take(&quotas, &others[i], AYNI_FEEDS_PER_AUTHOR_MAX));
        ck_assert(!quotas_take(&quotas, &others[i], 1));
    }
    ck_assert(!quotas_take(&quotas, &known, 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("quotas");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, operators_hear_of_an_author_long_before_nothing_more_is_taken);
    tcase_add_loop_test(core, authors_spaces_and_lanes_are_counted_apart, 0, 4);
    tcase_add_test(core, branches_count_from_their_proof_on);
    tcase_add_test(core, what_is_taken_is_counted);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
