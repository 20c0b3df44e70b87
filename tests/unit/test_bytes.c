#include "proto/bytes.h"

#include <string.h>

#include "tests/support/suite.h"

START_TEST(views_compare_bytewise_a_prefix_first)
{
    struct ayni_bytes none = { NULL, 0 };

    ck_assert(ayni_bytes_equal(none, TEST_BYTES("")));
    ck_assert(ayni_bytes_equal(TEST_BYTES("ab"), ayni_bytes_of_text("ab")));
    ck_assert(!ayni_bytes_equal(TEST_BYTES("ab"), TEST_BYTES("abc")));
    ck_assert_int_eq(ayni_bytes_compare(none, TEST_BYTES("")), 0);
    ck_assert_int_lt(ayni_bytes_compare(none, TEST_BYTES("a")), 0);
    ck_assert_int_lt(ayni_bytes_compare(TEST_BYTES("ab"), TEST_BYTES("abc")), 0);
    ck_assert_int_gt(ayni_bytes_compare(TEST_BYTES("b"), TEST_BYTES("abc")), 0);
    ck_assert_int_gt(ayni_bytes_compare(TEST_BYTES("\xff"), TEST_BYTES("\x7f")), 0);
}
END_TEST

START_TEST(a_buffer_grows_and_keeps_what_it_has)
{
    SCOPED_BUFFER buffer = { 0 };

    for (int i = 0; i < 10000; i++)
        ayni_buffer_append_byte(&buffer, (uint8_t)i);
    ayni_buffer_append_text(&buffer, "end");
    ayni_buffer_append(&buffer, NULL, 0);
    ck_assert_int_eq(ayni_buffer_status(&buffer), AYNI_OK);
    ck_assert_uint_eq(buffer.size, 10003);
    for (int i = 0; i < 10000; i++)
        ck_assert_uint_eq(buffer.data[i], (uint8_t)i);
    ck_assert_mem_eq(buffer.data + 10000, "end", 3);
    ayni_buffer_clear(&buffer);
    ck_assert_uint_eq(ayni_buffer_bytes(&buffer).size, 0);
}
END_TEST

/* Room for nothing is room too, and no failure. */
START_TEST(an_empty_buffer_extends_by_nothing)
{
    SCOPED_BUFFER buffer = { 0 };

    ck_assert_ptr_nonnull(ayni_buffer_extend(&buffer, 0));
    ck_assert_int_eq(ayni_buffer_status(&buffer), AYNI_OK);
    ck_assert_uint_eq(buffer.size, 0);
}
END_TEST

START_TEST(a_buffer_remembers_its_failure)
{
    SCOPED_BUFFER buffer = { 0 };

    ayni_buffer_append_text(&buffer, "ab");
    ck_assert_ptr_null(ayni_buffer_extend(&buffer, SIZE_MAX / 2));
    ayni_buffer_append_text(&buffer, "c");
    ck_assert_int_eq(ayni_buffer_status(&buffer), AYNI_E_MEMORY);
    ck_assert_uint_eq(buffer.size, 2);
}
END_TEST

START_TEST(a_lent_array_is_filled_and_never_freed)
{
    uint8_t room[3] = { 9, 9, 9 };
    struct ayni_buffer buffer = ayni_buffer_over(room, sizeof(room));

    ayni_buffer_append_text(&buffer, "abc");
    ck_assert_int_eq(ayni_buffer_status(&buffer), AYNI_OK);
    ayni_buffer_append_byte(&buffer, 'd');
    ck_assert_int_eq(ayni_buffer_status(&buffer), AYNI_E_MEMORY);
    ck_assert_mem_eq(room, "abc", 3);
    ayni_buffer_free(&buffer);
    ck_assert_ptr_null(buffer.data);
}
END_TEST

START_TEST(numbers_are_big_endian)
{
    uint8_t bytes[8];

    ayni_put_u64(bytes, UINT64_C(0x0102030405060708));
    ck_assert_mem_eq(bytes, "\1\2\3\4\5\6\7\10", 8);
    ck_assert_uint_eq(ayni_get_u64(bytes), UINT64_C(0x0102030405060708));
    ck_assert_uint_eq(ayni_get_u32(bytes + 4), 0x05060708);
    ck_assert_uint_eq(ayni_get_u16(bytes + 6), 0x0708);
    ayni_put_u32(bytes, UINT32_MAX);
    ayni_put_u16(bytes + 4, 0xff00);
    ck_assert_uint_eq(ayni_get_u64(bytes), UINT64_C(0xffffffffff000708));
}
END_TEST

/* Each failure has a name of its own. */
START_TEST(statuses_have_names)
{
    for (int a = AYNI_OK; a >= AYNI_E_STOPPED; a--) {
        const char *name = ayni_status_name((enum ayni_status)a);
        ck_assert_str_ne(name, "unknown");
        for (int b = AYNI_OK; b > a; b--)
            ck_assert_str_ne(name, ayni_status_name((enum ayni_status)b));
    }
    ck_assert_str_eq(ayni_status_name((enum ayni_status) - 1000), "unknown");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bytes");
    TCase *bytes = tcase_create("bytes");

    tcase_add_test(bytes, views_compare_bytewise_a_prefix_first);
    tcase_add_test(bytes, a_buffer_grows_and_keeps_what_it_has);
    tcase_add_test(bytes, an_empty_buffer_extends_by_nothing);
    tcase_add_test(bytes, a_buffer_remembers_its_failure);
    tcase_add_test(bytes, a_lent_array_is_filled_and_never_freed);
    tcase_add_test(bytes, numbers_are_big_endian);
    tcase_add_test(bytes, statuses_have_names);
    suite_add_tcase(suite, bytes);
    return test_run(suite);
}
