#ifndef AYNI_PROTO_FEED_H
#define AYNI_PROTO_FEED_H

#include "proto/ids.h"

/*
 * A feed: what one node wrote in one space and one lane, in one incarnation.
 * docs/protocol.md, section 3.
 */
enum ayni_lane {
    AYNI_LANE_CONTROL = 0, /* erasures, receipts, cuts, fork proofs, consents, links, decisions */
    AYNI_LANE_CURRENT = 1,
    AYNI_LANE_BULK = 2, /* imports over 1,024 rows, reference tables */
    AYNI_LANE_COUNT = 3,
};

struct ayni_feed_descriptor {
    struct ayni_node node;
    struct ayni_space space;
    uint8_t lane; /* enum ayni_lane; unknown lanes are carried */
    struct ayni_incarnation incarnation;
};

/* H("ayni-feed-1", root key, node key, space id, lane, incarnation). */
struct ayni_feed ayni_feed_of(const struct ayni_node *root,
                              const struct ayni_feed_descriptor *descriptor);
/* The id of a segment after a fork: H("ayni-branch-1", feed id, seq, chain(seq)) with its first
 * different entry. */
struct ayni_feed ayni_feed_branch(const struct ayni_feed *feed, uint64_t seq,
                                  const struct ayni_hash *chain);
/* The first 16 bytes. */
struct ayni_feed_prefix ayni_feed_prefix_of(const struct ayni_feed *feed);

/* [node key, space id, lane, incarnation] */
void ayni_feed_descriptor_encode(const struct ayni_feed_descriptor *descriptor,
                                 struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status ayni_feed_descriptor_decode(struct ayni_bytes bytes,
                                                          struct ayni_feed_descriptor *descriptor);

/* First 16 bytes of H("ayni-registry-1", root key). */
struct ayni_space ayni_registry_space(const struct ayni_node *root);
/* First 16 bytes of H("ayni-space-1", root key, owner key, 16 random bytes). */
struct ayni_space ayni_space_of(const struct ayni_node *root, const struct ayni_node *owner,
                                const uint8_t random[16]);

#endif
