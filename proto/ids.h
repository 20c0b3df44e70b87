#ifndef AYNI_PROTO_IDS_H
#define AYNI_PROTO_IDS_H

#include <string.h>

#include "proto/bytes.h"

/*
 * The names of things, each a struct of its own so that they can't be mixed
 * up, and their forms for people. docs/protocol.md, section 2.
 */
struct ayni_hash {
    uint8_t bytes[32];
};
struct ayni_node {
    uint8_t bytes[32]; /* the Ed25519 public key */
};
struct ayni_space {
    uint8_t bytes[16];
};
struct ayni_feed {
    uint8_t bytes[32];
};
struct ayni_record {
    uint8_t bytes[16]; /* printed as a UUID */
};
struct ayni_incarnation {
    uint8_t bytes[16];
};
/* The first 8 bytes of a chain hash, by which contexts and ranges name a history. */
struct ayni_chain_prefix {
    uint8_t bytes[8];
};
/* The first 16 bytes of a feed id, by which contexts name a feed. */
struct ayni_feed_prefix {
    uint8_t bytes[16];
};

/* memcmp of two ids of one type, and their equality. */
#define ayni_id_compare(a, b) (memcmp((a)->bytes, (b)->bytes, sizeof((a)->bytes)))
#define ayni_id_equal(a, b) (ayni_id_compare(a, b) == 0)

enum {
    AYNI_NODE_TEXT_SIZE = 53,   /* 52 characters of base32 and a NUL */
    AYNI_RECORD_TEXT_SIZE = 37, /* a UUID and a NUL */
    AYNI_HASH_TEXT_SIZE = 65,   /* hexadecimal and a NUL */
};

/* RFC 4648 base32, lower case, no padding. `text` holds AYNI_NODE_TEXT_SIZE. */
void ayni_node_text(const struct ayni_node *node, char *text);
/* Whole ids only: AYNI_E_MALFORMED for anything else. Prefixes are resolved by who has a list. */
AYNI_CHECKED enum ayni_status ayni_node_parse(struct ayni_bytes text, struct ayni_node *node);

void ayni_record_text(const struct ayni_record *record, char *text);
AYNI_CHECKED enum ayni_status ayni_record_parse(struct ayni_bytes text, struct ayni_record *record);

/* Lower-case hexadecimal; `text` holds 2 * size + 1. */
void ayni_hex_text(struct ayni_bytes bytes, char *text);
/* Exactly `size` bytes of hexadecimal, any case. */
AYNI_CHECKED enum ayni_status ayni_hex_parse(struct ayni_bytes text, uint8_t *bytes, size_t size);

/* base32 of any bytes, appended (cards, tickets), and the way back. */
void ayni_base32_append(struct ayni_buffer *buffer, struct ayni_bytes bytes);
AYNI_CHECKED enum ayni_status ayni_base32_parse(struct ayni_bytes text, struct ayni_buffer *bytes);

/* RFC 9562: a version 7 UUID from a time and 10 random bytes; a version 8 one from 16 hash bytes.
 */
struct ayni_record ayni_record_v7(uint64_t time_ms, const uint8_t random[10]);
struct ayni_record ayni_record_v8(const uint8_t hash[16]);
/* When one of version 7 was made, by its maker's clock; false for others. */
bool ayni_record_time(const struct ayni_record *record, uint64_t *time_ms);

#endif
