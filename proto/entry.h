#ifndef AYNI_PROTO_ENTRY_H
#define AYNI_PROTO_ENTRY_H

#include "proto/cbor.h"
#include "proto/crypto.h"
#include "proto/feed.h"
#include "proto/instant.h"

/*
 * Entries, their chain, and runs: the entries under one seal.
 * docs/protocol.md, section 3. Nothing here does I/O or keeps state.
 */
enum ayni_entry_kind { /* unknown kinds are stored and forwarded unread */
                       AYNI_KIND_VERSION = 1,
                       AYNI_KIND_ERASE = 2,
                       AYNI_KIND_RECEIPT = 3,
                       AYNI_KIND_FORK_PROOF = 4,
                       AYNI_KIND_CUT = 5,
};

enum ayni_hollow { /* why an entry's payload is not here */
                   AYNI_HOLLOW_NONE = 0,
                   AYNI_HOLLOW_ERASED = 1,
                   AYNI_HOLLOW_WITHHELD = 2,
                   AYNI_HOLLOW_LOST = 3,
};

struct ayni_entry {
    uint64_t kind;
    struct ayni_instant time; /* the writer's clock; never falls within a feed */
    uint8_t hollow; /* enum ayni_hollow; if not NONE, `payload` is empty and these two hold: */
    uint64_t payload_size;         /* always set: of the payload that is or was there */
    struct ayni_hash payload_hash; /* set when hollow, and by ayni_entry_complete() */
    struct ayni_bytes payload;     /* borrowed */
};

/* Fills payload_size and payload_hash from the payload, unless the entry is hollow. */
void ayni_entry_complete(struct ayni_entry *entry);

/* H("ayni-payload-1", payload) */
struct ayni_hash ayni_payload_hash(struct ayni_bytes payload);
/* chain(0) = H("ayni-chain-1", feed id) */
struct ayni_hash ayni_chain_start(const struct ayni_feed *feed);
/*
 * chain(n) = H("ayni-chain-1", chain(n-1), header(n)), header(n) = [kind, time,
 * payload length, H(payload)]. `entry` must be complete.
 */
struct ayni_hash ayni_chain_next(const struct ayni_hash *before, const struct ayni_entry *entry);
struct ayni_chain_prefix ayni_chain_prefix_of(const struct ayni_hash *chain);

/* header(n), as the chain hashes it and proofs carry it. */
void ayni_header_encode(const struct ayni_entry *entry, struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status ayni_header_decode(struct ayni_bytes bytes, struct ayni_entry *entry);
/* The chain hash after the next `count` headers, which are read, from the one before them. */
struct ayni_hash ayni_chain_read_headers(struct ayni_cbor_reader *reader, size_t count,
                                         struct ayni_hash chain);

/*
 * An entry on the wire: [kind, time, payload] or, hollow, [kind, time, payload
 * length, H(payload), reason]. What is read isn't complete yet; its payload borrows.
 */
void ayni_entry_put(const struct ayni_entry *entry, struct ayni_buffer *to);
void ayni_entry_read(struct ayni_cbor_reader *reader, struct ayni_entry *entry);

/*
 * A run on the wire: [[entry, ...], signature]. `entries` holds at most AYNI_RUN_ENTRIES_MAX.
 */
struct ayni_run {
    struct ayni_entry *entries; /* the caller's array */
    size_t count;
    struct ayni_signature signature; /* the seal's, over its Sig_structure: proto/seal.h */
};

void ayni_run_encode(const struct ayni_run *run, struct ayni_buffer *to);
/*
 * Read the next run of a sequence. `run->entries` points to room for
 * AYNI_RUN_ENTRIES_MAX; payloads borrow from the reader's input. Only the form
 * is checked here; the entries come back complete (hashes computed).
 *
 *   AYNI_E_MALFORMED  not of the form
 *   AYNI_E_LIMIT      more entries or bytes than a run may have
 */
AYNI_CHECKED enum ayni_status ayni_run_read(struct ayni_bytes bytes, size_t *used,
                                            struct ayni_run *run);

/* Where a feed stands: its newest entry. seq 0 and chain(0) for an empty one. */
struct ayni_head {
    uint64_t seq;
    struct ayni_hash chain;
};

/*
 * Check a run that continues `head` in `feed` of `node`: the chain, that time
 * never falls (`last_time` is the time of the entry at `head`, 0 at the start),
 * sizes by lane, and the seal. On AYNI_OK `*after` is the new head and, if
 * `chains` isn't NULL, chains[i] is the chain hash of entry i.
 *
 *   AYNI_E_SIGNATURE  the seal does not verify: wrong chain, wrong feed, a flipped bit
 *   AYNI_E_INVALID    time falls
 *   AYNI_E_LIMIT      the run is larger than its lane allows
 */
AYNI_CHECKED enum ayni_status
ayni_run_verify(const struct ayni_run *run, const struct ayni_feed *feed,
                const struct ayni_node *node, uint8_t lane, const struct ayni_head *head,
                struct ayni_instant last_time, struct ayni_head *after, struct ayni_hash *chains);

/* Seal `entries` (completed here) as a run after `head`: fills `run->signature`, `*after`, `chains`
 * as above. */
void ayni_run_seal(struct ayni_run *run, const struct ayni_feed *feed,
                   const struct ayni_signing_key *secret, const struct ayni_head *head,
                   struct ayni_head *after, struct ayni_hash *chains);

#endif
