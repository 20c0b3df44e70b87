#include "daemon/records/audit.h"

#include "daemon/records/erasure/erasure_task.h"
#include "daemon/records/tables.h"
#include "proto/fork_proof.h"
#include "proto/limits.h"

/* Read under one snapshot: long ones keep old pages alive. */
enum { PIECE_SIZE = 1024 * 1024 };

struct audit {
    const struct records *records;
    const struct audit_listener *listener;
    struct audit_counts counts;
    uint64_t listed;          /* versions that were looked for in views/ */
    uint64_t total;           /* of entries, twice where views/ is looked at, too */
    struct ayni_buffer feeds; /* struct log_feed */
    struct ayni_buffer runs;
};

static bool keep_feed(void *context, const struct log_feed *feed)
{
    struct audit *audit = context;

    audit->total += log_feed_count(feed);
    ayni_buffer_append(&audit->feeds, feed, sizeof(*feed));
    return true;
}

static enum ayni_status list_feeds(struct audit *audit)
{
    struct log_snapshot *log;
    enum ayni_status status = log_snapshot_begin(audit->records->log, &log);

    if (status != AYNI_OK)
        return status;
    status = log_each_feed(log, keep_feed, audit);
    log_snapshot_end(log);
    return status == AYNI_OK ? ayni_buffer_status(&audit->feeds) : status;
}

/* Whether to go on. */
static bool tell(const struct audit *audit)
{
    return audit->listener->progress(audit->listener->context,
                                     audit->counts.entries + audit->listed, audit->total);
}

static void fail(struct audit *audit, const struct log_feed *feed, uint64_t seq,
                 enum ayni_status reason)
{
    struct audit_failure failure = { .feed = *feed, .seq = seq, .reason = reason };

    audit->counts.failures++;
    audit->listener->failed(audit->listener->context, &failure);
}

static enum ayni_status read_piece(struct audit *audit, const struct log_feed *feed, uint64_t from,
                                   uint64_t *next)
{
    struct log_snapshot *log;
    enum ayni_status status = log_snapshot_begin(audit->records->log, &log);

    if (status != AYNI_OK)
        return status;
    ayni_buffer_clear(&audit->runs);
    status = log_read_runs(log, feed->no, from, feed->head.seq, PIECE_SIZE, &audit->runs, next);
    log_snapshot_end(log);
    return status == AYNI_OK ? ayni_buffer_status(&audit->runs) : status;
}

/* Where a feed's check stands. */
struct place {
    struct ayni_head head;
    struct ayni_instant time;
};

/* All runs of a piece: the first that doesn't verify, or AYNI_OK. */
static enum ayni_status check_piece(struct audit *audit, const struct log_feed *feed,
                                    struct place *place)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run run = { .entries = entries };
    struct ayni_head after;
    size_t used;

    for (size_t at = 0; at < audit->runs.size; at += used) {
        struct ayni_bytes rest = { audit->runs.data + at, audit->runs.size - at };
        enum ayni_status status = ayni_run_read(rest, &used, &run);
        if (status == AYNI_OK)
            status = ayni_run_verify(&run, &feed->id, &feed->descriptor.node, feed->descriptor.lane,
                                     &place->head, place->time, &after, NULL);
        if (status != AYNI_OK)
            return status;
        place->head = after;
        place->time = run.entries[run.count - 1].time;
        audit->counts.entries += run.count;
        audit->counts.seals++;
    }
    return AYNI_OK;
}

/* What the first entry kept of a history follows. */
static enum ayni_status find_start(struct audit *audit, const struct log_feed *feed,
                                   struct place *place)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct log_entry before;
    enum ayni_status status = log_snapshot_begin(audit->records->log, &log);

    place->head.seq = feed->first - 1;
    if (status == AYNI_OK)
        status = log_get_chain(log, feed->no, place->head.seq, &place->head.chain);
    if (status != AYNI_OK || place->head.seq == 0)
        return status;
    status = log_find_entry(log, feed->no, place->head.seq, &before);
    if (status == AYNI_OK)
        place->time = before.entry.time;
    return status;
}

/* All its entries; `place` stays before what doesn't hold. */
static enum ayni_status check_entries(struct audit *audit, const struct log_feed *feed,
                                      struct place *place)
{
    enum ayni_status status = find_start(audit, feed, place);
    uint64_t next;

    while (status == AYNI_OK && place->head.seq < feed->head.seq) {
        status = read_piece(audit, feed, place->head.seq + 1, &next);
        if (status == AYNI_OK)
            status =
                next == place->head.seq + 1 ? AYNI_E_NOT_FOUND : check_piece(audit, feed, place);
        if (status == AYNI_OK && !tell(audit))
            return AYNI_E_STOPPED;
    }
    if (status == AYNI_OK && !ayni_id_equal(&place->head.chain, &feed->head.chain))
        return AYNI_E_CHAIN;
    return status;
}

/* --- proofs of forks --- */

/* One proof, against the feed that it is kept for. */
static bool check_fork(void *context, const struct log_fork *fork)
{
    struct audit *audit = context;
    struct ayni_fork_proof proof;
    enum ayni_status status = ayni_fork_proof_decode(fork->proof, &proof);

    if (status == AYNI_OK &&
        (proof.seq != fork->common.seq + 1 || !ayni_id_equal(&proof.feed, &fork->feed)))
        status = AYNI_E_INVALID;
    if (status != AYNI_OK)
        fail(audit, &(struct log_feed){ .id = fork->feed, .descriptor = fork->descriptor },
             fork->common.seq, status);
    return true;
}

static enum ayni_status check_forks(struct audit *audit)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    enum ayni_status status = log_snapshot_begin(audit->records->log, &log);

    return status == AYNI_OK ? log_each_fork(log, check_fork, audit) : status;
}

/* --- views/ against the log --- */

/* Whether views/ names the version under its record. */
static bool is_listed(struct reader *reader, const struct record_key *key,
                      const struct version_ref *ref)
{
    uint8_t name[RECORD_KEY_SIZE], wanted[VERSION_REF_SIZE];
    struct ayni_bytes refs;

    record_key_encode(key, name);
    version_ref_encode(ref, wanted);
    if (views_get(reader_views(reader), RECORDS_TABLE_RECORDS,
                  (struct ayni_bytes){ name, sizeof(name) }, &refs) != AYNI_OK)
        return false;
    return version_refs_have(refs, wanted);
}

/* Versions from `place` on, up to `to`; it stays before the first that isn't listed. */
static enum ayni_status check_listed(struct audit *audit, const struct log_feed *feed, uint64_t to,
                                     struct place *place)
{
    SCOPED_READER *reader = NULL;
    struct log_entry entry;
    struct record_key key;
    enum ayni_status status = reader_begin(audit->records, &reader);

    for (; status == AYNI_OK && place->head.seq < to; place->head.seq++) {
        struct version_ref ref = { feed->no, place->head.seq + 1 };
        status = log_get_entry(reader_log(reader), feed->no, ref.seq, &entry);
        if (status != AYNI_OK)
            return status;
        if (entry.entry.kind == AYNI_KIND_VERSION && entry.entry.hollow == AYNI_HOLLOW_NONE &&
            erasure_record_of(reader_log(reader), reader_charter(reader)->epoch_keys, feed, ref.seq,
                              &entry.entry, &key) == AYNI_OK &&
            !is_listed(reader, &key, &ref))
            return AYNI_E_NOT_FOUND;
    }
    return status;
}

static enum ayni_status check_views(struct audit *audit, const struct log_feed *feed,
                                    struct place *place)
{
    enum { STEP = 4096 };
    enum ayni_status status = AYNI_OK;

    *place = (struct place){ .head = { .seq = feed->first - 1 } };
    while (status == AYNI_OK && place->head.seq < feed->head.seq) {
        uint64_t rest = feed->head.seq - place->head.seq;
        uint64_t step = rest < STEP ? rest : STEP;
        status = check_listed(audit, feed, place->head.seq + step, place);
        audit->listed += step;
        if (status == AYNI_OK && !tell(audit))
            return AYNI_E_STOPPED;
    }
    return status;
}

/* --- all of it --- */

/* Whether it says nothing of what is held, only of us. */
static bool is_ours(enum ayni_status status)
{
    return status == AYNI_E_MEMORY || status == AYNI_E_STOPPED || status == AYNI_E_BUSY;
}

/* A feed that doesn't hold is told, and is no reason to leave out the others. */
static enum ayni_status check_feed(struct audit *audit, const struct log_feed *feed, bool full)
{
    struct place place = { .time = { 0 } };
    enum ayni_status status = check_entries(audit, feed, &place);

    audit->counts.feeds++;
    if (status == AYNI_OK && full)
        status = check_views(audit, feed, &place);
    if (status == AYNI_OK || is_ours(status))
        return status;
    fail(audit, feed, place.head.seq, status);
    return AYNI_OK;
}

enum ayni_status audit_run(const struct records *records, bool full,
                           const struct audit_listener *listener, struct audit_counts *counts)
{
    struct audit audit = { .records = records, .listener = listener };
    const struct log_feed *feeds;
    enum ayni_status status = list_feeds(&audit);

    if (status == AYNI_OK && full)
        status = projector_catch_up(records->projector, UINT32_MAX);
    if (full)
        audit.total *= 2;
    feeds = (const struct log_feed *)audit.feeds.data;
    for (size_t i = 0; status == AYNI_OK && i < audit.feeds.size / sizeof(*feeds); i++)
        status = check_feed(&audit, &feeds[i], full);
    if (status == AYNI_OK)
        status = check_forks(&audit);
    ayni_buffer_free(&audit.feeds);
    ayni_buffer_free(&audit.runs);
    if (status == AYNI_OK)
        *counts = audit.counts;
    return status;
}
