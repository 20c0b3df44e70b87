#include <stdlib.h>

#include <check.h>

#include "proto/limits.h"
#include "tests/support/random.h"
#include "tests/support/small_record.h"

/* What a writer has seen: docs/protocol.md, section 4.2. */

static struct ayni_seen *seen;
static size_t seen_count;

static void make_context(char own)
{
    struct ayni_feed feed;

    memset(feed.bytes, own, sizeof(feed.bytes));
    ck_assert_int_eq(ayni_fold_context(small.items, small.count, &small_chains,
                                       own == 0 ? NULL : &feed, &seen, &seen_count),
                     AYNI_OK);
}

START_TEST(a_first_version_has_an_empty_context)
{
    make_context('a');
    ck_assert_uint_eq(seen_count, 0);
    free(seen);
}
END_TEST

START_TEST(a_context_names_the_newest_of_each_feed_own_first)
{
    small_add('c', 4);
    small_add('a', 2);
    small_add('c', 9);
    small_add('b', 1);
    make_context('b');
    ck_assert_uint_eq(seen_count, 3);
    ck_assert(seen[0].own && seen[0].seq == 1 && seen[0].feed.bytes[0] == 'b');
    ck_assert(!seen[1].own && seen[1].feed.bytes[0] == 'a' && seen[1].seq == 2);
    ck_assert(seen[2].feed.bytes[0] == 'c' && seen[2].seq == 9);
    ck_assert_uint_eq(seen[2].chain.bytes[1], 9);
    free(seen);
}
END_TEST

START_TEST(a_context_does_not_reach_past_what_could_not_be_read)
{
    small_add('a', 2);
    small_add('a', 5);
    small_add('a', 8);
    small.items[1].version = NULL;
    make_context(0);
    ck_assert_uint_eq(seen_count, 1);
    ck_assert_uint_eq(seen[0].seq, 2);
    free(seen);
}
END_TEST

/* Of a history, of which daemon/records/context.c looks up no more than that. */
START_TEST(the_first_that_could_not_be_read_says_it_all)
{
    struct test_random random = { (uint64_t)_i + 1 };
    struct ayni_seen *all;
    size_t all_count, kept = 0, unread = 0;

    for (uint64_t i = 0, seq = 0; i < SMALL_ITEMS_MAX; i++) {
        seq += 1 + test_random_below(&random, 3);
        small_add('a', seq);
        if (test_random_below(&random, 4) == 0)
            small.items[i].version = NULL;
    }
    make_context(0);
    all = seen;
    all_count = seen_count;
    for (size_t i = 0; i < small.count; i++)
        if (small.items[i].version != NULL || unread++ == 0)
            small.items[kept++] = small.items[i];
    small.count = kept;
    make_context(0);
    ck_assert_uint_eq(seen_count, all_count);
    ck_assert(all_count == 0 || seen[0].seq == all[0].seq);
    free(all);
    free(seen);
}
END_TEST

START_TEST(a_context_does_not_reach_past_what_had_no_right)
{
    small_add('a', 2);
    small_add('a', 5);
    small_add('b', 1);
    small.items[0].valid = false;
    make_context(0);
    ck_assert_uint_eq(seen_count, 1);
    ck_assert_uint_eq(seen[0].feed.bytes[0], 'b');
    free(seen);
}
END_TEST

START_TEST(a_context_has_an_end)
{
    size_t many = AYNI_CONTEXT_PAIRS_MAX + 10;
    struct ayni_fold_item *crowd = calloc(many, sizeof(*crowd));

    ck_assert_ptr_nonnull(crowd);
    small_add('z', 1);
    for (size_t i = 0; i < many; i++) {
        crowd[i] = small.items[0];
        ayni_put_u32(crowd[i].feed.bytes, (uint32_t)i);
    }
    ck_assert_int_eq(
        ayni_fold_context(crowd, many, &small_chains, &crowd[many - 1].feed, &seen, &seen_count),
        AYNI_OK);
    ck_assert_uint_eq(seen_count, AYNI_CONTEXT_PAIRS_MAX);
    ck_assert(seen[0].own && !seen[1].own);
    free(seen);
    free(crowd);
}
END_TEST

/* --- the own feed, after a write that nobody has folded yet --- */

static const struct ayni_entry_name own_write = { .feed = { { 'o' } },
                                                  .seq = 7,
                                                  .chain = { { 9 } } };

START_TEST(the_own_pair_comes_first_and_once)
{
    seen = NULL;
    seen_count = 0;
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(ayni_context_see_own(&seen, &seen_count, &own_write), AYNI_OK);
        ck_assert_uint_eq(seen_count, 1);
        ck_assert(seen[0].own && seen[0].seq == 7 && seen[0].chain.bytes[0] == 9);
    }
    free(seen);
}
END_TEST

/* What is written must be read again: one pair more would be invalid for ever. */
START_TEST(the_own_pair_pushes_out_the_last_of_1024)
{
    SCOPED_BUFFER bytes = { 0 };
    struct ayni_seen *again = NULL;
    size_t again_count = 0;

    seen_count = AYNI_CONTEXT_PAIRS_MAX;
    seen = calloc(seen_count, sizeof(*seen));
    ck_assert_ptr_nonnull(seen);
    for (size_t i = 0; i < seen_count; i++) {
        ayni_put_u32(seen[i].feed.bytes, (uint32_t)i + 1);
        seen[i].seq = 1;
    }
    ck_assert_int_eq(ayni_context_see_own(&seen, &seen_count, &own_write), AYNI_OK);
    ck_assert_uint_eq(seen_count, AYNI_CONTEXT_PAIRS_MAX);
    ayni_context_put(seen, seen_count, &bytes);
    struct ayni_cbor_reader reader = ayni_cbor_reader(ayni_buffer_bytes(&bytes));
    ayni_context_read(&reader, &again, &again_count);
    ck_assert_int_eq(ayni_cbor_done(&reader), AYNI_OK);
    ck_assert_uint_eq(again_count, AYNI_CONTEXT_PAIRS_MAX);
    ck_assert(again[0].own && again[0].seq == 7);
    ck_assert_uint_eq(ayni_get_u32(again[1].feed.bytes), 1);
    free(again);
    free(seen);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fold_context");
    TCase *tcase = tcase_create("fold_context");

    tcase_add_checked_fixture(tcase, small_setup, small_teardown);
    tcase_add_test(tcase, the_own_pair_comes_first_and_once);
    tcase_add_test(tcase, the_own_pair_pushes_out_the_last_of_1024);
    tcase_add_test(tcase, a_first_version_has_an_empty_context);
    tcase_add_test(tcase, a_context_names_the_newest_of_each_feed_own_first);
    tcase_add_test(tcase, a_context_does_not_reach_past_what_could_not_be_read);
    tcase_add_loop_test(tcase, the_first_that_could_not_be_read_says_it_all, 0, 30);
    tcase_add_test(tcase, a_context_does_not_reach_past_what_had_no_right);
    tcase_add_test(tcase, a_context_has_an_end);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
