#ifndef AYNI_TESTS_SUPPORT_SIM_STORE_H
#define AYNI_TESTS_SUPPORT_SIM_STORE_H

#include "daemon/net/head_teller.h"
#include "daemon/net/intake.h"
#include "tests/support/folder.h"
#include "tests/support/sim_log.h"

/*
 * A simulated node's log on a disk: the daemon's own store, writer, intake and
 * what tells the engine of heads, in a folder of its own. The log in memory goes
 * along with it and says, after each change, what must be in it.
 */
struct sim_store {
    struct test_folder folder; /* log/, and copy/ of an earlier day */
    struct ayni_node root, self;
    struct log_store *log; /* NULL: it is closed, as the next */
    struct log_writer *writer;
    struct intake *intake;
    struct head_teller heads;
    struct ayni_feed *forked; /* feeds of whose forks the engine isn't told yet */
    size_t forked_count;
    bool has_copy, renews; /* it draws another instance when it is opened */
};

/* A folder, and nothing in it yet; `tell` is told of heads. */
struct sim_store *sim_store_new(const struct ayni_node *root, const struct ayni_node *self,
                                void (*tell)(void *context, struct ayni_sync_event *event),
                                void *context);
void sim_store_free(struct sim_store *store);
/* What is in the folder is read anew. */
void sim_store_open(struct sim_store *store);
/* With what is under way: of that nothing is stored. */
void sim_store_close(struct sim_store *store);
/* As the power goes: the batch has been put, and its transaction isn't committed. */
void sim_store_tear(struct sim_store *store, const struct ayni_sync_store *batch);

/* Tell all heads, at the start; then those that moved, and what has forked. */
void sim_store_tell_all(struct sim_store *store);
void sim_store_tell(struct sim_store *store);

/* A STORE or FORK as the daemon takes it (what fills holes comes by sim_store_change()), and what
 * became of it. `full`: the file can't grow. */
enum ayni_status sim_store_take(struct sim_store *store, enum ayni_sync_action_type type,
                                const struct ayni_sync_store *batch, bool full);
/* The last run of the feed, which its node has just written. */
void sim_store_write(struct sim_store *store, const struct sim_feed *feed);
void sim_store_put_fork(struct sim_store *store, const struct ayni_fork_proof *proof,
                        struct ayni_bytes bytes);

/* A payload came or went: as the log in memory has it now. */
void sim_store_change(struct sim_store *store, const struct sim_change *change);

/* Keep a copy of the folder, in the place of the one before. */
void sim_store_copy(struct sim_store *store);
/* The closed one is what was copied. */
void sim_store_put_back(struct sim_store *store);

/* Fails unless the feed stands as in the log in memory; or all feeds, with all that they hold. */
void sim_store_check_feed(const struct sim_store *store, const struct sim_feed *root);
void sim_store_check(const struct sim_store *store, const struct sim_log *log);

#endif
