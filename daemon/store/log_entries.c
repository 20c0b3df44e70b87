#include "daemon/store/log_private.h"
#include "proto/limits.h"

enum ayni_status log_get_entry(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                               struct log_entry *entry)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value;
    struct log_row row;

    log_seq_key(feed, seq, place);
    int rc = mdb_get(snapshot->txn, snapshot->store->entries, &key, &value);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    enum ayni_status status = log_row_decode(lmdb_bytes(value), &row);
    if (status == AYNI_OK)
        *entry = row.entry;
    return status;
}

/* From a branch to what it follows, until there is such an entry. */
enum ayni_status log_find_entry(struct log_snapshot *snapshot, feed_no no, uint64_t seq,
                                struct log_entry *entry)
{
    struct log_feed feed;

    for (;;) {
        enum ayni_status status = log_get_entry(snapshot, no, seq, entry);
        if (status != AYNI_E_NOT_FOUND)
            return status;
        status = log_get_feed(snapshot, no, &feed);
        if (status != AYNI_OK)
            return status;
        if (feed.parent == 0 || seq >= feed.first)
            return AYNI_E_NOT_FOUND;
        if (feed.parent >= no)
            return AYNI_E_IO; /* what a branch follows was there before it */
        no = feed.parent;
    }
}

enum ayni_status log_get_chain(struct log_snapshot *snapshot, feed_no no, uint64_t seq,
                               struct ayni_hash *chain)
{
    struct log_entry entry;
    struct log_feed feed;
    enum ayni_status status;

    if (seq > 0) {
        status = log_find_entry(snapshot, no, seq, &entry);
        if (status == AYNI_OK)
            *chain = entry.chain;
        return status;
    }
    status = log_get_feed(snapshot, no, &feed);
    if (status == AYNI_OK)
        *chain = ayni_chain_start(&feed.id);
    return status;
}

/* --- walking a feed --- */

struct walk {
    MDB_cursor *cursor;
    feed_no feed;
    uint64_t next; /* the seq that comes next; when it is first asked for, the cursor goes there */
    bool placed;
};

/* AYNI_E_NOT_FOUND past the head. */
static enum ayni_status walk_next(struct walk *walk, struct log_row *row)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(place), place };
    MDB_val value;

    log_seq_key(walk->feed, walk->next, place);
    int rc = mdb_cursor_get(walk->cursor, &key, &value, walk->placed ? MDB_NEXT : MDB_SET_KEY);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    if (key.mv_size != sizeof(place) || memcmp(key.mv_data, place, sizeof(place)) != 0)
        return AYNI_E_NOT_FOUND; /* the next feed */
    walk->placed = true;
    walk->next++;
    return log_row_decode(lmdb_bytes(value), row);
}

enum ayni_status
log_each_entry(struct log_snapshot *snapshot, feed_no feed, uint64_t from, uint64_t to,
               bool (*visit)(void *context, uint64_t seq, const struct log_entry *entry),
               void *context)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    struct log_row row = { 0 };
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->entries, &cursor);
    struct walk walk = { .cursor = cursor, .feed = feed, .next = from };
    enum ayni_status status = lmdb_status(rc);

    while (status == AYNI_OK && walk.next <= to) {
        status = walk_next(&walk, &row);
        if (status == AYNI_OK && !visit(context, walk.next - 1, &row.entry))
            break;
    }
    return status;
}

enum ayni_status log_get_seal(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                              uint64_t *sealed_seq, struct ayni_signature *signature)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    struct log_row row = { 0 };
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->entries, &cursor);
    struct walk walk = { .cursor = cursor, .feed = feed, .next = seq };
    enum ayni_status status = lmdb_status(rc);

    while (status == AYNI_OK && row.seal == NULL)
        status = walk_next(&walk, &row);
    if (status != AYNI_OK)
        return status;
    *sealed_seq = walk.next - 1;
    *signature = *row.seal;
    return AYNI_OK;
}

enum ayni_status log_get_side(struct log_snapshot *snapshot, feed_no feed, uint64_t first,
                              struct ayni_entry *entries, struct ayni_fork_side *side)
{
    struct ayni_fork_side read = { .entries = entries };
    struct log_entry entry;
    uint64_t sealed;
    enum ayni_status status = log_get_seal(snapshot, feed, first, &sealed, &read.signature);

    if (status == AYNI_OK && sealed - first >= AYNI_RUN_ENTRIES_MAX)
        status = AYNI_E_IO; /* the log never holds a longer run */
    for (uint64_t seq = first; status == AYNI_OK && seq <= sealed; seq++) {
        status = log_get_entry(snapshot, feed, seq, &entry);
        if (status != AYNI_OK)
            break;
        ayni_entry_complete(&entry.entry);
        entries[read.count++] = entry.entry;
    }
    if (status == AYNI_OK)
        *side = read;
    return status;
}

/* --- runs --- */

/* AYNI_E_NOT_FOUND after the last run that begins at `seq_max` or before. */
static enum ayni_status read_run(struct walk *walk, uint64_t seq_max, struct ayni_run *run)
{
    struct log_row row = { 0 };

    if (walk->next > seq_max)
        return AYNI_E_NOT_FOUND;
    for (run->count = 0; row.seal == NULL; run->count++) {
        if (run->count == AYNI_RUN_ENTRIES_MAX)
            return AYNI_E_IO;
        enum ayni_status status = walk_next(walk, &row);
        if (status == AYNI_E_NOT_FOUND && run->count > 0)
            return AYNI_E_IO; /* entries that no seal covers */
        if (status != AYNI_OK)
            return status;
        run->entries[run->count] = row.entry.entry;
    }
    run->signature = *row.seal;
    return AYNI_OK;
}

static enum ayni_status append_runs(struct walk *walk, uint64_t seq_max, size_t size_max,
                                    struct ayni_buffer *runs, uint64_t *next)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run run = { .entries = entries };
    size_t start = runs->size;
    size_t before = start;
    enum ayni_status status;

    while ((status = read_run(walk, seq_max, &run)) == AYNI_OK) {
        ayni_run_encode(&run, runs);
        if (ayni_buffer_status(runs) != AYNI_OK)
            return AYNI_E_MEMORY;
        if (before > start && runs->size - start > size_max) {
            runs->size = before; /* one too many */
            return AYNI_OK;
        }
        before = runs->size;
        *next = walk->next;
        if (runs->size - start >= size_max)
            return AYNI_OK;
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status log_read_runs(struct log_snapshot *snapshot, feed_no feed, uint64_t from,
                               uint64_t seq_max, size_t size_max, struct ayni_buffer *runs,
                               uint64_t *next)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->entries, &cursor);

    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    *next = from;
    struct walk walk = { .cursor = cursor, .feed = feed, .next = from };
    return append_runs(&walk, seq_max, size_max, runs, next);
}
