#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/store/views_private.h"

/* So many reads pass between two looks at the clock. */
enum { LOOK_EVERY = 64 };

bool views_snapshot_ends(struct views_snapshot *snapshot)
{
    return ++snapshot->reads % LOOK_EVERY == 0 && snapshot->until != 0 &&
           clock_ticks_ms() > snapshot->until;
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
    if (views_snapshot_ends(snapshot))
        return AYNI_E_BUSY;
    const struct views_table *at = &snapshot->views->tables[table];
    int rc = MDB_NOTFOUND;
    if (views_keeps_recent(snapshot, table))
        rc = mdb_get(snapshot->txn, at->recent, &k, &v);
    if (rc == MDB_NOTFOUND)
        rc = mdb_get(snapshot->txn, at->main, &k, &v);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    *value = lmdb_bytes(v);
    return AYNI_OK;
}

/* Of one part; none where there is no such part. */
static int measure(struct views_snapshot *snapshot, MDB_dbi part, bool is, MDB_stat *stat)
{
    *stat = (MDB_stat){ 0 };
    return is ? mdb_stat(snapshot->txn, part, stat) : MDB_SUCCESS;
}

int views_measure_parts(struct views_snapshot *snapshot, size_t table, MDB_stat *main,
                        MDB_stat *recent)
{
    const struct views_table *at = &snapshot->views->tables[table];
    int rc = measure(snapshot, at->main, true, main);

    return rc == MDB_SUCCESS ? measure(snapshot, at->recent, at->scattered, recent) : rc;
}

/* Whether what is put now is put apart. */
static bool puts_apart(const struct views *views, size_t table, const MDB_stat *main,
                       const MDB_stat *recent)
{
    return views->tables[table].scattered &&
           (recent->ms_entries > 0 || main->ms_leaf_pages >= views->recent_from);
}

bool views_keeps_recent(struct views_snapshot *snapshot, size_t table)
{
    const uint64_t bit = UINT64_C(1) << table;
    MDB_stat main, recent;

    if ((snapshot->views->scattered & bit) == 0)
        return false;
    if ((snapshot->looked & bit) != 0)
        return (snapshot->recent & bit) != 0;
    if (views_measure_parts(snapshot, table, &main, &recent) != MDB_SUCCESS)
        return true; /* whoever looks there hears what is wrong */
    snapshot->looked |= bit;
    if (recent.ms_entries > 0 ||
        (snapshot->until == 0 && puts_apart(snapshot->views, table, &main, &recent)))
        snapshot->recent |= bit;
    return (snapshot->recent & bit) != 0;
}

enum ayni_status views_count(struct views_snapshot *snapshot, size_t table, uint64_t *count)
{
    MDB_stat main, recent;
    int rc = views_measure_parts(snapshot, table, &main, &recent);

    if (rc == MDB_SUCCESS)
        *count = main.ms_entries + recent.ms_entries;
    return lmdb_status(rc);
}

enum ayni_status views_count_pages(struct views_snapshot *snapshot, struct views_pages *pages)
{
    const struct views *views = snapshot->views;
    int rc = MDB_SUCCESS;

    *pages = (struct views_pages){ .table_count = views->table_count };
    for (size_t i = 0; rc == MDB_SUCCESS && i < views->table_count; i++) {
        MDB_stat main, recent;
        rc = views_measure_parts(snapshot, i, &main, &recent);
        if (rc != MDB_SUCCESS)
            break;
        pages->page_size = main.ms_psize;
        pages->leaves[i] =
            puts_apart(views, i, &main, &recent) ? recent.ms_leaf_pages : main.ms_leaf_pages;
    }
    return lmdb_status(rc);
}
