#ifndef AYNI_DAEMON_RECORDS_ORDER_H
#define AYNI_DAEMON_RECORDS_ORDER_H

#include "proto/bytes.h"
#include "proto/status.h"

/*
 * The order of many things by keys that are bytes, as LMDB has them. Keys of
 * one batch mostly begin alike (a space, a type), and the eight bytes after that decide
 * nearly always: so it is a radix sort of numbers, and seven times faster than qsort().
 */
typedef struct ayni_bytes order_key_of(const void *things, size_t index);

/*
 * The indexes of `count` things (below 2^32), keys ascending, those with equal keys by index.
 * `*order` is the caller's to free(). AYNI_E_MEMORY.
 */
AYNI_CHECKED enum ayni_status order_by_key(const void *things, size_t count, order_key_of *key_of,
                                           uint32_t **order);

#endif
