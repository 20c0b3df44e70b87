#ifndef AYNI_PROTO_BUNDLE_ITEM_H
#define AYNI_PROTO_BUNDLE_ITEM_H

#include "proto/entry.h"
#include "proto/message.h"

/*
 * What the chunks of a bundle hold: items, one after the other. Each is an
 * array [type, ...]; types and elements that this version doesn't know are
 * passed over. docs/protocol.md, section 6.2. Writers append; what is read borrows.
 */
enum ayni_bundle_item_type {
    AYNI_BUNDLE_CONTENTS = 0,
    AYNI_BUNDLE_HEADS = 1,
    AYNI_BUNDLE_RUNS = 2,
    AYNI_BUNDLE_OTHER = 3, /* of a newer version: passed over */
};

/* What the whole bundle has: in each volume, first. */
struct ayni_bundle_space {
    struct ayni_space space;
    uint64_t entries;
};
struct ayni_bundle_contents {
    uint64_t entries;
    struct ayni_bytes spaces; /* one by one by ayni_bundle_contents_next() */
};

/* What the sender held, of what both share, when it made the bundle: an acknowledgement. */
struct ayni_bundle_heads {
    struct ayni_bytes heads; /* one by one by ayni_bundle_heads_next() */
};

/* Runs of one feed, after the entry that they continue. */
struct ayni_bundle_runs {
    struct ayni_feed feed; /* its id, or that of its segment: section 3.6 */
    struct ayni_feed_descriptor descriptor;
    struct ayni_head from;
    struct ayni_bytes runs; /* whole ones, at most AYNI_BATCH_SIZE_MAX; unverified */
};

struct ayni_bundle_item {
    enum ayni_bundle_item_type type;
    union {
        struct ayni_bundle_contents contents;
        struct ayni_bundle_heads heads;
        struct ayni_bundle_runs runs;
    };
};

/* At most AYNI_BUNDLE_SPACES_MAX spaces, ascending. */
void ayni_bundle_contents_put(uint64_t entries, const struct ayni_bundle_space *spaces,
                              size_t count, struct ayni_buffer *to);
/* At most AYNI_BUNDLE_HEADS_MAX; more go into further items. */
void ayni_bundle_heads_put(const struct ayni_listed_head *heads, size_t count,
                           struct ayni_buffer *to);
void ayni_bundle_runs_put(const struct ayni_bundle_runs *runs, struct ayni_buffer *to);

/*
 * The item at the front of `bytes`, and how many of them it takes.
 *
 *   AYNI_E_MALFORMED, AYNI_E_LIMIT
 */
AYNI_CHECKED enum ayni_status ayni_bundle_item_read(struct ayni_bytes bytes, size_t *used,
                                                    struct ayni_bundle_item *item);
/* What an item that was read holds, from `*position` 0 on; false after the last. */
bool ayni_bundle_contents_next(const struct ayni_bundle_contents *contents, size_t *position,
                               struct ayni_bundle_space *space);
bool ayni_bundle_heads_next(const struct ayni_bundle_heads *heads, size_t *position,
                            struct ayni_listed_head *head);
/*
 * Check each run from `runs->from` on, as ayni_run_verify() does; whether that is where
 * anybody's log stands is another question. `*end` is where they lead.
 *
 *   AYNI_E_MALFORMED  also where there is no run
 *   AYNI_E_SIGNATURE, AYNI_E_INVALID, AYNI_E_LIMIT
 */
AYNI_CHECKED enum ayni_status ayni_bundle_runs_verify(const struct ayni_node *root,
                                                      const struct ayni_bundle_runs *runs,
                                                      struct ayni_head *end);

#endif
