#ifndef AYNI_DAEMON_RECORDS_SETTLE_MANY_H
#define AYNI_DAEMON_RECORDS_SETTLE_MANY_H

#include "daemon/records/conflict.h"
#include "daemon/records/records.h"
#include "daemon/records/writing/prefer.h"

/* Settling many conflicts by one rule. Whether a record is deleted is for each of them to be
 * decided, and no rule's. */
struct prefer {
    struct prefer_rule rule;
    uint32_t type;                  /* 0: any */
    const struct ayni_space *space; /* NULL: any */
    bool chosen;                    /* these records alone, ascending */
    const struct record_key *keys;
    size_t key_count;
    const char *steward;
    bool by_admin;        /* else the registry's stay as they are */
    const char *reason;   /* or NULL */
    const char *evidence; /* or NULL, as of struct settle_request */
    bool dry_run;
};

/* One field that is, or would be, settled. Lent for the call. */
struct preferred {
    const struct record_key *key;
    uint32_t field;
    struct ayni_bytes value;      /* CBOR */
    struct ayni_bytes shown;      /* what is shown now, likewise */
    const struct ayni_node *node; /* who wrote it */
};

struct prefer_listener {
    void *context;
    bool (*tell)(void *context, const struct charter *charter, const struct preferred *preferred);
    /* What was told is written, or would be. No reader is open: it may wait. */
    enum ayni_status (*written)(void *context);
};

/*
 * Tells each field, then settles it, some records at once, the oldest conflicts first. A record is
 * settled wholly or not, whatever happens meanwhile: what comes to an end half-way can be asked for
 * again. A record that somebody changes meanwhile stays as it is, as do those of spaces in which
 * this node may not write, and fields that are for others to settle (daemon/records/authority.h).
 * Where `tell` answers false or `written` fails it ends, and what was written before stays.
 */
AYNI_CHECKED enum ayni_status settle_many(struct records *records, const struct prefer *prefer,
                                          const struct prefer_listener *listener,
                                          struct complaint *complaint);

#endif
