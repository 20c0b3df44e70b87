#ifndef AYNI_DAEMON_RECORDS_RECORDS_H
#define AYNI_DAEMON_RECORDS_RECORDS_H

#include "daemon/records/projection/projector.h"
#include "daemon/records/standing.h"
#include "daemon/records/writing/author.h"

/*
 * The records of a node: what stands between its two stores and all who read
 * and write records. Borrowed by everybody for the length of a call.
 */
struct records {
    struct log_store *log; /* the stores are lent */
    struct log_writer *writer;
    struct views *views;
    struct ayni_node node; /* this node */
    struct standing *standing;
    struct projector *projector;
    struct author *author;
    struct kept_cache *territories; /* daemon/records/territory_cache.h */
    struct kept_cache *norms;       /* daemon/records/rules/norms.h */
    struct check_pool *checks;      /* daemon/records/rules/check_pool.h */
};

struct records_options {
    struct log_store *log;
    struct log_writer *writer;
    struct views *views; /* opened with the tables of daemon/records/tables.h first */
    struct room *room;   /* or NULL */
    struct ayni_node node;
    const struct ayni_signing_key *secret; /* lent until records_close() */
    uint64_t projection_memory;            /* 0 for the default */
};

/* Makes the parts; hooks and listeners may then be added, the root be set, and records_start()
 * follows. */
AYNI_CHECKED enum ayni_status records_open(struct records *records,
                                           const struct records_options *options);
AYNI_CHECKED enum ayni_status records_start(struct records *records);
/* Stops and frees what was made. Safe on all zero. */
void records_close(struct records *records);

#endif
