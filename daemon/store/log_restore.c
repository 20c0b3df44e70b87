/* A log made of a backup: daemon/store/log_backup.h. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/store/backup_file.h"
#include "daemon/store/log_backup.h"
#include "daemon/store/log_private.h"
#include "po/language.h"

enum { TABLES_MAX = 256 }; /* as many as a byte can name */

struct restore {
    struct log_store *store;
    const struct store_listener *listener;
    struct backup_reader reader;
    const struct lmdb_table *tables[TABLES_MAX]; /* by their number in the file; NULL: not named */
};

static enum ayni_status name_table(struct restore *restore, const struct backup_item *item)
{
    const struct lmdb *lmdb = &restore->store->lmdb;

    for (size_t i = 0; i < lmdb->table_count; i++)
        if (ayni_bytes_equal(item->key, ayni_bytes_of_text(lmdb->tables[i].name))) {
            restore->tables[item->table] = &lmdb->tables[i];
            return AYNI_OK;
        }
    return AYNI_E_VERSION;
}

/* Of `meta` the format has to be ours, and the instance is the new log's own. */
static bool is_of_this_log(const struct backup_item *item)
{
    return ayni_bytes_equal(item->key, ayni_bytes_of_text(LOG_INSTANCE_KEY)) ||
           ayni_bytes_equal(item->key, ayni_bytes_of_text(LOG_INSTANCE_BEFORE_KEY));
}

static int check_format(const struct restore *restore, const struct backup_item *item, MDB_txn *txn,
                        enum ayni_status *status)
{
    MDB_val key = lmdb_val(item->key), held;
    int rc = mdb_get(txn, restore->store->meta, &key, &held);

    if (rc == MDB_SUCCESS && !ayni_bytes_equal(lmdb_bytes(held), item->value))
        *status = AYNI_E_VERSION;
    return rc;
}

static enum ayni_status check_form(const struct log_store *store, MDB_dbi table,
                                   const struct backup_item *item)
{
    struct log_feed feed;
    struct log_arrival arrival;
    struct log_branch branch;
    struct log_name name;
    struct log_row row;

    if (item->key.size == 0)
        return AYNI_E_MALFORMED;
    if (table == store->feeds)
        return item->key.size != LOG_FEED_KEY_SIZE
                   ? AYNI_E_MALFORMED
                   : log_feed_decode(ayni_get_u32(item->key.data), item->value, &feed);
    if (table == store->entries)
        return item->key.size != LOG_SEQ_KEY_SIZE ? AYNI_E_MALFORMED
                                                  : log_row_decode(item->value, &row);
    if (table == store->journal)
        return log_arrival_decode(lmdb_val(item->key), lmdb_val(item->value), &arrival);
    if (table == store->feed_ids)
        return item->key.size != sizeof(struct ayni_feed) ? AYNI_E_MALFORMED
                                                          : log_name_read(item->value, &name);
    if (table == store->forks)
        return log_fork_check(item->key, item->value);
    if (table == store->branches)
        return log_branch_read(item->key, item->value, &branch);
    if (table == store->points || table == store->stubs)
        return item->key.size == LOG_SEQ_KEY_SIZE ? AYNI_OK : AYNI_E_MALFORMED;
    return AYNI_OK;
}

/* LMDB's code; `*status` where it is the item that is wrong. */
static int take_item(const struct restore *restore, const struct backup_item *item, MDB_txn *txn,
                     enum ayni_status *status)
{
    MDB_dbi table = restore->tables[item->table]->dbi;
    MDB_val key = lmdb_val(item->key), value = lmdb_val(item->value);

    if (table == restore->store->meta && is_of_this_log(item))
        return MDB_SUCCESS;
    if (table == restore->store->meta &&
        ayni_bytes_equal(item->key, ayni_bytes_of_text(LOG_FORMAT_KEY)))
        return check_format(restore, item, txn, status);
    if (item->op == BACKUP_REMOVE) {
        int rc = item->key.size == 0 ? MDB_NOTFOUND : mdb_del(txn, table, &key, NULL);
        return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
    }
    if (check_form(restore->store, table, item) != AYNI_OK) {
        *status = AYNI_E_MALFORMED;
        return MDB_SUCCESS;
    }
    return mdb_put(txn, table, &key, &value, 0);
}

static int take_items(struct restore *restore, MDB_txn *txn, enum ayni_status *status)
{
    struct backup_item item;
    size_t position = 0;
    int rc = MDB_SUCCESS;

    while (rc == MDB_SUCCESS && *status == AYNI_OK &&
           backup_reader_item(&restore->reader, &position, &item)) {
        if (item.op == BACKUP_TABLE)
            *status = name_table(restore, &item);
        else if (restore->tables[item.table] == NULL)
            *status = AYNI_E_MALFORMED;
        else
            rc = take_item(restore, &item, txn, status);
    }
    return rc;
}

/* A block is a commit. */
static enum ayni_status take_block(struct restore *restore)
{
    struct lmdb *lmdb = &restore->store->lmdb;
    enum ayni_status status = AYNI_OK;
    MDB_txn *txn;
    int rc = lmdb_begin(lmdb, 0, &txn);

    if (rc == MDB_SUCCESS)
        rc = take_items(restore, txn, &status);
    if (rc == MDB_SUCCESS && status == AYNI_OK)
        rc = lmdb_commit(lmdb, &txn);
    lmdb_abort(lmdb, &txn);
    if (rc != MDB_MAP_FULL)
        return rc == MDB_SUCCESS ? status : lmdb_status(lmdb_true_code(lmdb, rc));
    status = lmdb_grow(lmdb);
    return status == AYNI_OK ? take_block(restore) : status;
}

static enum ayni_status take_all(struct restore *restore)
{
    enum ayni_status status;

    while ((status = backup_reader_next_block(&restore->reader)) == AYNI_OK) {
        status = take_block(restore);
        if (status == AYNI_OK &&
            !restore->listener->progress(restore->listener->context, restore->reader.bytes, 0))
            status = AYNI_E_STOPPED;
        if (status != AYNI_OK)
            return status;
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status put_settings(struct log_store *store, const struct log_setting *settings,
                                     size_t count)
{
    struct log_txn *txn;
    enum ayni_status status = log_txn_begin(store, &txn);

    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = log_txn_put_setting(txn, settings[i].name, settings[i].value);
    if (status == AYNI_OK)
        return log_txn_commit(txn);
    log_txn_abort(txn);
    return status;
}

static const char *words_for(enum ayni_status status)
{
    switch (status) {
    case AYNI_E_TRUNCATED:
        return _("it ends too early: the backup wasn't finished, or was cut off");
    case AYNI_E_MALFORMED:
        return _("it is not what was written: it was changed, or the medium is bad");
    case AYNI_E_VERSION:
        return _("this is no backup, or one of a newer ayni");
    case AYNI_E_FULL:
        return _("there is no room for it on the disk of the new home");
    default:
        return ayni_status_name(status);
    }
}

static enum ayni_status fill(struct log_store *store, FILE *file,
                             const struct store_listener *listener)
{
    struct restore restore = { .store = store, .listener = listener };
    enum ayni_status status = backup_reader_begin(&restore.reader, file);

    if (status == AYNI_OK)
        status = take_all(&restore);
    backup_reader_end(&restore.reader);
    return status;
}

enum ayni_status log_restore(const char *path, const struct log_options *options,
                             const struct log_setting *settings, size_t setting_count,
                             const struct store_listener *listener, char *why, size_t why_size)
{
    struct log_store *store;
    char data[LMDB_PATH_SIZE];
    struct stat is;

    snprintf(data, sizeof(data), "%s/data.mdb", options->folder);
    if (stat(data, &is) == 0) {
        snprintf(why, why_size, _("%s is there already"), data);
        return AYNI_E_EXISTS;
    }
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
        return errno == ENOENT ? AYNI_E_NOT_FOUND : AYNI_E_IO;
    }
    enum ayni_status status = log_store_open(options, &store, why, why_size);
    if (status == AYNI_OK) {
        status = fill(store, file, listener);
        if (status == AYNI_OK)
            status = put_settings(store, settings, setting_count);
        if (status != AYNI_OK)
            snprintf(why, why_size, "%s: %s", path, words_for(status));
        log_store_close(store);
        if (status != AYNI_OK)
            (void)!lmdb_destroy(options->folder);
    }
    fclose(file);
    return status;
}
