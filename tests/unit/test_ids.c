#include "proto/ids.h"

#include "tests/support/random.h"
#include "tests/support/suite.h"

/* RFC 4648, section 10, in lower case without padding. */
static const struct {
    const char *plain, *text;
} known[] = {
    { "", "" },
    { "f", "my" },
    { "fo", "mzxq" },
    { "foo", "mzxw6" },
    { "foob", "mzxw6yq" },
    { "fooba", "mzxw6ytb" },
    { "foobar", "mzxw6ytboi" },
};

START_TEST(base32_is_that_of_the_rfc)
{
    SCOPED_BUFFER text = { 0 };
    SCOPED_BUFFER plain = { 0 };

    ayni_base32_append(&text, ayni_bytes_of_text(known[_i].plain));
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&text), ayni_bytes_of_text(known[_i].text)));
    ck_assert_int_eq(ayni_base32_parse(ayni_buffer_bytes(&text), &plain), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&plain), ayni_bytes_of_text(known[_i].plain)));
}
END_TEST

/* Lengths no bytes have, foreign characters, and bits left over. */
static const char *const bad_base32[] = { "m",        "mzx", "mzxw6y", "m1", "m=",
                                          "my======", "mz",  "mzxr",   "é" };

START_TEST(base32_has_one_text_for_the_same_bytes)
{
    SCOPED_BUFFER plain = { 0 };

    ck_assert_int_eq(ayni_base32_parse(ayni_bytes_of_text(bad_base32[_i]), &plain),
                     AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_node_reads_back_in_either_case)
{
    struct test_random random = { (uint64_t)_i };
    struct ayni_node node, back;
    char text[AYNI_NODE_TEXT_SIZE];

    test_random_fill(&random, node.bytes, sizeof(node.bytes));
    ayni_node_text(&node, text);
    ck_assert_uint_eq(strlen(text), 52);
    ck_assert_int_eq(ayni_node_parse(ayni_bytes_of_text(text), &back), AYNI_OK);
    ck_assert(ayni_id_equal(&node, &back));
    for (char *c = text; *c; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    ck_assert_int_eq(ayni_node_parse(ayni_bytes_of_text(text), &back), AYNI_OK);
    ck_assert(ayni_id_equal(&node, &back));
}
END_TEST

START_TEST(a_part_of_a_node_is_malformed)
{
    struct ayni_node node = { { 1, 2, 3 } };
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(&node, text);
    struct ayni_bytes part = { (const uint8_t *)text, (size_t)_i };
    ck_assert_int_eq(ayni_node_parse(part, &node), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(hex_reads_back_and_refuses_the_rest)
{
    uint8_t bytes[3] = { 0x00, 0x7f, 0xff }, back[3];
    char text[7];

    ayni_hex_text((struct ayni_bytes){ bytes, 3 }, text);
    ck_assert_str_eq(text, "007fff");
    ck_assert_int_eq(ayni_hex_parse(TEST_BYTES("007FfF"), back, 3), AYNI_OK);
    ck_assert_mem_eq(bytes, back, 3);
    ck_assert_int_eq(ayni_hex_parse(TEST_BYTES("007ff"), back, 3), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_hex_parse(TEST_BYTES("007fff00"), back, 3), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_hex_parse(TEST_BYTES("007ffg"), back, 3), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_hex_parse(TEST_BYTES(" 07fff"), back, 3), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_record_is_a_uuid)
{
    struct ayni_record record, back;
    char text[AYNI_RECORD_TEXT_SIZE];

    ck_assert_int_eq(ayni_record_parse(TEST_BYTES("0190163d-8694-739b-AEA5-966c26f8ad91"), &record),
                     AYNI_OK);
    ayni_record_text(&record, text);
    ck_assert_str_eq(text, "0190163d-8694-739b-aea5-966c26f8ad91");
    ck_assert_int_eq(ayni_record_parse(TEST_BYTES("0190163d8694739baea5966c26f8ad91"), &back),
                     AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_record_parse(TEST_BYTES("0190163d-8694-739b-aea5-966c26f8ad9"), &back),
                     AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_record_parse(TEST_BYTES("0190163d-8694-739b-aea5_966c26f8ad91"), &back),
                     AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_record_parse(TEST_BYTES("0190163-d8694-739b-aea5-966c26f8ad91"), &back),
                     AYNI_E_MALFORMED);
}
END_TEST

static bool is_digit_of(const char *digits, int c)
{
    return c != 0 && strchr(digits, c) != NULL;
}

/* Any byte in any place: only a digit is one, and a hyphen where hyphens are. */
START_TEST(a_record_has_digits_and_hyphens_in_their_places)
{
    static const char good[] = "0190163d-8694-739b-aea5-966c26f8ad91";
    struct ayni_record record;
    char text[AYNI_RECORD_TEXT_SIZE];

    for (int c = 0; c < 256; c++) {
        memcpy(text, good, sizeof(good));
        text[_i] = (char)c;
        bool fits = good[_i] == '-' ? c == '-' : is_digit_of("0123456789abcdefABCDEF", c);
        struct ayni_bytes given = { (const uint8_t *)text, sizeof(good) - 1 };
        ck_assert_int_eq(ayni_record_parse(given, &record), fits ? AYNI_OK : AYNI_E_MALFORMED);
    }
}
END_TEST

/* The last character of a node's text has one bit of it alone. */
START_TEST(a_node_has_base32_in_each_place)
{
    struct ayni_node node = { { 0 } };
    char good[AYNI_NODE_TEXT_SIZE], text[AYNI_NODE_TEXT_SIZE];
    const char *digits =
        _i == 51 ? "aqAQ" : "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    ayni_node_text(&node, good);
    for (int c = 0; c < 256; c++) {
        memcpy(text, good, sizeof(good));
        text[_i] = (char)c;
        struct ayni_bytes given = { (const uint8_t *)text, sizeof(good) - 1 };
        ck_assert_int_eq(ayni_node_parse(given, &node),
                         is_digit_of(digits, c) ? AYNI_OK : AYNI_E_MALFORMED);
    }
}
END_TEST

START_TEST(uuids_carry_their_version_and_variant)
{
    uint8_t ones[16];
    char text[AYNI_RECORD_TEXT_SIZE];

    memset(ones, 0xff, sizeof(ones));
    struct ayni_record v7 = ayni_record_v7(0x017f22e279b0, ones); /* the time of RFC 9562, A.6 */
    ayni_record_text(&v7, text);
    ck_assert_str_eq(text, "017f22e2-79b0-7fff-bfff-ffffffffffff");
    struct ayni_record v8 = ayni_record_v8(ones);
    ayni_record_text(&v8, text);
    ck_assert_str_eq(text, "ffffffff-ffff-8fff-bfff-ffffffffffff");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ids");
    TCase *ids = tcase_create("ids");

    tcase_add_loop_test(ids, base32_is_that_of_the_rfc, 0, sizeof(known) / sizeof(known[0]));
    tcase_add_loop_test(ids, base32_has_one_text_for_the_same_bytes, 0,
                        sizeof(bad_base32) / sizeof(bad_base32[0]));
    tcase_add_loop_test(ids, a_node_reads_back_in_either_case, 0, 20);
    tcase_add_loop_test(ids, a_part_of_a_node_is_malformed, 0, 52);
    tcase_add_test(ids, hex_reads_back_and_refuses_the_rest);
    tcase_add_test(ids, a_record_is_a_uuid);
    tcase_add_loop_test(ids, a_record_has_digits_and_hyphens_in_their_places, 0, 36);
    tcase_add_loop_test(ids, a_node_has_base32_in_each_place, 0, 52);
    tcase_add_test(ids, uuids_carry_their_version_and_variant);
    suite_add_tcase(suite, ids);
    return test_run(suite);
}
