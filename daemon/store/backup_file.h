#ifndef AYNI_DAEMON_STORE_BACKUP_FILE_H
#define AYNI_DAEMON_STORE_BACKUP_FILE_H

#include <stdio.h>

#include "proto/ids.h"

/*
 * The form of a store in a backup: a stream of keys and values, compressed in
 * blocks, under one hash. It holds on every machine, which a file of LMDB's
 * doesn't, and nothing in it is trusted: it may have been anywhere.
 * docs/storage.md, section 5. Private to daemon/store/.
 */
enum backup_op {
    BACKUP_TABLE = 1, /* table `table` is called `key` from here on */
    BACKUP_PUT = 2,
    BACKUP_REMOVE = 3, /* what was put before is no more */
};

struct backup_item {
    enum backup_op op;
    uint8_t table;
    struct ayni_bytes key, value; /* lent */
};

/* --- writing --- */

struct backup_writer {
    FILE *file;
    struct ayni_buffer block, frame;
    struct ayni_hash hash; /* over all blocks so far */
    uint64_t bytes;        /* written */
};

/* Makes the file (0600), which must not be there. The errno is kept on failure. */
AYNI_CHECKED enum ayni_status backup_writer_open(struct backup_writer *writer, const char *path);
AYNI_CHECKED enum ayni_status backup_writer_put(struct backup_writer *writer,
                                                const struct backup_item *item);
/* What was put is on the disk. */
AYNI_CHECKED enum ayni_status backup_writer_sync(struct backup_writer *writer);
/* The end, without which a reader takes nothing; and on the disk. */
AYNI_CHECKED enum ayni_status backup_writer_end(struct backup_writer *writer);
void backup_writer_close(struct backup_writer *writer); /* all zero is fine */

/* --- reading: block by block; items live until the next block is read --- */

struct backup_reader {
    FILE *file; /* lent */
    struct ayni_buffer frame, block;
    struct ayni_hash hash;
    uint64_t bytes; /* read */
};

/* AYNI_E_VERSION: not the beginning of a backup that this program knows. */
AYNI_CHECKED enum ayni_status backup_reader_begin(struct backup_reader *reader, FILE *file);
/*
 *   AYNI_E_NOT_FOUND  the end, and all was whole
 *   AYNI_E_TRUNCATED  the file ends too early
 *   AYNI_E_MALFORMED  not what was written
 */
AYNI_CHECKED enum ayni_status backup_reader_next_block(struct backup_reader *reader);
/* The items of the block, from `*position` 0 on: false at its end. They were checked with it. */
bool backup_reader_item(const struct backup_reader *reader, size_t *position,
                        struct backup_item *item);
void backup_reader_end(struct backup_reader *reader);

#endif
