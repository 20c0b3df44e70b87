#include "daemon/records/erasure/residue.h"
#include "tests/support/erasing.h"
#include "tests/support/suite.h"

/* Two nodes in one space, which midis owns; innova writes in it. */

struct asked {
    const struct ayni_node *node;
    struct receipts_state state;
    size_t count;
};

static bool keep_state(void *context, const struct receipts_state *state)
{
    struct asked *asked = context;

    asked->count++;
    if (ayni_id_equal(&state->node, asked->node))
        asked->state = *state;
    return true;
}

/* What `at` knows of `node`; 0 for nothing confirmed. */
static int state_at(struct test_node *at, const struct record_key *key, struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    struct asked asked = { .node = &node->keys.node };

    test_must(reader_begin(&at->records, &reader), "read");
    test_must(receipts_each(reader, &key->record, keep_state, &asked), "states");
    ck_assert_uint_eq(asked.count, 2);
    return asked.state.confirmed ? (int)asked.state.receipt.state : 0;
}

static uint64_t owed(struct test_node *node)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    uint64_t count;

    test_must(views_snapshot_begin(node->views, &views), "snapshot");
    test_must(views_count(views, RECORDS_TABLE_OWED, &count), "count");
    return count;
}

START_TEST(who_has_dropped_says_so_and_who_has_scrubbed_too)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_erase(&test_midis, &child, NULL);
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), 0);
    ck_assert(test_give_receipts(&test_midis, NULL));
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_DROPPED);
    test_scrub(&test_midis);
    ck_assert(!test_give_receipts(&test_midis, NULL));
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_SCRUBBED);
    ck_assert_uint_eq(owed(&test_midis), 0);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_int_eq(state_at(&test_innova, &child, &test_midis), AYNI_RECEIPT_SCRUBBED);
    ck_assert_int_eq(state_at(&test_innova, &child, &test_innova), 0);
}
END_TEST

START_TEST(nothing_is_said_twice)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct log_space before, after;

    test_erase(&test_midis, &child, NULL);
    (void)test_give_receipts(&test_midis, NULL);
    test_must(log_measure(test_midis.log, &before), "measure");
    ck_assert(test_give_receipts(&test_midis, NULL));
    test_must(log_measure(test_midis.log, &after), "measure");
    ck_assert_uint_eq(before.entries, after.entries);
}
END_TEST

/* Who never had it has nothing to scrub. */
START_TEST(who_came_later_has_scrubbed_at_once)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_erase(&test_midis, &child, NULL);
    test_node_hand(&test_midis, &test_innova, SIZE_MAX, false);
    ck_assert(!test_give_receipts(&test_innova, NULL));
    ck_assert_int_eq(state_at(&test_innova, &child, &test_innova), AYNI_RECEIPT_SCRUBBED);
    ck_assert_uint_eq(owed(&test_innova), 0);
}
END_TEST

/* A life that broke off may have left it where no drop knows of it. */
START_TEST(who_was_killed_scrubs_before_it_says_so)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_must(residue_begin(test_innova.log, test_innova.writer), "a life");
    test_must(residue_begin(test_innova.log, test_innova.writer), "the next one");
    test_erase(&test_midis, &child, NULL);
    test_node_hand(&test_midis, &test_innova, SIZE_MAX, false);
    ck_assert(test_give_receipts(&test_innova, NULL));
    ck_assert_int_eq(state_at(&test_innova, &child, &test_innova), AYNI_RECEIPT_DROPPED);
    test_scrub(&test_innova);
    ck_assert(!test_give_receipts(&test_innova, NULL));
    ck_assert_int_eq(state_at(&test_innova, &child, &test_innova), AYNI_RECEIPT_SCRUBBED);
    ck_assert_uint_eq(owed(&test_innova), 0);
}
END_TEST

START_TEST(a_life_that_ended_in_order_leaves_nothing)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    bool may_be = true;

    for (int i = 0; i < 2; i++) {
        test_must(residue_begin(test_innova.log, test_innova.writer), "a life");
        test_must(residue_end(test_innova.writer), "its end");
    }
    test_must(log_snapshot_begin(test_innova.log, &log), "snapshot");
    test_must(residue_may_be(log, &may_be), "residue");
    ck_assert(!may_be);
}
END_TEST

/* Then it is in the files once more. */
START_TEST(what_comes_late_is_to_be_scrubbed_again)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &child, NULL);
    test_set(&test_innova, &child, "surname_1=Condori", NULL);
    test_scrub(&test_midis);
    ck_assert(!test_give_receipts(&test_midis, NULL));
    test_node_exchange(&test_innova, &test_midis);
    ck_assert(test_give_receipts(&test_midis, NULL));
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_DROPPED);
    test_scrub(&test_midis);
    ck_assert(!test_give_receipts(&test_midis, NULL));
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_SCRUBBED);
}
END_TEST

/* Of a record with orders of several givers each counts. */
START_TEST(the_least_of_several_orders_is_shown)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_erase(&test_midis, &child, NULL);
    test_scrub(&test_midis);
    (void)test_give_receipts(&test_midis, NULL);
    (void)test_put_child(&test_midis, "99000001", "Flores");
    test_erase(&test_midis, &child, NULL);
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), 0);
    (void)test_give_receipts(&test_midis, NULL);
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_DROPPED);
}
END_TEST

START_TEST(a_rebuild_owes_nothing_that_was_given)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_erase(&test_midis, &child, NULL);
    (void)test_give_receipts(&test_midis, NULL);
    test_scrub(&test_midis);
    (void)test_give_receipts(&test_midis, NULL);
    test_node_reopen(&test_midis, true);
    test_node_settle(&test_midis);
    ck_assert_uint_eq(owed(&test_midis), 0);
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_SCRUBBED);
}
END_TEST

/* Receipts of a life before, from which this log isn't: they say nothing of its files. */
START_TEST(a_receipt_of_an_older_life_settles_nothing)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct test_node restored = { 0 };
    struct ayni_node root = test_root().node;

    test_node_exchange(&test_midis, &test_innova);
    test_node_open(&restored, 2); /* innova's key, as it was then */
    restored.in_federation = true;
    test_must(projector_set_root(restored.records.projector, &root), "root");
    test_node_hand(&test_innova, &restored, SIZE_MAX, false);
    test_erase(&test_midis, &child, NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_scrub(&test_innova);
    ck_assert(!test_give_receipts(&test_innova, NULL));
    test_node_exchange(&test_midis, &test_innova);
    test_node_hand(&test_midis, &restored, SIZE_MAX, false);
    ck_assert_int_eq(state_at(&restored, &child, &restored), AYNI_RECEIPT_SCRUBBED); /* innova's */
    ck_assert_uint_eq(owed(&restored), 1);
    ck_assert(test_give_receipts(&restored, NULL));
    ck_assert_int_eq(state_at(&restored, &child, &restored), AYNI_RECEIPT_DROPPED);
    test_node_close(&restored);
}
END_TEST

START_TEST(a_backup_that_may_hold_it_is_told)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct asked asked = { .node = &test_midis.keys.node };

    test_erase(&test_midis, &child, NULL);
    (void)test_give_receipts(&test_midis, &(struct receipts_backup){ true, 20000 });
    SCOPED_READER *reader = NULL;
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(receipts_each(reader, NULL, keep_state, &asked), "states");
    ck_assert(asked.state.receipt.has_backup);
    ck_assert_int_eq(asked.state.receipt.backup_day, 20000);
}
END_TEST

START_TEST(a_backup_that_was_begun_later_is_none_of_its)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct asked asked = { .node = &test_midis.keys.node };

    test_erase(&test_midis, &child, NULL);
    (void)test_give_receipts(&test_midis, NULL);
    test_scrub(&test_midis);
    (void)test_give_receipts(&test_midis, &(struct receipts_backup){ true, 20000 });
    SCOPED_READER *reader = NULL;
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(receipts_each(reader, NULL, keep_state, &asked), "states");
    ck_assert_int_eq(asked.state.receipt.state, AYNI_RECEIPT_SCRUBBED);
    ck_assert(!asked.state.receipt.has_backup);
}
END_TEST

/* Wherever else it is: until nothing of the space waits there. */
START_TEST(what_waits_outside_of_the_stores_is_not_scrubbed)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct ayni_space waiting = child.space;
    struct receipts_elsewhere elsewhere = { .waiting = { waiting.bytes, sizeof(waiting) } };
    SCOPED_RECEIPTS_LEFT left = { 0 };

    test_erase(&test_midis, &child, NULL);
    test_scrub(&test_midis);
    test_must(receipts_give(&test_midis.records, &elsewhere, &left), "receipts");
    test_node_settle(&test_midis);
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_DROPPED);
    ck_assert_uint_ne(left.since.ms, 0);
    ck_assert_uint_eq(left.spaces.size, sizeof(child.space));
    ck_assert_mem_eq(left.spaces.data, child.space.bytes, sizeof(child.space));
    waiting.bytes[0] ^= 1; /* what waits of another one has nothing to do with it */
    test_must(receipts_give(&test_midis.records, &elsewhere, &left), "receipts");
    test_node_settle(&test_midis);
    ck_assert_int_eq(state_at(&test_midis, &child, &test_midis), AYNI_RECEIPT_SCRUBBED);
    ck_assert_uint_eq(left.since.ms + left.spaces.size, 0);
}
END_TEST

/* More than one receipt has room for. */
START_TEST(many_orders_take_few_receipts)
{
    enum { COUNT = AYNI_RECEIPT_ORDERS_MAX + 10 };
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct log_space before, after;

    for (int i = 0; i < COUNT; i++)
        test_force_order(&test_midis, &child);
    test_scrub(&test_midis);
    test_must(log_measure(test_midis.log, &before), "measure");
    (void)test_give_receipts(&test_midis, NULL);
    test_must(log_measure(test_midis.log, &after), "measure");
    ck_assert_uint_eq(after.entries - before.entries, 2);
    ck_assert_uint_eq(owed(&test_midis), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("receipts");
    TCase *tcase = tcase_create("receipts");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, test_two_open, test_two_close);
    tcase_add_test(tcase, who_has_dropped_says_so_and_who_has_scrubbed_too);
    tcase_add_test(tcase, nothing_is_said_twice);
    tcase_add_test(tcase, who_came_later_has_scrubbed_at_once);
    tcase_add_test(tcase, who_was_killed_scrubs_before_it_says_so);
    tcase_add_test(tcase, a_life_that_ended_in_order_leaves_nothing);
    tcase_add_test(tcase, what_comes_late_is_to_be_scrubbed_again);
    tcase_add_test(tcase, the_least_of_several_orders_is_shown);
    tcase_add_test(tcase, a_rebuild_owes_nothing_that_was_given);
    tcase_add_test(tcase, a_receipt_of_an_older_life_settles_nothing);
    tcase_add_test(tcase, a_backup_that_may_hold_it_is_told);
    tcase_add_test(tcase, a_backup_that_was_begun_later_is_none_of_its);
    tcase_add_test(tcase, what_waits_outside_of_the_stores_is_not_scrubbed);
    tcase_add_test(tcase, many_orders_take_few_receipts);
    suite_add_tcase(suite, tcase);

    return test_run(suite);
}
