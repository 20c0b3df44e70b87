#ifndef AYNI_DAEMON_RECORDS_AUTHOR_KEYS_H
#define AYNI_DAEMON_RECORDS_AUTHOR_KEYS_H

#include "daemon/records/key.h"
#include "daemon/records/writing/author.h"

/*
 * Which records a call of the author writes: their keys as views/ has them,
 * ascending; one that is written twice stands there twice.
 */
struct author_key {
    uint8_t name[RECORD_KEY_SIZE];
};
struct author_keys {
    struct author_key *keys;
    size_t count;
};

AYNI_CHECKED enum ayni_status author_keys_of(const struct author_change *changes, size_t count,
                                             struct author_keys *keys);
void author_keys_free(struct author_keys *keys);
#define SCOPED_AUTHOR_KEYS __attribute__((cleanup(author_keys_free))) struct author_keys

/* Whether one record is in both. */
bool author_keys_meet(const struct author_keys *a, const struct author_keys *b);

#endif
