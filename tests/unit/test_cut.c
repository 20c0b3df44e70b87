#include "proto/cut.h"

#include <string.h>

#include "proto/limits.h"
#include "tests/support/suite.h"

static struct ayni_cut_point points[3];
static struct ayni_cut cut = { .points = points, .point_count = 3 };
static struct ayni_buffer wire;

static void encode(void)
{
    memset(cut.ending.bytes, 0x11, sizeof(cut.ending.bytes));
    for (size_t i = 0; i < 3; i++) {
        memset(points[i].feed.bytes, i == 2 ? 0x30 : 0x20, sizeof(points[i].feed.bytes));
        points[i].seq = 30 - i;
        memset(points[i].chain.bytes, (int)i, sizeof(points[i].chain.bytes));
    }
    ayni_cut_sort_points(points, 3);
    ayni_cut_encode(&cut, &wire);
}

static void end(void)
{
    ayni_buffer_free(&wire);
}

START_TEST(a_cut_comes_back_as_it_went)
{
    struct ayni_cut back;

    ck_assert_int_eq(ayni_cut_decode(ayni_buffer_bytes(&wire), &back), AYNI_OK);
    ck_assert(ayni_id_equal(&back.ending, &cut.ending));
    ck_assert_uint_eq(back.point_count, 3);
    ck_assert_mem_eq(back.points, points, sizeof(points));
    ayni_cut_free(&back);
}
END_TEST

START_TEST(a_cut_without_points_cuts_all)
{
    struct ayni_cut none = { .ending = cut.ending }, back;

    ayni_buffer_clear(&wire);
    ayni_cut_encode(&none, &wire);
    ck_assert_int_eq(ayni_cut_decode(ayni_buffer_bytes(&wire), &back), AYNI_OK);
    ck_assert_uint_eq(back.point_count, 0);
    ayni_cut_free(&back);
}
END_TEST

START_TEST(no_prefix_of_a_cut_is_one)
{
    struct ayni_cut back;

    for (size_t size = 0; size < wire.size; size++)
        ck_assert_int_ne(ayni_cut_decode((struct ayni_bytes){ wire.data, size }, &back), AYNI_OK);
    ayni_buffer_append_byte(&wire, 0);
    ck_assert_int_eq(ayni_cut_decode(ayni_buffer_bytes(&wire), &back), AYNI_E_MALFORMED);
}
END_TEST

/* Out of order, twice, or at 0: each cut has one encoding. */
START_TEST(points_have_one_order_and_none_is_zero)
{
    struct ayni_cut_point good[3];
    struct ayni_cut back;

    memcpy(good, points, sizeof(good));
    for (int i = 0; i < 3; i++) {
        memcpy(points, good, sizeof(good));
        if (i == 0)
            points[0].seq = 0;
        else if (i == 1)
            points[1] = points[0];
        else
            points[2] = good[0], points[0] = good[2];
        ayni_buffer_clear(&wire);
        ayni_cut_encode(&cut, &wire);
        ck_assert_int_eq(ayni_cut_decode(ayni_buffer_bytes(&wire), &back), AYNI_E_MALFORMED);
    }
}
END_TEST

/* A few bytes that announce many points cost no memory. */
START_TEST(a_count_that_the_bytes_cannot_hold_is_refused)
{
    static const uint8_t lie[] = { 0x82, 0x50, 1,  2,  3,  4,  5,    6,    7,    8,    9,   10,
                                   11,   12,   13, 14, 15, 16, 0x9A, 0xFF, 0xFF, 0xFF, 0xFF };
    static const uint8_t lie_in_bounds[] = { 0x82, 0x50, 1,  2,  3,  4,  5,  6,    7,    8,   9,
                                             10,   11,   12, 13, 14, 15, 16, 0x19, 0xFF, 0xFF };
    struct ayni_cut back;

    ck_assert_int_ne(ayni_cut_decode((struct ayni_bytes){ lie, sizeof(lie) }, &back), AYNI_OK);
    ck_assert_int_ne(
        ayni_cut_decode((struct ayni_bytes){ lie_in_bounds, sizeof(lie_in_bounds) }, &back),
        AYNI_OK);
}
END_TEST

/* Else who began feeds without end could never be cut off. */
START_TEST(a_cut_of_many_feeds_keeps_the_longest_and_fits_a_payload)
{
    enum { FEEDS = 2000 };
    static struct ayni_cut_point many[FEEDS];
    struct ayni_cut large = { .points = many };
    struct ayni_cut back;

    for (size_t i = 0; i < FEEDS; i++) {
        ayni_put_u64(many[i].feed.bytes, i * 0x9E3779B97F4A7C15);
        many[i].seq = UINT64_MAX - i;
        memset(many[i].chain.bytes, 0xAA, sizeof(many[i].chain.bytes));
    }
    large.point_count = ayni_cut_fit_points(many, FEEDS);
    ck_assert_uint_eq(large.point_count, AYNI_CUT_POINTS_MAX);
    ayni_buffer_clear(&wire);
    ayni_cut_encode(&large, &wire);
    ck_assert_uint_le(wire.size, AYNI_PAYLOAD_SIZE_MAX);
    ck_assert_int_eq(ayni_cut_decode(ayni_buffer_bytes(&wire), &back), AYNI_OK);
    for (size_t i = 0; i < back.point_count; i++)
        ck_assert_uint_gt(back.points[i].seq, UINT64_MAX - AYNI_CUT_POINTS_MAX);
    ayni_cut_free(&back);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cut");
    TCase *tcase = tcase_create("cut");

    tcase_add_checked_fixture(tcase, encode, end);
    tcase_add_test(tcase, a_cut_comes_back_as_it_went);
    tcase_add_test(tcase, a_cut_without_points_cuts_all);
    tcase_add_test(tcase, no_prefix_of_a_cut_is_one);
    tcase_add_test(tcase, points_have_one_order_and_none_is_zero);
    tcase_add_test(tcase, a_cut_of_many_feeds_keeps_the_longest_and_fits_a_payload);
    tcase_add_test(tcase, a_count_that_the_bytes_cannot_hold_is_refused);
    suite_add_tcase(suite, tcase);

    return test_run(suite);
}
