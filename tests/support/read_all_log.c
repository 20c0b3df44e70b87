#include <stdlib.h>

#include "daemon/federation/federation.h"
#include "daemon/net/acks.h"
#include "daemon/net/fork_evidence.h"
#include "daemon/net/net_private.h"
#include "daemon/net/peer_book.h"
#include "daemon/net/sync_reads.h"
#include "daemon/records/audit.h"
#include "daemon/records/change_feed.h"
#include "daemon/records/projection/arrivals.h"
#include "daemon/records/projection/projection.h"
#include "daemon/records/projection/projector_private.h"
#include "daemon/records/writing/author_feed.h"
#include "tests/support/listener.h"
#include "tests/support/node_pair.h"
#include "tests/support/read_all.h"

enum { ENTRIES_EACH = 24, SIZE_EACH = 65536 };

/* --- feeds --- */

static void read_entries(struct log_snapshot *log, const struct log_feed *feed)
{
    struct ayni_signature signature;
    struct log_entry entry;
    struct ayni_hash chain;
    struct log_stub stub;
    const struct ayni_hash chains[2] = { { { 1 } }, { { 2 } } };
    struct log_fork fork;
    uint64_t sealed;

    for (uint64_t seq = 0; seq <= ENTRIES_EACH; seq++) {
        (void)!log_get_entry(log, feed->no, seq, &entry);
        (void)!log_get_chain(log, feed->no, seq, &chain);
        (void)!log_get_seal(log, feed->no, seq, &sealed, &signature);
        (void)!log_get_stub(log, feed->no, seq, &stub);
        (void)!log_get_fork(log, &feed->id, seq, chains, &fork);
    }
    (void)!log_get_entry(log, feed->no, feed->head.seq, &entry);
}

static bool pass_segment(void *context, const struct log_segment *segment)
{
    (void)context;
    (void)segment;
    return true;
}

/* Who looks at feeds: at every fourth, from one on. */
struct feeds_reading {
    struct test_node *node;
    struct log_snapshot *log;
    unsigned which;
};

static bool is_meant(const struct feeds_reading *reading, const struct log_feed *feed)
{
    return feed->no % 4 == reading->which % 4;
}

static bool read_feed(void *context, const struct log_feed *feed)
{
    const struct feeds_reading *reading = context;
    struct log_snapshot *log = reading->log;
    SCOPED_BUFFER runs = { 0 };
    struct log_feed found;
    uint64_t next;

    if (!is_meant(reading, feed))
        return true;
    read_entries(log, feed);
    (void)!log_find_feed(log, &feed->id, &found);
    (void)!log_each_segment_of(log, &feed->id, pass_segment, NULL);
    (void)!log_find_history(log, &feed->id, feed->head.seq,
                            (struct ayni_bytes){ feed->head.chain.bytes, 8 }, &found);
    (void)!log_read_runs(log, feed->no, 1, UINT64_MAX, SIZE_EACH, &runs, &next);
    (void)!log_read_runs(log, feed->no, feed->head.seq, feed->head.seq, SIZE_EACH, &runs, &next);
    return true;
}

static bool pass_arrival(void *context, const struct log_arrival *arrival)
{
    (void)context;
    (void)arrival;
    return true;
}

static bool pass_fork(void *context, const struct log_fork *fork)
{
    struct ayni_fork_proof proof;

    (void)context;
    (void)!ayni_fork_proof_decode(fork->proof, &proof);
    return true;
}

/* --- for peers --- */

static bool serve_feed(void *context, const struct log_feed *feed)
{
    const struct feeds_reading *reading = context;
    struct test_node *node = reading->node;
    SCOPED_BUFFER runs = { 0 };
    struct ayni_chain_point points[AYNI_CHAIN_POINTS_MAX];
    struct ayni_sync_runs run_answer;
    struct ayni_sync_chains chain_answer;
    struct ayni_sync_compared compared;
    const struct ayni_sync_read read = { .feed = feed->id,
                                         .size_max = SIZE_EACH,
                                         .seq_max = UINT64_MAX };
    const struct ayni_sync_trace trace = { .feed = feed->id, .low = 0, .high = ENTRIES_EACH };
    struct ayni_sync_compare compare = { .feed = feed->id, .low = 0, .high = ENTRIES_EACH };

    if (!is_meant(reading, feed))
        return true;
    sync_read_runs(node->log, &read, &runs, &run_answer);
    sync_read_chains(node->log, &trace, points, &chain_answer);
    compare.points = chain_answer.points;
    compare.point_count = chain_answer.point_count;
    sync_read_compared(node->log, &compare, &compared);
    return true;
}

/* --- what this node keeps of itself --- */

static void read_settings(struct test_node *node, struct log_snapshot *log)
{
    SCOPED_BUFFER added = { 0 };
    struct author_feeds feeds = { .root = test_root().node, .node = node->keys.node };
    struct author_feed *feed;
    struct peer_book book = { 0 };

    for (uint8_t lane = 0; lane <= AYNI_LANE_BULK; lane++)
        (void)!author_feed_get(&feeds, log, &test_visits, lane, &feed);
    author_feeds_forget(&feeds);
    if (log_get_setting(log, net_peers_setting, &added) == AYNI_OK &&
        peer_book_decode(ayni_buffer_bytes(&added), &book) == AYNI_OK)
        peer_book_free(&book);
}

static void read_federation(struct test_node *node)
{
    struct identity identity = { .node = node->keys.node, .secret = &node->keys.secret };
    struct federation *federation;
    struct peer_settings acks = acks_of_log(node->log, node->writer);

    if (federation_open(node->log, node->writer, &identity, &federation) == AYNI_OK) {
        (void)federation_ticket(federation);
        federation_close(federation);
    }
    (void)acks_of(&acks, &test_innova.keys.node);
    peer_settings_free(&acks);
}

static void read_rest(struct test_node *node, struct log_snapshot *log)
{
    struct log_space space;
    uint64_t last;

    (void)!log_each_arrival(log, 0, pass_arrival, NULL);
    (void)!log_each_fork(log, pass_fork, NULL);
    (void)log_last_arrival(log);
    (void)!log_last_drop(log, &last);
    (void)!log_measure(node->log, &space);
    read_settings(node, log);
    read_federation(node);
}

/* --- what follows the log --- */

static void note_failure(void *context, const struct audit_failure *failure)
{
    (void)context;
    (void)failure;
}

static bool pass_change(void *context, const struct charter *charter, const struct change *change)
{
    (void)context;
    (void)charter;
    (void)change;
    return true;
}

struct anew {
    struct projection projection;
    bool from_nothing;
};

static enum ayni_status project(void *context, struct views_txn *txn)
{
    struct anew *anew = context;
    enum ayni_status status = anew->from_nothing ? views_clear(txn) : AYNI_OK;

    if (status == AYNI_OK)
        status = projection_make(&anew->projection, txn);
    return status == AYNI_OK ? AYNI_E_STOPPED : status; /* and nothing of it stays */
}

/* What the projector would do with it: from nothing with so many entries, or with what is left to
 * do.
 */
static void project_all(struct test_node *node, struct log_snapshot *log, bool from_nothing,
                        size_t entries_max)
{
    struct views_snapshot *views = NULL;
    struct projector *projector = node->records.projector;
    struct arrivals_wish wish = { .root = &projector->owner.root,
                                  .epoch_keys = projector->working->epoch_keys,
                                  .from = from_nothing ? 1 : 0,
                                  .entries_max = entries_max,
                                  .stop = &projector->stop };
    struct arrivals arrivals = { 0 };
    struct anew anew = { .from_nothing = from_nothing,
                         .projection = { .owner = &projector->owner,
                                         .before = projector->working,
                                         .log = log,
                                         .arrivals = &arrivals,
                                         .refold_max = 1000,
                                         .hooks = projector->hooks,
                                         .hook_count = projector->hook_count,
                                         .stop = &projector->stop } };
    enum ayni_status status = views_snapshot_begin(node->views, &views);

    wish.views = views;
    if (status == AYNI_OK)
        status = arrivals_take(log, &wish, &arrivals);
    views_snapshot_end(views);
    if (status == AYNI_OK)
        (void)!views_update(node->views, project, &anew);
    arrivals_free(&arrivals);
    if (anew.projection.charter != NULL)
        charter_release(anew.projection.charter);
}

static void follow_log(struct test_node *node, unsigned which)
{
    struct audit_listener listener = { NULL, note_failure, test_go_on };
    struct change_cursor cursor = { .arrival = 1 + which / 2 };
    struct audit_counts counts;
    bool more;

    if (which % 2 == 0)
        (void)!audit_run(&node->records, false, &listener, &counts);
    else
        (void)!change_feed_read(&node->records, &cursor, pass_change, NULL, &more);
}

void read_all_log(struct test_node *node, unsigned part, unsigned which)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct charter *charter;

    test_must(log_snapshot_begin(node->log, &log), "snapshot");
    struct feeds_reading feeds = { node, log, which };
    switch ((enum read_log_part)part) {
    case READ_LOG_FEEDS:
        (void)!log_each_feed(log, read_feed, &feeds);
        break;
    case READ_LOG_FOR_PEERS:
        (void)!log_each_feed(log, serve_feed, &feeds);
        break;
    case READ_LOG_REST:
        read_rest(node, log);
        break;
    case READ_LOG_FOLLOWED:
        follow_log(node, which);
        break;
    case READ_LOG_CHARTER:
        if (charter_from_log(&node->records.projector->owner, log, &charter) == AYNI_OK)
            charter_release(charter);
        break;
    case READ_LOG_ANEW:
    case READ_LOG_GOES_ON:
        project_all(node, log, part == READ_LOG_ANEW, which);
        break;
    }
}
