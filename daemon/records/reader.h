#ifndef AYNI_DAEMON_RECORDS_READER_H
#define AYNI_DAEMON_RECORDS_READER_H

#include "daemon/records/record_places.h"
#include "daemon/records/standing.h"
#include "daemon/records/state.h"
#include "daemon/store/views.h"

struct link_memo;
struct records;
struct version_ref;

/*
 * Reads records: one state of views/, log/ and charter. Of one thread, for the
 * length of a request. What it lends dies with it.
 */
struct reader;

AYNI_CHECKED enum ayni_status reader_begin(const struct records *records, struct reader **reader);
/* Over somebody else's snapshots and charter, which outlive it: inside the projector's transaction.
 */
AYNI_CHECKED enum ayni_status reader_over(struct views_snapshot *views, struct log_snapshot *log,
                                          const struct charter *charter, struct reader **reader);
void reader_end(struct reader *reader); /* NULL is fine */
void reader_end_scoped(struct reader **reader);
#define SCOPED_READER __attribute__((cleanup(reader_end_scoped))) struct reader

const struct charter *reader_charter(const struct reader *reader);
struct log_snapshot *reader_log(struct reader *reader);
struct views_snapshot *reader_views(struct reader *reader);

/* The facts of a feed, remembered for the reader's life; NULL where there is no such feed or no
 * memory. */
const struct log_feed *reader_feed(struct reader *reader, feed_no no);

/* From now on reader_fold() sees only what these allow (daemon/records/reader_limits.h), which
 * outlive it. */
struct reader_limits;
void reader_limit(struct reader *reader, const struct reader_limits *limits);
bool reader_is_limited(const struct reader *reader);
/* Whether they allow this one; all where there are none. */
bool reader_allows(const struct reader *reader, const struct version_ref *ref);

/* Fold a record. AYNI_E_NOT_FOUND where there is no version of it. */
AYNI_CHECKED enum ayni_status reader_fold(struct reader *reader, const struct record_key *key,
                                          struct record_state *state);
/* The same where its versions are at hand, as RECORDS names them (daemon/records/tables.h). */
AYNI_CHECKED enum ayni_status reader_fold_refs(struct reader *reader, const struct record_key *key,
                                               struct ayni_bytes refs, struct record_state *state);
/* Fold a record of one version, which is at hand: nothing is looked up. It borrows from the
 * reader's log. */
AYNI_CHECKED enum ayni_status reader_fold_only(struct reader *reader, const struct record_key *key,
                                               const struct version_ref *ref,
                                               const struct log_entry *entry,
                                               struct record_state *state);
/* The record of which that is the only version. AYNI_E_NOT_FOUND where it can't be read. */
AYNI_CHECKED enum ayni_status reader_fold_single(struct reader *reader,
                                                 const struct version_ref *ref,
                                                 struct record_state *state);
/* Fold some versions of one record that this reader gave: what they alone would come to. */
AYNI_CHECKED enum ayni_status reader_fold_items(struct reader *reader,
                                                const struct ayni_fold_item *items, size_t count,
                                                struct ayni_folded *folded);
/* Where records can be, as it was when this was first asked: a reader inside the projector's
 * transaction is asked after the batch's counts have been put. Lent. */
AYNI_CHECKED enum ayni_status reader_places(struct reader *reader,
                                            const struct record_places **places);
/* What was worked out of links (daemon/records/links/link_memo.h): an empty one at first, and after
 * reader_limit(). Its own; lent. */
struct link_memo *reader_link_memo(struct reader *reader);
/* Whether there is a version of it, valid or not. */
bool reader_has(struct reader *reader, const struct record_key *key);

/*
 * Where a record is: all (space, type) in which some version of it is held.
 * `type` 0 and `space` NULL mean any. Up to `max` into `keys`; `*count` may be larger.
 */
AYNI_CHECKED enum ayni_status reader_find(struct reader *reader, const struct ayni_record *record,
                                          uint32_t type, const struct ayni_space *space,
                                          struct record_key *keys, size_t max, size_t *count);
/*
 * The record whose id begins with `prefix`, hexadecimal digits with or without
 * hyphens, 6 or more.
 *
 *   AYNI_E_NOT_FOUND  none; AYNI_E_EXISTS  more than one; AYNI_E_MALFORMED  not a prefix;
 *   AYNI_E_TRUNCATED  of too few digits
 */
AYNI_CHECKED enum ayni_status reader_find_prefix(struct reader *reader, struct ayni_bytes prefix,
                                                 uint32_t type, struct ayni_record *record);

/* How many records of a type a space holds, gone ones too; all types for 0, all spaces for NULL. */
AYNI_CHECKED enum ayni_status reader_count(struct reader *reader, const struct ayni_space *space,
                                           uint32_t type, uint64_t *count);

#endif
