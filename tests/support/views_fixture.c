#include "tests/support/views_fixture.h"

#include <check.h>

#include "daemon/report.h"

struct test_folder test_views_folder;
struct views_options test_views_options;
struct views *test_views;
char test_views_why[256];

static char path[512];

void test_views_open(void)
{
    enum ayni_status status =
        views_open(&test_views_options, &test_views, test_views_why, sizeof(test_views_why));
    ck_assert_msg(status == AYNI_OK, "%s", test_views_why);
}

void test_views_begin(void)
{
    static const char *const tables[TEST_TABLES] = { "first", "second" };

    report_set_level(REPORT_ERROR);
    test_folder_make(&test_views_folder);
    test_folder_path(&test_views_folder, "views", path, sizeof(path));
    test_views_options = (struct views_options){
        .folder = path,
        .map_size = 64 * 1024,
        .log = { .instance = { "0123456789abcde" }, .last = 1000000 },
        .format = 1,
        .tables = tables,
        .table_count = TEST_TABLES,
    };
    test_views_open();
}

void test_views_end(void)
{
    views_close(test_views);
    test_folder_remove(&test_views_folder);
}

void test_views_reopen(void)
{
    views_close(test_views);
    test_views_open();
}

struct put {
    size_t table;
    const char *key, *value;
};

static enum ayni_status put_one(void *context, struct views_txn *txn)
{
    const struct put *put = context;

    return views_put(txn, put->table, ayni_bytes_of_text(put->key), ayni_bytes_of_text(put->value));
}

void test_put_key(size_t table, const char *key, const char *value)
{
    struct put one = { table, key, value };

    ck_assert_int_eq(views_update(test_views, put_one, &one), AYNI_OK);
}

static enum ayni_status put_position(void *context, struct views_txn *txn)
{
    return views_set_position(txn, *(const uint64_t *)context);
}

void test_put_position(uint64_t arrival)
{
    ck_assert_int_eq(views_update(test_views, put_position, &arrival), AYNI_OK);
}

uint64_t test_views_position(void)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    uint64_t arrival = 0;

    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    ck_assert_int_eq(views_position(snapshot, &arrival), AYNI_OK);
    return arrival;
}

uint64_t test_views_count(size_t table)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    uint64_t count = 0;

    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    ck_assert_int_eq(views_count(snapshot, table, &count), AYNI_OK);
    return count;
}
