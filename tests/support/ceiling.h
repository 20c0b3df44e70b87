#ifndef AYNI_TESTS_SUPPORT_CEILING_H
#define AYNI_TESTS_SUPPORT_CEILING_H

#include <stdint.h>

/*
 * The ceiling: what a program written by hand for one purpose reaches on this
 * machine, to which the ratios of the benches refer. One process sends
 * entries in batches, each under one signature, over CURVE; the other checks
 * the hash chain and the signature and puts each entry and three random index
 * keys into LMDB, durably, some batches to a commit. No CBOR, no fold, no
 * flow control, no restart.
 */
struct ceiling {
    double entries, seconds, cpu_s;
    double check_s, store_s, commit_s; /* where the receiver's time went */
    uint64_t disk_bytes;
};

enum { CEILING_PER_COMMIT = 10000 };

/* Forks: not with threads or stores of one's own. Ends the program where something fails. */
void ceiling_measure(uint64_t entries, uint64_t per_commit, struct ceiling *measured);

#endif
