#include "daemon/records/writing/author_keys.h"

#include "tests/support/random.h"
#include "tests/support/suite.h"

enum { KEYS_MAX = 200 };

static struct author_change changes[2][KEYS_MAX];

/* Few spaces and types, and ids that begin alike, so that lists meet about as often as not. */
static void fill(struct author_change *list, size_t count, uint64_t ids, struct test_random *random)
{
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct author_change){ .type = 1 + (uint32_t)test_random_below(random, 2) };
        list[i].space.bytes[0] = (uint8_t)test_random_below(random, 2);
        ayni_put_u64(list[i].record.bytes + 8, test_random_below(random, ids));
    }
}

static bool meet(const struct author_change *a, const struct author_change *b)
{
    return a->type == b->type && ayni_id_equal(&a->space, &b->space) &&
           ayni_id_equal(&a->record, &b->record);
}

static bool any_meet(size_t first, size_t second)
{
    for (size_t i = 0; i < first; i++)
        for (size_t j = 0; j < second; j++)
            if (meet(&changes[0][i], &changes[1][j]))
                return true;
    return false;
}

/* Against every pair of theirs, whatever their sizes. */
START_TEST(lists_meet_where_a_record_is_in_both)
{
    struct test_random random = { 5 };
    unsigned met = 0;

    for (unsigned i = 0; i < 3000; i++) {
        size_t first = test_random_below(&random, i % 2 == 0 ? 4 : KEYS_MAX + 1);
        size_t second = test_random_below(&random, i % 3 == 0 ? 4 : KEYS_MAX + 1);
        uint64_t ids = 1 + (first + 1) * (second + 1) / 4;
        SCOPED_AUTHOR_KEYS a = { 0 };
        SCOPED_AUTHOR_KEYS b = { 0 };
        fill(changes[0], first, ids, &random);
        fill(changes[1], second, ids, &random);
        ck_assert_int_eq(author_keys_of(changes[0], first, &a), AYNI_OK);
        ck_assert_int_eq(author_keys_of(changes[1], second, &b), AYNI_OK);
        ck_assert_int_eq(author_keys_meet(&a, &b), any_meet(first, second));
        ck_assert_int_eq(author_keys_meet(&b, &a), any_meet(first, second));
        met += author_keys_meet(&a, &b);
    }
    ck_assert(met > 300 && met < 2700);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("author_keys");

    TEST_CASE(suite, "core", NULL, NULL, lists_meet_where_a_record_is_in_both);
    return test_run(suite);
}
