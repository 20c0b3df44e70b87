#ifndef AYNI_PROTO_PAYLOAD_H
#define AYNI_PROTO_PAYLOAD_H

#include "proto/context.h"
#include "proto/entry_name.h"
#include "proto/feed.h"

/*
 * The payload of a version (kind 1):
 *
 *   [salt 16, record id, type, context, {field number: value}, {meta}]
 *
 * docs/protocol.md, section 4. A decoded one borrows from the payload's bytes.
 */

/* One field that a version sets: its number and its value as CBOR (ayni_cbor_read_raw); null
 * clears. */
struct ayni_field {
    uint32_t number; /* 0 is the deletion mark: true deletes, null undeletes */
    struct ayni_bytes value;
};

enum ayni_act {
    AYNI_ACT_EDIT = 0,
    AYNI_ACT_RESOLUTION = 1,
    AYNI_ACT_WITHDRAWAL = 2,
};

/*
 * One version. Arrays are the caller's when encoding; when decoding they live
 * in the struct's own memory, which ayni_version_free() gives back. Views borrow.
 */
struct ayni_version {
    uint8_t salt[16];
    struct ayni_record record;
    uint32_t type;
    struct ayni_seen *seen; /* in the order of the encoding: own first, then by feed, branches of
                               one feed together */
    size_t seen_count;
    struct ayni_field *fields; /* by number, ascending */
    size_t field_count;
    /* meta */
    struct ayni_bytes steward;             /* 1: text; empty if absent */
    struct ayni_bytes origin_organisation; /* 2: [organisation code, name]; both empty if absent */
    struct ayni_bytes origin;
    struct ayni_bytes reason; /* 3: text */
    uint64_t act;             /* 4: enum ayni_act */
    bool has_source_day;      /* 5: */
    int64_t source_day;
    bool has_withdraws; /* 6: the resolution that an act of withdrawal names */
    struct ayni_entry_name withdraws;
    struct ayni_chain_prefix *erases_seen; /* 7: ascending */
    size_t erases_seen_count;
    struct ayni_bytes unknown_meta; /* raw pairs of meta numbers above 7, kept byte for byte: */
    size_t unknown_meta_count;
};

void ayni_version_encode(const struct ayni_version *version, struct ayni_buffer *to);
/*
 *   AYNI_E_MALFORMED  not of the form: the version is invalid for ever, quarantined and listed
 *   AYNI_E_LIMIT      over a maximum of proto/limits.h: likewise
 */
AYNI_CHECKED enum ayni_status ayni_version_decode(struct ayni_bytes payload,
                                                  struct ayni_version *version);
void ayni_version_free(struct ayni_version *version);
/* The record and type alone, quickly: for who sorts versions by record. Same failures, fewer
 * checks. */
AYNI_CHECKED enum ayni_status ayni_version_peek(struct ayni_bytes payload,
                                                struct ayni_record *record, uint32_t *type);

/*
 * What a version shows by itself, for who reads many of which it is known that
 * ayni_version_decode() takes them: only as much is checked as keeps the reading within its bytes.
 * All zero before the first; the next one takes the same memory.
 */
struct ayni_version_skim {
    struct ayni_record record;
    uint32_t type;
    struct ayni_bytes steward; /* as above, both */
    uint64_t act;
    struct ayni_buffer fields; /* struct ayni_field, by number, ascending */
};
/* AYNI_E_MALFORMED, AYNI_E_LIMIT: it isn't such a one; AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_version_skim(struct ayni_bytes payload,
                                                struct ayni_version_skim *skim);
void ayni_version_skim_free(struct ayni_version_skim *skim);

/* Of meta numbers above 7, which never make a version malformed, these are known. */
enum {
    AYNI_META_FRONTIER = 8, /* 16 bytes: the fingerprint of the space that the version is about */
    AYNI_META_SKETCH = 9,   /* bytes: proto/sketch.h */
};
/* The value of a meta number above 7, as CBOR; empty where there is none. */
struct ayni_bytes ayni_version_meta(const struct ayni_version *version, uint64_t number);

/* Whether it is the mark of deletion, and deletes. Fields ascend: the mark is a version's first. */
bool ayni_field_deletes(const struct ayni_field *field);

/* Without an origin, or with one that is named `manual`: a person's own. */
bool ayni_version_is_manual(const struct ayni_version *version);

#endif
