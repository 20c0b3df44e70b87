#include "daemon/store/views.h"

#include <string.h>

#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

static const char *const cursor_keys[] = { "a", "b", "b\x01", "ba", "bb", "c" };

static void put_cursor_keys(void)
{
    for (size_t i = 0; i < 6; i++)
        test_put_key(TEST_FIRST, cursor_keys[i], cursor_keys[i]);
}

/* What a cursor gives for a prefix, joined by spaces. */
static void walk(const char *prefix, bool backwards, char *out)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes key, value;

    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    SCOPED_VIEWS_CURSOR cursor;
    views_cursor_open(snapshot, TEST_FIRST, ayni_bytes_of_text(prefix), &cursor);
    out[0] = '\0';
    while (backwards ? views_cursor_previous(&cursor, &key, &value)
                     : views_cursor_next(&cursor, &key, &value)) {
        ck_assert(ayni_bytes_equal(key, value));
        strncat(out, (const char *)key.data, key.size);
        strcat(out, " ");
    }
    ck_assert_int_eq(cursor.status, AYNI_OK);
}

static const struct {
    const char *prefix, *forwards, *backwards;
} walks[] = {
    { "", "a b b\x01 ba bb c ", "c bb ba b\x01 b a " },
    { "b", "b b\x01 ba bb ", "bb ba b\x01 b " },
    { "c", "c ", "c " },
    { "bb", "bb ", "bb " },
    { "bc", "", "" },
    { "d", "", "" },
    { "\xFF", "", "" },
    { "A", "", "" },
};

START_TEST(a_cursor_gives_the_keys_of_a_prefix_in_order_both_ways)
{
    char out[128];

    put_cursor_keys();
    walk(walks[_i].prefix, false, out);
    ck_assert_str_eq(out, walks[_i].forwards);
    walk(walks[_i].prefix, true, out);
    ck_assert_str_eq(out, walks[_i].backwards);
}
END_TEST

START_TEST(a_cursor_backwards_from_a_prefix_of_highest_bytes)
{
    char out[128];

    test_put_key(TEST_FIRST, "a", "a");
    test_put_key(TEST_FIRST, "\xFF\xFF", "\xFF\xFF");
    test_put_key(TEST_FIRST, "\xFF\xFF\xFF", "\xFF\xFF\xFF");
    walk("\xFF\xFF", true, out);
    ck_assert_str_eq(out, "\xFF\xFF\xFF \xFF\xFF ");
}
END_TEST

START_TEST(a_cursor_goes_on_from_where_it_sought)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes key, value;

    put_cursor_keys();
    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    SCOPED_VIEWS_CURSOR cursor;
    views_cursor_open(snapshot, TEST_FIRST, ayni_bytes_of_text("b"), &cursor);
    ck_assert(views_cursor_seek(&cursor, ayni_bytes_of_text("b9"), &key, &value));
    ck_assert(ayni_bytes_equal(key, ayni_bytes_of_text("ba")));
    ck_assert(views_cursor_next(&cursor, &key, &value));
    ck_assert(ayni_bytes_equal(key, ayni_bytes_of_text("bb")));
    ck_assert(!views_cursor_next(&cursor, &key, &value)); /* "c" is not of the prefix */
    ck_assert(!views_cursor_seek(&cursor, ayni_bytes_of_text("bz"), &key, &value));
    ck_assert_int_eq(cursor.status, AYNI_OK);
}
END_TEST

START_TEST(a_cursor_remembers_its_first_failure)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes key, value;

    put_cursor_keys();
    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    SCOPED_VIEWS_CURSOR cursor;
    views_cursor_open(snapshot, TEST_FIRST, ayni_bytes_of_text(""), &cursor);
    ck_assert(!views_cursor_seek(&cursor, ayni_bytes_of_text(""), &key, &value));
    ck_assert_int_eq(cursor.status, AYNI_E_LIMIT);
    ck_assert(!views_cursor_next(&cursor, &key, &value));
    ck_assert(!views_cursor_previous(&cursor, &key, &value));
}
END_TEST

static enum ayni_status delete_b(void *context, struct views_txn *txn)
{
    (void)context;
    ck_assert_int_eq(views_delete(txn, TEST_FIRST, ayni_bytes_of_text("nobody")), AYNI_OK);
    ck_assert_int_eq(views_delete(txn, TEST_FIRST, ayni_bytes_of_text("a")), AYNI_OK);
    return views_delete_prefix(txn, TEST_FIRST, ayni_bytes_of_text("b"));
}

START_TEST(a_prefix_is_deleted_and_nothing_beside_it)
{
    char out[128];

    put_cursor_keys();
    test_put_key(TEST_SECOND, "b", "b");
    ck_assert_int_eq(views_update(test_views, delete_b, NULL), AYNI_OK);
    walk("", false, out);
    ck_assert_str_eq(out, "c ");
    ck_assert_uint_eq(test_views_count(TEST_SECOND), 1);
}
END_TEST

static enum ayni_status delete_all(void *context, struct views_txn *txn)
{
    (void)context;
    return views_delete_prefix(txn, TEST_FIRST, ayni_bytes_of_text(""));
}

START_TEST(an_empty_prefix_is_the_whole_table)
{
    put_cursor_keys();
    test_put_key(TEST_SECOND, "b", "b");
    ck_assert_int_eq(views_update(test_views, delete_all, NULL), AYNI_OK);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 0);
    ck_assert_uint_eq(test_views_count(TEST_SECOND), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("views_cursor");
    TCase *walking = tcase_create("walks");

    tcase_add_checked_fixture(walking, test_views_begin, test_views_end);
    tcase_add_loop_test(walking, a_cursor_gives_the_keys_of_a_prefix_in_order_both_ways, 0,
                        (int)(sizeof(walks) / sizeof(walks[0])));
    suite_add_tcase(suite, walking);
    TEST_CASE(suite, "prefixes", test_views_begin, test_views_end,
              a_prefix_is_deleted_and_nothing_beside_it, an_empty_prefix_is_the_whole_table);
    TEST_CASE(suite, "cursors", test_views_begin, test_views_end,
              a_cursor_backwards_from_a_prefix_of_highest_bytes,
              a_cursor_goes_on_from_where_it_sought, a_cursor_remembers_its_first_failure);

    return test_run(suite);
}
