#ifndef AYNI_DAEMON_RECORDS_KEY_H
#define AYNI_DAEMON_RECORDS_KEY_H

#include "proto/ids.h"

/* Which record: its state is a function of the versions of (space, type, id). */
struct record_key {
    struct ayni_space space;
    uint32_t type;
    struct ayni_record record;
};

/* Big-endian, so that bytes sort as keys do: by space, type, record. */
enum { RECORD_KEY_SIZE = 16 + 4 + 16 };
void record_key_encode(const struct record_key *key, uint8_t to[RECORD_KEY_SIZE]);
void record_key_decode(const uint8_t from[RECORD_KEY_SIZE], struct record_key *key);

/* <0, 0, >0; good for qsort() of arrays of keys. */
int record_key_compare(const void *a, const void *b);

#endif
