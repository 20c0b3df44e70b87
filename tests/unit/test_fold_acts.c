#include <check.h>

#include "tests/support/small_record.h"

/* Resolutions, withdrawals, deletes: docs/protocol.md, section 4.3, statement by statement. */

/* --- resolutions and withdrawals --- */

/* a says 1, b says 2, c resolves to 3. */
static void contest_and_resolve(void)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, TWO);
    struct ayni_version *resolution = small_add('c', 1);
    resolution->act = AYNI_ACT_RESOLUTION;
    small_see(resolution, 'a', 1);
    small_see(resolution, 'b', 1);
    small_set(resolution, 1, THREE);
}

START_TEST(a_resolution_settles)
{
    contest_and_resolve();
    small_fold();
    small_assert_settled(1, THREE);
    ck_assert(!small.folded.contested && !small.folded.withdrawn[2]);
}
END_TEST

START_TEST(a_withdrawal_brings_the_conflict_back_with_its_authors)
{
    contest_and_resolve();
    small_withdraw(small_add('d', 1), 2);
    small_fold();
    small_assert_contested(1, TWO, ONE);
    ck_assert_uint_eq(small_field(1)->alternatives[0].items[0], 1);
    ck_assert_uint_eq(small_field(1)->alternatives[1].items[0], 0);
    ck_assert(small.folded.withdrawn[2] && !small.folded.withdrawn[0] &&
              !small.folded.withdrawn[3]);
}
END_TEST

START_TEST(a_withdrawal_may_come_before_what_it_names)
{
    contest_and_resolve();
    small_withdraw(small_add('d', 1), 2);
    struct ayni_fold_item last = small.items[3];
    small.items[3] = small.items[0];
    small.items[0] = last;
    small_fold();
    small_assert_contested(1, TWO, ONE);
    ck_assert(small.folded.withdrawn[2]);
}
END_TEST

START_TEST(a_withdrawal_without_right_withdraws_nothing)
{
    contest_and_resolve();
    small_withdraw(small_add('d', 1), 2);
    small.items[3].valid = false;
    small_fold();
    small_assert_settled(1, THREE);
}
END_TEST

START_TEST(a_withdrawal_of_a_withdrawal_does_nothing)
{
    contest_and_resolve();
    small_withdraw(small_add('d', 1), 2);
    small_withdraw(small_add('e', 1), 3);
    small_fold();
    small_assert_contested(1, TWO, ONE);
    ck_assert(!small.folded.withdrawn[3]);
}
END_TEST

START_TEST(an_edit_cannot_be_withdrawn)
{
    small_set(small_add('a', 1), 1, ONE);
    small_withdraw(small_add('b', 1), 0);
    small_fold();
    small_assert_settled(1, ONE);
    ck_assert(!small.folded.withdrawn[0]);
}
END_TEST

START_TEST(a_withdrawal_names_a_chain)
{
    contest_and_resolve();
    struct ayni_version *withdrawal = small_add('d', 1);
    small_withdraw(withdrawal, 2);
    withdrawal->withdraws.chain.bytes[7] ^= 1;
    small_fold();
    small_assert_settled(1, THREE);
}
END_TEST

START_TEST(an_edit_after_a_resolution_stands_by_its_own_context)
{
    contest_and_resolve();
    struct ayni_version *edit = small_add('d', 1);
    small_see(edit, 'a', 1);
    small_see(edit, 'b', 1);
    small_see(edit, 'c', 1);
    small_set(edit, 1, NONE);
    small_withdraw(small_add('e', 1), 2);
    small_fold();
    small_assert_settled(1, NONE);
}
END_TEST

START_TEST(two_resolutions_may_conflict)
{
    contest_and_resolve();
    struct ayni_version *other = small_add('d', 1);
    other->act = AYNI_ACT_RESOLUTION;
    small_see(other, 'a', 1);
    small_see(other, 'b', 1);
    small_set(other, 1, ONE);
    small_fold();
    small_assert_contested(1, ONE, THREE);
    ck_assert_uint_eq(small_field(1)->alternatives[0].item_count, 1); /* d's, and not a's */
}
END_TEST

/* --- deletion --- */

START_TEST(a_delete_of_all_that_it_saw_deletes)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *delete = small_add('b', 1);
    small_see(delete, 'a', 1);
    small_set(delete, 0, YES);
    small_fold();
    ck_assert(small.folded.deleted && !small.folded.delete_contested && !small.folded.contested);
    small_assert_settled(1, ONE); /* which stays, for who looks at the history */
}
END_TEST

START_TEST(a_delete_beside_an_unseen_edit_is_contested_and_shown_alive)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *delete = small_add('b', 1);
    small_see(delete, 'a', 1);
    small_set(delete, 0, YES);
    struct ayni_version *edit = small_add('c', 1);
    small_see(edit, 'a', 1);
    small_set(edit, 1, TWO);
    small_fold();
    ck_assert(!small.folded.deleted && small.folded.delete_contested && small.folded.contested);
}
END_TEST

START_TEST(an_edit_that_saw_the_delete_brings_the_record_back)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *delete = small_add('b', 1);
    small_see(delete, 'a', 1);
    small_set(delete, 0, YES);
    struct ayni_version *edit = small_add('c', 1);
    small_see(edit, 'a', 1);
    small_see(edit, 'b', 1);
    small_set(edit, 0, NONE);
    small_set(edit, 1, TWO);
    small_fold();
    ck_assert(!small.folded.deleted && !small.folded.delete_contested && !small.folded.contested);
    small_assert_settled(1, TWO);
}
END_TEST

START_TEST(two_deletes_are_one)
{
    small_set(small_add('a', 1), 1, ONE);
    for (char feed = 'b'; feed < 'd'; feed++) {
        struct ayni_version *delete = small_add(feed, 1);
        small_see(delete, 'a', 1);
        small_set(delete, 0, YES);
    }
    small_fold();
    ck_assert(small.folded.deleted);
}
END_TEST

START_TEST(versions_that_do_not_survive_need_not_be_seen_by_the_delete)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 1);
    small_set(edit, 1, TWO);
    struct ayni_version *delete = small_add('c', 1);
    small_see(delete, 'b', 1);
    small_set(delete, 0, YES);
    small_fold();
    ck_assert(small.folded.deleted);
}
END_TEST

START_TEST(an_import_deletes_its_own_origin_alone)
{
    small_set(small_add('a', 1), 1, ONE);
    struct ayni_version *delete = small_add('b', 1);
    small_come_from(delete, "A", "padron");
    small_see(delete, 'a', 1);
    small_set(delete, 0, YES);
    small_fold();
    ck_assert(!small.folded.deleted && small.folded.delete_contested);
    small_come_from(&small.versions[0], "A", "padron");
    small_fold();
    ck_assert(small.folded.deleted);
}
END_TEST

START_TEST(conflicts_of_a_deleted_record_wait_for_nobody)
{
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, TWO);
    struct ayni_version *delete = small_add('c', 1);
    small_see(delete, 'a', 1);
    small_see(delete, 'b', 1);
    small_set(delete, 0, YES);
    small_fold();
    ck_assert(small.folded.deleted && !small.folded.contested && small_field(1)->contested);
}
END_TEST

START_TEST(a_record_of_one_delete_is_deleted)
{
    small_set(small_add('a', 1), 0, YES);
    small_fold();
    ck_assert(small.folded.deleted && !small.folded.contested);
    ck_assert_uint_eq(small.folded.field_count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fold_acts");
    TCase *tcase = tcase_create("fold_acts");

    tcase_add_checked_fixture(tcase, small_setup, small_teardown);
    tcase_add_test(tcase, a_resolution_settles);
    tcase_add_test(tcase, a_withdrawal_brings_the_conflict_back_with_its_authors);
    tcase_add_test(tcase, a_withdrawal_may_come_before_what_it_names);
    tcase_add_test(tcase, a_withdrawal_without_right_withdraws_nothing);
    tcase_add_test(tcase, a_withdrawal_of_a_withdrawal_does_nothing);
    tcase_add_test(tcase, an_edit_cannot_be_withdrawn);
    tcase_add_test(tcase, a_withdrawal_names_a_chain);
    tcase_add_test(tcase, an_edit_after_a_resolution_stands_by_its_own_context);
    tcase_add_test(tcase, two_resolutions_may_conflict);
    tcase_add_test(tcase, a_delete_of_all_that_it_saw_deletes);
    tcase_add_test(tcase, a_delete_beside_an_unseen_edit_is_contested_and_shown_alive);
    tcase_add_test(tcase, an_edit_that_saw_the_delete_brings_the_record_back);
    tcase_add_test(tcase, two_deletes_are_one);
    tcase_add_test(tcase, versions_that_do_not_survive_need_not_be_seen_by_the_delete);
    tcase_add_test(tcase, an_import_deletes_its_own_origin_alone);
    tcase_add_test(tcase, conflicts_of_a_deleted_record_wait_for_nobody);
    tcase_add_test(tcase, a_record_of_one_delete_is_deleted);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
