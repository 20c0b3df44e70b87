#include "proto/sketch.h"

#include <stdlib.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"

/* Two lists with a known difference, from one seed: the oracle is how they were made. */
enum { LIST_MAX = 400, DIFFERENT_MAX = 40, ROUNDS = 100 };

struct pair {
    struct ayni_sketch first, second;
    struct ayni_listed only_first[DIFFERENT_MAX], only_second[DIFFERENT_MAX];
    size_t first_count, second_count;
};

static struct ayni_listed any(struct test_random *random)
{
    struct ayni_listed listed;

    test_random_fill(random, &listed, sizeof(listed));
    return listed;
}

/* `edited` are in both with another digest; `lone` in one of them. */
static void make_pair(struct test_random *random, size_t common, size_t edited, size_t lone,
                      struct pair *pair)
{
    *pair = (struct pair){ .first_count = 0 };
    for (size_t i = 0; i < common; i++) {
        struct ayni_listed listed = any(random);
        ayni_sketch_add(&pair->first, &listed);
        ayni_sketch_add(&pair->second, &listed);
    }
    for (size_t i = 0; i < edited + lone; i++) {
        struct ayni_listed listed = any(random);
        if (i < edited || test_random_below(random, 2) == 0)
            pair->only_first[pair->first_count++] = listed;
        else
            pair->only_second[pair->second_count++] = listed;
        if (i >= edited)
            continue;
        test_random_fill(random, listed.digest, sizeof(listed.digest));
        pair->only_second[pair->second_count++] = listed;
    }
    for (size_t i = 0; i < pair->first_count; i++)
        ayni_sketch_add(&pair->first, &pair->only_first[i]);
    for (size_t i = 0; i < pair->second_count; i++)
        ayni_sketch_add(&pair->second, &pair->only_second[i]);
}

static bool same_lists(struct ayni_listed *a, size_t a_count, struct ayni_listed *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    qsort(a, a_count, sizeof(*a), ayni_listed_compare);
    qsort(b, b_count, sizeof(*b), ayni_listed_compare);
    return a_count == 0 || memcmp(a, b, a_count * sizeof(*a)) == 0;
}

static bool told_right(struct pair *pair, struct ayni_sketch_difference *told)
{
    return same_lists(told->first, told->first_count, pair->only_first, pair->first_count) &&
           same_lists(told->second, told->second_count, pair->only_second, pair->second_count);
}

START_TEST(a_few_differences_of_long_lists_are_told)
{
    struct test_random random = { (uint64_t)_i + 1 };
    struct ayni_sketch_difference told;
    struct pair pair;

    make_pair(&random, test_random_below(&random, LIST_MAX), test_random_below(&random, 10),
              test_random_below(&random, 10), &pair);
    enum ayni_status status = ayni_sketch_compare(&pair.first, &pair.second, &told);
    ck_assert_msg(status == AYNI_OK && told_right(&pair, &told), "seed %d", _i + 1);
}
END_TEST

/* However many there are: they are told right, or it is said that they can't be. */
START_TEST(nothing_wrong_is_told)
{
    struct test_random random = { (uint64_t)_i + 1000 };
    struct ayni_sketch_difference told;
    struct pair pair;

    make_pair(&random, 50, test_random_below(&random, DIFFERENT_MAX / 2),
              test_random_below(&random, DIFFERENT_MAX / 2), &pair);
    if (ayni_sketch_compare(&pair.first, &pair.second, &told) == AYNI_OK)
        ck_assert_msg(told_right(&pair, &told), "seed %d", _i + 1000);
}
END_TEST

START_TEST(too_many_are_not_told)
{
    struct test_random random = { 7 };
    struct ayni_sketch first = { 0 }, second = { 0 };
    struct ayni_sketch_difference told;

    for (size_t i = 0; i < 200; i++) {
        struct ayni_listed listed = any(&random);
        ayni_sketch_add(&first, &listed);
    }
    ck_assert_int_eq(ayni_sketch_compare(&first, &second, &told), AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(what_is_encoded_is_decoded_to_the_same)
{
    struct test_random random = { 9 };
    uint8_t bytes[AYNI_SKETCH_SIZE], again[AYNI_SKETCH_SIZE];
    struct ayni_sketch_difference told;
    struct ayni_sketch decoded;
    struct pair pair;

    make_pair(&random, 100, 3, 3, &pair);
    ayni_sketch_encode(&pair.first, bytes);
    ck_assert_int_eq(ayni_sketch_decode((struct ayni_bytes){ bytes, sizeof(bytes) }, &decoded),
                     AYNI_OK);
    ayni_sketch_encode(&decoded, again);
    ck_assert_mem_eq(bytes, again, sizeof(bytes));
    ck_assert_int_eq(ayni_sketch_compare(&decoded, &pair.first, &told), AYNI_OK);
    ck_assert_uint_eq(told.first_count + told.second_count, 0);
}
END_TEST

START_TEST(another_size_is_malformed)
{
    static const uint8_t bytes[AYNI_SKETCH_SIZE + 1];
    static const size_t sizes[] = { 0, 1, AYNI_SKETCH_SIZE - 1, AYNI_SKETCH_SIZE + 1 };
    struct ayni_sketch sketch;

    ck_assert_int_eq(ayni_sketch_decode((struct ayni_bytes){ bytes, sizes[_i] }, &sketch),
                     AYNI_E_MALFORMED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sketch");
    TCase *differences = tcase_create("differences");
    TCase *bytes = tcase_create("bytes");

    tcase_add_loop_test(differences, a_few_differences_of_long_lists_are_told, 0, ROUNDS);
    tcase_add_loop_test(differences, nothing_wrong_is_told, 0, ROUNDS);
    tcase_add_test(differences, too_many_are_not_told);
    tcase_add_test(bytes, what_is_encoded_is_decoded_to_the_same);
    tcase_add_loop_test(bytes, another_size_is_malformed, 0, 4);
    suite_add_tcase(suite, differences);
    suite_add_tcase(suite, bytes);
    return test_run(suite);
}
