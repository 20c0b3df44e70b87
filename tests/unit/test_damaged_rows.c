/* Rows of views/ that aren't what was put there: they hold nobody up, and what is right goes on. */
#include "daemon/records/tables.h"
#include "tests/support/erasing.h"
#include "tests/support/suite.h"

struct bad_row {
    size_t table;
    struct ayni_bytes key, value;
};

static enum ayni_status put_row(void *context, struct views_txn *txn)
{
    const struct bad_row *row = context;

    return views_put(txn, row->table, row->key, row->value);
}

static uint64_t count_of(size_t table)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    uint64_t count;

    test_must(views_snapshot_begin(test_midis.views, &views), "snapshot");
    test_must(views_count(views, table, &count), "count");
    return count;
}

/* An erasure beside it is done to its end. */
static void erase_beside(struct bad_row row)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_must(views_update(test_midis.views, put_row, &row), "put");
    test_erase(&test_midis, &child, NULL);
    ck_assert(!test_is_here(&test_midis, &child));
    test_name_late(&test_midis);
    (void)test_put_child(&test_midis, "99000002", "Mamani");
    test_node_settle(&test_midis);
    ck_assert(!test_log_holds(&test_midis, "Quispe"));
}

#define FEED_9_SEQ_1 "\0\0\0\x09\0\0\0\0\0\0\0\x01"
#define TYPE_101 "\0\0\0\x65"
#define SPACE_0 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define SEQ_1 "\0\0\0\0\0\0\0\x01"
#define SEQ_MANY "\0\0\x01\0\0\0\0\0"
enum { BAD_ROWS = 25 };

START_TEST(an_erasure_beside_a_damaged_row_is_done)
{
    const struct bad_row bad_rows[BAD_ROWS] = {
        { RECORDS_TABLE_DROPS, TEST_BYTES("\x01"), TEST_BYTES("\x01") },
        { RECORDS_TABLE_DROPS, TEST_BYTES(FEED_9_SEQ_1 "\0"), TEST_BYTES("\x01") },
        { RECORDS_TABLE_DROPS, TEST_BYTES("\0\0\0\x01\0\0\0\0\0\0\0\x01"), TEST_BYTES("") },
        { RECORDS_TABLE_DROPS, TEST_BYTES(FEED_9_SEQ_1), TEST_BYTES("\x01") },
        { RECORDS_TABLE_DROPS, TEST_BYTES("\0\0\0\x01\0\0\0\0\0\0\0\x01"), TEST_BYTES("\x90") },
        { RECORDS_TABLE_DROPS, TEST_BYTES("\0\0\0\x01\0\0\0\0\0\0\0\x01"), TEST_BYTES("\x03") },
        { RECORDS_TABLE_LATE, TEST_BYTES("\x01"), TEST_BYTES("") },
        { RECORDS_TABLE_LATE, TEST_BYTES(SPACE_0 TYPE_101 SPACE_0 FEED_9_SEQ_1), TEST_BYTES("") },
        { RECORDS_TABLE_ORDERS, TEST_BYTES(SPACE_0 TYPE_101 SPACE_0 FEED_9_SEQ_1), TEST_BYTES("") },
        { RECORDS_TABLE_GONE, TEST_BYTES(SPACE_0 TYPE_101 SPACE_0 FEED_9_SEQ_1), TEST_BYTES("") },
        { RECORDS_TABLE_ERASES, TEST_BYTES("\x01"), TEST_BYTES("") },
        { RECORDS_TABLE_ERASES, TEST_BYTES(SPACE_0 FEED_9_SEQ_1), TEST_BYTES("\x01") },
        { RECORDS_TABLE_OWED, TEST_BYTES("\x01"), TEST_BYTES("") },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x01\0\0\0\x09"), TEST_BYTES(SEQ_1 SEQ_1) },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x01\0\0\0\x01"), TEST_BYTES(SEQ_1 SEQ_MANY) },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x02" SPACE_0 TYPE_101), TEST_BYTES(SPACE_0) },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x03\x00"), TEST_BYTES("") },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x04\x00"), TEST_BYTES("") },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x05"), TEST_BYTES("") },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x05\0\0\0\x09"), TEST_BYTES(SEQ_1) },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x05\0\0\0\x01"), TEST_BYTES(SEQ_MANY) },
        { RECORDS_TABLE_TASKS, TEST_BYTES("\x05\0\0\0\x01"), TEST_BYTES("\x01") },
        { RECORDS_TABLE_SEALED, TEST_BYTES("\x01"), TEST_BYTES("") },
        { RECORDS_TABLE_SEALED, TEST_BYTES(FEED_9_SEQ_1), TEST_BYTES(SEQ_1 SEQ_1) },
        { RECORDS_TABLE_SEALED, TEST_BYTES("\0\0\0\x01\0\0\0\0\0\0\0\x01"), TEST_BYTES("\x01") },
    };

    erase_beside(bad_rows[_i]);
}
END_TEST

/* Entries that no log holds are taken off the list once, not tried for ever. */
START_TEST(a_drop_of_what_is_not_there_is_done_with)
{
    erase_beside(
        (struct bad_row){ RECORDS_TABLE_DROPS, TEST_BYTES(FEED_9_SEQ_1), TEST_BYTES("\x01") });
    ck_assert_uint_eq(count_of(RECORDS_TABLE_DROPS), 0);
}
END_TEST

/* When all orders are weighed again, those that can be read are. */
START_TEST(orders_are_weighed_past_one_that_is_damaged)
{
    struct bad_row task = { RECORDS_TABLE_TASKS, TEST_BYTES("\x03"), TEST_BYTES("") };
    struct bad_row row = { RECORDS_TABLE_ERASES, TEST_BYTES(SPACE_0 FEED_9_SEQ_1),
                           TEST_BYTES("\x01") };

    test_must(views_update(test_midis.views, put_row, &row), "put");
    test_must(views_update(test_midis.views, put_row, &task), "put");
    erase_beside(row);
    ck_assert_uint_eq(count_of(RECORDS_TABLE_TASKS), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("damaged_rows");
    TCase *rows = tcase_create("rows");

    tcase_add_checked_fixture(rows, test_one_open, test_one_close);
    tcase_add_loop_test(rows, an_erasure_beside_a_damaged_row_is_done, 0, BAD_ROWS);
    tcase_add_test(rows, a_drop_of_what_is_not_there_is_done_with);
    tcase_add_test(rows, orders_are_weighed_past_one_that_is_damaged);
    suite_add_tcase(suite, rows);
    return test_run(suite);
}
