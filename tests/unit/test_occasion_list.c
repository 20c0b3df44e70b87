/* Lists of records by place and month: what is brought in is what is read, in pieces that stay
 * small, whatever the order. */
#include "daemon/records/occasion_list.h"

#include <stdlib.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

enum { SEEDS = 6, ROUNDS = 30, FEEDS = 3, SEQS = 700, TABLE = RECORDS_TABLE_OCCASIONS };

/* What should be there, of one list: the day, or 0. */
static uint8_t model[FEEDS][SEQS];
static struct puts changes;
static struct occasion at;
static struct ayni_space space;

static void open_lists(void)
{
    test_views_begin();
    test_views_options.tables = records_table_names;
    test_views_options.table_count = RECORDS_TABLE_COUNT;
    test_views_options.format = RECORDS_TABLES_FORMAT;
    test_views_options.map_size = 8 << 20; /* what is brought in is brought in once */
    test_views_reopen();
    memset(model, 0, sizeof(model));
    at = (struct occasion){ .place = "160101", .month = 24321 };
}

static void close_lists(void)
{
    puts_free(&changes);
    test_views_end();
}

static void change(feed_no feed, uint64_t seq, uint8_t day)
{
    const struct version_ref ref = { feed, seq };
    uint8_t key[OCCASION_KEY_SIZE];

    at.day = day;
    occasion_key_encode(&space, 208, &at, &ref, key);
    if (day == 0)
        puts_remove(&changes, (struct ayni_bytes){ key, sizeof(key) });
    else
        puts_add(&changes, (struct ayni_bytes){ key, sizeof(key) }, (struct ayni_bytes){ &day, 1 });
    if (feed < FEEDS && seq < SEQS)
        model[feed][seq] = day;
}

static enum ayni_status put_lists(void *context, struct views_txn *txn)
{
    (void)context;
    return occasion_lists_put(&changes, txn);
}

static enum ayni_status bring_in(void)
{
    return views_update(test_views, put_lists, NULL);
}

/* --- reading them all --- */

struct seen {
    size_t items, pieces, bytes;
};

static struct seen read_all(void)
{
    struct seen seen = { 0 };
    struct ayni_bytes key, value;
    struct version_ref last = { 0 };
    SCOPED_VIEWS_SNAPSHOT *views = NULL;

    ck_assert_int_eq(views_snapshot_begin(test_views, &views), AYNI_OK);
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    views_cursor_open(views, TABLE, (struct ayni_bytes){ 0 }, &cursor);
    while (views_cursor_next(&cursor, &key, &value)) {
        struct occasion_list list = occasion_list(key.data, value);
        seen.pieces++;
        seen.bytes += value.size;
        ck_assert_uint_le(value.size, OCCASION_LIST_SIZE_MAX);
        while (occasion_list_next(&list)) {
            const struct version_ref *ref = &list.item.ref;
            ck_assert(seen.items == 0 || ref->feed > last.feed ||
                      (ref->feed == last.feed && ref->seq > last.seq));
            if (ref->feed < FEEDS && ref->seq < SEQS)
                ck_assert_uint_eq(list.item.day, model[ref->feed][ref->seq]);
            last = *ref;
            seen.items++;
        }
        ck_assert(!list.damaged);
    }
    views_cursor_close(&cursor);
    return seen;
}

static size_t model_count(void)
{
    size_t count = 0;

    for (size_t feed = 0; feed < FEEDS; feed++)
        for (size_t seq = 0; seq < SEQS; seq++)
            count += model[feed][seq] != 0;
    return count;
}

/* --- tests --- */

START_TEST(any_changes_are_what_is_read)
{
    struct test_random random = { (uint64_t)_i + 1 };

    for (int round = 0; round < ROUNDS; round++) {
        uint64_t count = 1 + test_random_below(&random, round % 4 == 0 ? 600 : 5);
        bool removes = round % 7 == 6;
        for (uint64_t i = 0; i < count; i++)
            change((feed_no)test_random_below(&random, FEEDS), test_random_below(&random, SEQS),
                   removes || test_random_below(&random, 5) == 0
                       ? 0
                       : (uint8_t)(1 + test_random_below(&random, 31)));
        ck_assert_int_eq(bring_in(), AYNI_OK);
        ck_assert_msg(read_all().items == model_count(), "seed %d, round %d", _i + 1, round);
    }
    for (feed_no feed = 0; feed < FEEDS; feed++)
        for (uint64_t seq = 0; seq < SEQS; seq++)
            change(feed, seq, 0);
    ck_assert_int_eq(bring_in(), AYNI_OK);
    ck_assert_uint_eq(read_all().pieces, 0);
}
END_TEST

START_TEST(what_was_written_together_takes_two_bytes)
{
    struct seen seen;

    for (uint64_t i = 0; i < 10; i++) {
        for (uint64_t j = 0; j < 1000; j++)
            change(7, 1 + (i * 1000 + j) * 13, (uint8_t)(1 + j % 28));
        ck_assert_int_eq(bring_in(), AYNI_OK);
    }
    seen = read_all();
    ck_assert_uint_eq(seen.items, 10000);
    ck_assert_uint_le(seen.bytes, 2 * 10000);
    ck_assert_uint_le(seen.pieces, 10000 / 220);
}
END_TEST

/* Two feeds that grow at a time, of which one is always in the middle of the list. */
START_TEST(pieces_that_grow_in_the_middle_stay_well_filled)
{
    enum { TIMES = 100, AT_ONCE = 10 };

    for (uint64_t i = 0; i < TIMES; i++) {
        for (uint64_t j = 0; j < AT_ONCE; j++) {
            change(8, 1 + i * AT_ONCE + j, 1);
            change(9, 1 + i * AT_ONCE + j, 1);
        }
        ck_assert_int_eq(bring_in(), AYNI_OK);
    }
    ck_assert_uint_eq(read_all().items, 2 * TIMES * AT_ONCE);
    ck_assert_uint_le(read_all().pieces, 2 * TIMES * AT_ONCE * 2 * 2 / OCCASION_LIST_SIZE_MAX + 2);
}
END_TEST

START_TEST(far_numbers_are_kept)
{
    static const struct version_ref far[] = { { 1, 1 },
                                              { 1, UINT64_MAX - 1 },
                                              { 1, UINT64_MAX },
                                              { 2, 0 },
                                              { 2, UINT64_MAX },
                                              { UINT32_MAX, UINT64_C(1) << 58 },
                                              { UINT32_MAX, UINT64_MAX } };
    enum { FAR_COUNT = sizeof(far) / sizeof(far[0]) };
    struct occasion_item items[FAR_COUNT];
    uint8_t key[OCCASION_KEY_SIZE];
    SCOPED_BUFFER value = { 0 };

    for (size_t i = 0; i < FAR_COUNT; i++)
        items[i] = (struct occasion_item){ far[i], (uint8_t)(31 - i) };
    ck_assert_uint_eq(occasion_list_encode(items, FAR_COUNT, &value), FAR_COUNT);
    occasion_key_encode(&space, 208, &at, &far[0], key);
    struct occasion_list list = occasion_list(key, ayni_buffer_bytes(&value));
    for (size_t i = 0; i < FAR_COUNT; i++) {
        ck_assert(occasion_list_next(&list));
        ck_assert_uint_eq(list.item.ref.feed, far[i].feed);
        ck_assert_uint_eq(list.item.ref.seq, far[i].seq);
        ck_assert_uint_eq(list.item.day, 31 - i);
    }
    ck_assert(!occasion_list_next(&list));
    ck_assert(!list.damaged);
}
END_TEST

START_TEST(a_damaged_piece_is_told)
{
    const struct ayni_bytes values[] = { TEST_BYTES(""), TEST_BYTES("\x80"), TEST_BYTES("\x01\x80"),
                                         TEST_BYTES("\x01\x03\x01"),
                                         TEST_BYTES("\x01\xff\xff\xff\xff\xff\xff\xff\xff"
                                                    "\xff\xff\xff\xff") };
    uint8_t key[OCCASION_KEY_SIZE] = { 0 };

    struct occasion_list list = occasion_list(key, values[_i]);
    while (occasion_list_next(&list))
        ;
    ck_assert(list.damaged);
}
END_TEST

static enum ayni_status put_damaged(void *context, struct views_txn *txn)
{
    return views_put(txn, TABLE, *(struct ayni_bytes *)context, TEST_BYTES("\x80"));
}

START_TEST(nothing_is_brought_into_a_damaged_piece)
{
    const struct version_ref ref = { 1, 5 };
    uint8_t key[OCCASION_KEY_SIZE];
    struct ayni_bytes at_key = { key, sizeof(key) };

    occasion_key_encode(&space, 208, &at, &ref, key);
    ck_assert_int_eq(views_update(test_views, put_damaged, &at_key), AYNI_OK);
    change(1, 6, 3);
    ck_assert_int_eq(bring_in(), AYNI_E_IO);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("occasion_list");
    TCase *lists = tcase_create("lists");

    tcase_add_checked_fixture(lists, open_lists, close_lists);
    tcase_add_loop_test(lists, any_changes_are_what_is_read, 0, SEEDS);
    tcase_add_test(lists, what_was_written_together_takes_two_bytes);
    tcase_add_test(lists, pieces_that_grow_in_the_middle_stay_well_filled);
    tcase_add_test(lists, far_numbers_are_kept);
    tcase_add_loop_test(lists, a_damaged_piece_is_told, 0, 5);
    tcase_add_test(lists, nothing_is_brought_into_a_damaged_piece);
    suite_add_tcase(suite, lists);
    return test_run(suite);
}
