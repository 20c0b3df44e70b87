#include "daemon/store/views.h"

#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

START_TEST(what_is_put_is_got_in_its_table_alone)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes value;

    test_put_key(TEST_FIRST, "key", "value");
    test_views_reopen();
    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    ck_assert_int_eq(views_get(snapshot, TEST_FIRST, ayni_bytes_of_text("key"), &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(value, ayni_bytes_of_text("value")));
    ck_assert_int_eq(views_get(snapshot, TEST_SECOND, ayni_bytes_of_text("key"), &value),
                     AYNI_E_NOT_FOUND);
    ck_assert_int_eq(views_get(snapshot, TEST_FIRST, ayni_bytes_of_text("kez"), &value),
                     AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(a_snapshot_keeps_the_state_of_its_beginning)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct ayni_bytes value;

    test_put_key(TEST_FIRST, "key", "old");
    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    test_put_key(TEST_FIRST, "key", "new");
    ck_assert_int_eq(views_get(snapshot, TEST_FIRST, ayni_bytes_of_text("key"), &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(value, ayni_bytes_of_text("old")));
}
END_TEST

static enum ayni_status put_bad_keys(void *context, struct views_txn *txn)
{
    static const uint8_t long_key[VIEWS_KEY_SIZE_MAX + 1];
    struct ayni_bytes bad[] = { { NULL, 0 }, { long_key, sizeof(long_key) } };
    struct ayni_bytes good = { long_key, VIEWS_KEY_SIZE_MAX };

    (void)context;
    for (size_t i = 0; i < 2; i++) {
        struct views_item item = { .key = bad[i] };
        ck_assert_int_eq(views_put(txn, TEST_FIRST, bad[i], good), AYNI_E_LIMIT);
        ck_assert_int_eq(views_delete(txn, TEST_FIRST, bad[i]), AYNI_E_LIMIT);
        ck_assert_int_eq(views_put_sorted(txn, TEST_FIRST, &item, 1), AYNI_E_LIMIT);
        ck_assert_int_eq(views_get(views_txn_snapshot(txn), TEST_FIRST, bad[i], &good),
                         AYNI_E_LIMIT);
    }
    return views_put(txn, TEST_FIRST, good, good);
}

START_TEST(keys_of_impossible_sizes_are_refused_and_do_no_harm)
{
    ck_assert_int_eq(views_update(test_views, put_bad_keys, NULL), AYNI_OK);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 1);
}
END_TEST

static enum ayni_status put_then_fail(void *context, struct views_txn *txn)
{
    struct ayni_bytes value;

    (void)context;
    ck_assert_int_eq(
        views_put(txn, TEST_FIRST, ayni_bytes_of_text("key"), ayni_bytes_of_text("value")),
        AYNI_OK);
    ck_assert_int_eq(views_set_position(txn, 7), AYNI_OK);
    /* The transaction sees its own. */
    ck_assert_int_eq(
        views_get(views_txn_snapshot(txn), TEST_FIRST, ayni_bytes_of_text("key"), &value), AYNI_OK);
    return AYNI_E_INVALID;
}

START_TEST(a_change_that_fails_leaves_nothing)
{
    ck_assert_int_eq(views_update(test_views, put_then_fail, NULL), AYNI_E_INVALID);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 0);
    ck_assert_uint_eq(test_views_position(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("views");

    TEST_CASE(suite, "keys", test_views_begin, test_views_end,
              what_is_put_is_got_in_its_table_alone, a_snapshot_keeps_the_state_of_its_beginning,
              keys_of_impossible_sizes_are_refused_and_do_no_harm,
              a_change_that_fails_leaves_nothing);

    return test_run(suite);
}
