#ifndef AYNI_DAEMON_RECORDS_AUTHOR_H
#define AYNI_DAEMON_RECORDS_AUTHOR_H

#include "proto/crypto.h"
#include "proto/payload.h"

/*
 * What this node writes: versions with their contexts, in runs under its own
 * seal, in feeds of its own. One author for a node; safe to call from any
 * thread. It knows rights and contexts, and nothing of kinds, codes and rules:
 * those are checked before (daemon/records/rules/check.h).
 *
 * A new incarnation is drawn at the node's first write in a space and lane,
 * and kept in the log's settings.
 */
struct author;
struct records;

/* Of the node of `records`, all lent for its life. */
AYNI_CHECKED enum ayni_status author_new(const struct records *records,
                                         const struct ayni_signing_key *secret,
                                         struct author **author);
/* Nobody writes any more. NULL is fine. */
void author_free(struct author *author);

/*
 * Somebody holds entries of this node's own in a feed, and the log doesn't:
 * they were written by a copy of this home, or before it was put back to what it
 * is. Where one of the feeds in use may be meant (this one, or any, if they were
 * drawn before this process began), none of them is gone on in: the next write
 * in each space and lane draws a new incarnation, and the log is another one in
 * the eyes of peers and readers. So two copies that hear of each other don't
 * renew for ever.
 */
AYNI_CHECKED enum ayni_status author_meet(struct author *author, const struct ayni_feed *feed,
                                          const struct ayni_feed_descriptor *descriptor);

/* One version to write. All is lent for the call. */
struct author_change {
    struct ayni_space space;
    struct ayni_record record;
    uint32_t type;
    const struct ayni_field *fields; /* by number, ascending; may be empty for a withdrawal */
    size_t field_count;
    struct ayni_bytes steward; /* who the node vouches for; required */
    struct ayni_bytes origin;  /* name; empty for `manual`. The organisation is this node's own */
    struct ayni_bytes reason;
    uint64_t act;                            /* enum ayni_act */
    const struct ayni_entry_name *withdraws; /* of an ACT_WITHDRAWAL */
    bool has_source_day;
    int64_t source_day;
    struct ayni_bytes more_meta; /* raw pairs of meta numbers above 7, ascending */
    size_t more_meta_count;
    /*
     * Where `expects`: the record must still have `expected` versions here (record_state.total),
     * those that the caller read and the person saw. Without it, all that is held counts as seen.
     */
    bool expects;
    size_t expected;
};

struct author_result {
    struct ayni_entry_name name; /* of the entry that was written */
    struct ayni_hash chain;
};

/*
 * Write the changes, all or none, in the order given, in one lane; `results`
 * (count of them) may be NULL. Answers when they are durable in log/ and views/ has
 * caught up with them, so that a reader sees them. Contexts are made here: of
 * all that this node holds of each record, earlier changes of the same call included.
 *
 *   AYNI_E_RIGHT     this node may not write that there, by the registry as it stood before the
 * call AYNI_E_LIMIT     a payload is over AYNI_PAYLOAD_SIZE_MAX AYNI_E_CHANGED   see `expects`:
 * read again and decide again AYNI_E_FULL, AYNI_E_IO, AYNI_E_STOPPED
 */
AYNI_CHECKED enum ayni_status author_write(struct author *author,
                                           const struct author_change *changes, size_t count,
                                           uint8_t lane, struct author_result *results);
/*
 * The same, answering as soon as they are durable: for imports, which go on
 * with other records meanwhile. Who touches one of these records next waits for views/ by itself.
 */
AYNI_CHECKED enum ayni_status author_append(struct author *author,
                                            const struct author_change *changes, size_t count,
                                            uint8_t lane, struct author_result *results);

/*
 * The same in two steps, so that the caller goes on while it is written: the changes
 * are lent until the end, which follows each begin that answered AYNI_OK, and says whether they
 * are durable. Where the begin failed nothing is on its way. The end answers AYNI_E_CHANGED only
 * where they had to be drafted anew.
 */
struct author_group;
struct author_appending {
    const struct author_change *changes;
    size_t count;
    uint8_t lane;
    struct author_group *group; /* NULL: nothing is on its way */
};
AYNI_CHECKED enum ayni_status author_append_begin(struct author *author,
                                                  const struct author_change *changes, size_t count,
                                                  uint8_t lane, struct author_appending *appending);
AYNI_CHECKED enum ayni_status author_append_end(struct author *author,
                                                struct author_appending *appending);

/* An entry of another kind than version (erase, receipt, fork proof, cut). All is lent. */
struct author_entry {
    struct ayni_space space; /* in lane 0 of it */
    uint64_t kind;
    struct ayni_bytes payload;
};
/*
 * Write them, all or none; answers as author_write(), in lane 0. Whether this node may is the
 * caller's to know. `results` (count of them) may be NULL.
 */
AYNI_CHECKED enum ayni_status author_write_entries(struct author *author,
                                                   const struct author_entry *entries, size_t count,
                                                   struct author_result *results);
/* The same of one. */
AYNI_CHECKED enum ayni_status author_write_entry(struct author *author,
                                                 const struct ayni_space *space, uint64_t kind,
                                                 struct ayni_bytes payload,
                                                 struct author_result *result);

#endif
