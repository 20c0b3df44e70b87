#ifndef AYNI_DAEMON_RECORDS_UNDO_MANY_H
#define AYNI_DAEMON_RECORDS_UNDO_MANY_H

#include "daemon/records/records.h"

/*
 * Taking back many resolutions, such as those of one rule that was the wrong one: of each record
 * the last that counts, if this steward wrote it at this node since a time. What a split has
 * written is for daemon/records/links/unsplit.h.
 */
struct undo {
    struct ayni_instant since;
    uint32_t type;                  /* 0: any */
    const struct ayni_space *space; /* NULL: any */
    bool chosen;                    /* these records alone, ascending */
    const struct record_key *keys;
    size_t key_count;
    const char *steward;
    bool by_admin;      /* else the registry's stay as they are */
    const char *reason; /* or NULL */
    bool dry_run;
};

struct undo_listener {
    void *context;
    /* A record, and the fields that are, or would be, as they were before; lent for the call. */
    bool (*tell)(void *context, const struct charter *charter, const struct record_key *key,
                 const uint32_t *fields, size_t count);
    /* What was told is written, or would be. No reader is open: it may wait. */
    enum ayni_status (*written)(void *context);
};

/*
 * Some records at once, in the order of their keys. A record that somebody changes meanwhile, or
 * whose last resolution a later edit covers already, stays as it is. Where `tell` answers false or
 * `written` fails it ends; what was taken back by then stays so, and the same takes back the rest.
 */
AYNI_CHECKED enum ayni_status undo_many(struct records *records, const struct undo *undo,
                                        const struct undo_listener *listener);

#endif
