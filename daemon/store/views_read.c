#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/store/views_private.h"

/* So many reads pass between two looks at the clock. */
enum { LOOK_EVERY = 64 };

static bool is_too_old(const struct views_snapshot *snapshot)
{
    return snapshot->until != 0 && clock_ticks_ms() > snapshot->until;
}

enum ayni_status views_snapshot_begin(struct views *views, struct views_snapshot **snapshot)
{
    struct views_snapshot *s = malloc(sizeof(*s));

    if (s == NULL)
        return AYNI_E_MEMORY;
    *s = (struct views_snapshot){ .views = views, .until = clock_ticks_ms() + views->snapshot_ms };
    int rc = lmdb_begin(&views->lmdb, MDB_RDONLY, &s->txn);
    if (rc != MDB_SUCCESS) {
        free(s);
        return lmdb_status(rc);
    }
    *snapshot = s;
    return AYNI_OK;
}

void views_snapshot_end(struct views_snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    lmdb_abort(&snapshot->views->lmdb, &snapshot->txn);
    free(snapshot);
}

enum ayni_status views_position(struct views_snapshot *snapshot, uint64_t *arrival)
{
    return lmdb_status(views_position_read(snapshot->views, snapshot->txn, arrival));
}

enum ayni_status views_get(struct views_snapshot *snapshot, size_t table, struct ayni_bytes key,
                           struct ayni_bytes *value)
{
    MDB_val k = lmdb_val(key);
    MDB_val v;

    /* LMDB finds nothing, or worse, for what it would refuse to put. */
    if (key.size == 0 || key.size > VIEWS_KEY_SIZE_MAX)
        return AYNI_E_LIMIT;
    if (++snapshot->reads % LOOK_EVERY == 0 && is_too_old(snapshot))
        return AYNI_E_BUSY;
    int rc = mdb_get(snapshot->txn, snapshot->views->tables[table], &k, &v);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    *value = lmdb_bytes(v);
    return AYNI_OK;
}

enum ayni_status views_count(struct views_snapshot *snapshot, size_t table, uint64_t *count)
{
    MDB_stat stat;
    int rc = mdb_stat(snapshot->txn, snapshot->views->tables[table], &stat);

    if (rc == MDB_SUCCESS)
        *count = stat.ms_entries;
    return lmdb_status(rc);
}

enum ayni_status views_count_pages(struct views_snapshot *snapshot, struct views_pages *pages)
{
    const struct views *views = snapshot->views;
    int rc = MDB_SUCCESS;

    *pages = (struct views_pages){ .table_count = views->table_count };
    for (size_t i = 0; rc == MDB_SUCCESS && i < views->table_count; i++) {
        MDB_stat stat;
        rc = mdb_stat(snapshot->txn, views->tables[i], &stat);
        if (rc != MDB_SUCCESS)
            break;
        pages->page_size = stat.ms_psize;
        pages->leaves[i] = stat.ms_leaf_pages;
    }
    return lmdb_status(rc);
}

/* --- cursors --- */

void views_cursor_open(struct views_snapshot *snapshot, size_t table, struct ayni_bytes prefix,
                       struct views_cursor *cursor)
{
    MDB_cursor *c = NULL;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->views->tables[table], &c);

    *cursor = (struct views_cursor){
        .cursor = c, .snapshot = snapshot, .prefix = prefix, .status = lmdb_status(rc)
    };
    if (prefix.size > VIEWS_KEY_SIZE_MAX && rc == MDB_SUCCESS)
        cursor->status = AYNI_E_LIMIT;
}

void views_cursor_close(struct views_cursor *cursor)
{
    if (cursor->cursor != NULL)
        mdb_cursor_close(cursor->cursor);
    cursor->cursor = NULL;
}

/* Whether it may go on. */
static bool moves(struct views_cursor *cursor)
{
    if (cursor->status == AYNI_OK && ++cursor->steps % LOOK_EVERY == 0 &&
        is_too_old(cursor->snapshot))
        cursor->status = AYNI_E_BUSY;
    return cursor->status == AYNI_OK;
}

/* What a move has answered: lend the key if it is still under the prefix. */
static bool lend(struct views_cursor *cursor, int rc, MDB_val k, MDB_val v, struct ayni_bytes *key,
                 struct ayni_bytes *value)
{
    cursor->placed = true;
    if (rc != MDB_SUCCESS) {
        if (rc != MDB_NOTFOUND)
            cursor->status = lmdb_status(rc);
        return false;
    }
    if (!lmdb_has_prefix(k, cursor->prefix))
        return false;
    *key = lmdb_bytes(k);
    *value = lmdb_bytes(v);
    return true;
}

bool views_cursor_next(struct views_cursor *cursor, struct ayni_bytes *key,
                       struct ayni_bytes *value)
{
    MDB_val k = lmdb_val(cursor->prefix);
    MDB_val v = { 0 };
    MDB_cursor_op first = cursor->prefix.size == 0 ? MDB_FIRST : MDB_SET_RANGE;

    if (!moves(cursor))
        return false;
    int rc = mdb_cursor_get(cursor->cursor, &k, &v, cursor->placed ? MDB_NEXT : first);
    return lend(cursor, rc, k, v, key, value);
}

/* The first key above all that begin with `prefix`; 0 bytes where there is none. */
static size_t above_prefix(struct ayni_bytes prefix, uint8_t *above)
{
    size_t size = prefix.size;

    while (size > 0 && prefix.data[size - 1] == 0xFF)
        size--;
    if (size > 0) {
        memcpy(above, prefix.data, size);
        above[size - 1]++;
    }
    return size;
}

static int move_last(struct views_cursor *cursor, MDB_val *k, MDB_val *v)
{
    uint8_t above[VIEWS_KEY_SIZE_MAX];

    *k = (MDB_val){ above_prefix(cursor->prefix, above), above };
    if (k->mv_size == 0)
        return mdb_cursor_get(cursor->cursor, k, v, MDB_LAST);
    int rc = mdb_cursor_get(cursor->cursor, k, v, MDB_SET_RANGE);
    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND)
        return rc;
    return mdb_cursor_get(cursor->cursor, k, v, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
}

bool views_cursor_previous(struct views_cursor *cursor, struct ayni_bytes *key,
                           struct ayni_bytes *value)
{
    MDB_val k = { 0 };
    MDB_val v = { 0 };

    if (!moves(cursor))
        return false;
    int rc = cursor->placed ? mdb_cursor_get(cursor->cursor, &k, &v, MDB_PREV)
                            : move_last(cursor, &k, &v);
    return lend(cursor, rc, k, v, key, value);
}

bool views_cursor_seek(struct views_cursor *cursor, struct ayni_bytes from, struct ayni_bytes *key,
                       struct ayni_bytes *value)
{
    MDB_val k = lmdb_val(from);
    MDB_val v = { 0 };

    if (cursor->status == AYNI_OK && (from.size == 0 || from.size > VIEWS_KEY_SIZE_MAX))
        cursor->status = AYNI_E_LIMIT;
    if (!moves(cursor))
        return false;
    int rc = mdb_cursor_get(cursor->cursor, &k, &v, MDB_SET_RANGE);
    return lend(cursor, rc, k, v, key, value);
}

/* --- ascending keys --- */

void views_ascent_open(struct views_snapshot *snapshot, size_t table, struct views_ascent *ascent)
{
    *ascent = (struct views_ascent){ .begun = false };
    views_cursor_open(snapshot, table, (struct ayni_bytes){ 0 }, &ascent->cursor);
}

void views_ascent_close(struct views_ascent *ascent)
{
    views_cursor_close(&ascent->cursor);
}

bool views_ascent_find(struct views_ascent *ascent, struct ayni_bytes key, struct ayni_bytes *value)
{
    if (!ascent->begun || (!ascent->ended && ayni_bytes_compare(ascent->key, key) < 0))
        ascent->ended = !views_cursor_seek(&ascent->cursor, key, &ascent->key, &ascent->value);
    ascent->begun = true;
    if (ascent->ended || !ayni_bytes_equal(ascent->key, key))
        return false;
    *value = ascent->value;
    return true;
}
