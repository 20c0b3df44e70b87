#include "tests/support/log.h"

#include <check.h>

#include "daemon/report.h"

void test_log_open(struct test_log *log)
{
    enum ayni_status status =
        log_store_open(&log->options, &log->store, log->why, sizeof(log->why));

    ck_assert_msg(status == AYNI_OK, "%s", log->why);
}

void test_log_close(struct test_log *log)
{
    log_store_close(log->store);
    log->store = NULL;
}

void test_log_reopen(struct test_log *log)
{
    test_log_close(log);
    test_log_open(log);
}

void test_log_make(struct test_log *log, uint64_t map_size)
{
    report_set_level(REPORT_ERROR);
    test_folder_make(&log->folder);
    test_folder_path(&log->folder, "log", log->path, sizeof(log->path));
    log->options = (struct log_options){ log->path, map_size };
    test_log_open(log);
}

void test_log_remove(struct test_log *log)
{
    test_log_close(log);
    test_folder_remove(&log->folder);
}

enum ayni_status test_log_append_in(struct log_txn *txn, const struct test_feed *feed,
                                    const struct test_run *run, struct ayni_instant now)
{
    struct log_feed stored;
    enum ayni_status status = log_txn_feed(txn, &feed->id, &feed->descriptor, &stored);

    return status != AYNI_OK ? status
                             : log_txn_append(txn, stored.no, &run->before, &run->run, run->chains,
                                              &run->after, now);
}

enum ayni_status test_log_append(struct test_log *log, const struct test_feed *feed,
                                 const struct test_run *run)
{
    struct log_txn *txn = NULL;

    ck_assert_int_eq(log_txn_begin(log->store, &txn), AYNI_OK);
    enum ayni_status status =
        test_log_append_in(txn, feed, run, (struct ayni_instant){ 1800000000000 });
    if (status != AYNI_OK) {
        log_txn_abort(txn);
        return status;
    }
    return log_txn_commit(txn);
}

struct log_snapshot *test_log_snapshot(struct test_log *log)
{
    struct log_snapshot *snapshot = NULL;

    ck_assert_int_eq(log_snapshot_begin(log->store, &snapshot), AYNI_OK);
    return snapshot;
}
