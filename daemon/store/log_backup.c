#include "daemon/store/log_backup.h"

#include <unistd.h>

#include "daemon/store/backup_file.h"
#include "daemon/store/lmdb_copy.h"
#include "daemon/store/log_private.h"

struct backup {
    struct log_store *store;
    const struct store_listener *listener;
    struct backup_writer writer;
    uint64_t entries;
};

static enum ayni_status put(void *context, size_t table, struct ayni_bytes key,
                            struct ayni_bytes value)
{
    struct backup *backup = context;

    return backup_writer_put(&backup->writer,
                             &(struct backup_item){ BACKUP_PUT, (uint8_t)table, key, value });
}

static enum ayni_status remove_key(void *context, size_t table, struct ayni_bytes key)
{
    struct backup *backup = context;
    const struct backup_item item = { .op = BACKUP_REMOVE, .table = (uint8_t)table, .key = key };

    return backup_writer_put(&backup->writer, &item);
}

static enum ayni_status tell(void *context, uint64_t done, uint64_t total)
{
    const struct backup *backup = context;

    return backup->listener->progress(backup->listener->context, done, total) ? AYNI_OK
                                                                              : AYNI_E_STOPPED;
}

static enum ayni_status prepare(void *context)
{
    struct backup *backup = context;

    return backup_writer_sync(&backup->writer);
}

/* Nobody writes: what is counted is what is in the backup. */
static enum ayni_status finish(void *context)
{
    struct backup *backup = context;
    struct log_space space;
    enum ayni_status status = log_measure(backup->store, &space);

    if (status == AYNI_OK)
        backup->entries = space.entries;
    return status;
}

static enum ayni_status name_tables(struct backup *backup)
{
    const struct lmdb *lmdb = &backup->store->lmdb;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < lmdb->table_count; i++)
        status = backup_writer_put(
            &backup->writer,
            &(struct backup_item){ .op = BACKUP_TABLE,
                                   .table = (uint8_t)i,
                                   .key = ayni_bytes_of_text(lmdb->tables[i].name) });
    return status;
}

static enum ayni_status write_tables(struct backup *backup)
{
    const struct lmdb_copy_sink sink = {
        .context = backup,
        .append = put,
        .put = put,
        .remove = remove_key,
        .progress = tell,
        .prepare = prepare,
        .finish = finish,
    };
    enum ayni_status status = name_tables(backup);

    if (status == AYNI_OK)
        status = lmdb_copy(&backup->store->lmdb, &sink);
    return status == AYNI_OK ? backup_writer_end(&backup->writer) : status;
}

enum ayni_status log_backup(struct log_store *store, const char *path,
                            const struct store_listener *listener, struct log_backup_result *result)
{
    struct backup backup = { .store = store, .listener = listener };
    enum ayni_status status = backup_writer_open(&backup.writer, path);

    if (status == AYNI_OK)
        status = write_tables(&backup);
    *result = (struct log_backup_result){ backup.entries, backup.writer.bytes };
    backup_writer_close(&backup.writer);
    if (status != AYNI_OK && status != AYNI_E_EXISTS)
        unlink(path);
    return status;
}
