#include "daemon/store/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/report.h"
#include "daemon/store/lmdb_compact.h"
#include "daemon/store/views_private.h"
#include "po/language.h"

/* --- the position --- */

static const char position_name[] = "position";

static MDB_val position_key(void)
{
    return lmdb_val(ayni_bytes_of_text(position_name));
}

struct position {
    struct ayni_incarnation log;
    uint64_t arrival;
};

static int read_position(const struct views *views, MDB_txn *txn, struct position *position)
{
    MDB_val key = position_key();
    MDB_val value;
    int rc = mdb_get(txn, views->position, &key, &value);

    if (rc != MDB_SUCCESS)
        return rc;
    const uint8_t *at = value.mv_data;
    if (value.mv_size != VIEWS_POSITION_SIZE || ayni_get_u32(at + 16) != views->format)
        return MDB_INCOMPATIBLE;
    memcpy(position->log.bytes, at, sizeof(position->log.bytes));
    position->arrival = ayni_get_u64(at + 20);
    return MDB_SUCCESS;
}

int views_position_read(const struct views *views, MDB_txn *txn, uint64_t *arrival)
{
    struct position position;
    int rc = read_position(views, txn, &position);

    if (rc == MDB_SUCCESS && !ayni_id_equal(&position.log, &views->log.instance))
        rc = MDB_INCOMPATIBLE;
    if (rc == MDB_SUCCESS)
        *arrival = position.arrival;
    return rc;
}

int views_position_write(struct views *views, MDB_txn *txn, uint64_t arrival)
{
    uint8_t at[VIEWS_POSITION_SIZE];

    memcpy(at, views->log.instance.bytes, 16);
    ayni_put_u32(at + 16, views->format);
    ayni_put_u64(at + 20, arrival);
    MDB_val key = position_key();
    MDB_val value = { sizeof(at), at };
    lmdb_changes_note(&views->lmdb.changes, views->position, lmdb_bytes(key));
    return mdb_put(txn, views->position, &key, &value, 0);
}

/* --- open and close --- */

static int open_tables(struct views *views, const struct views_options *options, MDB_txn *txn)
{
    int rc = lmdb_open_table(&views->lmdb, txn, position_name, &views->position);

    for (size_t i = 0; rc == MDB_SUCCESS && i < options->table_count; i++)
        rc = lmdb_open_table(&views->lmdb, txn, options->tables[i], &views->tables[i].main);
    for (size_t i = 0; rc == MDB_SUCCESS && i < options->table_count; i++) {
        struct views_table *table = &views->tables[i];
        table->scattered = (options->scattered >> i & 1) != 0;
        if (!table->scattered)
            continue;
        snprintf(table->recent_name, sizeof(table->recent_name), "%s.recent", options->tables[i]);
        rc = lmdb_open_table(&views->lmdb, txn, table->recent_name, &table->recent);
    }
    return rc;
}

/* A file without a position is one that was just made, or somebody else's: then its tables aren't
 * empty. */
static int begin_position(struct views *views, MDB_txn *txn)
{
    MDB_stat stat = { 0 };
    int rc = MDB_SUCCESS;

    for (size_t i = 0; rc == MDB_SUCCESS && i < views->table_count && stat.ms_entries == 0; i++)
        rc = mdb_stat(txn, views->tables[i].main, &stat);
    if (rc == MDB_SUCCESS)
        rc = stat.ms_entries != 0 ? MDB_INCOMPATIBLE : views_position_write(views, txn, 0);
    return rc;
}

/* That of its log, or of what that was before it was found to be a copy: until then both were
 * followed alike. */
static int check_position(struct views *views, MDB_txn *txn)
{
    struct position position;
    int rc = read_position(views, txn, &position);

    if (rc == MDB_NOTFOUND)
        return begin_position(views, txn);
    if (rc == MDB_SUCCESS && position.arrival > views->log.last)
        return MDB_INCOMPATIBLE; /* an older log was put in the place of its own */
    if (rc != MDB_SUCCESS || ayni_id_equal(&position.log, &views->log.instance))
        return rc;
    return log_lineage_includes(&views->log, &position.log)
               ? views_position_write(views, txn, position.arrival)
               : MDB_INCOMPATIBLE;
}

static int prepare(struct views *views, const struct views_options *options)
{
    MDB_txn *txn = NULL;
    int rc = lmdb_begin(&views->lmdb, 0, &txn);

    if (rc == MDB_SUCCESS)
        rc = open_tables(views, options, txn);
    if (rc == MDB_SUCCESS)
        rc = check_position(views, txn);
    if (rc == MDB_SUCCESS)
        return lmdb_commit(&views->lmdb, &txn);
    lmdb_abort(&views->lmdb, &txn);
    return rc;
}

/* Whether the files are at fault, and not the disk or the system: then they are made anew. */
static bool useless(enum ayni_status status)
{
    return status == AYNI_E_VERSION;
}

static enum ayni_status open_once(const struct views_options *options, struct views *views,
                                  char *why, size_t why_size)
{
    struct lmdb_options lmdb = { options->folder, options->map_size, options->table_count * 2 + 1 };
    enum ayni_status status = lmdb_open(&lmdb, &views->lmdb, why, why_size);

    if (status != AYNI_OK)
        return status;
    int rc = prepare(views, options);
    while (rc == MDB_MAP_FULL && lmdb_grow(&views->lmdb) == AYNI_OK)
        rc = prepare(views, options);
    if (rc == MDB_SUCCESS)
        return AYNI_OK;
    snprintf(why, why_size, _("%s cannot be used: %s"), options->folder, mdb_strerror(rc));
    lmdb_close(&views->lmdb);
    /* Pages that aren't what they should be show up here as well. */
    return rc == MDB_CORRUPTED || rc == MDB_PAGE_NOTFOUND || rc == MDB_BAD_TXN ? AYNI_E_VERSION
                                                                               : lmdb_status(rc);
}

enum ayni_status views_open(const struct views_options *options, struct views **views, char *why,
                            size_t why_size)
{
    struct views *v = options->table_count > VIEWS_TABLES_MAX ? NULL : calloc(1, sizeof(*v));

    if (v == NULL) {
        snprintf(why, why_size, _("%s: no memory"), options->folder);
        return AYNI_E_MEMORY;
    }
    v->log = options->log;
    v->format = options->format;
    v->table_count = options->table_count;
    v->scattered = options->scattered;
    v->recent_from = options->recent_from == 0 ? VIEWS_RECENT_FROM : options->recent_from;
    v->snapshot_ms = options->snapshot_ms == 0 ? VIEWS_SNAPSHOT_MS : options->snapshot_ms;
    enum ayni_status status = open_once(options, v, why, why_size);
    if (status == AYNI_OK && views_remove_beside(options->folder) != AYNI_OK)
        report(REPORT_WARNING, "views_beside_stays", "folder=%s", options->folder);
    if (useless(status)) {
        report(REPORT_INFO, "views_made_anew", "folder=%s", options->folder);
        status = views_destroy(options->folder);
        if (status == AYNI_OK)
            status = open_once(options, v, why, why_size);
    }
    if (status != AYNI_OK) {
        free(v);
        return status;
    }
    *views = v;
    return AYNI_OK;
}

enum ayni_status views_clear_readers(struct views *views, unsigned *cleared)
{
    return lmdb_clear_readers(&views->lmdb, cleared);
}

void views_close(struct views *views)
{
    if (views == NULL)
        return;
    lmdb_close(&views->lmdb);
    free(views);
}

enum ayni_status views_destroy(const char *folder)
{
    return lmdb_destroy(folder);
}

enum ayni_status views_measure(struct views *views, struct views_space *space)
{
    struct lmdb_measures m;
    enum ayni_status status = lmdb_measure(&views->lmdb, &m);

    if (status == AYNI_OK)
        *space = (struct views_space){ m.file_bytes, m.unused_bytes, m.free_bytes };
    return status;
}

enum ayni_status views_compact(struct views *views, const struct store_listener *listener,
                               struct compaction_result *result)
{
    return lmdb_compact(&views->lmdb, listener, result);
}
