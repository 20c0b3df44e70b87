#include "daemon/store/lmdb_copy.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    PIECE_BYTES = 4 * 1024 * 1024, /* under one snapshot */
    PIECE_CHANGES = 20000,
    NOTES_MAX = 16 * 1024 * 1024, /* then changes are copied before the copy goes on */
    NOTES_LAST = 64 * 1024,       /* so little can be copied while writers wait */
    ROUNDS_MAX = 8,               /* writers may be faster than the copy: then they wait longer */
    FINISH_TRIES = 10,
    FINISH_PAUSE_MS = 50,
};

struct copy {
    struct lmdb *lmdb;
    const struct lmdb_copy_sink *sink;
    size_t table;                /* that is being copied; table_count: all are */
    struct ayni_buffer last_key; /* copied of it; empty: none */
    uint64_t done, total;
};

/* --- the tables, piece by piece --- */

static enum ayni_status count_all(struct copy *copy)
{
    MDB_txn *txn;
    MDB_stat stat;
    int rc = lmdb_begin(copy->lmdb, MDB_RDONLY, &txn);

    for (size_t i = 0; rc == MDB_SUCCESS && i < copy->lmdb->table_count; i++) {
        rc = mdb_stat(txn, copy->lmdb->tables[i].dbi, &stat);
        if (rc == MDB_SUCCESS)
            copy->total += stat.ms_entries;
    }
    lmdb_abort(copy->lmdb, &txn);
    return lmdb_status(rc);
}

/* The first key after the last one. */
static int find_next(const struct copy *copy, MDB_cursor *cursor, MDB_val *key, MDB_val *value)
{
    struct ayni_bytes last = ayni_buffer_bytes(&copy->last_key);

    if (last.size == 0)
        return mdb_cursor_get(cursor, key, value, MDB_FIRST);
    *key = lmdb_val(last);
    int rc = mdb_cursor_get(cursor, key, value, MDB_SET_RANGE);
    if (rc == MDB_SUCCESS && ayni_bytes_equal(lmdb_bytes(*key), last))
        rc = mdb_cursor_get(cursor, key, value, MDB_NEXT);
    return rc;
}

static void remember(struct copy *copy, struct ayni_bytes key)
{
    ayni_buffer_clear(&copy->last_key);
    ayni_buffer_append(&copy->last_key, key.data, key.size);
}

static enum ayni_status append_piece(struct copy *copy, MDB_txn *txn)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    MDB_val key, value;
    size_t bytes = 0;
    enum ayni_status status = AYNI_OK;
    int rc = mdb_cursor_open(txn, copy->lmdb->tables[copy->table].dbi, &cursor);

    if (rc == MDB_SUCCESS)
        rc = find_next(copy, cursor, &key, &value);
    while (rc == MDB_SUCCESS && status == AYNI_OK && bytes < PIECE_BYTES) {
        status = copy->sink->append(copy->sink->context, copy->table, lmdb_bytes(key),
                                    lmdb_bytes(value));
        remember(copy, lmdb_bytes(key));
        bytes += key.mv_size + value.mv_size;
        copy->done++;
        rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (status != AYNI_OK || rc == MDB_SUCCESS)
        return status == AYNI_OK ? ayni_buffer_status(&copy->last_key) : status;
    if (rc != MDB_NOTFOUND)
        return lmdb_status(rc);
    copy->table++;
    ayni_buffer_clear(&copy->last_key);
    return AYNI_OK;
}

static enum ayni_status copy_piece(struct copy *copy)
{
    MDB_txn *txn;
    int rc = lmdb_begin(copy->lmdb, MDB_RDONLY, &txn);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    enum ayni_status status = append_piece(copy, txn);
    lmdb_abort(copy->lmdb, &txn);
    return status;
}

static enum ayni_status tell(const struct copy *copy)
{
    return copy->sink->progress(copy->sink->context, copy->done, copy->total);
}

/* --- what was written meanwhile --- */

struct round {
    struct ayni_buffer notes;
    struct lmdb_change *changes;
    size_t count, next;
};

static void round_done(struct round *round)
{
    free(round->changes);
    ayni_buffer_free(&round->notes);
}
#define SCOPED_ROUND __attribute__((cleanup(round_done))) struct round

static size_t table_of(const struct lmdb *lmdb, unsigned dbi)
{
    size_t i = 0;

    while (i < lmdb->table_count && lmdb->tables[i].dbi != dbi)
        i++;
    return i;
}

/* What the copy hasn't come to yet will be copied as it is then. */
static bool is_ahead(const struct copy *copy, size_t table, struct ayni_bytes key)
{
    if (table != copy->table)
        return table > copy->table;
    return ayni_bytes_compare(key, ayni_buffer_bytes(&copy->last_key)) > 0;
}

static enum ayni_status renew(struct copy *copy, MDB_txn *txn, const struct lmdb_change *change)
{
    const struct lmdb_copy_sink *sink = copy->sink;
    size_t table = table_of(copy->lmdb, change->table);
    MDB_val key = lmdb_val(change->key);
    MDB_val value;

    if (table == copy->lmdb->table_count || is_ahead(copy, table, change->key))
        return AYNI_OK;
    int rc = mdb_get(txn, change->table, &key, &value);
    if (rc == MDB_NOTFOUND)
        return sink->remove(sink->context, table, change->key);
    return rc == MDB_SUCCESS ? sink->put(sink->context, table, change->key, lmdb_bytes(value))
                             : lmdb_status(rc);
}

static enum ayni_status renew_some(struct copy *copy, MDB_txn *txn, struct round *round,
                                   size_t count_max)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && round->next < round->count && i < count_max; i++)
        status = renew(copy, txn, &round->changes[round->next++]);
    return status;
}

static enum ayni_status take_round(struct copy *copy, struct round *round)
{
    return lmdb_changes_take(&copy->lmdb->changes, &round->notes, &round->changes, &round->count);
}

/* All that is noted, while others write on. */
static enum ayni_status renew_all(struct copy *copy)
{
    SCOPED_ROUND round = { .next = 0 };
    MDB_txn *txn;
    enum ayni_status status = take_round(copy, &round);

    while (status == AYNI_OK && round.next < round.count) {
        int rc = lmdb_begin(copy->lmdb, MDB_RDONLY, &txn);
        if (rc != MDB_SUCCESS)
            return lmdb_status(rc);
        status = renew_some(copy, txn, &round, PIECE_CHANGES);
        lmdb_abort(copy->lmdb, &txn);
        if (status == AYNI_OK)
            status = tell(copy);
    }
    return status;
}

/* The last of it, in the transaction that keeps others from writing. */
static enum ayni_status renew_last(struct copy *copy, MDB_txn *txn)
{
    SCOPED_ROUND round = { .next = 0 };
    enum ayni_status status = take_round(copy, &round);

    return status == AYNI_OK ? renew_some(copy, txn, &round, SIZE_MAX) : status;
}

/* --- from beginning to end --- */

static enum ayni_status begin_noting(struct lmdb *lmdb)
{
    MDB_txn *txn;
    int rc = lmdb_begin(lmdb, 0, &txn);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    enum ayni_status status = lmdb_changes_begin(&lmdb->changes);
    lmdb_abort(lmdb, &txn);
    return status;
}

static enum ayni_status copy_tables(struct copy *copy)
{
    enum ayni_status status = count_all(copy);

    while (status == AYNI_OK && copy->table < copy->lmdb->table_count) {
        status = copy_piece(copy);
        if (status == AYNI_OK && lmdb_changes_size(&copy->lmdb->changes) > NOTES_MAX)
            status = renew_all(copy);
        if (status == AYNI_OK)
            status = tell(copy);
    }
    return status;
}

static enum ayni_status catch_up(struct copy *copy)
{
    enum ayni_status status = AYNI_OK;

    for (int i = 0; status == AYNI_OK && i < ROUNDS_MAX &&
                    (i == 0 || lmdb_changes_size(&copy->lmdb->changes) > NOTES_LAST);
         i++)
        status = renew_all(copy);
    return status;
}

static enum ayni_status finish_once(struct copy *copy)
{
    MDB_txn *txn;
    int rc = lmdb_begin(copy->lmdb, 0, &txn);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    enum ayni_status status = renew_last(copy, txn);
    if (status == AYNI_OK)
        status = copy->sink->finish(copy->sink->context);
    lmdb_abort(copy->lmdb, &txn);
    return status;
}

static enum ayni_status finish(struct copy *copy)
{
    enum ayni_status status = AYNI_E_BUSY;

    for (int i = 0; status == AYNI_E_BUSY && i < FINISH_TRIES; i++) {
        if (i > 0)
            usleep(FINISH_PAUSE_MS * 1000);
        status = catch_up(copy);
        if (status == AYNI_OK)
            status = copy->sink->prepare(copy->sink->context);
        if (status == AYNI_OK)
            status = finish_once(copy);
    }
    return status;
}

enum ayni_status lmdb_copy(struct lmdb *lmdb, const struct lmdb_copy_sink *sink)
{
    struct copy copy = { .lmdb = lmdb, .sink = sink };
    enum ayni_status status = begin_noting(lmdb);

    if (status != AYNI_OK)
        return status;
    status = copy_tables(&copy);
    if (status == AYNI_OK)
        status = finish(&copy);
    lmdb_changes_end(&lmdb->changes);
    ayni_buffer_free(&copy.last_key);
    return status;
}
