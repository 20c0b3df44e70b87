#ifndef AYNI_DAEMON_STORE_VIEWS_PRIVATE_H
#define AYNI_DAEMON_STORE_VIEWS_PRIVATE_H

#include "daemon/store/lmdb.h"
#include "daemon/store/views.h"

/* What the files of views share. */
struct views {
    struct lmdb lmdb;
    struct log_lineage log;
    uint32_t format;
    MDB_dbi position; /* one key: whose views these are, and how far */
    MDB_dbi tables[VIEWS_TABLES_MAX];
    size_t table_count;
    uint64_t snapshot_ms;
};

struct views_snapshot {
    struct views *views;
    MDB_txn *txn;
    uint64_t until; /* ms, when it has been read for too long; 0: never, it is the writer's own */
    unsigned reads;
};

struct views_txn {
    struct views_snapshot snapshot; /* the transaction as its own reader */
    bool map_full;                  /* and so to be run again in a larger map */
};

/* In the folder of the other. */
#define VIEWS_BESIDE "beside"
AYNI_CHECKED enum ayni_status views_remove_beside(const char *folder);

/* The one key of `position`: log instance 16, format u32, arrival u64. */
enum { VIEWS_POSITION_SIZE = 16 + 4 + 8 };
/* MDB_INCOMPATIBLE where it is another's. */
AYNI_CHECKED int views_position_read(const struct views *views, MDB_txn *txn, uint64_t *arrival);
AYNI_CHECKED int views_position_write(struct views *views, MDB_txn *txn, uint64_t arrival);

#endif
