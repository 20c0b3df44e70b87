#ifndef AYNI_TESTS_SUPPORT_DAMAGE_H
#define AYNI_TESTS_SUPPORT_DAMAGE_H

#include "daemon/store/lmdb.h"

/*
 * Rows of a store that a disk, a program or a bad memory has made something
 * else of, as bytes say. Each change is 5 bytes, some with more behind them:
 *
 *   table, row, how, at, with       numbers are taken modulo what there is
 *   how  0  the byte `at` of the value is changed by `with`
 *        1  the value ends at `at`
 *        2  the value is the next `with` bytes
 *        3  the row is gone
 *        4  a row more: its key is the next `at` bytes, its value the `with` after them
 *        5  the value is that of the row `with`
 *        6  the byte `at` of the key is changed by `with`: the row is there twice
 *        7  the number in the 8 bytes at `at` is made the highest or lowest, or 1 more or less
 */
struct damage_change {
    MDB_dbi table;
    struct ayni_buffer key;
    struct ayni_buffer before;
    bool was_there;
};

enum { DAMAGE_CHANGES_MAX = 8 };
struct damage {
    struct lmdb *lmdb;
    struct damage_change changes[DAMAGE_CHANGES_MAX];
    size_t count;
};

/* In one transaction; aborts where the store can't be written. */
void damage_do(struct lmdb *lmdb, struct ayni_bytes how, struct damage *damage);
/* All as it was. */
void damage_undo(struct damage *damage);

#endif
