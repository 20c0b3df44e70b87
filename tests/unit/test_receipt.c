#include "proto/receipt.h"

#include <string.h>

#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static struct ayni_receipt receipt;
static struct ayni_buffer wire;

static void make(void)
{
    memset(&receipt, 0, sizeof(receipt));
    receipt.order_count = 3;
    receipt.state = AYNI_RECEIPT_DROPPED;
    for (size_t i = 0; i < 3; i++)
        receipt.orders[i] =
            (struct ayni_entry_name){ .feed = { { (uint8_t)(i + 1) } }, .seq = 9 - i };
}

static void end(void)
{
    ayni_buffer_free(&wire);
}

static enum ayni_status decode(void *context, struct ayni_bytes from)
{
    struct ayni_receipt back;

    (void)context;
    return ayni_receipt_decode(from, &back);
}

static enum ayni_status encode_and_decode(struct ayni_receipt *back)
{
    ayni_buffer_clear(&wire);
    ayni_receipt_encode(&receipt, &wire);
    return ayni_receipt_decode(ayni_buffer_bytes(&wire), back);
}

START_TEST(a_receipt_comes_back_as_it_went)
{
    struct ayni_receipt back;

    receipt.state = _i == 0 ? AYNI_RECEIPT_DROPPED : AYNI_RECEIPT_SCRUBBED;
    receipt.has_backup = _i != 0;
    receipt.backup_day = -3;
    ck_assert_int_eq(encode_and_decode(&back), AYNI_OK);
    ck_assert_uint_eq(back.order_count, 3);
    ck_assert_int_eq(ayni_entry_name_compare(&back.orders[2], &receipt.orders[2]), 0);
    ck_assert_int_eq(back.state, receipt.state);
    ck_assert_int_eq(back.has_backup, receipt.has_backup);
    ck_assert(!back.has_backup || back.backup_day == -3);
}
END_TEST

START_TEST(no_other_size_of_a_receipt_is_one)
{
    struct ayni_receipt back;

    ck_assert_int_eq(encode_and_decode(&back), AYNI_OK);
    test_wrong_sizes_are_refused(decode, NULL, ayni_buffer_bytes(&wire));
}
END_TEST

START_TEST(a_receipt_for_nothing_is_none)
{
    struct ayni_receipt back;

    receipt.order_count = 0;
    ck_assert_int_eq(encode_and_decode(&back), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(orders_ascend_and_none_stands_twice)
{
    struct ayni_receipt back;

    receipt.orders[1] = receipt.orders[_i];
    ck_assert_int_eq(encode_and_decode(&back), _i == 1 ? AYNI_OK : AYNI_E_MALFORMED);
}
END_TEST

START_TEST(an_order_is_an_entry)
{
    struct ayni_receipt back;

    receipt.orders[0].seq = 0;
    ck_assert_int_eq(encode_and_decode(&back), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_state_is_one_of_two)
{
    struct ayni_receipt back;

    receipt.state = (enum ayni_receipt_state)_i;
    ck_assert_int_eq(encode_and_decode(&back), _i == 1 || _i == 2 ? AYNI_OK : AYNI_E_MALFORMED);
}
END_TEST

/* One order more than there is room for: the array's head alone says so. */
START_TEST(more_orders_than_a_receipt_holds_are_over_the_limit)
{
    struct ayni_receipt back;

    receipt.order_count = AYNI_RECEIPT_ORDERS_MAX;
    for (size_t i = 0; i < AYNI_RECEIPT_ORDERS_MAX; i++)
        receipt.orders[i] = (struct ayni_entry_name){ .feed = { { 1 } }, .seq = i + 1 };
    ck_assert_int_eq(encode_and_decode(&back), AYNI_OK);
    /* [[256 orders, as 0x99 0x01 0x00], ...: the last byte of the count */
    ck_assert_uint_eq(wire.data[1], 0x99);
    wire.data[3] = 1;
    ck_assert_int_eq(ayni_receipt_decode(ayni_buffer_bytes(&wire), &back), AYNI_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("receipt");
    TCase *receipts = tcase_create("receipts");

    tcase_add_checked_fixture(receipts, make, end);
    tcase_add_loop_test(receipts, a_receipt_comes_back_as_it_went, 0, 2);
    tcase_add_test(receipts, no_other_size_of_a_receipt_is_one);
    tcase_add_test(receipts, a_receipt_for_nothing_is_none);
    tcase_add_loop_test(receipts, orders_ascend_and_none_stands_twice, 0, 3);
    tcase_add_test(receipts, an_order_is_an_entry);
    tcase_add_loop_test(receipts, a_state_is_one_of_two, 0, 4);
    tcase_add_test(receipts, more_orders_than_a_receipt_holds_are_over_the_limit);
    suite_add_tcase(suite, receipts);
    return test_run(suite);
}
