#include "proto/cbor.h"
#include "proto/limits.h"
#include "tests/support/message_again.h"
#include "tests/support/messages.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

static struct ayni_buffer wire;

static void begin(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
}

static void end(void)
{
    ayni_buffer_free(&wire);
}

static enum ayni_status decode(struct ayni_bytes bytes)
{
    struct ayni_message message;

    return ayni_message_decode(bytes, &message);
}

START_TEST(a_message_comes_back_as_it_went)
{
    struct ayni_message message;
    SCOPED_BUFFER again = { 0 };

    test_message_make((size_t)_i, &wire);
    ck_assert_int_eq(ayni_message_decode(ayni_buffer_bytes(&wire), &message), AYNI_OK);
    test_message_again(&message, &again);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&wire)));
}
END_TEST

START_TEST(no_prefix_of_a_message_is_one_nor_anything_behind_it)
{
    test_message_make((size_t)_i, &wire);
    for (size_t size = 0; size < wire.size; size++)
        ck_assert_int_ne(decode((struct ayni_bytes){ wire.data, size }), AYNI_OK);
    ayni_buffer_append_byte(&wire, 0);
    ck_assert_int_eq(decode(ayni_buffer_bytes(&wire)), AYNI_E_MALFORMED);
}
END_TEST

/* An element more, of whatever kind, is of a newer version and isn't minded; behind the one that
 * may be left out. */
START_TEST(elements_behind_those_that_are_known_are_ignored)
{
    struct ayni_message message;
    SCOPED_BUFFER again = { 0 };

    /* What these leave out comes before anything of later. */
    if (strcmp(test_message_name((size_t)_i), "hello") == 0 ||
        strcmp(test_message_name((size_t)_i), "hello out of a backup") == 0)
        return;
    test_message_make((size_t)_i, &wire);
    struct ayni_buffer longer = { 0 };
    ayni_buffer_append_byte(&longer, (uint8_t)(wire.data[0] + 1));
    ayni_buffer_append(&longer, wire.data + 1, wire.size - 1);
    ayni_cbor_put_map(&longer, 1);
    ayni_cbor_put_uint(&longer, 1);
    ayni_cbor_put_string(&longer, "later");
    ck_assert_int_eq(ayni_message_decode(ayni_buffer_bytes(&longer), &message), AYNI_OK);
    test_message_again(&message, &again);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&wire)));
    ayni_buffer_free(&longer);
}
END_TEST

START_TEST(a_flipped_bit_never_goes_further_than_the_decoder)
{
    test_message_make((size_t)_i, &wire);
    for (size_t bit = 0; bit < 8 * wire.size; bit++) {
        struct ayni_message message;
        SCOPED_BUFFER again = { 0 };
        wire.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (ayni_message_decode(ayni_buffer_bytes(&wire), &message) == AYNI_OK) {
            test_message_again(&message, &again);
            ck_assert_uint_le(again.size, wire.size);
        }
        wire.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

START_TEST(a_type_that_is_not_known_is_left_to_the_caller)
{
    struct ayni_message message;

    ayni_cbor_put_array(&wire, 2);
    ayni_cbor_put_uint(&wire, AYNI_MESSAGE_LAST + 1);
    ayni_cbor_put_bytes(&wire, TEST_BYTES("what it may be"));
    ck_assert_int_eq(ayni_message_decode(ayni_buffer_bytes(&wire), &message), AYNI_OK);
    ck_assert_uint_eq(message.type, AYNI_MESSAGE_LAST + 1);
}
END_TEST

START_TEST(a_hello_of_another_major_version_is_told_apart)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR + 1 };

    ayni_hello_encode(&hello, &wire);
    ck_assert_int_eq(decode(ayni_buffer_bytes(&wire)), AYNI_E_VERSION);
}
END_TEST

START_TEST(only_a_hello_that_asks_waits_for_an_answer)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR, .asks = _i == 1, .hears = true };

    ayni_hello_encode(&hello, &wire);
    ck_assert_int_eq(ayni_message_asks(ayni_buffer_bytes(&wire)), _i == 1);
    ck_assert(!ayni_message_asks((struct ayni_bytes){ wire.data, wire.size - 1 }));
    ck_assert(!ayni_message_asks((struct ayni_bytes){ wire.data, 1 }));
}
END_TEST

START_TEST(a_hello_of_a_newer_minor_version_is_understood)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR, .minor = AYNI_PROTOCOL_MINOR + 1 };

    ayni_hello_encode(&hello, &wire);
    ck_assert_int_eq(decode(ayni_buffer_bytes(&wire)), AYNI_OK);
}
END_TEST

/* --- what no honest node says --- */

static enum ayni_status decode_head(const struct ayni_noted_head *head)
{
    SCOPED_BUFFER heads = { 0 };

    ayni_noted_head_encode(head, &heads);
    ayni_buffer_clear(&wire);
    ayni_note_encode(0, 0, 1, ayni_buffer_bytes(&heads), &wire);
    return decode(ayni_buffer_bytes(&wire));
}

START_TEST(a_head_has_a_seq_and_a_mark_or_runs_that_lead_to_it)
{
    uint8_t room[AYNI_NOTE_RUN_SIZE_MAX + 1] = { 0 };
    struct ayni_noted_head head = { .seq = 3, .has_mark = true };

    ck_assert_int_eq(decode_head(&head), AYNI_OK);
    head.seq = 0;
    ck_assert_int_eq(decode_head(&head), AYNI_E_MALFORMED);
    head = (struct ayni_noted_head){ .seq = 3 };
    ck_assert_int_eq(decode_head(&head), AYNI_E_MALFORMED);
    head.runs = (struct ayni_bytes){ room, AYNI_NOTE_RUN_SIZE_MAX };
    ck_assert_int_eq(decode_head(&head), AYNI_OK);
    head.from = 3;
    ck_assert_int_eq(decode_head(&head), AYNI_E_MALFORMED);
    head.from = 2;
    head.runs.size++;
    ck_assert_int_eq(decode_head(&head), AYNI_E_LIMIT);
}
END_TEST

START_TEST(a_note_does_not_go_back)
{
    ayni_note_encode(5, 4, 0, (struct ayni_bytes){ 0 }, &wire);
    ck_assert_int_eq(decode(ayni_buffer_bytes(&wire)), AYNI_E_MALFORMED);
}
END_TEST

static enum ayni_status decode_bounds(struct ayni_bound lower, struct ayni_bound first,
                                      struct ayni_bound second)
{
    SCOPED_BUFFER line = { 0 };
    struct ayni_ranges ranges = { .lower = lower, .range_count = 2 };

    ayni_range_encode(&(struct ayni_range){ .upper = first }, &line);
    ayni_range_encode(&(struct ayni_range){ .upper = second }, &line);
    ranges.ranges = ayni_buffer_bytes(&line);
    ayni_buffer_clear(&wire);
    ayni_ranges_encode(&ranges, &wire);
    return decode(ayni_buffer_bytes(&wire));
}

START_TEST(ranges_ascend_and_only_the_last_is_without_end)
{
    const struct ayni_bound none = { 0 }, low = { 1, { 0x10 } }, high = { 2, { 0x10, 0x01 } };

    ck_assert_int_eq(decode_bounds(none, low, high), AYNI_OK);
    ck_assert_int_eq(decode_bounds(none, low, none), AYNI_OK);
    ck_assert_int_eq(decode_bounds(none, high, low), AYNI_E_MALFORMED);
    ck_assert_int_eq(decode_bounds(none, low, low), AYNI_E_MALFORMED);
    ck_assert_int_eq(decode_bounds(low, low, high), AYNI_E_MALFORMED);
    ck_assert_int_eq(decode_bounds(none, none, high), AYNI_E_MALFORMED);
}
END_TEST

static enum ayni_status decode_batch(uint64_t from, uint64_t to, size_t size)
{
    uint8_t packed[4] = { 0 };
    struct ayni_batch batch = { .from = from, .to = to, .packed = { packed, size } };

    ayni_buffer_clear(&wire);
    ayni_batch_encode(&batch, &wire);
    return decode(ayni_buffer_bytes(&wire));
}

START_TEST(a_batch_holds_entries_or_nothing)
{
    ck_assert_int_eq(decode_batch(3, 4, 4), AYNI_OK);
    ck_assert_int_eq(decode_batch(3, 3, 0), AYNI_OK);
    ck_assert_int_eq(decode_batch(3, 3, 4), AYNI_E_MALFORMED);
    ck_assert_int_eq(decode_batch(4, 3, 4), AYNI_E_MALFORMED);
    ck_assert_int_eq(decode_batch(3, 4, 0), AYNI_E_MALFORMED);
}
END_TEST

static enum ayni_status decode_points(size_t count, uint64_t first, uint64_t step)
{
    ayni_buffer_clear(&wire);
    ayni_cbor_put_array(&wire, 3);
    ayni_cbor_put_uint(&wire, AYNI_MESSAGE_FORK);
    ayni_cbor_put_id(&wire, &(struct ayni_feed_prefix){ { 0 } });
    ayni_cbor_put_array(&wire, 2 * count);
    for (size_t i = 0; i < count; i++) {
        ayni_cbor_put_uint(&wire, first + step * i);
        ayni_cbor_put_id(&wire, &(struct ayni_chain_mark){ { 0 } });
    }
    return decode(ayni_buffer_bytes(&wire));
}

START_TEST(points_of_a_history_ascend_and_are_few)
{
    ck_assert_int_eq(decode_points(AYNI_CHAIN_POINTS_MAX, 1, 1), AYNI_OK);
    ck_assert_int_eq(decode_points(0, 0, 0), AYNI_OK);
    ck_assert_int_eq(decode_points(1, 0, 1), AYNI_E_MALFORMED);
    ck_assert_int_eq(decode_points(2, 5, 0), AYNI_E_MALFORMED);
    ck_assert_int_eq(decode_points(AYNI_CHAIN_POINTS_MAX + 1, 1, 1), AYNI_E_LIMIT);
}
END_TEST

START_TEST(a_trace_looks_between_two_places)
{
    ayni_trace_encode(&(struct ayni_trace){ .low = 4, .high = 4 }, &wire);
    ck_assert_int_eq(decode(ayni_buffer_bytes(&wire)), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(what_is_larger_than_a_message_is_not_read)
{
    uint8_t *room = ayni_buffer_extend(&wire, AYNI_MESSAGE_SIZE_MAX + 1);

    memset(room, 0, AYNI_MESSAGE_SIZE_MAX + 1);
    ck_assert_int_eq(decode(ayni_buffer_bytes(&wire)), AYNI_E_LIMIT);
}
END_TEST

START_TEST(random_bytes_are_no_message)
{
    struct test_random random = { (uint64_t)_i };
    uint8_t bytes[300];

    for (size_t round = 0; round < 2000; round++) {
        size_t size = test_random_below(&random, sizeof(bytes));
        test_random_fill(&random, bytes, size);
        bytes[0] = (uint8_t)(0x80 | (bytes[0] & 0x0f));
        (void)!decode((struct ayni_bytes){ bytes, size });
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("message");
    TCase *forms = tcase_create("forms");
    int count = (int)test_message_count();

    tcase_add_checked_fixture(forms, begin, end);
    tcase_add_loop_test(forms, a_message_comes_back_as_it_went, 0, count);
    tcase_add_loop_test(forms, no_prefix_of_a_message_is_one_nor_anything_behind_it, 0, count);
    tcase_add_loop_test(forms, elements_behind_those_that_are_known_are_ignored, 0, count);
    tcase_add_loop_test(forms, a_flipped_bit_never_goes_further_than_the_decoder, 0, count);
    tcase_add_test(forms, a_type_that_is_not_known_is_left_to_the_caller);
    tcase_add_test(forms, a_hello_of_another_major_version_is_told_apart);
    tcase_add_loop_test(forms, only_a_hello_that_asks_waits_for_an_answer, 0, 2);
    tcase_add_test(forms, a_hello_of_a_newer_minor_version_is_understood);
    tcase_add_test(forms, a_head_has_a_seq_and_a_mark_or_runs_that_lead_to_it);
    tcase_add_test(forms, a_note_does_not_go_back);
    tcase_add_test(forms, ranges_ascend_and_only_the_last_is_without_end);
    tcase_add_test(forms, a_batch_holds_entries_or_nothing);
    tcase_add_test(forms, points_of_a_history_ascend_and_are_few);
    tcase_add_test(forms, a_trace_looks_between_two_places);
    tcase_add_test(forms, what_is_larger_than_a_message_is_not_read);
    tcase_add_loop_test(forms, random_bytes_are_no_message, 0, 8);
    suite_add_tcase(suite, forms);
    return test_run(suite);
}
