#include "proto/card.h"

#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static struct ayni_buffer cose;
static struct ayni_card valid;

static void make_card(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_card(1, &cose);
    ck_assert_int_eq(ayni_card_decode(ayni_buffer_bytes(&cose), &valid), AYNI_OK);
}

static void free_card(void)
{
    ayni_buffer_free(&cose);
}

static enum ayni_status decode(void *context, struct ayni_bytes bytes)
{
    struct ayni_card card;

    (void)context;
    return ayni_card_decode(bytes, &card);
}

START_TEST(a_card_reads_back)
{
    struct test_keys keys = test_keys(1);

    ck_assert_uint_eq(valid.serial, 1);
    ck_assert(ayni_bytes_equal(valid.name, TEST_BYTES("Red Innova")));
    ck_assert(ayni_id_equal(&valid.node, &keys.node));
    ck_assert_uint_eq(valid.transport_key[3], 3);
    ck_assert_uint_eq(valid.endpoint_count, 2);
    ck_assert(ayni_bytes_equal(valid.endpoints[1], TEST_BYTES("tcp://[2001:db8::1]:7411")));
}
END_TEST

START_TEST(every_part_and_bit_of_a_card_counts)
{
    test_wrong_sizes_are_refused(decode, NULL, ayni_buffer_bytes(&cose));
    test_bit_flips_are_refused(decode, NULL, ayni_buffer_bytes(&cose));
}
END_TEST

START_TEST(a_card_is_signed_by_its_own_node)
{
    struct test_keys other = test_keys(2);
    SCOPED_BUFFER forged = { 0 };

    ck_assert_int_eq(ayni_card_sign(&valid, &other.secret, &forged), AYNI_OK);
    ck_assert_int_eq(decode(NULL, ayni_buffer_bytes(&forged)), AYNI_E_SIGNATURE);
}
END_TEST

START_TEST(a_node_that_only_dials_has_a_card)
{
    struct test_keys keys = test_keys(1);
    struct ayni_card card = valid;
    SCOPED_BUFFER signed_card = { 0 };

    card.endpoint_count = 0;
    ck_assert_int_eq(ayni_card_sign(&card, &keys.secret, &signed_card), AYNI_OK);
    ck_assert_int_eq(ayni_card_decode(ayni_buffer_bytes(&signed_card), &card), AYNI_OK);
    ck_assert_uint_eq(card.endpoint_count, 0);
}
END_TEST

/* One thing that no card may have, each. */
static void spoil(struct ayni_card *card, int how)
{
    static uint8_t long_name[AYNI_NAME_SIZE_MAX + 1];

    memset(long_name, 'x', sizeof(long_name));
    switch (how) {
    case 0:
        card->serial = 0;
        break;
    case 1:
        card->name.size = 0;
        break;
    case 2:
        card->name = TEST_BYTES("two\nlines");
        break;
    case 3:
        card->name = TEST_BYTES("\x1b[31mred");
        break;
    case 4:
        card->name = TEST_BYTES("c1 \xc2\x9b");
        break;
    case 5:
        card->name = (struct ayni_bytes){ long_name, sizeof(long_name) };
        break;
    case 6:
        card->endpoints[0] = TEST_BYTES("ipc:///tmp/x");
        break;
    case 7:
        card->name = TEST_BYTES("\xff");
        break;
    default:
        card->endpoint_count = AYNI_CARD_ENDPOINTS_MAX + 1;
        break;
    }
}

START_TEST(what_no_card_may_have_is_not_signed)
{
    struct test_keys keys = test_keys(1);
    struct ayni_card card = valid;
    SCOPED_BUFFER to = { 0 };

    spoil(&card, _i);
    ck_assert_int_eq(ayni_card_sign(&card, &keys.secret, &to), AYNI_E_INVALID);
    ck_assert_uint_eq(to.size, 0);
}
END_TEST

START_TEST(a_card_too_large_is_refused)
{
    static uint8_t endpoint[AYNI_ENDPOINT_SIZE_MAX];
    struct test_keys keys = test_keys(1);
    struct ayni_card card = valid;
    SCOPED_BUFFER to = { 0 };

    memset(endpoint, 'a', sizeof(endpoint));
    memcpy(endpoint, "tcp://", 6);
    memcpy(endpoint + sizeof(endpoint) - 5, ":7411", 5);
    card.endpoint_count = AYNI_CARD_ENDPOINTS_MAX;
    for (size_t i = 0; i < card.endpoint_count; i++)
        card.endpoints[i] = (struct ayni_bytes){ endpoint, sizeof(endpoint) };
    ck_assert_int_eq(ayni_card_sign(&card, &keys.secret, &to), AYNI_E_LIMIT);
    ck_assert_uint_eq(to.size, 0);
}
END_TEST

START_TEST(a_card_is_a_line_of_text)
{
    SCOPED_BUFFER text = { 0 };
    SCOPED_BUFFER loud = { 0 };
    SCOPED_BUFFER back = { 0 };

    ayni_card_text(ayni_buffer_bytes(&cose), &text);
    ck_assert_mem_eq(text.data, "ayni-card-1:2k", 14);
    ayni_buffer_append_text(&loud, "  ");
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        ayni_buffer_append_byte(&loud, (uint8_t)(c >= 'a' && c <= 'z' ? c - 32 : c));
    }
    ayni_buffer_append_text(&loud, "\r\n");
    ck_assert_int_eq(ayni_card_parse(ayni_buffer_bytes(&text), &back), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&back), ayni_buffer_bytes(&cose)));
    ayni_buffer_clear(&back);
    ck_assert_int_eq(ayni_card_parse(ayni_buffer_bytes(&loud), &back), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&back), ayni_buffer_bytes(&cose)));
}
END_TEST

static const char *const bad_lines[] = {
    "",
    " ",
    "ayni-card-1",
    "ayni-ticket-1:2i",
    "ayni-card-1 2i",
    "ayni-card-1:2i 2i",
    "ayni-card-1:8",
    "2i",
};

START_TEST(another_line_is_no_card)
{
    SCOPED_BUFFER back = { 0 };

    ck_assert_int_eq(ayni_card_parse(ayni_bytes_of_text(bad_lines[_i]), &back), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_line_too_long_is_refused)
{
    SCOPED_BUFFER text = { 0 };
    SCOPED_BUFFER back = { 0 };

    ayni_buffer_append_text(&text, "ayni-card-1:");
    for (size_t i = 0; i < AYNI_CARD_SIZE_MAX * 8 / 5 + 8; i++)
        ayni_buffer_append_byte(&text, 'a');
    ck_assert_int_eq(ayni_card_parse(ayni_buffer_bytes(&text), &back), AYNI_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("card");
    TCase *card = tcase_create("card");

    tcase_add_checked_fixture(card, make_card, free_card);
    tcase_add_test(card, a_card_reads_back);
    tcase_add_test(card, every_part_and_bit_of_a_card_counts);
    tcase_add_test(card, a_card_is_signed_by_its_own_node);
    tcase_add_test(card, a_node_that_only_dials_has_a_card);
    tcase_add_loop_test(card, what_no_card_may_have_is_not_signed, 0, 9);
    tcase_add_test(card, a_card_too_large_is_refused);
    tcase_add_test(card, a_card_is_a_line_of_text);
    tcase_add_loop_test(card, another_line_is_no_card, 0, sizeof(bad_lines) / sizeof(bad_lines[0]));
    tcase_add_test(card, a_line_too_long_is_refused);
    suite_add_tcase(suite, card);
    return test_run(suite);
}
