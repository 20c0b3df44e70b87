/* Random samples: which records a seed draws, and that each is as likely as any other. */
#include "daemon/records/draw.h"

#include <stdio.h>
#include <string.h>

#include "proto/cbor.h"
#include "tests/support/suite.h"

enum { RECORDS = 40, TYPE = 203 };

static struct record_key key_of(unsigned number)
{
    struct record_key key = { .type = TYPE };

    ayni_put_u32(key.record.bytes, number * 2654435761u);
    ayni_put_u32(key.record.bytes + 12, number);
    return key;
}

static unsigned number_of(const struct drawn *drawn)
{
    return ayni_get_u32(drawn->key.record.bytes + 12);
}

/* Offers all records from `first` on, round to the one before it. */
static void draw_from(struct draw *draw, const char *seed, size_t wanted, unsigned first)
{
    ck_assert_int_eq(draw_begin(draw, seed, wanted), AYNI_OK);
    for (unsigned i = 0; i < RECORDS; i++) {
        struct record_key key = key_of((first + i) % RECORDS);
        draw_offer(draw, &key);
    }
    draw_end(draw);
}

/* H of protocol.md, section 1.2, written down once more. */
START_TEST(a_lot_is_the_hash_of_seed_type_and_record)
{
    static const uint8_t list[] = { 0x84, 0x6d, 'a', 'y', 'n', 'i',  '-', 's', 'a',  'm',
                                    'p',  'l',  'e', '-', '1', 0x62, 's', '1', 0x18, 0xcb,
                                    0x50, 0,    0,   0,   0,   0,    0,   0,   0,    0,
                                    0,    0,    0,   0,   0,   0,    0 };
    struct record_key key = key_of(0);
    struct ayni_hash expected = ayni_hash_of((struct ayni_bytes){ list, sizeof(list) });
    struct draw draw;

    ck_assert_int_eq(draw_begin(&draw, "s1", 1), AYNI_OK);
    draw_offer(&draw, &key);
    draw_end(&draw);
    ck_assert_mem_eq(draw.items[0].lot.bytes, expected.bytes, sizeof(expected.bytes));
    draw_free(&draw);
}
END_TEST

/* Neither the order of what is offered nor the size of the sample changes who comes first. */
START_TEST(a_sample_begins_with_every_smaller_one)
{
    struct draw whole, part;
    size_t wanted = (size_t)_i + 1;

    draw_from(&whole, "prefix", RECORDS + 5, 0);
    ck_assert_uint_eq(whole.count, RECORDS);
    draw_from(&part, "prefix", wanted, (unsigned)_i);
    ck_assert_uint_eq(part.population, RECORDS);
    ck_assert_uint_eq(part.count, wanted);
    for (size_t i = 0; i < wanted; i++)
        ck_assert_uint_eq(number_of(&part.items[i]), number_of(&whole.items[i]));
    for (size_t i = 1; i < RECORDS; i++)
        ck_assert_int_lt(ayni_id_compare(&whole.items[i - 1].lot, &whole.items[i].lot), 0);
    draw_free(&whole);
    draw_free(&part);
}
END_TEST

/* 4,000 samples of 10 of 40, with fixed seeds: each record is in about 1,000 of them. */
START_TEST(every_record_is_as_likely_as_any_other)
{
    enum { SAMPLES = 4000, SIZE = 10, EXPECTED = SAMPLES * SIZE / RECORDS };
    unsigned times[RECORDS] = { 0 };
    double chi_square = 0;
    char seed[16];

    for (unsigned s = 0; s < SAMPLES; s++) {
        struct draw draw;
        snprintf(seed, sizeof(seed), "seed-%u", s);
        draw_from(&draw, seed, SIZE, 0);
        for (size_t i = 0; i < draw.count; i++)
            times[number_of(&draw.items[i])]++;
        draw_free(&draw);
    }
    for (unsigned i = 0; i < RECORDS; i++) {
        double off = (double)times[i] - EXPECTED;
        chi_square += off * off / (EXPECTED * (1.0 - (double)SIZE / RECORDS));
    }
    ck_assert_double_lt(chi_square, 62.4); /* 39 degrees of freedom, one in a hundred is above */
    ck_assert_double_gt(chi_square, 21.4); /* ... and one in a hundred below */
}
END_TEST

START_TEST(a_seed_is_a_word)
{
    char seed[DRAW_SEED_SIZE], other[DRAW_SEED_SIZE], longest[DRAW_SEED_SIZE + 1];

    draw_seed(seed);
    draw_seed(other);
    ck_assert_uint_eq(strlen(seed), 32);
    ck_assert(draw_seed_valid(seed));
    ck_assert_str_ne(seed, other);
    memset(longest, 'a', sizeof(longest));
    longest[DRAW_SEED_SIZE] = '\0';
    ck_assert(!draw_seed_valid(longest));
    longest[DRAW_SEED_SIZE - 1] = '\0';
    ck_assert(draw_seed_valid(longest));
    ck_assert(!draw_seed_valid(""));
    ck_assert(!draw_seed_valid("a b"));
    ck_assert(!draw_seed_valid("ñ"));
    ck_assert(!draw_seed_valid("a\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("draw");
    TCase *draw = tcase_create("draw");

    tcase_add_test(draw, a_lot_is_the_hash_of_seed_type_and_record);
    tcase_add_loop_test(draw, a_sample_begins_with_every_smaller_one, 0, RECORDS);
    tcase_add_test(draw, every_record_is_as_likely_as_any_other);
    tcase_add_test(draw, a_seed_is_a_word);
    suite_add_tcase(suite, draw);
    return test_run(suite);
}
