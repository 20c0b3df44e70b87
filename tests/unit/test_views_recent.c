/*
 * A table that keeps apart what is recent reads as one that doesn't: both get the
 * same changes, in random order, and are compared key by key, in both directions.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/listener.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

enum { KEYS = 300, CHANGES_MAX = 40, ROUNDS = 60, MERGE_MEMORY = 1 };

static struct test_random draw;

/* "05x5": few beginnings, so that prefixes have several keys. */
static struct ayni_bytes some_key(char to[8])
{
    uint64_t number = test_random_below(&draw, KEYS);
    int size = snprintf(to, 8, "%02u%c%u", (unsigned)(number / 10), number % 2 ? 'x' : 'y',
                        (unsigned)(number % 10));

    return (struct ayni_bytes){ (const uint8_t *)to, (size_t)size };
}

static struct ayni_bytes some_prefix(char to[8])
{
    struct ayni_bytes key = some_key(to);

    key.size = (size_t)test_random_below(&draw, key.size + 1);
    return key;
}

static void compare_row(bool plain_has, bool apart_has, const struct ayni_bytes plain[2],
                        const struct ayni_bytes apart[2])
{
    ck_assert_int_eq(plain_has, apart_has);
    if (!plain_has)
        return;
    ck_assert(ayni_bytes_equal(plain[0], apart[0]));
    ck_assert(ayni_bytes_equal(plain[1], apart[1]));
}

struct pair {
    struct views_cursor plain, apart;
    char prefix[8];
};

static void open_pair(struct views_snapshot *snapshot, struct pair *pair)
{
    struct ayni_bytes prefix = some_prefix(pair->prefix);

    views_cursor_open(snapshot, TEST_FIRST, prefix, &pair->plain);
    views_cursor_open(snapshot, TEST_SECOND, prefix, &pair->apart);
}

static void close_pair(struct pair *pair)
{
    ck_assert_int_eq(pair->plain.status, AYNI_OK);
    ck_assert_int_eq(pair->apart.status, AYNI_OK);
    views_cursor_close(&pair->plain);
    views_cursor_close(&pair->apart);
}

/* Mostly on, now and then back, or to a key somewhere that is not before the prefix. */
static bool move_pair(struct pair *pair, bool may_turn)
{
    struct ayni_bytes plain[2], apart[2], from;
    char key[8];
    bool a, b;

    switch (may_turn ? test_random_below(&draw, 8) : 7) {
    case 0:
        from = some_key(key);
        if (ayni_bytes_compare(from, pair->plain.prefix) < 0)
            return true;
        a = views_cursor_seek(&pair->plain, from, &plain[0], &plain[1]);
        b = views_cursor_seek(&pair->apart, from, &apart[0], &apart[1]);
        break;
    case 1:
    case 2:
        a = views_cursor_previous(&pair->plain, &plain[0], &plain[1]);
        b = views_cursor_previous(&pair->apart, &apart[0], &apart[1]);
        break;
    default:
        a = views_cursor_next(&pair->plain, &plain[0], &plain[1]);
        b = views_cursor_next(&pair->apart, &apart[0], &apart[1]);
    }
    compare_row(a, b, plain, apart);
    return a;
}

static void compare_walks(struct views_snapshot *snapshot)
{
    struct pair pair;

    open_pair(snapshot, &pair);
    for (size_t i = 0; i < 30; i++)
        if (!move_pair(&pair, true))
            break; /* what LMDB does beyond an end and back is its own */
    close_pair(&pair);
    open_pair(snapshot, &pair);
    while (move_pair(&pair, false))
        ;
    close_pair(&pair);
}

static void compare_keys(struct views_snapshot *snapshot)
{
    SCOPED_VIEWS_ASCENT ascent;

    views_ascent_open(snapshot, TEST_SECOND, &ascent);
    for (unsigned i = 0; i < KEYS; i += 1 + (unsigned)test_random_below(&draw, 3)) {
        char text[8];
        struct ayni_bytes plain, apart, found;
        int size = snprintf(text, sizeof(text), "%02u%c%u", i / 10, i % 2 ? 'x' : 'y', i % 10);
        struct ayni_bytes key = { (const uint8_t *)text, (size_t)size };
        enum ayni_status a = views_get(snapshot, TEST_FIRST, key, &plain);
        enum ayni_status b = views_get(snapshot, TEST_SECOND, key, &apart);

        ck_assert_int_eq(a, b);
        if (i % 10 % 2 == 0) /* these are in ascending order */
            ck_assert_int_eq(views_ascent_find(&ascent, key, &found), a == AYNI_OK);
        if (a == AYNI_OK)
            ck_assert(ayni_bytes_equal(plain, apart));
    }
    ck_assert_int_eq(ascent.status, AYNI_OK);
}

/* The same to both. */
static enum ayni_status change_one(struct views_txn *txn, uint64_t number)
{
    char text[8];
    struct ayni_bytes value = { (const uint8_t *)&number, 1 + (size_t)test_random_below(&draw, 8) };
    uint64_t what = test_random_below(&draw, 40);
    struct ayni_bytes key = what == 0 ? some_prefix(text) : some_key(text);
    enum ayni_status status = AYNI_OK;

    for (size_t table = TEST_FIRST; status == AYNI_OK && table <= TEST_SECOND; table++)
        if (what == 0 && key.size > 1)
            status = views_delete_prefix(txn, table, key);
        else if (what < 10)
            status = views_delete(txn, table, key.size == 0 ? ayni_bytes_of_text("0") : key);
        else if (key.size > 0)
            status = views_put(txn, table, key, value);
    return status;
}

/* While cursors stand on what is changed. */
static enum ayni_status change_some(void *context, struct views_txn *txn)
{
    uint64_t count = 1 + test_random_below(&draw, CHANGES_MAX);
    enum ayni_status status = AYNI_OK;
    struct pair pair;

    (void)context;
    open_pair(views_txn_snapshot(txn), &pair);
    for (uint64_t i = 0; status == AYNI_OK && i < count; i++) {
        status = change_one(txn, test_random_next(&draw));
        if (test_random_below(&draw, 4) == 0)
            compare_walks(views_txn_snapshot(txn));
        move_pair(&pair, false);
    }
    close_pair(&pair);
    compare_keys(views_txn_snapshot(txn));
    return status;
}

static void compare(void)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;

    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    compare_keys(snapshot);
    for (int i = 0; i < 3; i++)
        compare_walks(snapshot);
}

static void begin(void)
{
    test_views_begin();
    test_views_options.scattered = 1 << TEST_SECOND;
    test_views_options.recent_from = 1;
    test_views_options.map_size = 1 << 22;
    test_views_reopen();
}

static void merge_all(void)
{
    bool more = true;

    while (more)
        ck_assert_int_eq(views_merge(test_views, MERGE_MEMORY, &more), AYNI_OK);
}

START_TEST(it_reads_as_one_that_does_not)
{
    struct views_recent recent;

    for (uint64_t seed = 1; seed <= 5; seed++) {
        draw.state = seed;
        for (int i = 0; i < ROUNDS; i++) {
            ck_assert_int_eq(views_update(test_views, change_some, NULL), AYNI_OK);
            compare();
            if (test_random_below(&draw, 8) == 0)
                merge_all();
            if (test_random_below(&draw, 8) == 0)
                test_views_reopen();
            compare();
        }
    }
    ck_assert_int_eq(views_update(test_views, change_some, NULL), AYNI_OK);
    ck_assert_int_eq(views_count_recent(test_views, 1 << 20, &recent), AYNI_OK);
    ck_assert_uint_gt(recent.leaves, 0);
    merge_all();
    ck_assert_int_eq(views_count_recent(test_views, 1 << 20, &recent), AYNI_OK);
    ck_assert_uint_eq(recent.leaves, 0);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), test_views_count(TEST_SECOND));
    compare();
}
END_TEST

static enum ayni_status put_many(void *context, struct views_txn *txn)
{
    static const uint8_t value[1000];
    enum ayni_status status = AYNI_OK;
    const unsigned *from = context;
    char key[16];

    for (unsigned i = *from; status == AYNI_OK && i < *from + 3000; i++) {
        snprintf(key, sizeof(key), "%08u", (unsigned)((uint64_t)i * 2654435761U % 100000000));
        status = views_put(txn, TEST_SECOND, ayni_bytes_of_text(key),
                           (struct ayni_bytes){ value, sizeof(value) });
    }
    return status;
}

START_TEST(what_is_recent_is_merged_in_slices_and_said_to_be_much)
{
    struct views_recent recent;
    unsigned slices = 0, from = 0;
    bool more = true;

    ck_assert_int_eq(views_update(test_views, put_many, &from), AYNI_OK);
    from = 3000; /* the first were the table's beginning */
    ck_assert_int_eq(views_update(test_views, put_many, &from), AYNI_OK);
    ck_assert_int_eq(views_count_recent(test_views, 1 << 20, &recent), AYNI_OK);
    ck_assert(recent.much && recent.far_too_much);
    while (more) {
        ck_assert_int_eq(views_merge(test_views, MERGE_MEMORY, &more), AYNI_OK);
        ck_assert_uint_eq(test_views_count(TEST_SECOND), 6000);
        slices++;
    }
    ck_assert_uint_gt(slices, 1);
    ck_assert_int_eq(views_count_recent(test_views, 1 << 20, &recent), AYNI_OK);
    ck_assert(!recent.much && recent.leaves == 0);
}
END_TEST

/* So that nothing that was overwritten can be read of the file once it is compacted. */
START_TEST(after_a_merge_what_was_overwritten_is_not_copied)
{
    struct compaction_result result;
    char path[600], bytes[1 << 16];

    test_put_key(TEST_SECOND, "first", "is in the main part");
    test_put_key(TEST_SECOND, "key", "is overwritten soon");
    merge_all();
    test_put_key(TEST_SECOND, "key", "something else");
    merge_all();
    ck_assert_int_eq(views_compact(test_views, &test_quiet, &result), AYNI_OK);
    test_folder_path(&test_views_folder, "views/data.mdb", path, sizeof(path));
    FILE *file = fopen(path, "rb");
    size_t size = file == NULL ? 0 : fread(bytes, 1, sizeof(bytes), file);
    ck_assert_uint_gt(size, 0);
    fclose(file);
    ck_assert_ptr_null(memmem(bytes, size, "is overwritten soon", 19));
    ck_assert_ptr_nonnull(memmem(bytes, size, "something else", 14));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("views_recent");

    TEST_CASE(suite, "parts", begin, test_views_end, it_reads_as_one_that_does_not,
              what_is_recent_is_merged_in_slices_and_said_to_be_much,
              after_a_merge_what_was_overwritten_is_not_copied);

    return test_run(suite);
}
