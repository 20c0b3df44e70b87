#ifndef AYNI_PROTO_LIMITS_H
#define AYNI_PROTO_LIMITS_H

/*
 * Everything an outsider can make us keep, compute or send has a maximum, and
 * the reason stands beside it. Sizes are in bytes.
 */
enum {
    /* One payload: a part of a reference table (60,000 characters) with its envelope. */
    AYNI_PAYLOAD_SIZE_MAX = 64 * 1024,
    /* A run is hashed whole before its one signature is checked. */
    AYNI_RUN_ENTRIES_MAX = 256,
    AYNI_RUN_PAYLOAD_MAX = 32 * 1024,       /* lane 2 */
    AYNI_RUN_PAYLOAD_URGENT_MAX = 8 * 1024, /* lanes 0 and 1: what is urgent stays short */

    /* CBOR: deeper or wider than anything of ours, shallow enough for any stack. */
    AYNI_CBOR_DEPTH_MAX = 12,
    AYNI_CBOR_COUNT_MAX = 65536,

    /* A message between nodes, decompressed or not. CURVE adds 33 to what is sent. */
    AYNI_MESSAGE_SIZE_MAX = 1024 * 1024,
    AYNI_BATCH_SIZE_MAX = 512 * 1024, /* the runs of one batch, decompressed */
    AYNI_BATCH_SIZE_MIN = 16 * 1024,
    AYNI_NOTE_RUN_SIZE_MAX = 1024, /* a run up to this rides in a note */

    /* --- the sync engine, for each connected peer: 256 KiB in all beside batches in flight --- */
    /* Heads that a peer says it has and we lack: 90 KiB. More are heard of once these are settled.
     */
    AYNI_SYNC_CLAIMS_MAX = 1024,
    /* Of those, of feeds that aren't known here yet, which cost more: 100 KiB. */
    AYNI_SYNC_STRANGERS_MAX = 384,
    /* For each space: authors whose right isn't known here yet. A space has some hundred writers;
     * of more than this, what is refused is asked for again, and refused again. */
    AYNI_SYNC_UNKNOWN_MAX = 512,
    /* Feeds that a peer has and aren't taken here: 10 KiB. Who reads of them needs no more than
     * that there are such; of more than this the count is too low. */
    AYNI_SYNC_UNTAKEN_MAX = 256,
    /* Feeds that a peer is being sent from at once; enough to fill a satellite's round trip. */
    AYNI_SYNC_SERVES_MAX = 64,
    /* Answers that wait to be sent; what does not fit is asked for again. */
    AYNI_SYNC_OUTBOX_MAX = 48 * 1024,
    /* Bytes of runs that may be on their way from one peer: four batches, or two on a slow link. */
    AYNI_SYNC_WINDOW_MAX = 4 * 1024 * 1024,
    AYNI_SYNC_WINDOW_MIN = 32 * 1024,
    /* Runs that have come and that nobody has asked the engine for yet, of all peers. */
    AYNI_SYNC_INBOX_MAX = 16 * 1024 * 1024,
    AYNI_SYNC_PEER_MEMORY_MAX = 256 * 1024,
    /* Heads in one note: 34 KiB with their descriptors. */
    AYNI_NOTE_HEADS_MAX = 256,
    /* A range that differs is split so, or, up to 512 heads, into ranges that can be listed: those
     * of no more heads than that; a whole space is listed up to so many. */
    AYNI_RANGE_SPLIT = 16,
    AYNI_RANGE_LIST_MAX = 6,
    AYNI_RANGE_LIST_ALL_MAX = 32,
    /* One line of ranges in answer to another: 100 that differ of 5,000 heads take 21 KiB. */
    AYNI_RANGES_SIZE_MAX = 32 * 1024,

    /* A chunk of a bundle, decompressed: the runs of one batch and as much again. */
    AYNI_BUNDLE_CHUNK_MAX = 1024 * 1024,
    /* A frame of a volume: such a chunk that can't be compressed. */
    AYNI_BUNDLE_FRAME_MAX = AYNI_BUNDLE_CHUNK_MAX + 64 * 1024,
    /* The least that a volume may be asked to be: room for its head and any one run. */
    AYNI_BUNDLE_VOLUME_SIZE_MIN = 256 * 1024,
    AYNI_BUNDLE_VOLUMES_MAX = 65535,
    /* In one item of a chunk: 100 KiB, and 160 KiB. */
    AYNI_BUNDLE_SPACES_MAX = 4096,
    AYNI_BUNDLE_HEADS_MAX = 4096,
    /* What is kept of what one node says it holds: 2.5 MiB. */
    AYNI_BUNDLE_KNOWN_MAX = 65536,
    /* Volumes that a node keeps because something in them waits for something else. */
    AYNI_BUNDLES_WAITING_MAX = 1024,

    /* Connections that came in and that nobody has spoken on yet. Each is a file descriptor, of
     * which a process has 1,024 where nobody gave it more; a node of ours has spoken within a
     * second or, over a satellite, three. */
    AYNI_NEWCOMERS_MAX = 128,
    /* Of one node. Another one comes from a copy of its home, or the first is dead and not missed
     * yet: the older one is ended. A copy dials again, so copies take turns. */
    AYNI_CONNECTIONS_PER_NODE_MAX = 1,
    /* Of one steward from afar: a command each, so a person with some windows open, or a script. */
    AYNI_CONNECTIONS_PER_STEWARD_MAX = 8,
    /* Of all of them: half of what the control socket serves, so that local users always get in. */
    AYNI_STEWARD_SESSIONS_MAX = 32,

    /* A card is typed, mailed and shown as a QR code. */
    AYNI_CARD_SIZE_MAX = 1024,
    AYNI_CARD_ENDPOINTS_MAX = 8,
    AYNI_ENDPOINT_SIZE_MAX = 128,
    AYNI_NAME_SIZE_MAX = 120,
    AYNI_TICKET_SIZE_MAX = 4096,
    AYNI_TICKET_STATEMENTS_MAX = 8, /* the newest suffices; older ones show the way there */
    /* A proof is a file that a person hands on: a record's versions with 14 KiB of headers each at
       most. */
    AYNI_PROOF_SIZE_MAX = 16 * 1024 * 1024,
    /* Orders that one receipt confirms, ranges that one order has: what fits into a payload anyway.
     */
    AYNI_RECEIPT_ORDERS_MAX = 256,
    AYNI_ERASE_RANGES_MAX = 1024,
    /* Points of a cut: what fits into a payload, of 78 bytes each at most. */
    AYNI_CUT_POINTS_MAX = 839,

    /* Fields that one version may set; the widest type of the first edition has 21. */
    AYNI_FIELDS_MAX = 256,
    /* Pairs in one context, one for each branch of each feed: writers of one record. */
    AYNI_CONTEXT_PAIRS_MAX = 1024,

    /* Rows of the catalogue (types, fields, codes, rules, list members): the first edition has
     * under 4,000; each costs some 300 bytes of memory on every node. */
    AYNI_CATALOGUE_ROWS_MAX = 100000,

    /* Requests and answers on the control socket, one frame. */
    AYNI_CONTROL_FRAME_MAX = 4 * 1024 * 1024,

    /* Incarnations and segments that one author may have in one space and lane before others
     * stop taking new ones: an honest node draws one per restore. */
    AYNI_FEEDS_PER_AUTHOR_MAX = 1024,

    /* Root statements of one writer, and versions of one card, that a registry checks: each costs
     * a signature whenever it is built. A federation's whole history has a dozen of the first. */
    AYNI_ROOT_STATEMENTS_PER_WRITER_MAX = 64,
    AYNI_CARDS_PER_RECORD_MAX = 16,
};

#endif
