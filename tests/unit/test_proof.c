#include "proto/proof.h"

#include <stdlib.h>

#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static struct test_history history;
static struct ayni_buffer bytes;

/* Of a run of five: entry 1, which is the first of all, and entry 3, hollow. */
static void make_proof(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_history_make(&history, 1, 5, 0);
    struct test_keys root = test_root();
    struct ayni_proof_part part = {
        .descriptor = history.descriptor,
        .seq = 1,
        .before = history.start.chain,
        .entry = history.entries[0],
    };
    ayni_proof_begin(&root.node, 2, &bytes);
    ayni_proof_put(&root.node, &part, &history.entries[1], 4, &history.run.signature, &bytes);
    part.seq = 3;
    part.before = history.chains[1];
    part.entry = history.entries[2];
    part.entry.hollow = AYNI_HOLLOW_ERASED;
    part.entry.payload = (struct ayni_bytes){ NULL, 0 };
    ayni_proof_put(&root.node, &part, &history.entries[3], 2, &history.run.signature, &bytes);
}

static void free_proof(void)
{
    ayni_buffer_free(&bytes);
}

/* All parts, to the end. */
static enum ayni_status verify(void *context, struct ayni_bytes from)
{
    struct ayni_proof proof;
    struct ayni_proof_part part;
    enum ayni_status status = ayni_proof_decode(from, &proof);

    (void)context;
    while (status == AYNI_OK)
        status = ayni_proof_next(&proof, &part);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

START_TEST(a_proof_verifies_with_nothing_else)
{
    struct ayni_proof proof;
    struct ayni_proof_part part;

    ck_assert_int_eq(ayni_proof_decode(ayni_buffer_bytes(&bytes), &proof), AYNI_OK);
    ck_assert_uint_eq(proof.part_count, 2);
    ck_assert_int_eq(ayni_proof_next(&proof, &part), AYNI_OK);
    ck_assert(ayni_id_equal(&part.feed, &history.feed));
    ck_assert(ayni_id_equal(&part.chain, &history.chains[0]));
    ck_assert(ayni_bytes_equal(part.entry.payload, history.entries[0].payload));
    ck_assert_uint_eq(part.sealed_seq, 5);
    ck_assert_int_eq(ayni_proof_next(&proof, &part), AYNI_OK);
    ck_assert_uint_eq(part.seq, 3);
    ck_assert_int_eq(part.entry.hollow, AYNI_HOLLOW_ERASED);
    ck_assert(ayni_id_equal(&part.chain, &history.chains[2]));
    ck_assert_int_eq(ayni_proof_next(&proof, &part), AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(every_part_of_a_proof_counts)
{
    test_wrong_sizes_are_refused(verify, NULL, ayni_buffer_bytes(&bytes));
}
END_TEST

/* All bits but those of the reason for which an entry is hollow, which nobody signs. */
START_TEST(every_bit_of_a_proof_counts)
{
    struct ayni_proof whole;
    size_t accepted = 0;

    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        accepted += verify(NULL, ayni_buffer_bytes(&bytes)) == AYNI_OK;
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert_int_eq(ayni_proof_decode(ayni_buffer_bytes(&bytes), &whole), AYNI_OK);
    ck_assert_uint_eq(accepted, 4); /* reason 1 becomes 3, 5, 9 or 17, and stays in its form */
}
END_TEST

START_TEST(after_a_bad_part_there_is_none)
{
    struct ayni_proof proof;
    struct ayni_proof_part part;

    bytes.data[bytes.size - 1] ^= 1; /* the second part's signature */
    ck_assert_int_eq(ayni_proof_decode(ayni_buffer_bytes(&bytes), &proof), AYNI_OK);
    ck_assert_int_eq(ayni_proof_next(&proof, &part), AYNI_OK);
    ck_assert_int_eq(ayni_proof_next(&proof, &part), AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_proof_next(&proof, &part), AYNI_E_SIGNATURE);
}
END_TEST

/* The seal of the same node, over another feed, another seq, another start. */
START_TEST(a_seal_of_elsewhere_proves_nothing)
{
    struct test_keys root = test_root();
    SCOPED_BUFFER to = { 0 };
    struct ayni_proof_part part = {
        .descriptor = history.descriptor,
        .seq = 1,
        .before = history.start.chain,
        .entry = history.entries[0],
    };

    if (_i == 0)
        part.descriptor.incarnation.bytes[0] ^= 1;
    else if (_i == 1)
        part.seq = 2;
    else
        part.before.bytes[0] ^= 1;
    ayni_proof_begin(&root.node, 1, &to);
    ayni_proof_put(&root.node, &part, &history.entries[1], 4, &history.run.signature, &to);
    ck_assert_int_lt(verify(NULL, ayni_buffer_bytes(&to)), AYNI_OK);
}
END_TEST

/* A run at the most stands between an entry and its seal, and a payload has its maximum. */
START_TEST(a_proof_is_bounded)
{
    static struct ayni_entry following[AYNI_RUN_ENTRIES_MAX];
    struct test_keys root = test_root();
    struct ayni_proof_part part = {
        .descriptor = history.descriptor,
        .seq = 1,
        .before = history.start.chain,
        .entry = history.entries[0],
    };
    SCOPED_BUFFER to = { 0 };

    for (size_t i = 0; i < AYNI_RUN_ENTRIES_MAX; i++)
        following[i] = history.entries[1];
    if (_i == 1) {
        part.entry.hollow = AYNI_HOLLOW_ERASED;
        part.entry.payload_size = AYNI_PAYLOAD_SIZE_MAX + 1;
    }
    ayni_proof_begin(&root.node, 1, &to);
    ayni_proof_put(&root.node, &part, following, _i == 0 ? AYNI_RUN_ENTRIES_MAX : 4,
                   &history.run.signature, &to);
    ck_assert_int_eq(verify(NULL, ayni_buffer_bytes(&to)), AYNI_E_LIMIT);
}
END_TEST

START_TEST(what_is_too_large_for_a_proof_is_not_looked_at)
{
    uint8_t *large = calloc(1, AYNI_PROOF_SIZE_MAX + 1);

    ck_assert_ptr_nonnull(large);
    ck_assert_int_eq(verify(NULL, (struct ayni_bytes){ large, AYNI_PROOF_SIZE_MAX + 1 }),
                     AYNI_E_LIMIT);
    free(large);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("proof");
    TCase *proof = tcase_create("proof");

    tcase_add_checked_fixture(proof, make_proof, free_proof);
    tcase_add_test(proof, a_proof_verifies_with_nothing_else);
    tcase_add_test(proof, every_part_of_a_proof_counts);
    tcase_add_test(proof, every_bit_of_a_proof_counts);
    tcase_add_test(proof, after_a_bad_part_there_is_none);
    tcase_add_loop_test(proof, a_seal_of_elsewhere_proves_nothing, 0, 3);
    tcase_add_loop_test(proof, a_proof_is_bounded, 0, 2);
    tcase_add_test(proof, what_is_too_large_for_a_proof_is_not_looked_at);
    suite_add_tcase(suite, proof);
    return test_run(suite);
}
