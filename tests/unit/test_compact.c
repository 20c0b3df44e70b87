#include <string.h>

#include "tests/support/listener.h"
#include "tests/support/suite.h"
#include "tests/support/views_model.h"

/* Compaction of views/ against a model of what it holds, and what comes between its steps. */

/* --- alone --- */

START_TEST(what_was_deleted_is_given_back_and_the_rest_is_the_same)
{
    struct compaction_result result, again;
    struct views_space space;

    model_write(&model_random, 80);
    ck_assert_int_eq(views_measure(model_views, &space), AYNI_OK);
    ck_assert_uint_gt(space.unused_bytes, 0);
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    ck_assert_uint_eq(result.bytes_before, space.file_bytes);
    ck_assert_uint_le(result.bytes_after, result.bytes_before - space.unused_bytes / 2);
    model_check();
    ck_assert(!model_has_rest());
    model_write(&model_random, 20);
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &again), AYNI_OK);
    model_check();
    model_reopen();
    model_check();
}
END_TEST

START_TEST(an_empty_store_is_compacted_too)
{
    struct compaction_result result;

    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    model_write(&model_random, 3);
    model_check();
}
END_TEST

static const char secret[] = "Huaman Quispe, haemoglobin 9.1";
enum { SECRETS = 300 };

/* Values of many sizes, in pages of their own too, each with the secret in it. */
static enum ayni_status put_secrets(void *context, struct views_txn *txn)
{
    uint8_t value[MODEL_VALUE_MAX] = { 0 };
    char key[16];
    enum ayni_status status = AYNI_OK;

    (void)context;
    for (size_t i = 0; status == AYNI_OK && i < SECRETS; i++) {
        size_t size = 100 + i * 9;
        memcpy(value + size - sizeof(secret), secret, sizeof(secret));
        status =
            views_put(txn, i % MODEL_TABLES, model_key(i, key), (struct ayni_bytes){ value, size });
        memset(value, (int)i, sizeof(value));
    }
    return status;
}

static enum ayni_status delete_secrets(void *context, struct views_txn *txn)
{
    char key[16];
    enum ayni_status status = AYNI_OK;

    (void)context;
    for (size_t i = 0; status == AYNI_OK && i < SECRETS; i++)
        status = views_delete(txn, i % MODEL_TABLES, model_key(i, key));
    return status;
}

START_TEST(what_was_deleted_is_in_no_page_of_the_new_file)
{
    struct compaction_result result;

    model_write(&model_random, 50);
    ck_assert_int_eq(views_update(model_views, put_secrets, NULL), AYNI_OK);
    ck_assert_int_eq(views_update(model_views, delete_secrets, NULL), AYNI_OK);
    model_write(&model_random, 5);
    ck_assert_msg(model_file_holds(ayni_bytes_of_text(secret)),
                  "it went by itself: this test shows nothing");
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    ck_assert(!model_file_holds(ayni_bytes_of_text(secret)));
}
END_TEST

/* Put and deleted in one transaction: free pages that were never written, and take no room. */
static enum ayni_status pass_by(void *context, struct views_txn *txn)
{
    char key[16];
    enum ayni_status status = AYNI_OK;

    for (int i = 0; status == AYNI_OK && i < 20; i++)
        status = put_secrets(context, txn);
    if (status == AYNI_OK)
        status = delete_secrets(context, txn);
    return status == AYNI_OK
               ? views_put(txn, 0, model_key(SECRETS, key), ayni_bytes_of_text("last"))
               : status;
}

START_TEST(pages_that_were_never_written_are_none_to_give_back)
{
    struct compaction_result result;
    struct views_space space;

    ck_assert_int_eq(views_update(model_views, pass_by, NULL), AYNI_OK);
    ck_assert_int_eq(views_measure(model_views, &space), AYNI_OK);
    ck_assert_uint_lt(space.unused_bytes, space.file_bytes);
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    ck_assert_uint_lt(result.room_bytes, 2 * space.file_bytes + 2 * 1024 * 1024);
}
END_TEST

START_TEST(what_a_compaction_left_that_did_not_end_is_removed_at_the_next_start)
{
    model_write(&model_random, 10);
    views_close(model_views);
    test_folder_write(&model_folder, "views/data.mdb.new", secret, sizeof(secret));
    test_folder_write(&model_folder, "views/data.mdb.new-lock", secret, sizeof(secret));
    model_open();
    ck_assert(!model_has_rest());
    model_check();
}
END_TEST

/* --- while something happens in the middle of it --- */

static bool stop(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    ck_assert_uint_le(done, total);
    return false;
}

START_TEST(a_compaction_that_is_stopped_changes_nothing)
{
    const struct store_listener listener = { NULL, stop };
    struct compaction_result result;

    model_write(&model_random, 50);
    ck_assert_int_eq(views_compact(model_views, &listener, &result), AYNI_E_STOPPED);
    ck_assert(!model_has_rest());
    model_check();
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    model_check();
}
END_TEST

static enum ayni_status clear(void *context, struct views_txn *txn)
{
    (void)context;
    return views_clear(txn);
}

static bool clear_once(void *context, uint64_t done, uint64_t total)
{
    bool *cleared = context;

    (void)done;
    (void)total;
    if (!*cleared)
        ck_assert_int_eq(views_update(model_views, clear, NULL), AYNI_OK);
    *cleared = true;
    return true;
}

START_TEST(tables_that_are_emptied_meanwhile_end_it)
{
    bool cleared = false;
    const struct store_listener listener = { &cleared, clear_once };
    struct compaction_result result;

    model_write(&model_random, 50);
    ck_assert_int_eq(views_compact(model_views, &listener, &result), AYNI_E_CHANGED);
    model_forget();
    model_check();
    model_write(&model_random, 5);
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_OK);
    model_check();
}
END_TEST

static bool compact_inside(void *context, uint64_t done, uint64_t total)
{
    struct compaction_result result;

    (void)context;
    (void)done;
    (void)total;
    ck_assert_int_eq(views_compact(model_views, &test_quiet, &result), AYNI_E_BUSY);
    return true;
}

START_TEST(two_at_once_are_one_too_many)
{
    const struct store_listener listener = { NULL, compact_inside };
    struct compaction_result result;

    model_write(&model_random, 20);
    ck_assert_int_eq(views_compact(model_views, &listener, &result), AYNI_OK);
    model_check();
}
END_TEST

static bool write_inside(void *context, uint64_t done, uint64_t total)
{
    size_t *left = context;

    (void)done;
    (void)total;
    if (*left > 0) {
        model_write(&model_random, 80);
        (*left)--;
    }
    return true;
}

/* The map begins with 64 KiB: it grows by much while the copy is made. */
START_TEST(what_is_written_meanwhile_is_there_also_where_the_map_grows)
{
    size_t left = 4;
    const struct store_listener listener = { &left, write_inside };
    struct compaction_result result;

    model_write(&model_random, 1);
    ck_assert_int_eq(views_compact(model_views, &listener, &result), AYNI_OK);
    ck_assert_uint_eq(left, 0);
    model_check();
    model_reopen();
    model_check();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compact");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, model_begin, model_end);
    tcase_add_test(core, what_was_deleted_is_given_back_and_the_rest_is_the_same);
    tcase_add_test(core, an_empty_store_is_compacted_too);
    tcase_add_test(core, what_was_deleted_is_in_no_page_of_the_new_file);
    tcase_add_test(core, pages_that_were_never_written_are_none_to_give_back);
    tcase_add_test(core, what_a_compaction_left_that_did_not_end_is_removed_at_the_next_start);
    tcase_add_test(core, a_compaction_that_is_stopped_changes_nothing);
    tcase_add_test(core, tables_that_are_emptied_meanwhile_end_it);
    tcase_add_test(core, two_at_once_are_one_too_many);
    tcase_add_test(core, what_is_written_meanwhile_is_there_also_where_the_map_grows);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
