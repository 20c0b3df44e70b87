#include "proto/fork_proof.h"

#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static struct test_history one, other;
static struct ayni_fork_proof told;
static struct ayni_buffer bytes;

/* Two histories of one feed that differ from their first entry on. */
static void make_fork(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_history_make(&one, 1, 3, 0);
    test_history_make(&other, 1, 2, 1);
    told = (struct ayni_fork_proof){
        .root = test_root().node,
        .descriptor = one.descriptor,
        .seq = 1,
        .before = one.start.chain,
    };
}

static void free_fork(void)
{
    ayni_buffer_free(&bytes);
}

static void encode(const struct test_history *a, const struct test_history *b,
                   struct ayni_buffer *to)
{
    struct ayni_fork_side first = { a->entries, a->run.count, a->run.signature };
    struct ayni_fork_side second = { b->entries, b->run.count, b->run.signature };

    ayni_fork_proof_encode(&told, &first, &second, to);
}

static enum ayni_status decode(void *context, struct ayni_bytes from)
{
    struct ayni_fork_proof proof;

    (void)context;
    return ayni_fork_proof_decode(from, &proof);
}

START_TEST(a_fork_is_proven_whichever_side_comes_first)
{
    SCOPED_BUFFER swapped = { 0 };
    struct ayni_fork_proof proof;

    encode(&one, &other, &bytes);
    encode(&other, &one, &swapped);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&bytes), ayni_buffer_bytes(&swapped)));
    ck_assert_int_eq(ayni_fork_proof_decode(ayni_buffer_bytes(&bytes), &proof), AYNI_OK);
    ck_assert(ayni_id_equal(&proof.feed, &one.feed));
    ck_assert_uint_eq(proof.sealed[0].seq + proof.sealed[1].seq, 3 + 2);
    int first = ayni_id_equal(&proof.chains[0], &one.chains[0]) ? 0 : 1;
    ck_assert(ayni_id_equal(&proof.chains[first], &one.chains[0]));
    ck_assert(ayni_id_equal(&proof.chains[1 - first], &other.chains[0]));
    ck_assert(ayni_id_equal(&proof.sealed[first].chain, &one.end.chain));
}
END_TEST

START_TEST(every_part_and_bit_of_a_fork_proof_counts)
{
    encode(&one, &other, &bytes);
    test_wrong_sizes_are_refused(decode, NULL, ayni_buffer_bytes(&bytes));
    test_bit_flips_are_refused(decode, NULL, ayni_buffer_bytes(&bytes));
}
END_TEST

START_TEST(one_history_twice_is_no_fork)
{
    encode(&one, &one, &bytes);
    ck_assert_int_eq(decode(NULL, ayni_buffer_bytes(&bytes)), AYNI_E_INVALID);
}
END_TEST

START_TEST(a_fork_of_two_nodes_is_none)
{
    struct test_history stranger;

    test_history_make(&stranger, 2, 2, 1);
    encode(&one, &stranger, &bytes);
    ck_assert_int_eq(decode(NULL, ayni_buffer_bytes(&bytes)), AYNI_E_SIGNATURE);
}
END_TEST

START_TEST(a_feed_starts_at_its_own_chain)
{
    told.before.bytes[0] ^= 1;
    encode(&one, &other, &bytes);
    ck_assert_int_eq(decode(NULL, ayni_buffer_bytes(&bytes)), AYNI_E_CHAIN);
}
END_TEST

/* A side has as many entries as a run at the most. */
START_TEST(a_side_is_bounded)
{
    static struct ayni_entry many[AYNI_RUN_ENTRIES_MAX + 1];
    struct ayni_fork_side first = { one.entries, one.run.count, one.run.signature };
    struct ayni_fork_side second = { many, AYNI_RUN_ENTRIES_MAX + 1, other.run.signature };

    for (size_t i = 0; i <= AYNI_RUN_ENTRIES_MAX; i++)
        many[i] = other.entries[0];
    ayni_fork_proof_encode(&told, &first, &second, &bytes);
    ck_assert_int_eq(decode(NULL, ayni_buffer_bytes(&bytes)), AYNI_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fork_proof");
    TCase *fork_proof = tcase_create("fork_proof");

    tcase_add_checked_fixture(fork_proof, make_fork, free_fork);
    tcase_add_test(fork_proof, a_fork_is_proven_whichever_side_comes_first);
    tcase_add_test(fork_proof, every_part_and_bit_of_a_fork_proof_counts);
    tcase_add_test(fork_proof, one_history_twice_is_no_fork);
    tcase_add_test(fork_proof, a_fork_of_two_nodes_is_none);
    tcase_add_test(fork_proof, a_feed_starts_at_its_own_chain);
    tcase_add_test(fork_proof, a_side_is_bounded);
    suite_add_tcase(suite, fork_proof);
    return test_run(suite);
}
