#include "proto/control.h"

#include <stdio.h>

#include "proto/limits.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

static const uint8_t sample_hash[4] = { 0xde, 0xad, 0xbe, 0xef };

/* One of each kind, in an order that no sorting would give. */
static void put_sample(struct ayni_control_writer *w)
{
    struct ayni_record record = { { 1 } };
    struct ayni_node node = { { 2 } };
    struct ayni_space space = { { 3 } };

    ayni_control_open_object(w, NULL);
    ayni_control_put_text(w, "zeta", "Ñahui");
    ayni_control_put_record(w, "id", &record);
    ayni_control_put_node(w, "node", &node);
    ayni_control_put_space(w, "space", &space);
    ayni_control_put_instant(w, "instant", (struct ayni_instant){ 1700000000123 });
    ayni_control_put_day(w, "day", -5);
    ayni_control_put_month(w, "month", 31);
    ayni_control_put_decimal(w, "hb", -105, 1);
    ayni_control_put_time(w, "time", 1700000000);
    ayni_control_put_hash(w, "hash", (struct ayni_bytes){ sample_hash, 4 });
    ayni_control_put_null(w, "nothing");
    ayni_control_put_bool(w, "yes", true);
    ayni_control_put_int(w, "int", INT64_MIN);
    ayni_control_open_array(w, "array");
    for (int i = 0; i < 30; i++) {
        ayni_control_open_object(w, NULL);
        ayni_control_put_int(w, "n", i);
        ayni_control_close(w);
    }
    ayni_control_close(w);
    ayni_control_close(w);
}

static const enum ayni_control_kind sample_kinds[] = {
    AYNI_CONTROL_TEXT,    AYNI_CONTROL_RECORD, AYNI_CONTROL_NODE,  AYNI_CONTROL_SPACE,
    AYNI_CONTROL_INSTANT, AYNI_CONTROL_DAY,    AYNI_CONTROL_MONTH, AYNI_CONTROL_DECIMAL,
    AYNI_CONTROL_TIME,    AYNI_CONTROL_HASH,   AYNI_CONTROL_NULL,  AYNI_CONTROL_BOOL,
    AYNI_CONTROL_INT,     AYNI_CONTROL_ARRAY,
};
enum { SAMPLE_KINDS = sizeof(sample_kinds) / sizeof(sample_kinds[0]) };

START_TEST(an_object_reads_back_in_its_order)
{
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value object, value;
    size_t i = 0;

    put_sample(&writer);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &object), AYNI_OK);
    ck_assert_uint_eq(ayni_control_count(&object), SAMPLE_KINDS);
    struct ayni_control_cursor cursor = ayni_control_cursor(&object);
    for (struct ayni_bytes key; ayni_control_next(&cursor, &key, &value); i++) {
        ck_assert_uint_lt(i, SAMPLE_KINDS);
        ck_assert_int_eq(value.kind, sample_kinds[i]);
    }
    ck_assert_uint_eq(i, SAMPLE_KINDS);
}
END_TEST

START_TEST(values_are_found_by_key)
{
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value object, value, element;

    put_sample(&writer);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &object), AYNI_OK);
    ck_assert(ayni_control_find(&object, "hb", &value));
    ck_assert_int_eq(value.integer, -105);
    ck_assert_uint_eq(value.scale, 1);
    ck_assert(ayni_control_find(&object, "zeta", &value));
    ck_assert(ayni_bytes_equal(value.bytes, TEST_BYTES("Ñahui")));
    ck_assert(ayni_control_find(&object, "int", &value));
    ck_assert(value.integer == INT64_MIN);
    ck_assert(!ayni_control_find(&object, "in", &value));
    ck_assert(ayni_control_find(&object, "array", &value));
    struct ayni_control_cursor cursor = ayni_control_cursor(&value);
    for (int i = 0; i < 30; i++) {
        ck_assert(ayni_control_next(&cursor, NULL, &element));
        ck_assert(ayni_control_find(&element, "n", &element));
        ck_assert_int_eq(element.integer, i);
    }
    ck_assert(!ayni_control_next(&cursor, NULL, &element));
}
END_TEST

START_TEST(a_value_that_was_read_is_written_the_same)
{
    SCOPED_BUFFER encoded = { 0 };
    SCOPED_BUFFER again = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value object, value;

    put_sample(&writer);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &object), AYNI_OK);
    writer = ayni_control_writer(&again);
    ayni_control_put_value(&writer, NULL, &object);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&encoded)));

    /* And value by value. */
    struct ayni_control_cursor cursor = ayni_control_cursor(&object);
    char name[16];
    ayni_buffer_clear(&again);
    writer = ayni_control_writer(&again);
    ayni_control_open_object(&writer, NULL);
    for (struct ayni_bytes key; ayni_control_next(&cursor, &key, &value);) {
        snprintf(name, sizeof(name), "%.*s", (int)key.size, (const char *)key.data);
        ayni_control_put_value(&writer, name, &value);
    }
    ayni_control_close(&writer);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&encoded)));
}
END_TEST

START_TEST(a_prefix_is_no_value)
{
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value value;

    put_sample(&writer);
    for (size_t size = 0; size < encoded.size; size++)
        ck_assert_int_ne(
            ayni_control_value_decode((struct ayni_bytes){ encoded.data, size }, &value), AYNI_OK);
}
END_TEST

/* Whatever a flipped bit makes of it: refused, or a value that can be walked. */
static void walk(const struct ayni_control_value *value)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(value);
    struct ayni_control_value inner;
    size_t left = ayni_control_count(value);

    while (ayni_control_next(&cursor, NULL, &inner)) {
        walk(&inner);
        left--;
    }
    ck_assert_uint_eq(left, 0);
}

START_TEST(flipped_bits_are_refused_or_read)
{
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value value;

    put_sample(&writer);
    for (size_t bit = 0; bit < encoded.size * 8; bit++) {
        encoded.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        if (ayni_control_value_decode(ayni_buffer_bytes(&encoded), &value) == AYNI_OK)
            walk(&value);
        encoded.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}
END_TEST

/* Marks nobody knows, two marks, parts that don't fit, odd objects, keys that are no texts. */
static const char *const malformed[] = {
    "a12a00",                 /* mark -11 */
    "a0",                     /* no mark */
    "a2200021f6",             /* two marks */
    "a10001",                 /* a key that is no mark */
    "a12041ff",               /* a record id of one byte */
    "a121420000",             /* a node of two */
    "a12220",                 /* an instant before 1970 */
    "a1231b7fffffffffffffff", /* a day past all calendars */
    "a1261b7fffffffffffffff", /* a time past all calendars */
    "a125810a",               /* a decimal without a scale */
    "a125820113",             /* a decimal of scale 19 */
    "a12901",                 /* an object that is no array */
    "a129816161",             /* a key without a value */
    "a129820102",             /* a key that is no text */
    "d2a0",                   /* a tag */
    "f90000",                 /* a float */
    "1bffffffffffffffff",     /* an integer past int64 */
};

START_TEST(what_is_no_value_is_refused)
{
    uint8_t bytes[32];
    struct ayni_control_value value;
    struct ayni_bytes hex = ayni_bytes_of_text(malformed[_i]);
    size_t size = hex.size / 2;

    ck_assert_int_eq(ayni_hex_parse(hex, bytes, size), AYNI_OK);
    ck_assert_int_ne(ayni_control_value_decode((struct ayni_bytes){ bytes, size }, &value),
                     AYNI_OK);
}
END_TEST

static struct ayni_bytes body_of(const struct ayni_buffer *frame)
{
    size_t size;
    ck_assert_int_eq(ayni_control_frame_size(frame->data, &size), AYNI_OK);
    ck_assert_uint_eq(size, frame->size - AYNI_CONTROL_HEADER_SIZE);
    return (struct ayni_bytes){ frame->data + AYNI_CONTROL_HEADER_SIZE, size };
}

START_TEST(a_request_reads_back)
{
    SCOPED_BUFFER frame = { 0 };
    struct ayni_control_request request;
    struct ayni_control_writer writer = ayni_control_request_begin(&frame, "get");

    put_sample(&writer);
    ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_OK);
    ck_assert_int_eq(ayni_control_request_decode(body_of(&frame), &request), AYNI_OK);
    ck_assert(ayni_bytes_equal(request.command, TEST_BYTES("get")));
    ck_assert_uint_eq(ayni_control_count(&request.arguments), SAMPLE_KINDS);
}
END_TEST

START_TEST(a_request_of_another_protocol_is_of_another_version)
{
    SCOPED_BUFFER body = { 0 };
    struct ayni_control_request request;

    ayni_cbor_put_array(&body, 3);
    ayni_cbor_put_string(&body, "ayni-control-2");
    ayni_cbor_put_string(&body, "get");
    ayni_cbor_put_null(&body);
    ck_assert_int_eq(ayni_control_request_decode(ayni_buffer_bytes(&body), &request),
                     AYNI_E_VERSION);
}
END_TEST

START_TEST(answers_read_back)
{
    SCOPED_BUFFER frame = { 0 };
    struct ayni_control_answer answer;

    struct ayni_control_writer writer = ayni_control_item_begin(&frame);
    ayni_control_put_int(&writer, NULL, 7);
    ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_OK);
    ck_assert_int_eq(ayni_control_answer_decode(body_of(&frame), &answer), AYNI_OK);
    ck_assert_int_eq(answer.type, AYNI_CONTROL_ITEM);
    ck_assert_int_eq(answer.value.integer, 7);

    ck_assert_int_eq(ayni_control_progress_frame(&frame, 3, 9), AYNI_OK);
    ck_assert_int_eq(ayni_control_answer_decode(body_of(&frame), &answer), AYNI_OK);
    ck_assert_int_eq(answer.type, AYNI_CONTROL_PROGRESS);
    ck_assert(answer.done == 3 && answer.total == 9);

    ck_assert_int_eq(ayni_control_want_frame(&frame), AYNI_OK);
    ck_assert_int_eq(ayni_control_answer_decode(body_of(&frame), &answer), AYNI_OK);
    ck_assert_int_eq(answer.type, AYNI_CONTROL_WANT);

    ck_assert_int_eq(ayni_control_end_frame(&frame, AYNI_E_RIGHT, (struct ayni_bytes){ 0 }),
                     AYNI_OK);
    ck_assert_int_eq(ayni_control_answer_decode(body_of(&frame), &answer), AYNI_OK);
    ck_assert_int_eq(answer.type, AYNI_CONTROL_END);
    ck_assert_int_eq(answer.status, AYNI_E_RIGHT);
    ck_assert_uint_eq(ayni_control_count(&answer.value), 0);
}
END_TEST

START_TEST(data_reads_back_up_to_its_end)
{
    SCOPED_BUFFER frame = { 0 };
    struct ayni_control_value value;

    struct ayni_control_writer writer = ayni_control_data_begin(&frame);
    ayni_control_put_text(&writer, NULL, "row");
    ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_OK);
    ck_assert_int_eq(ayni_control_data_decode(body_of(&frame), &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(value.bytes, TEST_BYTES("row")));
    ck_assert_int_eq(ayni_control_data_end(&frame), AYNI_OK);
    ck_assert_int_eq(ayni_control_data_decode(body_of(&frame), &value), AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(a_frame_has_a_size_and_a_maximum)
{
    const uint8_t none[4] = { 0 }, most[4] = { 0, 0x40, 0, 0 }, more[4] = { 0, 0x40, 0, 1 };
    size_t size;

    ck_assert_int_eq(ayni_control_frame_size(none, &size), AYNI_E_LIMIT);
    ck_assert_int_eq(ayni_control_frame_size(most, &size), AYNI_OK);
    ck_assert_uint_eq(size, AYNI_CONTROL_FRAME_MAX);
    ck_assert_int_eq(ayni_control_frame_size(more, &size), AYNI_E_LIMIT);
}
END_TEST

START_TEST(a_frame_that_grew_too_large_is_not_finished)
{
    static uint8_t large[AYNI_CONTROL_FRAME_MAX];
    SCOPED_BUFFER frame = { 0 };
    struct ayni_control_writer writer = ayni_control_item_begin(&frame);

    ayni_control_put_hash(&writer, NULL, (struct ayni_bytes){ large, sizeof(large) });
    ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("control");
    TCase *control = tcase_create("control");

    tcase_add_test(control, an_object_reads_back_in_its_order);
    tcase_add_test(control, values_are_found_by_key);
    tcase_add_test(control, a_value_that_was_read_is_written_the_same);
    tcase_add_test(control, a_prefix_is_no_value);
    tcase_add_test(control, flipped_bits_are_refused_or_read);
    tcase_add_loop_test(control, what_is_no_value_is_refused, 0,
                        sizeof(malformed) / sizeof(malformed[0]));
    tcase_add_test(control, a_request_reads_back);
    tcase_add_test(control, a_request_of_another_protocol_is_of_another_version);
    tcase_add_test(control, answers_read_back);
    tcase_add_test(control, data_reads_back_up_to_its_end);
    tcase_add_test(control, a_frame_has_a_size_and_a_maximum);
    tcase_add_test(control, a_frame_that_grew_too_large_is_not_finished);
    suite_add_tcase(suite, control);
    return test_run(suite);
}
