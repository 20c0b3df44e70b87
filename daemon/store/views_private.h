#ifndef AYNI_DAEMON_STORE_VIEWS_PRIVATE_H
#define AYNI_DAEMON_STORE_VIEWS_PRIVATE_H

#include "daemon/store/lmdb.h"
#include "daemon/store/views.h"

/* A table, and beside it what is recent in it. */
struct views_table {
    MDB_dbi main, recent;
    bool scattered; /* else there is no `recent` */
    char recent_name[LMDB_NAME_SIZE];
};

/* What the files of views share. */
struct views {
    struct lmdb lmdb;
    struct log_lineage log;
    uint32_t format;
    MDB_dbi position; /* one key: whose views these are, and how far */
    struct views_table tables[VIEWS_TABLES_MAX];
    size_t table_count;
    uint64_t scattered, recent_from;
    uint64_t snapshot_ms;
};

struct views_snapshot {
    struct views *views;
    MDB_txn *txn;
    uint64_t until; /* ms, when it has been read for too long; 0: never, it is the writer's own */
    unsigned reads;
    uint64_t looked,
        recent;      /* bit i: whether table i has anything apart was looked at, and it has */
    uint64_t writes; /* in the transaction so far */
};

struct views_txn {
    struct views_snapshot snapshot; /* the transaction as its own reader */
    bool map_full;                  /* and so to be run again in a larger map */
};

/* What a code of LMDB's means to a change, which is to be run again where the map is full. */
AYNI_CHECKED enum ayni_status views_txn_outcome(struct views_txn *txn, int rc);
/* Whether it has been read for too long; asked before each read. */
bool views_snapshot_ends(struct views_snapshot *snapshot);
/* Whether to look also at what is recent in a table; for a write, whether it is put there. */
bool views_keeps_recent(struct views_snapshot *snapshot, size_t table);
/* Both parts of a table; all zero of what is recent where it keeps nothing apart. */
AYNI_CHECKED int views_measure_parts(struct views_snapshot *snapshot, size_t table, MDB_stat *main,
                                     MDB_stat *recent);

/* In the folder of the other. */
#define VIEWS_BESIDE "beside"
AYNI_CHECKED enum ayni_status views_remove_beside(const char *folder);

/* The one key of `position`: log instance 16, format u32, arrival u64. */
enum { VIEWS_POSITION_SIZE = 16 + 4 + 8 };
/* MDB_INCOMPATIBLE where it is another's. */
AYNI_CHECKED int views_position_read(const struct views *views, MDB_txn *txn, uint64_t *arrival);
AYNI_CHECKED int views_position_write(struct views *views, MDB_txn *txn, uint64_t arrival);

#endif
