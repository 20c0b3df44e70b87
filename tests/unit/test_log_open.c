#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

#include "tests/support/log.h"
#include "tests/support/suite.h"

/* A log made in the child, and one feed that a test writes. */
static struct test_log store;
static struct test_random random_numbers;
static struct test_feed feed;
static struct test_run run;

static void setup(void)
{
    random_numbers = (struct test_random){ 1 };
    test_feed_init(&feed, AYNI_LANE_BULK, &random_numbers);
    test_log_make(&store, 64 * 1024 * 1024);
}

static void teardown(void)
{
    test_log_remove(&store);
}

/* Make the next run of the feed and store it. */
static void write_run(size_t count, size_t payload_size)
{
    test_feed_next(&feed, count, payload_size, &random_numbers, &run);
    ck_assert_int_eq(test_log_append(&store, &feed, &run), AYNI_OK);
}

/* --- opening --- */

START_TEST(an_instance_is_drawn_once)
{
    struct ayni_incarnation first = log_instance(store.store);
    static const struct ayni_incarnation zero;
    struct ayni_incarnation again;

    test_log_reopen(&store);
    again = log_instance(store.store);
    ck_assert(ayni_id_equal(&first, &again));
    ck_assert(!ayni_id_equal(&first, &zero));
}
END_TEST

START_TEST(a_second_open_is_busy)
{
    struct log_store *second = NULL;

    ck_assert_int_eq(log_store_open(&store.options, &second, store.why, sizeof(store.why)),
                     AYNI_E_BUSY);
    ck_assert_ptr_nonnull(strstr(store.why, "in use by another daemon"));
    ck_assert_ptr_null(second);
}
END_TEST

START_TEST(a_file_that_is_not_ours_is_left_alone)
{
    static uint8_t garbage[64 * 1024];
    static uint8_t after[sizeof(garbage)];
    static const size_t sizes[] = { 1, 100, 4096, sizeof(garbage) };
    struct log_store *other = NULL;
    char file[600];

    test_log_close(&store);
    test_random_fill(&random_numbers, garbage, sizeof(garbage));
    test_folder_write(&store.folder, "log/data.mdb", garbage, sizes[_i]);
    ck_assert_int_eq(log_store_open(&store.options, &other, store.why, sizeof(store.why)),
                     AYNI_E_VERSION);
    ck_assert_ptr_nonnull(strstr(store.why, "not a store of ayni"));

    snprintf(file, sizeof(file), "%s/data.mdb", store.path);
    FILE *kept = fopen(file, "rb");
    ck_assert_uint_eq(fread(after, 1, sizeof(after), kept), sizes[_i]);
    ck_assert_mem_eq(after, garbage, sizes[_i]);
    fclose(kept);
}
END_TEST

/* An environment of LMDB with one table and one key: another program's, or another format's. */
static void make_environment(const char *table, const char *key, struct ayni_bytes value)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    union {
        const void *in;
        void *out;
    } k = { key }, v = { value.data };
    MDB_val name = { strlen(key), k.out };
    MDB_val data = { value.size, v.out };
    char file[600];

    snprintf(file, sizeof(file), "%s/data.mdb", store.path);
    ck_assert_int_eq(remove(file), 0);
    ck_assert_int_eq(mdb_env_create(&env), 0);
    ck_assert_int_eq(mdb_env_set_maxdbs(env, 2), 0);
    ck_assert_int_eq(mdb_env_open(env, store.path, 0, 0600), 0);
    ck_assert_int_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    ck_assert_int_eq(mdb_dbi_open(txn, table, MDB_CREATE, &dbi), 0);
    ck_assert_int_eq(mdb_put(txn, dbi, &name, &data, 0), 0);
    ck_assert_int_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static const struct {
    const char *table, *key;
    const char *value;
    size_t size;
    const char *says;
} strangers[] = {
    { "tracks", "a", "b", 1, "is not a log of ayni" },
    { "meta", "a", "b", 1, "is not a log of ayni" },
    { "meta", "format", "one", 3, "is not a log of ayni" },
    { "meta", "format", "\0\0\0\2", 4, "is not a log of ayni" }, /* no instance */
    { "meta", "format", "\0\0\0\1", 4, "use the ayni that made it" },
    { "meta", "format", "\0\0\0\3", 4, "use a newer ayni" },
};

START_TEST(another_programs_or_formats_environment_is_refused)
{
    struct log_store *other = NULL;

    test_log_close(&store);
    make_environment(
        strangers[_i].table, strangers[_i].key,
        (struct ayni_bytes){ (const uint8_t *)strangers[_i].value, strangers[_i].size });
    ck_assert_int_eq(log_store_open(&store.options, &other, store.why, sizeof(store.why)),
                     AYNI_E_VERSION);
    ck_assert_msg(strstr(store.why, strangers[_i].says) != NULL, "%s", store.why);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_a_sentence)
{
    struct log_store *other = NULL;
    struct log_options nowhere = { "/nowhere/at/all", 1024 * 1024 };

    ck_assert_int_eq(log_store_open(&nowhere, &other, store.why, sizeof(store.why)), AYNI_E_IO);
    ck_assert_ptr_nonnull(strstr(store.why, "/nowhere/at/all cannot be made"));
}
END_TEST

START_TEST(its_size_is_measured)
{
    struct log_space space;

    write_run(7, 100);
    ck_assert_int_eq(log_measure(store.store, &space), AYNI_OK);
    ck_assert_uint_ge(space.file_bytes, 4096);
    ck_assert_uint_gt(space.free_bytes, 0);
    ck_assert_uint_eq(space.entries, 7);
}
END_TEST

/* A copy that ended early: it opens or it doesn't, it reads or it doesn't, and nothing worse. */
START_TEST(a_file_that_was_cut_off_is_no_crash)
{
    char file[600];
    struct stat is;

    for (unsigned i = 0; i < 20; i++)
        write_run(20, 500);
    test_log_close(&store);
    snprintf(file, sizeof(file), "%s/data.mdb", store.path);
    ck_assert_int_eq(stat(file, &is), 0);
    ck_assert_int_eq(truncate(file, is.st_size * _i / 16), 0);
    if (log_store_open(&store.options, &store.store, store.why, sizeof(store.why)) != AYNI_OK) {
        ck_assert_uint_gt(strlen(store.why), 0);
        return;
    }
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    unsigned read = 0;
    for (uint64_t seq = 1; seq <= 400; seq++) {
        struct log_entry entry;
        read += log_get_entry(snapshot, 1, seq, &entry) == AYNI_OK;
    }
    ck_assert_uint_le(read, 400);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_open");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, an_instance_is_drawn_once);
    tcase_add_test(core, a_second_open_is_busy);
    tcase_add_loop_test(core, a_file_that_is_not_ours_is_left_alone, 0, 4);
    tcase_add_loop_test(core, another_programs_or_formats_environment_is_refused, 0,
                        (int)(sizeof(strangers) / sizeof(strangers[0])));
    tcase_add_test(core, a_folder_that_cannot_be_made_is_a_sentence);
    tcase_add_test(core, its_size_is_measured);
    tcase_add_loop_test(core, a_file_that_was_cut_off_is_no_crash, 0, 16);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
