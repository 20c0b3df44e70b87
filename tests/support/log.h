#ifndef AYNI_TESTS_SUPPORT_LOG_H
#define AYNI_TESTS_SUPPORT_LOG_H

#include "daemon/store/log.h"
#include "tests/support/feed.h"
#include "tests/support/folder.h"

/* A log in a folder of its own, for a test's checked fixture. */
struct test_log {
    struct test_folder folder;
    char path[512]; /* FOLDER/log */
    struct log_options options;
    struct log_store *store;
    char why[256];
};

/* The daemon's reports below errors are turned off. */
void test_log_make(struct test_log *log, uint64_t map_size);
void test_log_remove(struct test_log *log);
void test_log_open(struct test_log *log);
void test_log_close(struct test_log *log);
void test_log_reopen(struct test_log *log);

/* Append a run in a transaction that somebody has begun, as of `now`; the feed is made if it is
 * new. */
enum ayni_status test_log_append_in(struct log_txn *txn, const struct test_feed *feed,
                                    const struct test_run *run, struct ayni_instant now);
/* The same in a transaction of its own. */
enum ayni_status test_log_append(struct test_log *log, const struct test_feed *feed,
                                 const struct test_run *run);

/* A snapshot; end it with log_snapshot_end() or SCOPED_LOG_SNAPSHOT. */
struct log_snapshot *test_log_snapshot(struct test_log *log);

#endif
