#include "daemon/records/order.h"

#include <stdlib.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"

enum { KEYS = 300, KEY_SIZE_MAX = 40 };

static struct ayni_bytes keys[KEYS];
static uint8_t memory[KEYS][KEY_SIZE_MAX];

static struct ayni_bytes key_of(const void *things, size_t index)
{
    return ((const struct ayni_bytes *)things)[index];
}

/* Keys that begin alike for `common` bytes; few different ones where `few`; of one size or not. */
static void make_keys(struct test_random *random, size_t common, bool few, bool one_size)
{
    for (size_t i = 0; i < KEYS; i++) {
        memset(memory[i], 7, sizeof(memory[i]));
        for (size_t j = common; j < KEY_SIZE_MAX; j++)
            memory[i][j] = (uint8_t)test_random_below(random, few ? 2 : 256);
        if (few)
            memset(memory[i] + common, (int)test_random_below(random, 3), KEY_SIZE_MAX - common);
        keys[i] = (struct ayni_bytes){ memory[i],
                                       one_size ? KEY_SIZE_MAX
                                                : test_random_below(random, KEY_SIZE_MAX + 1) };
    }
}

static void check_order(size_t count)
{
    bool seen[KEYS] = { false };
    uint32_t *order;

    ck_assert_int_eq(order_by_key(keys, count, key_of, &order), AYNI_OK);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_lt(order[i], count);
        ck_assert(!seen[order[i]]);
        seen[order[i]] = true;
        if (i == 0)
            continue;
        int compared = ayni_bytes_compare(keys[order[i - 1]], keys[order[i]]);
        ck_assert(compared < 0 || (compared == 0 && order[i - 1] < order[i]));
    }
    free(order);
}

START_TEST(keys_ascend_and_equal_ones_keep_their_order)
{
    struct test_random random = { (uint64_t)_i + 1 };

    for (size_t common = 0; common <= KEY_SIZE_MAX; common += 5)
        for (int how = 0; how < 4; how++) {
            make_keys(&random, common, how & 1, how & 2);
            check_order(1 + test_random_below(&random, KEYS));
        }
}
END_TEST

START_TEST(nothing_has_an_order_too)
{
    check_order(0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("order");
    TCase *order = tcase_create("order");

    tcase_add_loop_test(order, keys_ascend_and_equal_ones_keep_their_order, 0, 20);
    tcase_add_test(order, nothing_has_an_order_too);
    suite_add_tcase(suite, order);
    return test_run(suite);
}
