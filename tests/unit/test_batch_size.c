#include "daemon/records/batch_size.h"

#include "tests/support/random.h"
#include "tests/support/suite.h"

enum { MIB = 1 << 20, PAGE = 4096 };

START_TEST(small_tables_are_no_bound)
{
    struct views_pages pages = { .page_size = PAGE, .leaves = { 10, 2000, 1 }, .table_count = 3 };

    ck_assert_uint_eq(batch_size(UINT64_C(512) * MIB, &pages), BATCH_ENTRIES_MAX);
    pages.table_count = 0;
    ck_assert_uint_eq(batch_size(UINT64_C(512) * MIB, &pages), BATCH_ENTRIES_MAX);
}
END_TEST

/* Two tables that are larger than any batch: two pages an entry. */
START_TEST(large_tables_are_a_page_for_each_entry)
{
    struct views_pages pages = { .page_size = PAGE,
                                 .leaves = { 1 << 30, 1 << 30 },
                                 .table_count = 2 };
    size_t size = batch_size(64 * MIB, &pages);

    ck_assert_uint_le(size * 2 * PAGE, 64 * MIB);
    ck_assert_uint_ge(size * 3 * PAGE, 64 * MIB);
}
END_TEST

START_TEST(there_is_a_least)
{
    struct views_pages pages = { .page_size = PAGE, .leaves = { 1 << 30 }, .table_count = 1 };

    ck_assert_uint_eq(batch_size(0, &pages), BATCH_ENTRIES_MIN);
    ck_assert_uint_eq(batch_size(MIB, &pages), BATCH_ENTRIES_MIN);
}
END_TEST

START_TEST(a_commit_is_worth_as_many_entries_as_there_are_pages)
{
    struct views_pages pages = { .page_size = PAGE, .leaves = { 10, 2000, 1 }, .table_count = 3 };

    ck_assert_uint_eq(batch_worth(&pages), 2011);
    pages.leaves[1] = 1 << 30;
    ck_assert_uint_eq(batch_worth(&pages), BATCH_ENTRIES_MAX);
}
END_TEST

static uint64_t written(const struct views_pages *pages, uint64_t entries)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < pages->table_count; i++)
        sum += pages->leaves[i] < entries ? pages->leaves[i] : entries;
    return sum * pages->page_size;
}

/* Whatever the tables are, the pages that are written fit; and more memory is never less. */
START_TEST(what_is_written_stays_within_the_memory)
{
    struct test_random random = { 17 };

    for (unsigned i = 0; i < 2000; i++) {
        uint64_t memory = (uint64_t)test_random_below(&random, 1024) * MIB;
        struct views_pages pages = { .page_size = PAGE << test_random_below(&random, 5),
                                     .table_count = test_random_below(&random, 30) };
        for (size_t t = 0; t < pages.table_count; t++)
            pages.leaves[t] = test_random_below(&random, 1 << test_random_below(&random, 24));
        size_t size = batch_size(memory, &pages);
        ck_assert(size == BATCH_ENTRIES_MIN || written(&pages, size) <= memory);
        ck_assert(size >= BATCH_ENTRIES_MIN && size <= BATCH_ENTRIES_MAX);
        ck_assert_uint_le(size, batch_size(memory + MIB, &pages));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("batch_size");
    TCase *core = tcase_create("core");

    tcase_add_test(core, small_tables_are_no_bound);
    tcase_add_test(core, large_tables_are_a_page_for_each_entry);
    tcase_add_test(core, there_is_a_least);
    tcase_add_test(core, a_commit_is_worth_as_many_entries_as_there_are_pages);
    tcase_add_test(core, what_is_written_stays_within_the_memory);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
