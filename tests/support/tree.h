#ifndef AYNI_TESTS_SUPPORT_TREE_H
#define AYNI_TESTS_SUPPORT_TREE_H

#include "daemon/store/log.h"
#include "tests/support/federation.h"
#include "tests/support/random.h"

/*
 * A tree of histories that one node wrote into one feed: each leaves an
 * earlier one somewhere, also inside a run, also before its first entry.
 */
enum { TREE_HISTORIES_MAX = 8, TREE_ENTRIES_MAX = 64, TREE_PAYLOAD_MAX = 256 };

struct tree_run {
    uint64_t before; /* the seq that it follows */
    size_t count;
    struct ayni_signature signature;
};

struct tree_history {
    struct ayni_entry entries[TREE_ENTRIES_MAX];
    uint8_t payloads[TREE_ENTRIES_MAX][TREE_PAYLOAD_MAX];
    struct ayni_hash chains[TREE_ENTRIES_MAX + 1]; /* chains[seq]; chains[0] is chain(0) */
    uint64_t length;
    struct tree_run runs[TREE_ENTRIES_MAX];
    size_t run_count;
};

struct tree;
/* Makes the payload of the next entry of a history, a version, up to TREE_PAYLOAD_MAX. */
typedef void tree_fill(const struct tree *tree, const struct tree_history *history,
                       struct test_random *random, struct ayni_buffer *payload);

struct tree {
    struct test_keys keys;
    struct ayni_node root;
    struct ayni_feed_descriptor descriptor;
    struct ayni_feed feed;
    struct tree_history histories[TREE_HISTORIES_MAX];
    size_t count;
    tree_fill *fill;
};

/* Of node `number` in a space; must not be moved. Without `fill` entries are of a kind that nobody
 * reads. */
void tree_make(struct tree *tree, uint8_t number, const struct ayni_space *space, size_t count,
               tree_fill *fill, struct test_random *random);
/* One run of a history as it is signed; `run->entries` borrows. */
struct ayni_run tree_run(struct tree *tree, size_t history, size_t run);
/* Entries that differ: what a log that has all of it holds. */
uint64_t tree_entry_count(const struct tree *tree);

/*
 * The segments of the whole tree, as text that is equal where they are: one
 * line each, by id. Of the tree, and of what a log holds of that feed.
 */
void tree_segments(const struct tree *tree, struct ayni_buffer *text);
void tree_segments_of_log(struct log_snapshot *log, const struct ayni_feed *feed,
                          struct ayni_buffer *text);

#endif
