/* Forks that one node found, told to all by entries: the log, views/, and what a member does. */
#include "daemon/federation/forks.h"

#include "daemon/records/audit.h"
#include "daemon/records/fork.h"
#include "daemon/records/problem.h"
#include "proto/limits.h"
#include "tests/support/fork.h"
#include "tests/support/node_pair.h"

/* midis finds what innova forked; care is another member. */
static struct test_fork forked;
static unsigned stopped_count;

static void setup(void)
{
    test_three_open();
    test_fork_make(&forked, 2, &test_visits, 3);
    stopped_count = 0;
}

/* --- what a node comes to hold --- */

struct keeping {
    struct log_job job; /* first */
    const struct test_fork *fork;
    struct ayni_bytes proof;
};

static enum ayni_status put_fork(struct log_job *job, struct log_txn *txn)
{
    const struct keeping *keeping = (struct keeping *)job;
    struct ayni_fork_proof proof;
    enum ayni_status status = ayni_fork_proof_decode(keeping->proof, &proof);

    return status != AYNI_OK
               ? status
               : log_txn_put_fork(txn, &proof, keeping->proof, (struct ayni_instant){ 5 });
}

/* As after evidence that a peer showed. */
static void find_fork(struct test_node *node, const struct test_fork *fork)
{
    SCOPED_BUFFER proof = { 0 };
    struct keeping keeping = { .job = { .run = put_fork }, .fork = fork };

    test_fork_prove(fork, 0, 1, &proof);
    keeping.proof = ayni_buffer_bytes(&proof);
    test_must(log_writer_run(node->writer, &keeping.job), "fork");
}

static void write_proof(struct test_node *node, const struct ayni_space *space,
                        struct ayni_bytes proof)
{
    test_must(author_write_entry(node->records.author, space, AYNI_KIND_FORK_PROOF, proof, NULL),
              "proof entry");
}

static void note_stopped(void *context, const struct ayni_feed *feed)
{
    (void)context;
    (void)feed;
    stopped_count++;
}

static void tend(struct test_node *node)
{
    test_must(forks_tend(&node->records, note_stopped, NULL), "tend");
}

struct seeking {
    const struct test_fork *fork;
    bool found;
};

static bool is_it(void *context, const struct log_fork *fork)
{
    struct seeking *seeking = context;

    seeking->found |= ayni_id_equal(&fork->feed, &seeking->fork->feed) &&
                      fork->common.seq == seeking->fork->at.seq &&
                      ayni_id_equal(&fork->common.chain, &seeking->fork->at.chain);
    return true;
}

static bool is_stopped(struct test_node *node, const struct test_fork *fork)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct seeking seeking = { .fork = fork };
    struct log_feed feed = { .forked = false };

    test_must(log_snapshot_begin(node->log, &log), "snapshot");
    test_must(log_each_fork(log, is_it, &seeking), "forks");
    return seeking.found && log_find_feed(log, &fork->feed, &feed) == AYNI_OK && feed.forked;
}

static bool count_one(void *context, const struct fork_told *told)
{
    (void)told;
    ++*(unsigned *)context;
    return true;
}

/* Proof entries that hold. */
static unsigned told(struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    unsigned count = 0;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(forks_each_told(reader, NULL, count_one, &count), "told");
    return count;
}

/* --- the way of a proof --- */

START_TEST(who_finds_a_fork_tells_it_once)
{
    find_fork(&test_midis, &forked);
    ck_assert_uint_eq(told(&test_midis), 0);
    tend(&test_midis);
    ck_assert_uint_eq(told(&test_midis), 1);
    tend(&test_midis);
    test_node_reopen(&test_midis, false);
    tend(&test_midis);
    test_node_reopen(&test_midis, true); /* views/ is made anew */
    tend(&test_midis);
    ck_assert_uint_eq(told(&test_midis), 1);
    ck_assert_uint_eq(stopped_count, 0);
}
END_TEST

START_TEST(a_proof_stops_the_feed_at_every_member_that_gets_it)
{
    struct test_node *others[] = { &test_innova, &test_care };

    find_fork(&test_midis, &forked);
    tend(&test_midis);
    for (int i = 0; i < 2; i++) {
        test_node_exchange(&test_midis, others[i]);
        ck_assert(!is_stopped(others[i], &forked));
        tend(others[i]);
        ck_assert(is_stopped(others[i], &forked));
        ck_assert_uint_eq(stopped_count, i + 1);
        tend(others[i]);
        ck_assert_uint_eq(stopped_count, i + 1);
        ck_assert_uint_eq(told(others[i]), 1); /* and nobody says it again */
        ck_assert_uint_eq(test_problems(others[i]), 0);
    }
}
END_TEST

START_TEST(two_who_find_a_fork_agree)
{
    find_fork(&test_midis, &forked);
    find_fork(&test_care, &forked);
    tend(&test_midis);
    tend(&test_care);
    test_node_exchange(&test_midis, &test_care);
    tend(&test_midis);
    tend(&test_care);
    ck_assert_uint_eq(told(&test_midis), 2);
    ck_assert_uint_eq(told(&test_care), 2);
    ck_assert_uint_eq(stopped_count, 0);
    test_same_answers(&test_midis, &test_care);
}
END_TEST

START_TEST(an_earlier_fork_point_counts_whichever_comes_first)
{
    struct test_fork earlier;
    SCOPED_BUFFER early = { 0 }, late = { 0 };

    test_fork_make(&earlier, 2, &test_visits, 1);
    test_fork_prove(&earlier, 0, 1, &early);
    test_fork_prove(&forked, 1, 0, &late);
    write_proof(&test_care, &test_visits, ayni_buffer_bytes(_i == 0 ? &early : &late));
    tend(&test_care);
    write_proof(&test_care, &test_visits, ayni_buffer_bytes(_i == 0 ? &late : &early));
    tend(&test_care);
    ck_assert(is_stopped(&test_care, &earlier));
    ck_assert_uint_eq(stopped_count, 2);
}
END_TEST

static enum ayni_status put_many(struct log_job *job, struct log_txn *txn)
{
    const struct keeping *keeping = (struct keeping *)job;
    enum ayni_status status = AYNI_OK;

    for (uint16_t i = 0; status == AYNI_OK && i < AYNI_FEEDS_PER_AUTHOR_MAX - 1; i++) {
        struct ayni_feed_descriptor descriptor = keeping->fork->descriptor;
        struct ayni_entry entry = { .kind = 99 };
        struct ayni_run run = { &entry, 1, { { 0 } } };
        struct ayni_hash chain;
        struct ayni_head after;
        struct log_feed feed;
        ayni_put_u16(descriptor.incarnation.bytes + 2, i);
        struct ayni_feed id = ayni_feed_of(&keeping->fork->root, &descriptor);
        struct ayni_head start = { 0, ayni_chain_start(&id) };
        ayni_run_seal(&run, &id, &keeping->fork->keys.secret, &start, &after, &chain);
        status = log_txn_feed(txn, &id, &descriptor, &feed);
        if (status == AYNI_OK)
            status = log_txn_append(txn, feed.no, &start, &run, &chain, &after,
                                    (struct ayni_instant){ 5 });
    }
    return status;
}

/* What a node has of its author is as much as it takes; another author's forks are taken. */
START_TEST(a_forker_uses_up_its_own_quota)
{
    struct keeping many = { .job = { .run = put_many }, .fork = &forked };
    struct test_fork other;
    SCOPED_BUFFER proof = { 0 }, other_proof = { 0 };

    test_must(log_writer_run(test_care.writer, &many.job), "feeds");
    test_fork_prove(&forked, 0, 1, &proof);
    write_proof(&test_care, &test_visits, ayni_buffer_bytes(&proof));
    tend(&test_care);
    ck_assert(!is_stopped(&test_care, &forked));
    ck_assert_uint_eq(stopped_count, 0);
    test_fork_make(&other, 1, &test_visits, 2);
    test_fork_prove(&other, 0, 1, &other_proof);
    write_proof(&test_care, &test_visits, ayni_buffer_bytes(&other_proof));
    tend(&test_care);
    ck_assert(is_stopped(&test_care, &other));
    ck_assert_uint_eq(stopped_count, 1);
    ck_assert_uint_eq(test_problems(&test_care), 0);
}
END_TEST

/* --- what proves nothing --- */

static void expect_false(struct test_node *node, struct ayni_bytes proof)
{
    uint64_t before = test_problems(node);

    write_proof(node, &test_visits, proof);
    tend(node);
    ck_assert_uint_eq(test_problems(node), before + 1);
    ck_assert_uint_eq(stopped_count, 0);
    ck_assert_uint_eq(told(node), 0);
}

START_TEST(a_false_proof_stops_nothing_and_is_listed)
{
    struct test_fork other = forked;
    SCOPED_BUFFER proof = { 0 };

    expect_false(&test_care, (struct ayni_bytes){ (const uint8_t *)"no proof", 8 });

    test_fork_prove(&forked, 0, 1, &proof);
    for (size_t at = 3; at < proof.size; at += 61) {
        proof.data[at] ^= 1;
        expect_false(&test_care, ayni_buffer_bytes(&proof));
        proof.data[at] ^= 1;
    }
    proof.size--;
    expect_false(&test_care, ayni_buffer_bytes(&proof));

    ayni_buffer_clear(&proof); /* the same entry twice */
    test_fork_prove(&forked, 1, 1, &proof);
    expect_false(&test_care, ayni_buffer_bytes(&proof));

    ayni_buffer_clear(&proof); /* of another federation */
    other.root = test_keys(9).node;
    test_fork_prove(&other, 0, 1, &proof);
    expect_false(&test_care, ayni_buffer_bytes(&proof));

    ayni_buffer_clear(&proof); /* of another space, where it is true */
    test_fork_make(&other, 2, &(struct ayni_space){ { 77 } }, 2);
    test_fork_prove(&other, 0, 1, &proof);
    expect_false(&test_care, ayni_buffer_bytes(&proof));

    ayni_buffer_clear(&proof); /* one side of another feed */
    test_fork_make(&other, 1, &test_visits, 3);
    other.sides[1].signature = forked.sides[1].signature;
    test_fork_prove(&other, 0, 1, &proof);
    expect_false(&test_care, ayni_buffer_bytes(&proof));
}
END_TEST

START_TEST(what_a_stranger_forked_is_nobodys_business_until_it_is_a_member)
{
    struct test_fork stranger;
    struct test_node late = { 0 };
    SCOPED_BUFFER proof = { 0 };

    test_fork_make(&stranger, 4, &test_visits, 2);
    test_fork_prove(&stranger, 0, 1, &proof);
    write_proof(&test_care, &test_visits, ayni_buffer_bytes(&proof));
    tend(&test_care);
    ck_assert_uint_eq(stopped_count, 0);
    ck_assert(!is_stopped(&test_care, &stranger));

    test_node_open(&late, 4);
    test_node_join(&late, &test_midis, "late");
    (void)test_node_grant(&test_midis, &test_visits, &late, AYNI_RIGHT_WRITER);
    test_node_exchange(&test_midis, &test_care);
    tend(&test_care);
    ck_assert_uint_eq(stopped_count, 1);
    ck_assert(is_stopped(&test_care, &stranger));
    test_node_close(&late);
}
END_TEST

/* --- verifying --- */

static void count_failure(void *context, const struct audit_failure *failure)
{
    (void)failure;
    ++*(unsigned *)context;
}

static bool go_on(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done <= total;
}

/* As of a damaged file: what is kept proves nothing. */
static enum ayni_status put_bad(struct log_job *job, struct log_txn *txn)
{
    const struct keeping *keeping = (struct keeping *)job;
    const struct ayni_fork_proof proof = { .descriptor = keeping->fork->descriptor,
                                           .feed = keeping->fork->feed,
                                           .seq = 9,
                                           .chains = { { { 1 } }, { { 2 } } } };

    return log_txn_put_fork(txn, &proof, TEST_BYTES("no proof"), (struct ayni_instant){ 5 });
}

START_TEST(kept_proofs_are_verified)
{
    unsigned failures = 0;
    struct audit_listener listener = { &failures, count_failure, go_on };
    struct audit_counts counts;

    find_fork(&test_midis, &forked);
    test_must(audit_run(&test_midis.records, true, &listener, &counts), "audit");
    ck_assert_uint_eq(failures, 0);

    struct keeping bad = { .job = { .run = put_bad }, .fork = &forked, .proof = { 0 } };
    test_must(log_writer_run(test_midis.writer, &bad.job), "fork");
    test_must(audit_run(&test_midis.records, true, &listener, &counts), "audit");
    ck_assert_uint_eq(failures, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forks");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, test_three_close);
    tcase_add_test(core, who_finds_a_fork_tells_it_once);
    tcase_add_test(core, a_proof_stops_the_feed_at_every_member_that_gets_it);
    tcase_add_test(core, two_who_find_a_fork_agree);
    tcase_add_loop_test(core, an_earlier_fork_point_counts_whichever_comes_first, 0, 2);
    tcase_add_test(core, a_forker_uses_up_its_own_quota);
    tcase_add_test(core, a_false_proof_stops_nothing_and_is_listed);
    tcase_add_test(core, what_a_stranger_forked_is_nobodys_business_until_it_is_a_member);
    tcase_add_test(core, kept_proofs_are_verified);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
