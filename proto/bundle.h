#ifndef AYNI_PROTO_BUNDLE_H
#define AYNI_PROTO_BUNDLE_H

#include "proto/crypto.h"
#include "proto/instant.h"

/*
 * Bundles: runs in files, for a stick or a mail. A bundle is one or more
 * volumes, each a file of frames: a head in clear, chunks that its receiver
 * alone can read, and an end that the sender has signed over all of it.
 * docs/protocol.md, section 6. What the chunks hold:
 * proto/bundle_item.h; how a volume is read: proto/bundle_volume.h.
 * Nothing here does I/O or keeps state.
 */

/* How a volume begins, before its first frame. */
#define AYNI_BUNDLE_MAGIC "ayni-bundle-1\n"
enum { AYNI_BUNDLE_MAGIC_SIZE = sizeof(AYNI_BUNDLE_MAGIC) - 1 };

struct ayni_bundle_id {
    uint8_t bytes[16]; /* random */
};

struct ayni_bundle_head {
    struct ayni_node root, sender, receiver;
    struct ayni_bundle_id bundle;
    struct ayni_instant time; /* the sender's clock */
    uint32_t volume;          /* 1 to AYNI_BUNDLE_VOLUMES_MAX */
    struct ayni_bytes box;    /* the volume's key, in a sealed box to the receiver; borrowed */
};
void ayni_bundle_head_encode(const struct ayni_bundle_head *head, struct ayni_buffer *to);
/* AYNI_E_MALFORMED. Who made it is known by the end alone. */
AYNI_CHECKED enum ayni_status ayni_bundle_head_decode(struct ayni_bytes bytes,
                                                      struct ayni_bundle_head *head);

/* The key of one volume; wiped by who is done with it. */
struct ayni_bundle_key {
    uint8_t bytes[32];
};
/* A new one, and its box, appended. AYNI_E_INVALID: `receiver` is no key; AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_bundle_key_make(const struct ayni_node *receiver,
                                                   struct ayni_bundle_key *key,
                                                   struct ayni_buffer *box);
/* AYNI_E_SIGNATURE: the box isn't to the receiver that the head names, or was changed. */
AYNI_CHECKED enum ayni_status ayni_bundle_key_open(const struct ayni_bundle_head *head,
                                                   const struct ayni_signing_key *secret,
                                                   struct ayni_bundle_key *key);

/* A frame of a volume: its size, and its bytes. Without any it says that the end comes next. */
enum { AYNI_BUNDLE_FRAME_EXTRA = 4 };
void ayni_bundle_frame_put(struct ayni_bytes frame, struct ayni_buffer *to);

/* What the end is signed over: all before it, frame by frame. */
struct ayni_hash ayni_bundle_sum_start(void);
struct ayni_hash ayni_bundle_sum_next(const struct ayni_hash *before, struct ayni_bytes frame);

/*
 * A chunk: a Zstandard frame (proto/compress.h), encrypted. `head` is the
 * encoded head of its volume; `index` counts the volume's chunks from 1. Appends.
 */
enum { AYNI_BUNDLE_CHUNK_EXTRA = 16 };
AYNI_CHECKED enum ayni_status ayni_bundle_chunk_seal(const struct ayni_bundle_key *key,
                                                     struct ayni_bytes head, uint64_t index,
                                                     struct ayni_bytes packed,
                                                     struct ayni_buffer *chunk);
/*
 * Appends what it holds, at most AYNI_BUNDLE_CHUNK_MAX.
 *
 *   AYNI_E_SIGNATURE  of another volume or place, or a flipped bit
 *   AYNI_E_MALFORMED, AYNI_E_LIMIT  by ayni_decompress()
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_bundle_chunk_open(const struct ayni_bundle_key *key,
                                                     struct ayni_bytes head, uint64_t index,
                                                     struct ayni_bytes chunk,
                                                     struct ayni_buffer *plain);

/* The end: a COSE_Sign1 by the sender, of the sum and of how many volumes the bundle has. */
void ayni_bundle_end_encode(const struct ayni_signing_key *sender, const struct ayni_hash *sum,
                            uint32_t volumes, struct ayni_buffer *to);
/*
 *   AYNI_E_MALFORMED  also where the head's volume is past the last
 *   AYNI_E_CHAIN      it is the end of other bytes
 *   AYNI_E_SIGNATURE  not the sender's that the head names
 */
AYNI_CHECKED enum ayni_status ayni_bundle_end_decode(struct ayni_bytes bytes,
                                                     const struct ayni_bundle_head *head,
                                                     const struct ayni_hash *sum,
                                                     uint32_t *volumes);

#endif
