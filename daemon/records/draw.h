#ifndef AYNI_DAEMON_RECORDS_DRAW_H
#define AYNI_DAEMON_RECORDS_DRAW_H

#include "daemon/records/key.h"
#include "proto/crypto.h"

/*
 * A simple random sample of records, the same on every node that holds the same and
 * is given the same seed, in whatever order the records come:
 *
 *   lot = H("ayni-sample-1", seed, type, record id)
 *
 * and the sample are the records with the lowest lots, lowest first. So each record is as likely
 * as any other, and the first k of a sample are the sample of k. docs/quality.md.
 */
enum { DRAW_MAX = 10000, DRAW_SEED_SIZE = 65 };

struct drawn {
    struct ayni_hash lot;
    struct record_key key;
};
struct draw {
    struct ayni_bytes seed; /* lent: text */
    size_t wanted;          /* 1 to DRAW_MAX */
    struct drawn *items;    /* a heap, the highest lot on top, until draw_end() */
    size_t count;
    uint64_t population; /* records that were offered */
};

AYNI_CHECKED enum ayni_status draw_begin(struct draw *draw, const char *seed, size_t wanted);
/* Each record of the population once, in one of the spaces that hold it. */
void draw_offer(struct draw *draw, const struct record_key *key);
/* The sample, by lot. Nothing is offered afterwards. */
void draw_end(struct draw *draw);
void draw_free(struct draw *draw); /* safe on all zero */

/* A seed that nobody can foresee; and whether a text can be one: 1 to 64 letters of ASCII, digits
 * and - . _ */
void draw_seed(char seed[DRAW_SEED_SIZE]);
bool draw_seed_valid(const char *seed);

#endif
