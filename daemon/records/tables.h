#ifndef AYNI_DAEMON_RECORDS_TABLES_H
#define AYNI_DAEMON_RECORDS_TABLES_H

#include "daemon/records/key.h"
#include "daemon/store/log.h"

/*
 * The tables of views/ that hold what is derived of records. All can be made
 * again from the log. docs/storage.md.
 *
 *   RECORDS    record key -> its versions, 12 bytes each: feed no, seq
 *   COUNTS     space, type -> how many records
 *   SUBJECTS   subject, record key -> nothing: records of which some version names the subject
 *   CONFLICTS  record key -> since when, which fields, which nodes (daemon/records/conflict.h)
 *   PROBLEMS   record key, feed no, seq -> what is wrong (daemon/records/problem.h)
 *   AWAITS     feed prefix, seq, record key -> nothing: a context names it, and it isn't here
 *   UNREAD     feed no, seq -> nothing: an entry without its payload, which isn't erased
 *   CUTS       space, feed no, seq -> nothing: where the cuts are
 *   FEEDS      feed no -> the seq up to which it is followed
 *   TASKS      what is still to be folded or judged again after a change of the registry
 *   PROOFS     space, feed no, seq -> what a proof entry proves (daemon/records/fork.h)
 *   AGES       since when, record key -> nothing: the rows of CONFLICTS by their age
 *   SEALED     feed no, seq -> when it came: an entry under a key that isn't here
 *   LINKS      record, record key -> nothing: link decisions of which some version names the record
 *              (daemon/records/links/links.h)
 *   MERGED, MERGED_AGES  as CONFLICTS and AGES: fields that the catalogue's rule settled
 *   LIKENESS   by what children are found who may be one (daemon/records/links/likeness_rows.h)
 *   OCCASIONS  space, type, place, month, feed no, seq -> records of one version, by where and when
 *              (daemon/records/occasion_list.h)
 *   REVISED    space, type, place, month, record -> day: the same of records of several versions
 *   REVISED_AT record key -> where it stands in REVISED; nothing, where it isn't shown
 */
enum records_table {
    RECORDS_TABLE_RECORDS,
    RECORDS_TABLE_COUNTS,
    RECORDS_TABLE_SUBJECTS,
    RECORDS_TABLE_CONFLICTS,
    RECORDS_TABLE_PROBLEMS,
    RECORDS_TABLE_AWAITS,
    RECORDS_TABLE_UNREAD,
    RECORDS_TABLE_CUTS,
    RECORDS_TABLE_FEEDS,
    RECORDS_TABLE_TASKS,
    RECORDS_TABLE_PROOFS,
    RECORDS_TABLE_ERASES, /* this one and up to RECEIPTS: daemon/records/erasure/erasure_tables.h */
    RECORDS_TABLE_ORDERS,
    RECORDS_TABLE_RANGES,
    RECORDS_TABLE_GONE,
    RECORDS_TABLE_DROPS,
    RECORDS_TABLE_LATE,
    RECORDS_TABLE_OWED,
    RECORDS_TABLE_RECEIPTS,
    RECORDS_TABLE_AGES,
    RECORDS_TABLE_SEALED, /* daemon/records/sealed.h */
    RECORDS_TABLE_LINKS,
    RECORDS_TABLE_MERGED,
    RECORDS_TABLE_MERGED_AGES,
    RECORDS_TABLE_LIKENESS,
    RECORDS_TABLE_OCCASIONS,
    RECORDS_TABLE_REVISED,
    RECORDS_TABLE_REVISED_AT,
    RECORDS_TABLE_COUNT,
};

/* Their names, for views_open(); tables of others come after them. */
extern const char *const records_table_names[RECORDS_TABLE_COUNT];
/* Goes up when what they hold changes its form: views/ is then made anew. */
enum { RECORDS_TABLES_FORMAT = 12 };
/* Those whose keys come in no order: struct views_options. */
#define RECORDS_TABLES_SCATTERED                                                                   \
    (UINT64_C(1) << RECORDS_TABLE_RECORDS | UINT64_C(1) << RECORDS_TABLE_SUBJECTS |                \
     UINT64_C(1) << RECORDS_TABLE_LIKENESS)

/* A version, as RECORDS names it. */
struct version_ref {
    feed_no feed;
    uint64_t seq;
};
enum { VERSION_REF_SIZE = 12 };
void version_ref_encode(const struct version_ref *ref, uint8_t to[VERSION_REF_SIZE]);
struct version_ref version_ref_decode(const uint8_t from[VERSION_REF_SIZE]);
/* Whether a list of them has it; and to put it there once. */
bool version_refs_have(struct ayni_bytes refs, const uint8_t ref[VERSION_REF_SIZE]);
void version_refs_add(struct ayni_buffer *refs, const uint8_t ref[VERSION_REF_SIZE]);

/* That a version's time is far ahead of when it came stays true when the record is folded again:
 * such a problem is kept under the seq with its highest bit set. */
#define PROBLEM_LASTING_SEQ(seq) ((seq) | UINT64_C(1) << 63)

/* Keys: one small function each. */
enum {
    COUNT_KEY_SIZE = 16 + 4,
    SUBJECT_KEY_SIZE = 16 + RECORD_KEY_SIZE, /* of SUBJECTS and of LINKS */
    PROBLEM_KEY_SIZE = RECORD_KEY_SIZE + VERSION_REF_SIZE,
    AWAIT_KEY_SIZE = 16 + 8 + RECORD_KEY_SIZE,
    ENTRY_KEY_SIZE = 16 + VERSION_REF_SIZE,
    AGE_KEY_SIZE = 8 + RECORD_KEY_SIZE,
};
void count_key_encode(const struct ayni_space *space, uint32_t type, uint8_t to[COUNT_KEY_SIZE]);
void subject_key_encode(const struct ayni_record *subject, const struct record_key *key,
                        uint8_t to[SUBJECT_KEY_SIZE]);
void problem_key_encode(const struct record_key *key, const struct version_ref *ref,
                        uint8_t to[PROBLEM_KEY_SIZE]);
void await_key_encode(const struct ayni_feed_prefix *feed, uint64_t seq,
                      const struct record_key *key, uint8_t to[AWAIT_KEY_SIZE]);
void entry_key_encode(const struct ayni_space *space, const struct version_ref *ref,
                      uint8_t to[ENTRY_KEY_SIZE]);
void age_key_encode(struct ayni_instant since, const struct record_key *key,
                    uint8_t to[AGE_KEY_SIZE]);

#endif
