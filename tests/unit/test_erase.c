#include "proto/erase.h"

#include "proto/cbor.h"
#include "proto/limits.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static struct ayni_erase_range ranges[] = {
    { { { 9 } }, 3, 3, { { 1 } } },
    { { { 2 } }, 5, 9, { { 1 } } },
    { { { 2 } }, 1, 4, { { 1 } } },
    { { { 2 } }, 5, 9, { { 0 } } },
};

static struct ayni_erase_order order = {
    .salt = { 1, 2, 3 },
    .record = { { 4, 5, 6 } },
    .type = 101,
    .steward = { (const uint8_t *)"rosa", 4 },
    .reason = { (const uint8_t *)"entered for another child", 25 },
    .has_earlier = true,
    .earlier = { { { 7 } }, 8, { { 9 } } },
    .unknown_meta = { (const uint8_t *)"\x08\xf5\x18\x20\x80", 5 },
    .unknown_meta_count = 2,
};

static enum ayni_status decode_erase(void *context, struct ayni_bytes bytes)
{
    struct ayni_erase erase;
    enum ayni_status status = ayni_erase_decode(bytes, &erase);

    (void)context;
    if (status == AYNI_OK)
        ayni_erase_free(&erase);
    return status;
}

static enum ayni_status decode_order(void *context, struct ayni_bytes bytes)
{
    struct ayni_erase_order read;

    (void)context;
    return ayni_erase_order_decode(bytes, &read);
}

START_TEST(an_order_reads_back_with_its_ranges_in_order)
{
    SCOPED_BUFFER inner = { 0 };
    SCOPED_BUFFER outer = { 0 };
    SCOPED_BUFFER again = { 0 };
    struct ayni_erase erase = { ranges, 4, { NULL, 0 } }, read;
    struct ayni_erase_order back;

    ayni_erase_order_encode(&order, &inner);
    erase.order = ayni_buffer_bytes(&inner);
    ayni_erase_sort(ranges, 4);
    ayni_erase_encode(&erase, &outer);
    ck_assert_int_eq(ayni_erase_decode(ayni_buffer_bytes(&outer), &read), AYNI_OK);
    ck_assert_uint_eq(read.range_count, 4);
    ck_assert(read.ranges[0].from == 1 && read.ranges[1].chain.bytes[0] == 0);
    ck_assert(read.ranges[3].feed.bytes[0] == 9);
    ck_assert_int_eq(ayni_erase_order_decode(read.order, &back), AYNI_OK);
    ck_assert(back.type == 101 && back.has_earlier && back.earlier.seq == 8);
    ck_assert(ayni_bytes_equal(back.steward, order.steward));
    ck_assert(ayni_bytes_equal(back.reason, order.reason));
    ck_assert_uint_eq(back.unknown_meta_count, 2);
    ayni_erase_order_encode(&back, &again);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), read.order));
    ayni_erase_free(&read);
    test_wrong_sizes_are_refused(decode_erase, NULL, ayni_buffer_bytes(&outer));
    test_wrong_sizes_are_refused(decode_order, NULL, ayni_buffer_bytes(&inner));
}
END_TEST

START_TEST(bad_ranges_are_malformed)
{
    struct ayni_erase_range bad[2] = { { { { 1 } }, 1, 1, { { 1 } } },
                                       { { { 2 } }, 1, 1, { { 1 } } } };
    struct ayni_erase erase = { bad, 2, { NULL, 0 } };
    SCOPED_BUFFER to = { 0 };

    switch (_i) {
    case 0:
        bad[0].from = bad[0].to = 0;
        break;
    case 1:
        bad[0].from = 2;
        break;
    case 2:
        bad[1] = bad[0];
        break;
    default:
        bad[0].feed.bytes[0] = 3;
        break;
    }
    ayni_erase_encode(&erase, &to);
    ck_assert_int_eq(decode_erase(NULL, ayni_buffer_bytes(&to)), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(ranges_are_bounded)
{
    static struct ayni_erase_range many[AYNI_ERASE_RANGES_MAX + 1];
    struct ayni_erase erase = { many, AYNI_ERASE_RANGES_MAX + (size_t)_i, { NULL, 0 } };
    SCOPED_BUFFER to = { 0 };

    for (size_t i = 0; i <= AYNI_ERASE_RANGES_MAX; i++)
        many[i] = (struct ayni_erase_range){ .from = i + 1, .to = i + 1 };
    ayni_erase_encode(&erase, &to);
    ck_assert_int_eq(decode_erase(NULL, ayni_buffer_bytes(&to)), _i == 0 ? AYNI_OK : AYNI_E_LIMIT);
}
END_TEST

START_TEST(an_order_without_ranges_is_one)
{
    struct ayni_erase erase = { NULL, 0, { (const uint8_t *)"x", 1 } }, read;
    SCOPED_BUFFER to = { 0 };

    ayni_erase_encode(&erase, &to);
    ck_assert_int_eq(ayni_erase_decode(ayni_buffer_bytes(&to), &read), AYNI_OK);
    ck_assert(read.range_count == 0 && read.order.size == 1);
    ayni_erase_free(&read);
}
END_TEST

/* Meta of an order: maps that no order has. */
static const char *const bad_meta[] = { "\xa1\x02\x80", "\xa1\x01\x60", "\xa1\x03\x60",
                                        "\xa2\x03\x61r\x01\x61s", "\xa1\x61z\xf5" };

START_TEST(meta_of_a_version_is_not_that_of_an_order)
{
    SCOPED_BUFFER to = { 0 };
    struct ayni_erase_order plain = { .type = 1 };

    ayni_erase_order_encode(&plain, &to);
    to.size--; /* the empty map */
    ayni_buffer_append_text(&to, bad_meta[_i]);
    ck_assert_int_eq(decode_order(NULL, ayni_buffer_bytes(&to)), AYNI_E_MALFORMED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("erase");
    TCase *erase = tcase_create("erase");

    tcase_add_test(erase, an_order_reads_back_with_its_ranges_in_order);
    tcase_add_loop_test(erase, bad_ranges_are_malformed, 0, 4);
    tcase_add_loop_test(erase, ranges_are_bounded, 0, 2);
    tcase_add_test(erase, an_order_without_ranges_is_one);
    tcase_add_loop_test(erase, meta_of_a_version_is_not_that_of_an_order, 0,
                        sizeof(bad_meta) / sizeof(bad_meta[0]));
    suite_add_tcase(suite, erase);
    return test_run(suite);
}
