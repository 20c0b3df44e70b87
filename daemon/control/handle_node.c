/* ping, status, sync: how this node is. */
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/control/commands.h"
#include "daemon/control/lag_item.h"
#include "daemon/control/node_problems.h"
#include "daemon/control/peer_item.h"
#include "daemon/control/sealed_problems.h"
#include "daemon/daemon.h"
#include "daemon/eraser.h"
#include "daemon/federation/federation.h"
#include "daemon/federation/membership.h"
#include "daemon/net/holes.h"
#include "daemon/net/net.h"
#include "daemon/records/conflict.h"
#include "daemon/records/problem.h"
#include "daemon/records/projection/projector.h"
#include "daemon/records/reader.h"
#include "daemon/records/space_access.h"
#include "daemon/store/log.h"
#include "daemon/store/views.h"
#include "proto/registry.h"

enum { SYNC_POLL_MS = 50, SYNC_TIMEOUT_S = 60 };

static enum ayni_status handle_ping(struct daemon *daemon, struct control_call *call)
{
    (void)daemon;
    return call_send_done(call);
}

/* --- status --- */

/* What one answer is made of, gathered before it is written. */
struct picture {
    const struct charter *charter;
    struct net_peer *peers;
    struct net_space *spaces;
    size_t peer_count, space_count;
    uint64_t *entries; /* by space */
    uint64_t conflicts, problems, payloads_missing;
    struct quotas quotas;
    struct log_space log;
    struct views_space views;
    struct room_measures room;
    uint64_t scrub_needed; /* bytes that must be free for it */
    struct projector_progress projector;
    struct net_breaches breaches;
};

static void picture_done(struct picture *picture)
{
    free(picture->peers);
    net_spaces_free(picture->spaces, picture->space_count);
    free(picture->entries);
    quotas_free(&picture->quotas);
}
#define SCOPED_PICTURE __attribute__((cleanup(picture_done))) struct picture

static bool count_entries(void *context, const struct log_feed *feed)
{
    struct picture *picture = context;

    for (size_t i = 0; i < picture->space_count; i++)
        if (ayni_id_equal(&picture->spaces[i].space, &feed->descriptor.space))
            picture->entries[i] += log_feed_count(feed);
    return true;
}

static enum ayni_status measure_stores(struct daemon *daemon, struct picture *picture)
{
    projector_measure(daemon->records.projector, &picture->projector);
    room_measure(daemon->room, &picture->room);
    picture->scrub_needed = eraser_room_needed(daemon->eraser);
    enum ayni_status status = log_measure(daemon->log, &picture->log);

    return status == AYNI_OK ? views_measure(daemon->views, &picture->views) : status;
}

/* Before a reader is open: the network and the stores are not asked while a snapshot is held. */
static enum ayni_status gather_world(struct daemon *daemon, struct picture *picture)
{
    enum ayni_status status = net_peers(daemon->net, &picture->peers, &picture->peer_count);

    if (status == AYNI_OK)
        status = net_spaces(daemon->net, &picture->spaces, &picture->space_count);
    if (status == AYNI_OK)
        status = measure_stores(daemon, picture);
    net_count_breaches(daemon->net, &picture->breaches);
    picture->payloads_missing = holes_count(daemon->views);
    return status;
}

static enum ayni_status gather_records(struct reader *reader, struct picture *picture)
{
    uint64_t of_nodes = 0, of_keys = 0;

    picture->charter = reader_charter(reader);
    picture->entries = calloc(picture->space_count + 1, sizeof(*picture->entries));
    if (picture->entries == NULL)
        return AYNI_E_MEMORY;
    enum ayni_status status = log_each_feed(reader_log(reader), count_entries, picture);
    if (status == AYNI_OK)
        status = conflicts_count(reader, CONFLICT_OPEN, &picture->conflicts);
    if (status == AYNI_OK)
        status = problems_count(reader, &picture->problems);
    if (status == AYNI_OK)
        status = quotas_read(reader_log(reader), &picture->quotas);
    if (status == AYNI_OK)
        status = node_problems_count(reader_log(reader), &picture->quotas, &of_nodes);
    if (status == AYNI_OK)
        status = sealed_problems_count(reader, &of_keys);
    picture->problems += of_nodes + of_keys;
    return status;
}

/* Where authors have as many feeds as are taken. */
struct used_up {
    struct ayni_control_writer *item;
    const struct ayni_space *space;
    const struct ayni_node *last; /* lanes of one node stand together */
};

static bool put_used_up(void *context, const struct quota_use *use)
{
    struct used_up *used_up = context;

    if (!quota_is_used_up(use) || !ayni_id_equal(&use->space, used_up->space) ||
        (used_up->last != NULL && ayni_id_equal(used_up->last, &use->node)))
        return true;
    ayni_control_put_node(used_up->item, NULL, &use->node);
    used_up->last = &use->node;
    return true;
}

static void put_space(struct ayni_control_writer *item, const struct picture *picture, size_t i)
{
    const struct net_space *space = &picture->spaces[i];

    ayni_control_open_object(item, NULL);
    put_space_name(item, picture->charter, &space->space);
    ayni_control_put_int(item, "entries", (int64_t)picture->entries[i]);
    put_lags(item, space);
    if (space_access_awaits_key(picture->charter, &space->space))
        ayni_control_put_bool(item, "awaits_key", true);
    ayni_control_open_array(item, "over_quota");
    quotas_each(&picture->quotas, put_used_up, &(struct used_up){ item, &space->space, NULL });
    ayni_control_close(item);
    ayni_control_close(item);
}

static void put_refused(struct ayni_control_writer *item, const struct net_breaches *breaches)
{
    ayni_control_open_object(item, "refused");
    ayni_control_put_int(item, "strangers", (int64_t)breaches->strangers);
    ayni_control_put_int(item, "messages", (int64_t)breaches->messages);
    ayni_control_put_int(item, "runs", (int64_t)breaches->runs);
    ayni_control_put_int(item, "forks", (int64_t)breaches->forks);
    ayni_control_close(item);
}

static void put_store(struct ayni_control_writer *item, const struct picture *picture)
{
    const struct log_space *log = &picture->log;
    const struct views_space *views = &picture->views;

    ayni_control_open_object(item, "store");
    ayni_control_put_int(item, "bytes", (int64_t)(log->file_bytes + views->file_bytes));
    ayni_control_put_int(item, "free", (int64_t)picture->room.free_bytes);
    ayni_control_put_int(item, "log_bytes", (int64_t)log->file_bytes);
    ayni_control_put_int(item, "views_bytes", (int64_t)views->file_bytes);
    ayni_control_put_int(item, "unused_bytes", (int64_t)(log->unused_bytes + views->unused_bytes));
    ayni_control_put_text(item, "state", room_state_name(picture->room.state));
    ayni_control_put_int(item, "needed", (int64_t)picture->room.needed_bytes);
    ayni_control_put_int(item, "scrub_needed", (int64_t)picture->scrub_needed);
    ayni_control_put_int(item, "behind",
                         (int64_t)(picture->projector.last - picture->projector.position));
    ayni_control_close(item);
}

/* What a steward from afar gives as `--node`. */
static void put_control(struct ayni_control_writer *item, struct daemon *daemon)
{
    char endpoint[CONFIG_TEXT_MAX + 80];

    net_steward_endpoint(daemon->net, endpoint, sizeof(endpoint));
    if (endpoint[0] == '\0')
        ayni_control_put_null(item, "control");
    else
        ayni_control_put_text(item, "control", endpoint);
}

static void put_status(struct ayni_control_writer *item, struct daemon *daemon,
                       const struct picture *picture)
{
    const struct ayni_ticket *ticket = federation_ticket(daemon->federation);

    ayni_control_open_object(item, NULL);
    ayni_control_put_node(item, "node", &daemon->identity.node);
    ayni_control_put_text(item, "name", federation_node_name(daemon->federation));
    if (ticket != NULL)
        ayni_control_put_string(item, "federation", ticket->federation);
    else
        ayni_control_put_null(item, "federation");
    ayni_control_put_text(item, "state",
                          membership_state(picture->charter, &daemon->identity.node));
    ayni_control_put_bool(item, "hearing", net_is_hearing(daemon->net));
    put_peers(item, "peers", picture->charter, picture->peers, picture->peer_count);
    ayni_control_open_array(item, "spaces");
    for (size_t i = 0; i < picture->space_count; i++)
        put_space(item, picture, i);
    ayni_control_close(item);
    put_differences(item, picture->charter, picture->spaces, picture->space_count);
    ayni_control_put_int(item, "payloads_missing", (int64_t)picture->payloads_missing);
    ayni_control_put_int(item, "conflicts", (int64_t)picture->conflicts);
    ayni_control_put_int(item, "problems", (int64_t)picture->problems);
    put_control(item, daemon);
    put_refused(item, &picture->breaches);
    put_store(item, picture);
    ayni_control_close(item);
}

static enum ayni_status make_status(struct daemon *daemon, struct control_call *call)
{
    SCOPED_READER *reader = NULL;
    SCOPED_PICTURE picture = { 0 };

    enum ayni_status status = gather_world(daemon, &picture);
    if (status == AYNI_OK)
        status = reader_begin(&daemon->records, &reader);
    if (status == AYNI_OK)
        status = gather_records(reader, &picture);
    if (status == AYNI_OK)
        put_status(call_item(call), daemon, &picture);
    return status;
}

/* Sent when the reader has ended: a client that reads slowly keeps no snapshot open. */
static enum ayni_status handle_status(struct daemon *daemon, struct control_call *call)
{
    enum ayni_status status = make_status(daemon, call);

    return status == AYNI_OK ? call_send(call) : status;
}

/* --- sync --- */

/* All that can be reached agree with us, at least one of them, and views/ has caught up. */
static bool is_in_sync(struct daemon *daemon, const struct net_peer *peers, size_t count)
{
    size_t connected = 0;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(peers[i].state, "connected") != 0)
            continue;
        connected++;
        if (!peers[i].in_sync)
            return false;
    }
    return connected > 0 && projector_is_caught_up(daemon->records.projector);
}

static enum ayni_status answer_sync(struct control_call *call, const struct charter *charter,
                                    bool in_sync, const struct net_peer *peers, size_t count)
{
    struct ayni_control_writer *item = call_item(call);

    ayni_control_open_object(item, NULL);
    ayni_control_put_bool(item, "in_sync", in_sync);
    put_peers(item, "peers", charter, peers, count);
    ayni_control_close(item);
    return call_send(call);
}

static uint64_t behind_of(const struct net_peer *peers, size_t count)
{
    uint64_t behind = 0;

    for (size_t i = 0; i < count; i++)
        behind = net_peer_behind(&peers[i]) > behind ? net_peer_behind(&peers[i]) : behind;
    return behind;
}

/* Look until all is in sync, `until_ms` has come, or nobody waits any more; `*peers` is how it
 * ended. */
static enum ayni_status wait_for_sync(struct daemon *daemon, struct control_call *call,
                                      uint64_t until_ms, bool *in_sync, struct net_peer **peers,
                                      size_t *count)
{
    uint64_t most = 0;

    for (;;) {
        enum ayni_status status = net_peers(daemon->net, peers, count);
        if (status != AYNI_OK)
            return status;
        *in_sync = is_in_sync(daemon, *peers, *count);
        if (*in_sync || clock_ticks_ms() >= until_ms)
            return AYNI_OK;
        uint64_t behind = behind_of(*peers, *count);
        most = behind > most ? behind : most;
        if (most > 0)
            status = call_progress(call, most - behind, most);
        if (status != AYNI_OK || call_wait(call, SYNC_POLL_MS)) {
            free(*peers);
            return AYNI_E_STOPPED;
        }
        free(*peers);
    }
}

static enum ayni_status handle_sync(struct daemon *daemon, struct control_call *call)
{
    struct net_peer *peers;
    size_t count;
    int64_t timeout;
    bool wait, in_sync;

    enum ayni_status status = call_flag(call, "wait", &wait);
    if (status == AYNI_OK)
        status = call_int_or(call, "timeout", SYNC_TIMEOUT_S, &timeout);
    if (status != AYNI_OK)
        return status;
    if (timeout < 0)
        return call_fail(call, AYNI_E_USAGE, N_("--timeout: a number of seconds, 0 or more"), NULL);
    net_sync_now(daemon->net);
    uint64_t until_ms = wait ? clock_ticks_ms() + (uint64_t)timeout * 1000 : 0;
    status = wait_for_sync(daemon, call, until_ms, &in_sync, &peers, &count);
    if (status != AYNI_OK)
        return status;
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    status = answer_sync(call, charter, in_sync, peers, count);
    free(peers);
    if (status != AYNI_OK || in_sync || !wait)
        return status;
    return call_answer_no(call);
}

const struct control_command control_node_commands[] = {
    { "ping", handle_ping, CONTROL_NEED_NOTHING },
    { "status", handle_status, CONTROL_NEED_NOTHING },
    { "sync", handle_sync, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
