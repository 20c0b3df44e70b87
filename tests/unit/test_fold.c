#include <stdlib.h>

#include <check.h>

#include "tests/support/small_record.h"

/* Survivors: docs/protocol.md, section 4.3, statement by statement. */

START_TEST(no_version_is_an_empty_record)
{
    small_fold();
    ck_assert_uint_eq(small.folded.field_count, 0);
    ck_assert(!small.folded.deleted && !small.folded.contested);
    ck_assert_ptr_null(ayni_folded_field(&small.folded, 1));
}
END_TEST

START_TEST(one_version_is_the_record)
{
    struct ayni_version *v = small_add('a', 7);
    small_set(v, 1, ONE);
    small_set(v, 5, NONE);
    small_fold();
    ck_assert_uint_eq(small.folded.type, 101);
    ck_assert_uint_eq(small.folded.field_count, 2);
    small_assert_settled(1, ONE);
    small_assert_settled(5, NONE);
    ck_assert_ptr_null(ayni_folded_field(&small.folded, 2));
    ck_assert_uint_eq(small_field(1)->alternatives[0].items[0], 0);
}
END_TEST

START_TEST(one_version_without_right_is_no_record)
{
    small_set(small_add('a', 1), 1, ONE);
    small.items[0].valid = false;
    small_fold();
    ck_assert_uint_eq(small.folded.field_count, 0);
}
END_TEST

START_TEST(who_saw_a_value_overwrites_it)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 1);
    small_set(edit, 1, TWO);
    small_fold();
    small_assert_settled(1, TWO);
}
END_TEST

START_TEST(who_did_not_see_a_value_contests_it)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, TWO);
    small_fold();
    small_assert_contested(1, TWO, ONE); /* the newer is shown */
}
END_TEST

START_TEST(a_later_clock_overwrites_nothing)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('a', 2), 1, TWO); /* of the same feed, which doesn't matter either */
    small_fold();
    small_assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(other_fields_are_not_touched)
{
    struct ayni_version *first = small_add('a', 1);
    small_set(first, 1, ONE);
    small_set(first, 2, ONE);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 1);
    small_set(edit, 2, TWO);
    small_fold();
    small_assert_settled(1, ONE);
    small_assert_settled(2, TWO);
}
END_TEST

START_TEST(editors_of_different_fields_do_not_conflict)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 2, TWO);
    small_fold();
    ck_assert(!small.folded.contested);
}
END_TEST

START_TEST(a_pair_covers_all_before_it_in_the_feed)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('a', 3), 1, TWO);
    small_set(small_add('a', 5), 1, THREE);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 4); /* which isn't of this record: the chain says that it is held */
    small_set(edit, 1, NONE);
    small_fold();
    small_assert_contested(1, NONE, THREE);
}
END_TEST

START_TEST(key_0_is_the_feed_of_the_version)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *edit = small_add('a', 2);
    small_see(edit, 'x', 1);
    edit->seen[0].own = true;
    small_chain('a', 1, edit->seen[0].chain.bytes);
    small_set(edit, 1, TWO);
    small_fold();
    small_assert_settled(1, TWO);
}
END_TEST

START_TEST(a_pair_that_fits_no_chain_covers_nothing)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 1);
    edit->seen[0].chain.bytes[7] ^= 1;
    small_set(edit, 1, TWO);
    small_fold();
    small_assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(a_pair_beyond_what_is_held_covers_nothing_yet)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 9);
    small_set(edit, 1, TWO);
    small.tail = 8;
    small_fold();
    small_assert_contested(1, TWO, ONE);
    small.tail = 9;
    small_fold();
    small_assert_settled(1, TWO);
}
END_TEST

START_TEST(a_version_without_right_overwrites_nothing)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 1);
    small_set(edit, 1, TWO);
    small.items[1].valid = false;
    small_fold();
    small_assert_settled(1, ONE);
}
END_TEST

START_TEST(a_version_that_cannot_be_read_counts_as_absent)
{
    small_set(small_add('a', 1), 1, ONE);
    small_add('b', 1);
    small.items[1].version = NULL;
    small_fold();
    small_assert_settled(1, ONE);
}
END_TEST

START_TEST(equal_values_collapse)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, ONE);
    small_fold();
    small_assert_settled(1, ONE);
    ck_assert_uint_eq(small_field(1)->alternatives[0].item_count, 2);
    ck_assert_uint_eq(small_field(1)->alternatives[0].items[0], 1); /* the newest first */
}
END_TEST

START_TEST(a_null_is_a_value_like_others)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, NONE);
    small_fold();
    small_assert_contested(1, NONE, ONE);
}
END_TEST

START_TEST(one_entry_twice_counts_once)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, TWO);
    small.items[small.count] = small.items[0];
    small.items[small.count + 1] = small.items[1];
    small.count += 2;
    small_fold();
    small_assert_contested(1, TWO, ONE);
    ck_assert_uint_eq(small_field(1)->alternatives[0].item_count, 1);
}
END_TEST

START_TEST(of_equal_times_the_chain_hash_decides)
{
    small_set(small_add('b', 1), 1, ONE);
    small_set(small_add('a', 1), 1, TWO);
    small.items[1].time = small.items[0].time;
    small_fold();
    small_assert_contested(1, ONE, TWO);
}
END_TEST

/* --- origins --- */

START_TEST(an_import_does_not_replace_what_a_person_wrote)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *import = small_add('b', 1);
    small_come_from(import, "A", "padron");
    small_see(import, 'a', 1);
    small_set(import, 1, TWO);
    small_fold();
    small_assert_contested(1, TWO, ONE);
}
END_TEST

static void import_over(const char *organisation, const char *name)
{
    struct ayni_version *first = small_add('a', 1);
    struct ayni_version *second = small_add('b', 1);

    small_come_from(first, organisation, name);
    small_set(first, 1, ONE);
    small_come_from(second, "A", "padron");
    small_see(second, 'a', 1);
    small_set(second, 1, TWO);
    small_fold();
}

START_TEST(an_import_replaces_its_own_origin)
{
    import_over("A", "padron");
    small_assert_settled(1, TWO);
}
END_TEST

START_TEST(an_import_does_not_replace_another_name)
{
    import_over("A", "his");
    small_assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(an_import_does_not_replace_another_organisation)
{
    import_over("B", "padron");
    small_assert_contested(1, TWO, ONE);
}
END_TEST

START_TEST(a_person_replaces_an_import)
{
    struct ayni_version *import = small_add('a', 1);
    struct ayni_version *edit = small_add('b', 1);
    small_come_from(import, "A", "padron");
    small_set(import, 1, ONE);
    small_come_from(edit, "A", "manual");
    small_see(edit, 'a', 1);
    small_set(edit, 1, TWO);
    small_fold();
    small_assert_settled(1, TWO);
}
END_TEST

/* --- size --- */

/* Feed a writes n small.versions of one field, each having seen the one before; then a stranger
 * forges n contexts. */
START_TEST(very_many_versions_fold_in_time)
{
    size_t many = 20000;
    struct ayni_fold_item *crowd = calloc(2 * many, sizeof(*crowd));
    struct ayni_version *written = calloc(2 * many, sizeof(*written));
    struct ayni_seen *pairs = calloc(2 * many, sizeof(*pairs));
    struct ayni_field one = { 1, ONE };

    ck_assert(crowd != NULL && written != NULL && pairs != NULL);
    small_add('a', 1);
    for (size_t i = 0; i < 2 * many; i++) {
        bool forged = i >= many;
        crowd[i] = small.items[0];
        crowd[i].feed.bytes[0] = forged ? 'b' : 'a';
        crowd[i].seq = 1 + i % many;
        ayni_put_u64(crowd[i].chain.bytes, 1 + i);
        crowd[i].version = &written[i];
        pairs[i] = (struct ayni_seen){ .seq = forged ? many : crowd[i].seq - 1, .own = !forged };
        memset(pairs[i].feed.bytes, 'a', sizeof(pairs[i].feed.bytes));
        ayni_put_u64(pairs[i].chain.bytes, forged ? many + 1 : i);
        written[i] = (struct ayni_version){ .type = 101, .fields = &one, .field_count = 1 };
        if (crowd[i].seq > 1 || forged) {
            written[i].seen = &pairs[i];
            written[i].seen_count = 1;
        }
    }
    ck_assert_int_eq(ayni_fold(crowd, 2 * many, &small_chains, small_rule, NULL, &small.folded),
                     AYNI_OK);
    small_assert_settled(1, ONE);
    ck_assert_uint_eq(small_field(1)->alternatives[0].item_count, many + 1);
    free(crowd);
    free(written);
    free(pairs);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fold");
    TCase *tcase = tcase_create("fold");

    tcase_add_checked_fixture(tcase, small_setup, small_teardown);
    tcase_add_test(tcase, no_version_is_an_empty_record);
    tcase_add_test(tcase, one_version_is_the_record);
    tcase_add_test(tcase, one_version_without_right_is_no_record);
    tcase_add_test(tcase, who_saw_a_value_overwrites_it);
    tcase_add_test(tcase, who_did_not_see_a_value_contests_it);
    tcase_add_test(tcase, a_later_clock_overwrites_nothing);
    tcase_add_test(tcase, other_fields_are_not_touched);
    tcase_add_test(tcase, editors_of_different_fields_do_not_conflict);
    tcase_add_test(tcase, a_pair_covers_all_before_it_in_the_feed);
    tcase_add_test(tcase, key_0_is_the_feed_of_the_version);
    tcase_add_test(tcase, a_pair_that_fits_no_chain_covers_nothing);
    tcase_add_test(tcase, a_pair_beyond_what_is_held_covers_nothing_yet);
    tcase_add_test(tcase, a_version_without_right_overwrites_nothing);
    tcase_add_test(tcase, a_version_that_cannot_be_read_counts_as_absent);
    tcase_add_test(tcase, equal_values_collapse);
    tcase_add_test(tcase, a_null_is_a_value_like_others);
    tcase_add_test(tcase, one_entry_twice_counts_once);
    tcase_add_test(tcase, of_equal_times_the_chain_hash_decides);
    tcase_add_test(tcase, an_import_does_not_replace_what_a_person_wrote);
    tcase_add_test(tcase, an_import_replaces_its_own_origin);
    tcase_add_test(tcase, an_import_does_not_replace_another_name);
    tcase_add_test(tcase, an_import_does_not_replace_another_organisation);
    tcase_add_test(tcase, a_person_replaces_an_import);
    tcase_add_test(tcase, very_many_versions_fold_in_time);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
