#include "daemon/store/log_private.h"

/* Segments, as they follow from histories, fork points and branches. */

/* --- fork points --- */

/* The first fork point of a history at `from` or after. AYNI_E_NOT_FOUND. */
static enum ayni_status next_point(struct log_snapshot *snapshot, feed_no no, uint64_t from,
                                   uint64_t *seq)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    uint8_t start[LOG_SEQ_KEY_SIZE];
    MDB_val key = { sizeof(start), start };
    MDB_val value;
    int rc = mdb_cursor_open(snapshot->txn, snapshot->store->points, &cursor);

    log_seq_key(no, from, start);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    if (rc != MDB_SUCCESS)
        return lmdb_status(rc);
    const uint8_t *at = key.mv_data;
    if (key.mv_size != LOG_SEQ_KEY_SIZE)
        return AYNI_E_IO;
    if (ayni_get_u32(at) != no)
        return AYNI_E_NOT_FOUND;
    *seq = ayni_get_u64(at + 4);
    return AYNI_OK;
}

/* --- branches --- */

enum ayni_status log_get_branch(struct log_snapshot *snapshot, feed_no root, uint64_t first,
                                const struct ayni_hash *chain, struct log_branch *branch)
{
    struct log_branch sought = { .root = root, .first = first, .chain = *chain };
    uint8_t bytes[LOG_BRANCH_KEY_SIZE];
    MDB_val key = { sizeof(bytes), bytes };
    MDB_val value;

    log_branch_key(&sought, bytes);
    int rc = mdb_get(snapshot->txn, snapshot->store->branches, &key, &value);
    return rc == MDB_SUCCESS ? log_branch_read(lmdb_bytes(key), lmdb_bytes(value), branch)
                             : lmdb_status(rc);
}

/* --- segments --- */

/* From `start` of its history on to the next fork point, or to where the history ends. */
static enum ayni_status measure(struct log_snapshot *snapshot, const struct log_feed *history,
                                uint64_t from, struct log_segment *segment)
{
    struct log_entry last;
    uint64_t end = 0;
    enum ayni_status status =
        history->forked ? next_point(snapshot, history->no, from, &end) : AYNI_E_NOT_FOUND;

    segment->arrival = history->arrival;
    segment->ended = status == AYNI_OK;
    if (status == AYNI_E_NOT_FOUND) {
        segment->head = history->head;
        segment->last_time = history->last_time;
        return AYNI_OK;
    }
    if (status != AYNI_OK || end == segment->start.seq)
        return status;
    status = log_get_entry(snapshot, history->no, end, &last);
    if (status != AYNI_OK)
        return status;
    segment->head = (struct ayni_head){ end, last.chain };
    segment->last_time = last.entry.time;
    return AYNI_OK;
}

static enum ayni_status own_segment(struct log_snapshot *snapshot, const struct log_feed *root,
                                    struct log_segment *segment)
{
    struct ayni_head start = { 0, ayni_chain_start(&root->id) };
    struct log_segment made = {
        .id = root->id,
        .feed = root->id,
        .descriptor = root->descriptor,
        .no = root->no,
        .start = start,
        .head = start,
    };
    enum ayni_status status = measure(snapshot, root, 0, &made);

    if (status == AYNI_OK)
        *segment = made;
    return status;
}

static enum ayni_status branch_segment(struct log_snapshot *snapshot,
                                       const struct log_branch *branch, struct log_segment *segment)
{
    struct log_feed history;
    struct log_entry before;
    struct log_segment made = { .no = branch->no, .first = branch->chain };
    enum ayni_status status = log_get_feed(snapshot, branch->no, &history);

    if (status != AYNI_OK)
        return status;
    made.id = ayni_feed_branch(&history.id, branch->first, &branch->chain);
    made.feed = history.id;
    made.descriptor = history.descriptor;
    made.start.seq = branch->first - 1;
    status = log_get_chain(snapshot, branch->no, made.start.seq, &made.start.chain);
    made.head = made.start;
    if (status == AYNI_OK && branch->held)
        status = measure(snapshot, &history, branch->first, &made);
    else if (status == AYNI_OK && made.start.seq > 0) {
        status = log_find_entry(snapshot, history.no, made.start.seq, &before);
        if (status == AYNI_OK)
            made.last_time = before.entry.time;
    }
    if (status == AYNI_OK)
        *segment = made;
    return status;
}

enum ayni_status log_find_segment(struct log_snapshot *snapshot, const struct ayni_feed *id,
                                  struct log_segment *segment)
{
    struct log_name name;
    struct log_feed root;
    struct log_branch key, branch;
    static const uint8_t nothing[LOG_BRANCH_SIZE];
    enum ayni_status status = log_get_name(snapshot, id, &name);

    if (status == AYNI_OK && !name.is_branch) {
        status = log_get_feed(snapshot, ayni_get_u32(name.numbers.data), &root);
        return status == AYNI_OK ? own_segment(snapshot, &root, segment) : status;
    }
    if (status == AYNI_OK)
        status =
            log_branch_read(name.branch, (struct ayni_bytes){ nothing, sizeof(nothing) }, &key);
    if (status == AYNI_OK)
        status = log_get_branch(snapshot, key.root, key.first, &key.chain, &branch);
    return status == AYNI_OK ? branch_segment(snapshot, &branch, segment) : status;
}

/* Where a walk over segments is. */
struct walk {
    struct log_snapshot *snapshot;
    bool (*visit)(void *context, const struct log_segment *segment);
    void *context;
    enum ayni_status status;
    bool stopped;
};

static bool visit_own(void *context, const struct log_feed *feed)
{
    struct walk *walk = context;
    struct log_segment segment;

    if (feed->parent != 0)
        return true; /* of a branch */
    walk->status = own_segment(walk->snapshot, feed, &segment);
    walk->stopped = walk->status != AYNI_OK || !walk->visit(walk->context, &segment);
    return !walk->stopped;
}

/* The branches of one feed, or of all (0). */
static enum ayni_status visit_branches(struct walk *walk, feed_no root)
{
    SCOPED_LMDB_CURSOR *cursor = NULL;
    uint8_t start[LOG_FEED_KEY_SIZE];
    MDB_val key = { sizeof(start), start };
    MDB_val value;
    struct log_branch branch;
    struct log_segment segment;
    int rc = mdb_cursor_open(walk->snapshot->txn, walk->snapshot->store->branches, &cursor);

    log_feed_key(root, start);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    for (; rc == MDB_SUCCESS; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        enum ayni_status status = log_branch_read(lmdb_bytes(key), lmdb_bytes(value), &branch);
        if (status == AYNI_OK && root != 0 && branch.root != root)
            return AYNI_OK;
        if (status == AYNI_OK)
            status = branch_segment(walk->snapshot, &branch, &segment);
        if (status != AYNI_OK || !walk->visit(walk->context, &segment))
            return status;
    }
    return rc == MDB_NOTFOUND ? AYNI_OK : lmdb_status(rc);
}

enum ayni_status log_each_segment(struct log_snapshot *snapshot,
                                  bool (*visit)(void *context, const struct log_segment *segment),
                                  void *context)
{
    struct walk walk = { .snapshot = snapshot, .visit = visit, .context = context };
    enum ayni_status status = log_each_feed(snapshot, visit_own, &walk);

    if (status != AYNI_OK || walk.stopped)
        return status != AYNI_OK ? status : walk.status;
    return visit_branches(&walk, 0);
}

enum ayni_status
log_each_segment_of(struct log_snapshot *snapshot, const struct ayni_feed *feed,
                    bool (*visit)(void *context, const struct log_segment *segment), void *context)
{
    struct walk walk = { .snapshot = snapshot, .visit = visit, .context = context };
    struct log_feed root;
    enum ayni_status status = log_find_feed(snapshot, feed, &root);

    if (status == AYNI_OK)
        visit_own(&walk, &root);
    if (status != AYNI_OK || walk.stopped)
        return status != AYNI_OK ? status : walk.status;
    return visit_branches(&walk, root.no);
}
