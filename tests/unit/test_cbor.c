#include "proto/cbor.h"

#include "proto/ids.h"
#include "proto/limits.h"
#include "tests/support/mangle.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

static enum ayni_status read_hex(const char *hex, struct ayni_bytes *raw)
{
    static uint8_t bytes[256];
    size_t size = strlen(hex) / 2;

    ck_assert_int_eq(ayni_hex_parse(ayni_bytes_of_text(hex), bytes, size), AYNI_OK);
    struct ayni_cbor_reader r = ayni_cbor_reader((struct ayni_bytes){ bytes, size });
    *raw = ayni_cbor_read_raw(&r);
    return ayni_cbor_done(&r);
}

/* Examples of RFC 8949, appendix A, that are in the profile, and more of ours. */
static const char *const good[] = {
    "00",
    "01",
    "0a",
    "17",
    "1818",
    "1819",
    "1864",
    "1903e8",
    "1a000f4240",
    "1b000000e8d4a51000",
    "1bffffffffffffffff",
    "20",
    "29",
    "3863",
    "3903e7",
    "3bffffffffffffffff",
    "f4",
    "f5",
    "f6",
    "40",
    "4401020304",
    "60",
    "6161",
    "6449455446",
    "62225c",
    "62c3bc",
    "63e6b0b4",
    "64f0908591",
    "80",
    "83010203",
    "8301820203820405",
    "a0",
    "a201020304",
    "a26161016162820203",
    "826161a161626163",
    "a56161614161626142616361436164614461656145",
    "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
    "d28443a10127a0404401020304", /* tag 18 */
    "a4000120024101036161f6",     /* keys: number, negative, bytes, text */
    "8b8080808080808080808080",   /* wide */
    "818181818181818181818101",   /* 11 deep */
};

START_TEST(what_is_in_the_profile_is_read_whole)
{
    struct ayni_bytes raw;

    ck_assert_int_eq(read_hex(good[_i], &raw), AYNI_OK);
    ck_assert_uint_eq(raw.size, strlen(good[_i]) / 2);
    for (size_t size = 0; size <= raw.size; size++) { /* the second time, and what is cut off */
        struct ayni_cbor_reader r = ayni_cbor_reader((struct ayni_bytes){ raw.data, size });
        ck_assert_uint_eq(ayni_cbor_read_known(&r).size, size == raw.size ? size : 0);
        ck_assert((r.status == AYNI_OK) == (size == raw.size));
    }
}
END_TEST

static const struct {
    const char *hex, *why;
} bad[] = {
    { "", "nothing" },
    { "0000", "two items" },
    { "1817", "a number not shortest" },
    { "1900ff", "a number not shortest" },
    { "1a0000ffff", "a number not shortest" },
    { "1b00000000ffffffff", "a number not shortest" },
    { "3817", "a negative not shortest" },
    { "5800", "a length not shortest" },
    { "7800", "a length not shortest" },
    { "9800", "a count not shortest" },
    { "b800", "a count not shortest" },
    { "d81200", "tag 18, not shortest" },
    { "d90012", "tag 18, not shortest" },
    { "d2", "a tag without an item" },
    { "1c", "reserved" },
    { "1f", "reserved" },
    { "5f4101ff", "indefinite bytes" },
    { "7f6161ff", "indefinite text" },
    { "9f01ff", "an indefinite array" },
    { "bf0101ff", "an indefinite map" },
    { "ff", "a break" },
    { "f7", "undefined" },
    { "f0", "a simple value" },
    { "f818", "a simple value" },
    { "f820", "a simple value" },
    { "f90000", "a half" },
    { "fa00000000", "a float" },
    { "fb0000000000000000", "a double" },
    { "c000", "a tag" },
    { "d100", "a tag" },
    { "d300", "a tag" },
    { "d9d9f700", "a tag" },
    { "61ff", "no UTF-8" },
    { "63eda080", "a surrogate" },
    { "62c0af", "overlong UTF-8" },
    { "a201000100", "a key twice" },
    { "a202000100", "keys out of order" },
    { "a2616200616100", "keys out of order" },
    { "a262616100616200", "a longer key first" },
    { "a1f500", "a bool as a key" },
    { "a1f600", "null as a key" },
    { "a18000", "an array as a key" },
    { "a1d20000", "a tag as a key" },
    { "81", "an array that ends" },
    { "a101", "a map that ends" },
    { "4201", "bytes that end" },
    { "18", "a number that ends" },
    { "1901", "a number that ends" },
    { "58", "a length that ends" },
    { "5818000102030405060708090a0b0c0d0e0f10111213141516", "bytes that end" },
    { "590100", "bytes that end" },
    { "7901006161", "a text that ends" },
    { "9affffffff", "a count past the input" },
    { "9bffffffffffffffff", "a count past the input" },
    { "bbffffffffffffffff", "a count past the input" },
    { "5bffffffffffffffff", "a length past the input" },
    { "7bfffffffffffffff7", "a length that wraps" },
    { "5bfffffffffffffff6", "a length that wraps" },
};

START_TEST(what_is_not_in_the_profile_is_malformed)
{
    struct ayni_bytes raw;

    ck_assert_msg(read_hex(bad[_i].hex, &raw) == AYNI_E_MALFORMED, "%s: %s", bad[_i].hex,
                  bad[_i].why);
}
END_TEST

/* Nested arrays around a number: as deep as may be, and one more. */
START_TEST(depth_is_bounded)
{
    SCOPED_BUFFER to = { 0 };

    for (int i = 0; i < _i; i++)
        ayni_cbor_put_array(&to, 1);
    ayni_cbor_put_uint(&to, 1);
    struct ayni_cbor_reader r = ayni_cbor_reader(ayni_buffer_bytes(&to));
    ayni_cbor_read_raw(&r);
    ck_assert_int_eq(ayni_cbor_done(&r), _i <= AYNI_CBOR_DEPTH_MAX ? AYNI_OK : AYNI_E_LIMIT);
}
END_TEST

START_TEST(counts_are_bounded)
{
    SCOPED_BUFFER to = { 0 };
    size_t count = AYNI_CBOR_COUNT_MAX + (size_t)_i;

    ayni_cbor_put_array(&to, count);
    for (size_t i = 0; i < count; i++)
        ayni_cbor_put_null(&to);
    struct ayni_cbor_reader r = ayni_cbor_reader(ayni_buffer_bytes(&to));
    ayni_cbor_read_raw(&r);
    ck_assert_int_eq(ayni_cbor_done(&r), _i == 0 ? AYNI_OK : AYNI_E_LIMIT);
}
END_TEST

static const uint64_t edges[] = {
    0, 23, 24, 255, 256, 65535, 65536, UINT32_MAX, (uint64_t)UINT32_MAX + 1, INT64_MAX, UINT64_MAX
};

START_TEST(numbers_read_back_in_their_shortest_form)
{
    static const size_t sizes[] = { 1, 1, 2, 2, 3, 3, 5, 5, 9, 9, 9 };
    SCOPED_BUFFER to = { 0 };

    ayni_cbor_put_uint(&to, edges[_i]);
    ck_assert_uint_eq(to.size, sizes[_i]);
    struct ayni_cbor_reader r = ayni_cbor_reader(ayni_buffer_bytes(&to));
    ck_assert_uint_eq(ayni_cbor_read_uint(&r), edges[_i]);
    ck_assert_int_eq(ayni_cbor_done(&r), AYNI_OK);
}
END_TEST

static const int64_t signed_edges[] = { 0, 1, -1, 23, -24, -25, INT64_MAX, INT64_MIN };

START_TEST(signed_numbers_read_back)
{
    SCOPED_BUFFER to = { 0 };

    ayni_cbor_put_int(&to, signed_edges[_i]);
    struct ayni_cbor_reader r = ayni_cbor_reader(ayni_buffer_bytes(&to));
    ck_assert_int_eq(ayni_cbor_read_int(&r), signed_edges[_i]);
    ck_assert_int_eq(ayni_cbor_done(&r), AYNI_OK);
}
END_TEST

START_TEST(a_number_past_int64_is_no_int)
{
    static const char *const past[] = { "\x1b\x80\0\0\0\0\0\0\0", "\x3b\x80\0\0\0\0\0\0\0" };
    struct ayni_cbor_reader r =
        ayni_cbor_reader((struct ayni_bytes){ (const uint8_t *)past[_i], 9 });

    ck_assert_int_eq(ayni_cbor_read_int(&r), 0);
    ck_assert_int_eq(ayni_cbor_done(&r), AYNI_E_MALFORMED);
}
END_TEST

static void put_one_of_each(struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 8);
    ayni_cbor_put_uint(to, 500);
    ayni_cbor_put_int(to, -500);
    ayni_cbor_put_bytes(to, TEST_BYTES("\x01\x02"));
    ayni_cbor_put_string(to, "niño");
    ayni_cbor_put_map(to, 1);
    ayni_cbor_put_uint(to, 1);
    ayni_cbor_put_bool(to, true);
    ayni_cbor_put_bool(to, false);
    ayni_cbor_put_null(to);
    ayni_cbor_put_tag(to, 18);
    ayni_cbor_put_array(to, 0);
}

static enum ayni_status read_one_of_each(void *context, struct ayni_bytes bytes)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    uint8_t two[2];

    (void)context;
    bool fine = ayni_cbor_read_array(&r) == 8;
    fine &= ayni_cbor_read_uint(&r) == 500;
    fine &= ayni_cbor_read_int(&r) == -500;
    ayni_cbor_read_into(&r, two, 2);
    fine &= two[0] == 1 && two[1] == 2;
    ayni_cbor_read_domain(&r, "niño");
    fine &= ayni_cbor_read_map(&r) == 1;
    fine &= ayni_cbor_read_uint(&r) == 1;
    fine &= ayni_cbor_read_bool(&r);
    fine &= !ayni_cbor_read_bool(&r);
    ayni_cbor_read_null(&r);
    fine &= ayni_cbor_read_tag(&r) == 18;
    fine &= ayni_cbor_read_array(&r) == 0;
    enum ayni_status status = ayni_cbor_done(&r);
    return status == AYNI_OK && !fine ? AYNI_E_INVALID : status;
}

START_TEST(every_type_reads_back_and_nothing_else_is_taken_for_it)
{
    SCOPED_BUFFER to = { 0 };

    put_one_of_each(&to);
    ck_assert_int_eq(read_one_of_each(NULL, ayni_buffer_bytes(&to)), AYNI_OK);
    test_wrong_sizes_are_refused(read_one_of_each, NULL, ayni_buffer_bytes(&to));
    test_bit_flips_are_refused(read_one_of_each, NULL, ayni_buffer_bytes(&to));
}
END_TEST

START_TEST(peek_says_what_comes)
{
    static const enum ayni_cbor_type expected[] = {
        AYNI_CBOR_UINT, AYNI_CBOR_NEGATIVE, AYNI_CBOR_BYTES, AYNI_CBOR_TEXT, AYNI_CBOR_MAP,
        AYNI_CBOR_BOOL, AYNI_CBOR_NULL,     AYNI_CBOR_TAG,   AYNI_CBOR_NONE,
    };
    SCOPED_BUFFER to = { 0 };

    put_one_of_each(&to);
    struct ayni_cbor_reader r = ayni_cbor_reader(ayni_buffer_bytes(&to));
    ck_assert_int_eq(ayni_cbor_peek(&r), AYNI_CBOR_ARRAY);
    ayni_cbor_read_array(&r);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        ck_assert_int_eq(ayni_cbor_peek(&r), expected[i]);
        if (expected[i] != AYNI_CBOR_NONE)
            ayni_cbor_read_raw(&r);
    }
    ck_assert_int_eq(ayni_cbor_done(&r), AYNI_OK);
    ayni_cbor_fail(&r, AYNI_E_LIMIT);
    ck_assert_int_eq(ayni_cbor_peek(&r), AYNI_CBOR_NONE);
}
END_TEST

/* After a failure everything reads as zero and the first failure stays. */
START_TEST(null_and_true_are_items_of_their_own)
{
    SCOPED_BUFFER null_item = { 0 }, true_item = { 0 }, false_item = { 0 };

    ayni_cbor_put_null(&null_item);
    ayni_cbor_put_bool(&true_item, true);
    ayni_cbor_put_bool(&false_item, false);
    ck_assert(ayni_bytes_equal(ayni_cbor_null(), ayni_buffer_bytes(&null_item)));
    ck_assert(ayni_bytes_equal(ayni_cbor_true(), ayni_buffer_bytes(&true_item)));
    ck_assert(ayni_cbor_is_null(ayni_cbor_null()) && !ayni_cbor_is_true(ayni_cbor_null()));
    ck_assert(ayni_cbor_is_true(ayni_cbor_true()) && !ayni_cbor_is_null(ayni_cbor_true()));
    ck_assert(!ayni_cbor_is_true(ayni_buffer_bytes(&false_item)));
    ck_assert(!ayni_cbor_is_null((struct ayni_bytes){ 0 }));
    ck_assert(!ayni_cbor_is_true((struct ayni_bytes){ (const uint8_t *)"\xf5\xf5", 2 }));
}
END_TEST

START_TEST(the_first_failure_is_remembered)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(TEST_BYTES("\x01\x02\x03"));
    uint8_t to[2] = { 9, 9 };

    ayni_cbor_read_text(&r);
    ck_assert_uint_eq(ayni_cbor_read_uint(&r), 0);
    ck_assert_uint_eq(ayni_cbor_read_raw(&r).size, 0);
    ayni_cbor_read_into(&r, to, 2);
    ck_assert(to[0] == 0 && to[1] == 0);
    ayni_cbor_fail(&r, AYNI_E_LIMIT);
    ck_assert_int_eq(ayni_cbor_done(&r), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_buffer_over_an_array_fails_when_it_is_full)
{
    uint8_t room[4];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_bytes(&to, TEST_BYTES("abc"));
    ck_assert_int_eq(ayni_buffer_status(&to), AYNI_OK);
    ayni_cbor_put_null(&to);
    ck_assert_int_eq(ayni_buffer_status(&to), AYNI_E_MEMORY);
    ck_assert_uint_eq(to.size, 4);
    ayni_buffer_free(&to);
}
END_TEST

/* What is accepted has one form: taking it apart and putting it together gives the same bytes. */
static void put_again(struct ayni_cbor_reader *r, struct ayni_buffer *to)
{
    size_t count = 0;

    switch (ayni_cbor_peek(r)) {
    case AYNI_CBOR_UINT:
        ayni_cbor_put_uint(to, ayni_cbor_read_uint(r));
        break;
    case AYNI_CBOR_BYTES:
        ayni_cbor_put_bytes(to, ayni_cbor_read_bytes(r));
        break;
    case AYNI_CBOR_TEXT:
        ayni_cbor_put_text(to, ayni_cbor_read_text(r));
        break;
    case AYNI_CBOR_BOOL:
        ayni_cbor_put_bool(to, ayni_cbor_read_bool(r));
        break;
    case AYNI_CBOR_NULL:
        ayni_cbor_read_null(r);
        ayni_cbor_put_null(to);
        break;
    case AYNI_CBOR_TAG:
        ayni_cbor_put_tag(to, ayni_cbor_read_tag(r));
        put_again(r, to);
        break;
    case AYNI_CBOR_ARRAY:
        count = ayni_cbor_read_array(r);
        ayni_cbor_put_array(to, count);
        break;
    case AYNI_CBOR_MAP:
        count = ayni_cbor_read_map(r);
        ayni_cbor_put_map(to, count);
        count *= 2;
        break;
    default: {
        struct ayni_bytes raw = ayni_cbor_read_raw(r);
        ayni_buffer_append(to, raw.data, raw.size);
        break;
    }
    }
    for (size_t i = 0; i < count && r->status == AYNI_OK; i++)
        put_again(r, to);
}

START_TEST(what_decodes_encodes_to_the_same_bytes)
{
    struct test_random random = { (uint64_t)_i };
    uint8_t bytes[12];

    for (int round = 0; round < 20000; round++) {
        SCOPED_BUFFER again = { 0 };
        test_random_fill(&random, bytes, sizeof(bytes));
        bytes[0] = (uint8_t)(0x80 + (bytes[0] & 0x23)); /* arrays and maps of up to three */
        struct ayni_cbor_reader r = ayni_cbor_reader((struct ayni_bytes){ bytes, sizeof(bytes) });
        struct ayni_bytes raw = ayni_cbor_read_raw(&r);
        struct ayni_cbor_reader whole =
            ayni_cbor_reader((struct ayni_bytes){ bytes, sizeof(bytes) });
        struct ayni_bytes known = ayni_cbor_read_known(&whole);
        ck_assert_uint_le(known.size, sizeof(bytes));
        if (r.status != AYNI_OK)
            continue;
        ck_assert(ayni_bytes_equal(known, raw));
        struct ayni_cbor_reader once_more = ayni_cbor_reader(raw);
        put_again(&once_more, &again);
        ck_assert_int_eq(ayni_cbor_done(&once_more), AYNI_OK);
        ck_assert(ayni_bytes_equal(raw, ayni_buffer_bytes(&again)));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cbor");
    TCase *cbor = tcase_create("cbor");

    tcase_add_loop_test(cbor, what_is_in_the_profile_is_read_whole, 0,
                        sizeof(good) / sizeof(good[0]));
    tcase_add_loop_test(cbor, what_is_not_in_the_profile_is_malformed, 0,
                        sizeof(bad) / sizeof(bad[0]));
    tcase_add_loop_test(cbor, depth_is_bounded, 1, AYNI_CBOR_DEPTH_MAX + 3);
    tcase_add_loop_test(cbor, counts_are_bounded, 0, 2);
    tcase_add_loop_test(cbor, numbers_read_back_in_their_shortest_form, 0,
                        sizeof(edges) / sizeof(edges[0]));
    tcase_add_loop_test(cbor, signed_numbers_read_back, 0,
                        sizeof(signed_edges) / sizeof(signed_edges[0]));
    tcase_add_loop_test(cbor, a_number_past_int64_is_no_int, 0, 2);
    tcase_add_test(cbor, every_type_reads_back_and_nothing_else_is_taken_for_it);
    tcase_add_test(cbor, peek_says_what_comes);
    tcase_add_test(cbor, null_and_true_are_items_of_their_own);
    tcase_add_test(cbor, the_first_failure_is_remembered);
    tcase_add_test(cbor, a_buffer_over_an_array_fails_when_it_is_full);
    tcase_add_loop_test(cbor, what_decodes_encodes_to_the_same_bytes, 0, 10);
    suite_add_tcase(suite, cbor);
    return test_run(suite);
}
