#include "tests/support/views_model.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/report.h"
#include "tests/support/suite.h"

struct test_folder model_folder;
struct views *model_views;
struct test_random model_random;

static char path[512], file_path[600], rest_path[600];

void model_open(void)
{
    static const char *const tables[MODEL_TABLES] = { "first", "second", "third" };
    struct views_options options = {
        .folder = path,
        .map_size = 64 * 1024,
        .format = 1,
        .tables = tables,
        .table_count = MODEL_TABLES,
        .scattered = 1 << MODEL_SCATTERED,
        .recent_from = 1,
    };
    char why[256];
    enum ayni_status status = views_open(&options, &model_views, why, sizeof(why));

    ck_assert_msg(status == AYNI_OK, "%s", why);
}

void model_reopen(void)
{
    views_close(model_views);
    model_open();
}

void model_begin(void)
{
    report_set_level(REPORT_ERROR);
    test_folder_make(&model_folder);
    test_folder_path(&model_folder, "views", path, sizeof(path));
    snprintf(file_path, sizeof(file_path), "%s/data.mdb", path);
    snprintf(rest_path, sizeof(rest_path), "%s/data.mdb.new", path);
    model_random.state = 7;
    model_open();
}

void model_end(void)
{
    views_close(model_views);
    test_folder_remove(&model_folder);
}

bool model_file_holds(struct ayni_bytes bytes)
{
    return test_file_holds(file_path, bytes);
}

bool model_has_rest(void)
{
    struct stat is;

    return stat(rest_path, &is) == 0;
}

/* --- the model --- */

/* 0: there is none. */
static uint64_t model[MODEL_TABLES][MODEL_KEYS];

static size_t make_value(size_t table, size_t key, uint64_t number, uint8_t value[MODEL_VALUE_MAX])
{
    struct test_random bytes = { number * 31 + key * MODEL_TABLES + table };
    size_t size =
        8 + (size_t)test_random_below(&bytes, number % 20 == 0 ? MODEL_VALUE_MAX - 8 : 200);

    test_random_fill(&bytes, value, size);
    return size;
}

struct ayni_bytes model_key(size_t number, char key[16])
{
    snprintf(key, 16, "%zu/%05zu", number % 8, number);
    return ayni_bytes_of_text(key);
}

/* Some random changes of one transaction; the model has them before. */
struct batch {
    size_t count;
    struct {
        size_t table, key;
        uint64_t number;
    } changes[64];
    bool all_of_a_prefix; /* and keys 3/... of the second table go */
};

static void draw_batch(struct test_random *random, struct batch *batch)
{
    batch->count = 1 + (size_t)test_random_below(random, 63);
    batch->all_of_a_prefix = test_random_below(random, 50) == 0;
    for (size_t i = 0; i < batch->count; i++) {
        bool removed = test_random_below(random, 3) == 0;
        batch->changes[i].table = (size_t)test_random_below(random, MODEL_TABLES);
        batch->changes[i].key = (size_t)test_random_below(random, MODEL_KEYS);
        batch->changes[i].number = removed ? 0 : 1 + test_random_next(random) % 1000000;
    }
    for (size_t key = 3; batch->all_of_a_prefix && key < MODEL_KEYS; key += 8)
        model[1][key] = 0;
    for (size_t i = 0; i < batch->count; i++)
        model[batch->changes[i].table][batch->changes[i].key] = batch->changes[i].number;
}

static enum ayni_status apply_batch(void *context, struct views_txn *txn)
{
    const struct batch *batch = context;
    uint8_t value[MODEL_VALUE_MAX];
    char key[16];
    enum ayni_status status = AYNI_OK;

    if (batch->all_of_a_prefix)
        status = views_delete_prefix(txn, 1, ayni_bytes_of_text("3/"));
    for (size_t i = 0; status == AYNI_OK && i < batch->count; i++) {
        size_t table = batch->changes[i].table, number = batch->changes[i].key;
        struct views_item item = { .key = model_key(number, key),
                                   .removed = batch->changes[i].number == 0 };
        item.value.data = value;
        item.value.size = make_value(table, number, batch->changes[i].number, value);
        status = i % 2 == 0      ? views_put_sorted(txn, table, &item, 1)
                 : !item.removed ? views_put(txn, table, item.key, item.value)
                                 : views_delete(txn, table, item.key);
    }
    return status;
}

void model_write(struct test_random *random, size_t count)
{
    struct batch batch;

    for (size_t i = 0; i < count; i++) {
        draw_batch(random, &batch);
        ck_assert_int_eq(views_update(model_views, apply_batch, &batch), AYNI_OK);
    }
}

static void check_table(struct views_snapshot *snapshot, size_t table)
{
    uint8_t wanted[MODEL_VALUE_MAX];
    struct ayni_bytes value;
    uint64_t held, count = 0;
    char key[16];

    for (size_t i = 0; i < MODEL_KEYS; i++) {
        enum ayni_status status = views_get(snapshot, table, model_key(i, key), &value);
        if (model[table][i] == 0) {
            ck_assert_int_eq(status, AYNI_E_NOT_FOUND);
            continue;
        }
        ck_assert_int_eq(status, AYNI_OK);
        ck_assert_uint_eq(value.size, make_value(table, i, model[table][i], wanted));
        ck_assert_mem_eq(value.data, wanted, value.size);
        count++;
    }
    ck_assert_int_eq(views_count(snapshot, table, &held), AYNI_OK);
    if (table == MODEL_SCATTERED)
        ck_assert_uint_ge(held, count);
    else
        ck_assert_uint_eq(held, count);
}

void model_forget(void)
{
    memset(model, 0, sizeof(model));
}

void model_check(void)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;

    ck_assert_int_eq(views_snapshot_begin(model_views, &snapshot), AYNI_OK);
    for (size_t table = 0; table < MODEL_TABLES; table++)
        check_table(snapshot, table);
}
