/* What is recent in a table comes to where the rest of it is, in the order of keys. */
#include "daemon/store/views_private.h"

enum {
    /* What is recent is much from so many pages on, and where it is an eighth of the table: then
     * a page that a merge writes has some new keys at least. */
    MUCH_FROM = 256,
    MUCH_SHARE = 8,
    /* But it takes no more than so much of what a transaction may hold, since a commit writes most
     * of it. */
    MEMORY_SHARE = 8,
};

static uint64_t much(const MDB_stat *main, uint64_t memory)
{
    uint64_t pages = main->ms_leaf_pages / MUCH_SHARE;
    uint64_t most = memory / main->ms_psize / MEMORY_SHARE;

    if (pages > most)
        pages = most;
    return pages < MUCH_FROM ? MUCH_FROM : pages;
}

enum ayni_status views_count_recent(struct views *views, uint64_t memory,
                                    struct views_recent *recent)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = views_snapshot_begin(views, &snapshot);

    *recent = (struct views_recent){ 0 };
    for (size_t i = 0; status == AYNI_OK && i < views->table_count; i++) {
        MDB_stat main, apart;
        if (!views->tables[i].scattered)
            continue;
        status = lmdb_status(views_measure_parts(snapshot, i, &main, &apart));
        if (status != AYNI_OK)
            break;
        recent->leaves += apart.ms_leaf_pages;
        recent->much = recent->much || apart.ms_leaf_pages > much(&main, memory);
        recent->far_too_much =
            recent->far_too_much || apart.ms_leaf_pages > 2 * much(&main, memory);
    }
    return status;
}

struct slice {
    size_t keys; /* that it may still move: each may write a page of its own */
    bool more;
};

/* The first of what is recent, which is then deleted there. */
static int move_one(struct views_txn *txn, const struct views_table *table, MDB_cursor *from,
                    MDB_cursor *to)
{
    struct lmdb_changes *changes = &txn->snapshot.views->lmdb.changes;
    MDB_val k, v;
    int rc = mdb_cursor_get(from, &k, &v, MDB_FIRST);

    if (rc != MDB_SUCCESS)
        return rc;
    lmdb_changes_note(changes, table->main, lmdb_bytes(k));
    lmdb_changes_note(changes, table->recent, lmdb_bytes(k));
    rc = mdb_cursor_put(to, &k, &v, 0);
    return rc == MDB_SUCCESS ? mdb_cursor_del(from, 0) : rc;
}

static int move_some(struct views_txn *txn, const struct views_table *table, struct slice *slice)
{
    SCOPED_LMDB_CURSOR *from = NULL;
    SCOPED_LMDB_CURSOR *to = NULL;
    int rc = mdb_cursor_open(txn->snapshot.txn, table->recent, &from);

    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_open(txn->snapshot.txn, table->main, &to);
    for (; rc == MDB_SUCCESS && slice->keys > 0; slice->keys--)
        rc = move_one(txn, table, from, to);
    if (rc == MDB_NOTFOUND)
        return MDB_SUCCESS;
    slice->more = slice->more || rc == MDB_SUCCESS;
    return rc;
}

static enum ayni_status make_slice(void *context, struct views_txn *txn)
{
    const struct views *views = txn->snapshot.views;
    struct slice *slice = context, left = *slice;
    int rc = MDB_SUCCESS;

    left.more = false;
    for (size_t i = 0; rc == MDB_SUCCESS && i < views->table_count; i++)
        if (views->tables[i].scattered)
            rc = move_some(txn, &views->tables[i], &left);
    slice->more = left.more;
    return views_txn_outcome(txn, rc);
}

enum ayni_status views_merge(struct views *views, uint64_t memory, bool *more)
{
    enum { PAGE = 4096, KEYS_MIN = 1024, KEYS_MAX = 65536 };
    uint64_t keys = memory / 2 / PAGE;
    struct slice slice = { .keys = keys < KEYS_MIN   ? KEYS_MIN
                                   : keys > KEYS_MAX ? KEYS_MAX
                                                     : (size_t)keys };
    enum ayni_status status = views_update(views, make_slice, &slice);

    *more = status == AYNI_OK && slice.more;
    return status;
}
