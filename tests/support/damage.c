#include "tests/support/damage.h"

#include <stdlib.h>

enum { HEAD_SIZE = 5, KEY_SIZE_MAX = 511 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* --- what is there --- */

/* A row by its number, counted around; false in an empty table. Lent by the transaction. */
static bool find_row(MDB_txn *txn, MDB_dbi table, uint8_t number, MDB_val *key, MDB_val *value)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    MDB_stat stat;

    require(mdb_stat(txn, table, &stat) == MDB_SUCCESS);
    if (stat.ms_entries == 0)
        return false;
    require(mdb_cursor_open(txn, table, &cursor) == MDB_SUCCESS);
    require(mdb_cursor_get(cursor, key, value, MDB_FIRST) == MDB_SUCCESS);
    for (size_t i = number % stat.ms_entries; i > 0; i--)
        require(mdb_cursor_get(cursor, key, value, MDB_NEXT) == MDB_SUCCESS);
    return true;
}

/* --- one change --- */

/* Puts a row, or takes it away where `value` is NULL; what was there before is kept. */
static void change(struct damage *damage, MDB_txn *txn, MDB_dbi table, struct ayni_bytes key,
                   const struct ayni_bytes *value)
{
    struct damage_change *kept = &damage->changes[damage->count];
    MDB_val k = lmdb_val(key), held;

    if (key.size == 0 || key.size > KEY_SIZE_MAX)
        return;
    *kept = (struct damage_change){ .table = table };
    ayni_buffer_append(&kept->key, key.data, key.size);
    kept->was_there = mdb_get(txn, table, &k, &held) == MDB_SUCCESS;
    if (kept->was_there)
        ayni_buffer_append(&kept->before, held.mv_data, held.mv_size);
    damage->count++;
    k = lmdb_val(ayni_buffer_bytes(&kept->key));
    MDB_val v = value == NULL ? (MDB_val){ 0 } : lmdb_val(*value);
    int rc = value == NULL ? mdb_del(txn, table, &k, NULL) : mdb_put(txn, table, &k, &v, 0);
    require(rc == MDB_SUCCESS || rc == MDB_NOTFOUND);
}

/* The number in the 8 bytes at `at`, if there are as many. */
static void change_number(struct ayni_buffer *value, size_t at, uint8_t with)
{
    if (value->size < at + 8)
        return;
    uint64_t number = ayni_get_u64(value->data + at);
    const uint64_t others[] = { UINT64_MAX, 0, number + 1, number - 1 };
    ayni_put_u64(value->data + at, others[with % 4]);
}

struct order {
    MDB_txn *txn;
    MDB_dbi table;
    uint8_t row, how, at, with;
    struct ayni_bytes rest; /* what stands behind */
};

static struct ayni_bytes take(struct order *order, size_t size)
{
    struct ayni_bytes taken = { order->rest.data,
                                size < order->rest.size ? size : order->rest.size };

    order->rest.data += taken.size;
    order->rest.size -= taken.size;
    return taken;
}

/* A change of the value of a row that is there; `value` is a copy of it. */
static void change_value(struct order *order, struct ayni_buffer *value)
{
    MDB_val key, other;

    switch (order->how) {
    case 0:
        if (value->size > 0)
            value->data[order->at % value->size] ^= order->with;
        break;
    case 1:
        value->size = order->at < value->size ? order->at : value->size;
        break;
    case 2: {
        struct ayni_bytes bytes = take(order, order->with);
        ayni_buffer_clear(value);
        ayni_buffer_append(value, bytes.data, bytes.size);
        break;
    }
    case 5:
        if (find_row(order->txn, order->table, order->with, &key, &other)) {
            ayni_buffer_clear(value);
            ayni_buffer_append(value, other.mv_data, other.mv_size);
        }
        break;
    default:
        change_number(value, order->at, order->with);
    }
}

static void change_row(struct damage *damage, struct order *order)
{
    SCOPED_BUFFER key = { 0 }, value = { 0 };
    MDB_val k, v;

    if (!find_row(order->txn, order->table, order->row, &k, &v))
        return;
    ayni_buffer_append(&key, k.mv_data, k.mv_size);
    ayni_buffer_append(&value, v.mv_data, v.mv_size);
    if (order->how == 6)
        key.data[order->at % key.size] ^= order->with;
    else if (order->how != 3)
        change_value(order, &value);
    struct ayni_bytes bytes = ayni_buffer_bytes(&value);
    change(damage, order->txn, order->table, ayni_buffer_bytes(&key),
           order->how == 3 ? NULL : &bytes);
}

static void add_row(struct damage *damage, struct order *order)
{
    struct ayni_bytes key = take(order, order->at);
    struct ayni_bytes value = take(order, order->with);

    change(damage, order->txn, order->table, key, &value);
}

void damage_do(struct lmdb *lmdb, struct ayni_bytes how, struct damage *damage)
{
    MDB_txn *txn = NULL;

    *damage = (struct damage){ .lmdb = lmdb };
    require(lmdb_begin(lmdb, 0, &txn) == MDB_SUCCESS);
    while (how.size >= HEAD_SIZE && damage->count < DAMAGE_CHANGES_MAX) {
        struct order order = { .txn = txn,
                               .table = lmdb->tables[how.data[0] % lmdb->table_count].dbi,
                               .row = how.data[1],
                               .how = how.data[2] % 8,
                               .at = how.data[3],
                               .with = how.data[4],
                               .rest = { how.data + HEAD_SIZE, how.size - HEAD_SIZE } };
        if (order.how == 4)
            add_row(damage, &order);
        else
            change_row(damage, &order);
        how = order.rest;
    }
    require(lmdb_commit(lmdb, &txn) == MDB_SUCCESS);
}

void damage_undo(struct damage *damage)
{
    MDB_txn *txn = NULL;

    require(lmdb_begin(damage->lmdb, 0, &txn) == MDB_SUCCESS);
    while (damage->count > 0) {
        struct damage_change *kept = &damage->changes[--damage->count];
        MDB_val key = lmdb_val(ayni_buffer_bytes(&kept->key));
        MDB_val before = lmdb_val(ayni_buffer_bytes(&kept->before));
        int rc = kept->was_there ? mdb_put(txn, kept->table, &key, &before, 0)
                                 : mdb_del(txn, kept->table, &key, NULL);
        require(rc == MDB_SUCCESS || rc == MDB_NOTFOUND);
        ayni_buffer_free(&kept->key);
        ayni_buffer_free(&kept->before);
    }
    require(lmdb_commit(damage->lmdb, &txn) == MDB_SUCCESS);
}
