#include "daemon/net/sync_driver.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/net/intake.h"
#include "daemon/records/author.h"
#include "daemon/report.h"
#include "proto/cbor.h"
#include "proto/registry.h"

/* A batch that the log writer has done with, on its way back to the net thread. */
struct finished {
    uint64_t number;
    enum ayni_status status;
    struct finished *next;
};

struct sync_driver {
    struct sync_driver_options options;
    struct ayni_sync *engine;
    struct intake *intake;
    const struct charter *charter; /* held */
    uint64_t told_arrival;         /* heads up to here are told */
    struct ayni_buffer runs;       /* of the last READ */
    uint64_t refused_runs;
    pthread_mutex_t lock; /* of what follows */
    struct finished *finished, **finished_last;
};

static void handle(struct sync_driver *driver, struct ayni_sync_event *event);

/* --- heads --- */

static struct ayni_sync_event head_event(const struct log_feed *feed)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };

    event.head = (struct ayni_sync_head){
        .feed = feed->id,
        .descriptor = feed->descriptor,
        .seq = feed->head.seq,
        .chain = feed->head.chain,
        .arrival = feed->arrival,
        .forked = feed->forked,
        .fork_seq = feed->fork_seq,
        .fork_chain = feed->fork_chain,
    };
    return event;
}

static bool tell_head(void *context, const struct log_feed *feed)
{
    struct sync_driver *driver = context;
    struct ayni_sync_event event = head_event(feed);

    if (feed->head.seq > 0)
        handle(driver, &event);
    return true;
}

struct moved {
    struct sync_driver *driver;
    struct log_snapshot *snapshot;
};

static bool tell_arrival(void *context, const struct log_arrival *arrival)
{
    struct moved *moved = context;
    struct log_feed feed;

    moved->driver->told_arrival = arrival->no;
    if (log_get_feed(moved->snapshot, arrival->feed, &feed) != AYNI_OK)
        return true;
    /* A feed that moved several times is told once, with its last arrival. */
    if (feed.arrival == arrival->no)
        tell_head(moved->driver, &feed);
    return true;
}

/* Tell the heads that moved since the last time, in the order in which they came. */
static void tell_moved(struct sync_driver *driver)
{
    struct log_snapshot *snapshot;

    if (log_snapshot_begin(driver->options.log, &snapshot) != AYNI_OK)
        return;
    struct moved moved = { driver, snapshot };
    enum ayni_status status =
        log_each_arrival(snapshot, driver->told_arrival + 1, tell_arrival, &moved);
    log_snapshot_end(snapshot);
    if (status != AYNI_OK)
        report(REPORT_ERROR, "journal_not_read", "reason=%s", ayni_status_name(status));
}

/* --- what the engine asks to read --- */

static enum ayni_status read_runs(struct sync_driver *driver, struct log_snapshot *snapshot,
                                  const struct ayni_sync_read *read, uint64_t *to)
{
    struct log_feed feed;
    struct ayni_hash chain;
    uint64_t next;

    enum ayni_status status = log_find_feed(snapshot, &read->feed, &feed);
    if (status == AYNI_OK && read->from > feed.head.seq)
        status = AYNI_E_NOT_FOUND;
    if (status == AYNI_OK && read->has_mark) {
        status = log_get_chain(snapshot, feed.no, read->from, &chain);
        if (status == AYNI_OK &&
            memcmp(chain.bytes, read->mark.bytes, sizeof(read->mark.bytes)) != 0)
            status = AYNI_E_FORK;
    }
    *to = read->from;
    if (status != AYNI_OK || read->from == feed.head.seq)
        return status;
    status = log_read_runs(snapshot, feed.no, read->from + 1, read->seq_max, read->size_max,
                           &driver->runs, &next);
    if (status == AYNI_OK)
        *to = next - 1;
    return status;
}

static void answer_read(struct sync_driver *driver, const struct ayni_sync_read *read)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_RUNS };
    struct log_snapshot *snapshot;

    ayni_buffer_clear(&driver->runs);
    enum ayni_status status = log_snapshot_begin(driver->options.log, &snapshot);
    if (status == AYNI_OK) {
        status = read_runs(driver, snapshot, read, &event.runs.to);
        log_snapshot_end(snapshot);
    }
    event.runs.status = status;
    event.runs.runs = ayni_buffer_bytes(&driver->runs);
    handle(driver, &event);
}

static bool point_at(struct log_snapshot *snapshot, feed_no feed, uint64_t seq,
                     struct ayni_chain_point *point)
{
    struct ayni_hash chain;

    if (log_get_chain(snapshot, feed, seq, &chain) != AYNI_OK)
        return false;
    *point = (struct ayni_chain_point){ seq, ayni_chain_mark_of(&chain) };
    return true;
}

static void answer_chains(struct sync_driver *driver, const struct ayni_sync_trace *trace)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_CHAINS };
    struct ayni_chain_point points[AYNI_CHAIN_POINTS_MAX];
    struct log_snapshot *snapshot;
    struct log_feed feed;
    uint64_t between = trace->high - trace->low - 1;
    uint64_t count = between < AYNI_CHAIN_POINTS_MAX ? between : AYNI_CHAIN_POINTS_MAX;

    event.chains.points = points;
    if (log_snapshot_begin(driver->options.log, &snapshot) == AYNI_OK) {
        if (log_find_feed(snapshot, &trace->feed, &feed) == AYNI_OK)
            for (uint64_t i = 1; i <= count; i++)
                if (point_at(snapshot, feed.no, trace->low + i * (between + 1) / (count + 1),
                             &points[event.chains.point_count]))
                    event.chains.point_count++;
        log_snapshot_end(snapshot);
    }
    handle(driver, &event);
}

static void answer_compare(struct sync_driver *driver, const struct ayni_sync_compare *compare)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_COMPARED };
    struct log_snapshot *snapshot;
    struct log_feed feed;

    event.compared = (struct ayni_sync_compared){ compare->low, compare->high };
    if (log_snapshot_begin(driver->options.log, &snapshot) == AYNI_OK) {
        bool held = log_find_feed(snapshot, &compare->feed, &feed) == AYNI_OK;
        for (size_t i = 0; held && i < compare->point_count; i++) {
            struct ayni_chain_point own;
            bool same =
                point_at(snapshot, feed.no, compare->points[i].seq, &own) &&
                memcmp(own.mark.bytes, compare->points[i].mark.bytes, sizeof(own.mark.bytes)) == 0;
            if (!same) {
                event.compared.high = compare->points[i].seq;
                break;
            }
            event.compared.low = compare->points[i].seq;
        }
        log_snapshot_end(snapshot);
    }
    handle(driver, &event);
}

/* --- what the engine asks to store --- */

/* The registry's own feeds come before anything is known of their authors. */
static enum ayni_status check_author(const struct sync_driver *driver,
                                     const struct ayni_feed_descriptor *descriptor)
{
    const struct charter *charter = driver->charter;
    size_t count;

    if (ayni_id_equal(&descriptor->space, &charter->registry_space))
        return AYNI_OK;
    if (ayni_registry_space_info(charter->registry, &descriptor->space) == NULL)
        return AYNI_E_NOT_FOUND;
    const struct ayni_space_info *space =
        ayni_registry_space_info(charter->registry, &descriptor->space);
    if (ayni_id_equal(&space->owner, &descriptor->node) ||
        ayni_id_equal(&space->creator, &descriptor->node))
        return AYNI_OK;
    const struct ayni_standing_pair *pairs =
        ayni_registry_space_members(charter->registry, &descriptor->space, &count);
    for (size_t i = 0; i < count; i++)
        if (ayni_id_equal(&pairs[i].node, &descriptor->node))
            return AYNI_OK;
    const struct ayni_node *steering = ayni_registry_steering(charter->registry);
    return steering != NULL && ayni_id_equal(steering, &descriptor->node) ? AYNI_OK : AYNI_E_RIGHT;
}

static void refuse(struct sync_driver *driver, uint64_t number, enum ayni_status status)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_REFUSED };

    event.store = number;
    event.status = status;
    handle(driver, &event);
}

static bool is_breach(enum ayni_status status)
{
    return status == AYNI_E_SIGNATURE || status == AYNI_E_MALFORMED || status == AYNI_E_INVALID ||
           status == AYNI_E_LIMIT;
}

static void store(struct sync_driver *driver, const struct ayni_node *peer,
                  const struct ayni_sync_store *batch, bool is_fork)
{
    char node[AYNI_NODE_TEXT_SIZE];
    enum ayni_status status = check_author(driver, &batch->descriptor);

    /* Somebody holds what this node wrote and its log doesn't: never go on in those feeds. */
    if (status == AYNI_OK &&
        ayni_id_equal(&batch->descriptor.node, &driver->options.identity->node))
        status = author_renew(driver->options.author);
    if (status == AYNI_OK)
        status = is_fork ? intake_take_fork(driver->intake, &driver->options.root, batch)
                         : intake_take(driver->intake, batch);
    if (status == AYNI_OK)
        return;
    if (is_breach(status)) {
        driver->refused_runs++;
        ayni_node_text(peer, node);
        report(REPORT_WARNING, "runs_refused", "reason=%s peer=%.8s from=%" PRIu64,
               ayni_status_name(status), node, batch->from);
    }
    refuse(driver, batch->number, status);
}

/* In the log writer's thread. */
static void note_finished(void *context, uint64_t number, enum ayni_status status)
{
    struct sync_driver *driver = context;
    struct finished *finished = malloc(sizeof(*finished));

    if (finished == NULL) {
        report(REPORT_ERROR, "out_of_memory", "where=sync_driver");
        return;
    }
    *finished = (struct finished){ number, status, NULL };
    pthread_mutex_lock(&driver->lock);
    *driver->finished_last = finished;
    driver->finished_last = &finished->next;
    pthread_mutex_unlock(&driver->lock);
    driver->options.wake(driver->options.peers.context);
}

static void tell_finished(struct sync_driver *driver)
{
    pthread_mutex_lock(&driver->lock);
    struct finished *finished = driver->finished;
    driver->finished = NULL;
    driver->finished_last = &driver->finished;
    pthread_mutex_unlock(&driver->lock);

    tell_moved(driver);
    while (finished != NULL) {
        struct finished *next = finished->next;
        struct ayni_sync_event event = { .type = finished->status == AYNI_OK ? AYNI_SYNC_STORED
                                                                             : AYNI_SYNC_REFUSED };
        event.store = finished->number;
        event.status = finished->status;
        intake_settle(driver->intake, finished->number, finished->status);
        handle(driver, &event);
        free(finished);
        finished = next;
    }
}

/* --- what peers have acknowledged, kept across restarts --- */

struct ack_job {
    struct log_job job; /* first */
    char name[AYNI_NODE_TEXT_SIZE + 8];
    struct ayni_buffer value;
};

static void ack_name(const struct ayni_node *peer, char *name, size_t size)
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(peer, text);
    snprintf(name, size, "ack/%s", text);
}

static enum ayni_status put_ack(struct log_job *job, struct log_txn *txn)
{
    struct ack_job *ack = (struct ack_job *)job;

    return log_txn_put_setting(txn, ack->name, ayni_buffer_bytes(&ack->value));
}

static void free_ack(struct log_job *job, enum ayni_status status)
{
    struct ack_job *ack = (struct ack_job *)job;

    if (status != AYNI_OK)
        report(REPORT_WARNING, "ack_not_kept", "reason=%s", ayni_status_name(status));
    ayni_buffer_free(&ack->value);
    free(ack);
}

static void keep_ack(struct sync_driver *driver, const struct ayni_node *peer,
                     const struct ayni_sync_acked *acked)
{
    struct ack_job *ack = calloc(1, sizeof(*ack));

    if (ack == NULL)
        return; /* losing it costs time alone */
    ack->job = (struct log_job){ .run = put_ack, .done = free_ack };
    ack_name(peer, ack->name, sizeof(ack->name));
    ayni_cbor_put_array(&ack->value, 2);
    ayni_cbor_put_id(&ack->value, &acked->instance);
    ayni_cbor_put_uint(&ack->value, acked->arrival);
    if (ack->value.failed || log_writer_submit(driver->options.writer, &ack->job) != AYNI_OK) {
        ayni_buffer_free(&ack->value);
        free(ack);
    }
}

static void load_ack(struct sync_driver *driver, const struct ayni_node *peer,
                     struct ayni_sync_up *up)
{
    SCOPED_BUFFER value = { 0 };
    char name[AYNI_NODE_TEXT_SIZE + 8];
    struct log_snapshot *snapshot;

    ack_name(peer, name, sizeof(name));
    if (log_snapshot_begin(driver->options.log, &snapshot) != AYNI_OK)
        return;
    if (log_get_setting(snapshot, name, &value) == AYNI_OK) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(ayni_buffer_bytes(&value));
        struct ayni_sync_up read = { 0 };
        if (ayni_cbor_read_array(&reader) != 2)
            ayni_cbor_fail(&reader, AYNI_E_MALFORMED);
        ayni_cbor_read_id(&reader, &read.acked_instance);
        read.acked_arrival = ayni_cbor_read_uint(&reader);
        if (ayni_cbor_done(&reader) == AYNI_OK) {
            up->acked_instance = read.acked_instance;
            up->acked_arrival = read.acked_arrival;
        }
    }
    log_snapshot_end(snapshot);
}

/* --- events and actions --- */

static void perform(struct sync_driver *driver, const struct ayni_sync_action *action)
{
    const struct sync_driver_peers *peers = &driver->options.peers;

    switch (action->type) {
    case AYNI_SYNC_SEND:
        if (!peers->send(peers->context, &action->peer, action->bytes))
            sync_driver_room(driver, &action->peer, false);
        break;
    case AYNI_SYNC_READ:
        answer_read(driver, &action->read);
        break;
    case AYNI_SYNC_CHAINS_OF:
        answer_chains(driver, &action->trace);
        break;
    case AYNI_SYNC_COMPARE:
        answer_compare(driver, &action->compare);
        break;
    case AYNI_SYNC_STORE:
        store(driver, &action->peer, &action->store, false);
        break;
    case AYNI_SYNC_FORK:
        store(driver, &action->peer, &action->store, true);
        break;
    case AYNI_SYNC_ACKED:
        keep_ack(driver, &action->peer, &action->acked);
        break;
    case AYNI_SYNC_DROP:
        peers->drop(peers->context, &action->peer, action->reason);
        break;
    }
}

static void handle(struct sync_driver *driver, struct ayni_sync_event *event)
{
    event->now = (struct ayni_instant){ clock_ticks_ms() };
    ayni_sync_handle(driver->engine, event);
}

/* Do what the engine asks for until it asks for nothing. */
static void act(struct sync_driver *driver)
{
    for (struct ayni_sync_action action; ayni_sync_next(driver->engine, &action);)
        perform(driver, &action);
}

enum ayni_status sync_driver_new(const struct sync_driver_options *options,
                                 struct sync_driver **driver)
{
    struct sync_driver *made = calloc(1, sizeof(*made));
    struct log_snapshot *snapshot = NULL;

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    made->finished_last = &made->finished;
    pthread_mutex_init(&made->lock, NULL);
    struct ayni_sync_options engine = {
        .own = options->identity->node,
        .root = options->root,
        .instance = log_instance(options->log),
        .now = { clock_ticks_ms() },
    };
    ayni_random(&engine.seed, sizeof(engine.seed));
    made->engine = ayni_sync_new(&engine);
    enum ayni_status status = made->engine == NULL ? AYNI_E_MEMORY : AYNI_OK;
    if (status == AYNI_OK)
        status = intake_new(options->log, options->writer, note_finished, made, &made->intake);
    if (status == AYNI_OK)
        status = log_snapshot_begin(options->log, &snapshot);
    if (status == AYNI_OK) {
        made->told_arrival = log_last_arrival(snapshot);
        status = log_each_feed(snapshot, tell_head, made);
        log_snapshot_end(snapshot);
    }
    if (status != AYNI_OK) {
        sync_driver_free(made);
        return status;
    }
    *driver = made;
    return AYNI_OK;
}

void sync_driver_free(struct sync_driver *driver)
{
    if (driver == NULL)
        return;
    for (struct finished *finished = driver->finished, *next; finished != NULL; finished = next) {
        next = finished->next;
        free(finished);
    }
    if (driver->charter != NULL)
        charter_release(driver->charter);
    intake_free(driver->intake);
    ayni_sync_free(driver->engine);
    ayni_buffer_free(&driver->runs);
    pthread_mutex_destroy(&driver->lock);
    free(driver);
}

static void tell_space(struct sync_driver *driver, const struct ayni_space *space)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_SPACE };
    const struct ayni_registry *registry = driver->charter->registry;
    size_t member_count, count = 0;
    const struct ayni_member *members = ayni_registry_members(registry, &member_count);
    struct ayni_node *nodes = calloc(member_count + 1, sizeof(*nodes));

    if (nodes == NULL)
        return;
    for (size_t i = 0; i < member_count; i++)
        if (!members[i].revoked && ayni_registry_may_receive(registry, &members[i].node, space))
            nodes[count++] = members[i].node;
    event.space = (struct ayni_sync_space){ *space, nodes, count };
    handle(driver, &event);
    free(nodes);
}

void sync_driver_set_charter(struct sync_driver *driver, const struct charter *charter)
{
    size_t count;
    const struct charter *before = driver->charter;

    driver->charter = charter;
    const struct ayni_space_info *spaces = ayni_registry_spaces(charter->registry, &count);
    for (size_t i = 0; i < count; i++)
        tell_space(driver, &spaces[i].id);
    if (before != NULL)
        charter_release(before);
    act(driver);
}

void sync_driver_peer_up(struct sync_driver *driver, const struct ayni_node *peer, bool dialled,
                         bool metered)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_UP, .peer = *peer };

    event.up = (struct ayni_sync_up){ .dialled = dialled, .metered = metered };
    load_ack(driver, peer, &event.up);
    handle(driver, &event);
    act(driver);
}

void sync_driver_peer_down(struct sync_driver *driver, const struct ayni_node *peer)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_DOWN, .peer = *peer };

    handle(driver, &event);
    act(driver);
}

void sync_driver_room(struct sync_driver *driver, const struct ayni_node *peer, bool room)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_ROOM, .peer = *peer };

    event.room = room;
    handle(driver, &event);
}

void sync_driver_message(struct sync_driver *driver, const struct ayni_node *peer,
                         struct ayni_bytes message)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_MESSAGE, .peer = *peer };

    event.message = message;
    handle(driver, &event);
    act(driver);
}

void sync_driver_turn(struct sync_driver *driver)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_TIME };

    tell_finished(driver);
    handle(driver, &event);
    act(driver);
}

uint64_t sync_driver_timeout(const struct sync_driver *driver, uint64_t max_ms)
{
    uint64_t due = ayni_sync_deadline(driver->engine).ms;
    uint64_t now = clock_ticks_ms();

    if (due <= now)
        return 0;
    return due - now < max_ms ? due - now : max_ms;
}

const struct ayni_sync *sync_driver_engine(const struct sync_driver *driver)
{
    return driver->engine;
}

uint64_t sync_driver_refused_runs(const struct sync_driver *driver)
{
    return driver->refused_runs;
}
