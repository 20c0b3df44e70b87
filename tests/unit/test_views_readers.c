/* Snapshots that live too long, of this process and of those that died. */
#include <lmdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

enum { KEYS = 500, SHORT_MS = 20 };

static void put_keys(void)
{
    char key[16];

    for (unsigned i = 0; i < KEYS; i++) {
        snprintf(key, sizeof(key), "key %04u", i);
        test_put_key(TEST_FIRST, key, "value");
    }
}

static void wait_until_old(void)
{
    uint64_t end = clock_ticks_ms() + 2 * SHORT_MS;

    while (clock_ticks_ms() < end)
        nanosleep(&(struct timespec){ .tv_nsec = 1000 * 1000 }, NULL);
}

static unsigned walk(struct views_snapshot *snapshot, enum ayni_status *status)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;
    unsigned count = 0;

    views_cursor_open(snapshot, TEST_FIRST, (struct ayni_bytes){ 0 }, &cursor);
    while (views_cursor_next(&cursor, &key, &value))
        count++;
    *status = cursor.status;
    return count;
}

START_TEST(who_reads_too_long_under_one_snapshot_is_told_to_begin_another)
{
    struct views_snapshot *snapshot;
    struct ayni_bytes value;
    enum ayni_status status;

    test_views_options.snapshot_ms = SHORT_MS;
    test_views_reopen();
    put_keys();
    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    wait_until_old();
    ck_assert_uint_lt(walk(snapshot, &status), KEYS);
    ck_assert_int_eq(status, AYNI_E_BUSY);
    for (unsigned i = 0; status != AYNI_OK && i < KEYS; i++)
        status =
            views_get(snapshot, TEST_FIRST, ayni_bytes_of_text("key 0001"), &value) == AYNI_E_BUSY
                ? AYNI_OK
                : status;
    ck_assert_int_eq(status, AYNI_OK); /* one of them was refused */
    views_snapshot_end(snapshot);
}
END_TEST

START_TEST(who_reads_for_a_while_reads_all)
{
    struct views_snapshot *snapshot;
    enum ayni_status status;

    put_keys();
    ck_assert_int_eq(views_snapshot_begin(test_views, &snapshot), AYNI_OK);
    ck_assert_uint_eq(walk(snapshot, &status), KEYS);
    ck_assert_int_eq(status, AYNI_OK);
    views_snapshot_end(snapshot);
}
END_TEST

/* Another program, that looks into the store until it is killed. */
static _Noreturn void look_for_ever(int go, int looks)
{
    MDB_env *env;
    MDB_txn *txn;
    char byte;

    if (read(go, &byte, 1) != 1 || mdb_env_create(&env) != MDB_SUCCESS ||
        mdb_env_open(env, test_views_options.folder, MDB_RDONLY, 0600) != MDB_SUCCESS ||
        mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != MDB_SUCCESS || write(looks, "x", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

START_TEST(a_program_that_died_while_it_looked_into_the_store_holds_nothing)
{
    int go[2], looks[2];
    unsigned cleared = 9;
    char byte;

    ck_assert_int_eq(pipe(go), 0);
    ck_assert_int_eq(pipe(looks), 0);
    views_close(test_views); /* LMDB doesn't cross a fork */
    pid_t child = fork();
    if (child == 0)
        look_for_ever(go[0], looks[1]);
    test_views_open();
    ck_assert_int_eq(write(go[1], "x", 1), 1);
    ck_assert_int_eq(read(looks[0], &byte, 1), 1);
    ck_assert_int_eq(views_clear_readers(test_views, &cleared), AYNI_OK);
    ck_assert_uint_eq(cleared, 0); /* it lives */
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ck_assert_int_eq(views_clear_readers(test_views, &cleared), AYNI_OK);
    ck_assert_uint_eq(cleared, 1);
    ck_assert_int_eq(views_clear_readers(test_views, &cleared), AYNI_OK);
    ck_assert_uint_eq(cleared, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("views_readers");
    TCase *tcase = tcase_create("views_readers");

    tcase_add_checked_fixture(tcase, test_views_begin, test_views_end);
    tcase_add_test(tcase, who_reads_too_long_under_one_snapshot_is_told_to_begin_another);
    tcase_add_test(tcase, who_reads_for_a_while_reads_all);
    tcase_add_test(tcase, a_program_that_died_while_it_looked_into_the_store_holds_nothing);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
