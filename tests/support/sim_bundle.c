/* Bundles as the daemon writes them and as proto/ reads them, over the log of a simulated node. */
#include <assert.h>
#include <stdlib.h>

#include "daemon/bundle/bundle_writer.h"
#include "proto/bundle_item.h"
#include "proto/bundle_volume.h"
#include "proto/limits.h"
#include "tests/support/sim_place.h"
#include "tests/support/sim_world.h"
#include "tests/support/volume.h"

/* Looks at what came: before a fork is proven, after it, and after what is stored. */
enum { ITEM_RUNS_SIZE = 16 * 1024, LOOKS_MAX = 4 };

/* --- making one --- */

struct export
{
    const struct sim_node *from, *to;
    struct bundle_writer *writer;
    const struct sim_heard *heard; /* what the other said that it holds; NULL: nothing */
    struct ayni_listed_head heads[AYNI_BUNDLE_HEADS_MAX];
    size_t head_count;
};

static enum ayni_status write_volume(void *context, uint32_t volume, struct ayni_bytes bytes)
{
    (void)volume; /* there is one */
    ayni_buffer_append(context, bytes.data, bytes.size);
    return AYNI_OK;
}

static void put(struct export *export, const struct ayni_buffer *item)
{
    if (bundle_writer_put(export->writer, ayni_buffer_bytes(item)) != AYNI_OK)
        abort();
}

/* Up to where the other is known to hold a segment. */
static uint64_t known_to(const struct export *export, const struct sim_segment *segment)
{
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&segment->id);
    struct ayni_hash chain;

    for (size_t i = 0; export->heard != NULL && i < export->heard->count; i++) {
        const struct ayni_listed_head *head = &export->heard->heads[i];
        if (!ayni_id_equal(&head->feed, &name) || head->seq < segment->start.seq ||
            head->seq > segment->head.seq || !sim_log_chain(segment->history, head->seq, &chain))
            continue;
        struct ayni_chain_mark mark = ayni_chain_mark_of(&chain);
        return ayni_id_equal(&mark, &head->mark) ? head->seq : segment->start.seq;
    }
    return segment->start.seq;
}

static void put_segment(struct export *export, const struct sim_segment *segment)
{
    struct ayni_bundle_runs runs = { .feed = segment->id,
                                     .descriptor = segment->history->descriptor };
    SCOPED_BUFFER item = { 0 }, bytes = { 0 };

    export->heads[export->head_count++] =
        (struct ayni_listed_head){ ayni_feed_prefix_of(&segment->id), segment->head.seq,
                                   ayni_chain_mark_of(&segment->head.chain) };
    for (uint64_t at = known_to(export, segment), to; at < segment->head.seq; at = to) {
        runs.from.seq = at;
        if (!sim_log_chain(segment->history, at, &runs.from.chain))
            abort();
        ayni_buffer_clear(&bytes);
        sim_log_read(segment->history, at, ITEM_RUNS_SIZE, segment->head.seq, &bytes, &to);
        runs.runs = ayni_buffer_bytes(&bytes);
        ayni_buffer_clear(&item);
        ayni_bundle_runs_put(&runs, &item);
        put(export, &item);
    }
}

static void put_all(struct export *export)
{
    static struct sim_segment segments[SIM_SEGMENTS_MAX];
    const struct sim_log *log = &export->from->log;

    for (size_t i = 0; i < log->feed_count; i++) {
        const struct sim_feed *feed = log->feeds[i];
        if (feed->parent != NULL ||
            !sim_node_shares(export->from, &feed->descriptor.space, &export->to->id))
            continue;
        size_t count = sim_segments(feed, segments);
        for (size_t j = 0; j < count; j++)
            if (segments[j].head.seq > segments[j].start.seq &&
                export->head_count < AYNI_BUNDLE_HEADS_MAX)
                put_segment(export, &segments[j]);
    }
}

static const struct sim_heard *heard_of(const struct sim_node *node, const struct ayni_node *peer)
{
    for (size_t i = 0; i < node->heard_count; i++)
        if (ayni_id_equal(&node->heard[i].node, peer))
            return &node->heard[i];
    return NULL;
}

void sim_bundle_export(const struct sim_node *from, const struct sim_node *to,
                       struct ayni_buffer *volume)
{
    struct export export = { .from = from, .to = to, .heard = heard_of(from, &to->id) };
    SCOPED_BUFFER contents = { 0 }, heads = { 0 };
    uint32_t volumes;
    uint64_t size;

    ayni_bundle_contents_put(0, NULL, 0, &contents);
    struct bundle_writer_options options = {
        .head = { .root = from->root,
                  .sender = from->id,
                  .receiver = to->id,
                  .time = sim_node_clock(from) },
        .secret = &from->secret,
        .contents = ayni_buffer_bytes(&contents),
        .sink = { volume, write_volume },
    };
    if (bundle_writer_new(&options, &export.writer) != AYNI_OK)
        abort();
    put_all(&export);
    ayni_bundle_heads_put(export.heads, export.head_count, &heads);
    put(&export, &heads);
    if (bundle_writer_end(export.writer, &volumes, &size) != AYNI_OK || volumes != 1)
        abort();
    bundle_writer_free(export.writer);
}

/* --- taking one in --- */

/* Read and verified to its last seal; `items` holds all that is in it. */
static enum ayni_status read_volume(const struct sim_node *node, struct ayni_bytes bytes,
                                    struct ayni_node *sender, struct ayni_buffer *items)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct test_memory memory = { bytes, 0 };
    struct ayni_bundle_source source = test_memory_source(&memory);
    enum ayni_status status = ayni_bundle_volume_begin(&volume, &source, &node->id, &node->secret);

    if (status != AYNI_OK)
        return status;
    while ((status = ayni_bundle_volume_next(&volume)) == AYNI_OK) {
        struct ayni_bytes rest = ayni_buffer_bytes(&volume.plain);
        struct ayni_bundle_item item;
        struct ayni_head end;
        for (size_t used; rest.size > 0 && status == AYNI_OK;
             rest.data += used, rest.size -= used) {
            status = ayni_bundle_item_read(rest, &used, &item);
            if (status == AYNI_OK && item.type == AYNI_BUNDLE_RUNS)
                status = ayni_bundle_runs_verify(&node->root, &item.runs, &end);
            if (status != AYNI_OK)
                return status;
        }
        ayni_buffer_append(items, volume.plain.data, volume.plain.size);
    }
    *sender = volume.head.sender;
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static void keep_heads(struct sim_node *node, const struct ayni_node *sender,
                       const struct ayni_bundle_heads *heads)
{
    struct sim_heard *heard = (struct sim_heard *)(uintptr_t)heard_of(node, sender);
    struct ayni_listed_head head;
    size_t position = 0;

    if (heard == NULL) {
        node->heard = realloc(node->heard, (node->heard_count + 1) * sizeof(*node->heard));
        heard = &node->heard[node->heard_count++];
        *heard = (struct sim_heard){ .node = *sender };
        heard->heads = calloc(AYNI_BUNDLE_HEADS_MAX, sizeof(*heard->heads));
    }
    heard->count = 0;
    while (ayni_bundle_heads_next(heads, &position, &head))
        heard->heads[heard->count++] = head;
}

/* As the daemon finds it in a store; the log in memory says whether it found well. */
static struct bundle_place find_place(const struct sim_node *node,
                                      const struct ayni_bundle_runs *runs)
{
    struct bundle_place place = sim_place_find(&node->log, runs), found;

    if (node->store == NULL)
        return place;
    if (bundle_place_find(node->store->log, &node->root, runs, &found) != AYNI_OK)
        abort();
    if (found.is == BUNDLE_PLACE_FOLLOWS && found.held < runs->from.seq)
        found.is = BUNDLE_PLACE_WAITS;
    assert(found.is == place.is);
    assert(found.is != BUNDLE_PLACE_FOLLOWS || ayni_id_equal(&found.segment, &place.segment));
    assert(found.is != BUNDLE_PLACE_FORKS || found.held == place.held);
    return found;
}

/* The run in which they leave what is held for what nobody has told of. */
static enum ayni_status prove_fork(struct sim_node *node, const struct ayni_bundle_runs *runs,
                                   const struct bundle_place *place)
{
    struct ayni_sync_store evidence = { .feed = place->segment,
                                        .descriptor = runs->descriptor,
                                        .from = place->held };
    SCOPED_BUFFER run = { 0 };

    if (bundle_place_evidence(runs, place, &run) != AYNI_OK)
        abort();
    evidence.runs = ayni_buffer_bytes(&run);
    enum ayni_status status = sim_node_commit(node, AYNI_SYNC_FORK, &evidence);
    node->forks_carried += status == AYNI_OK;
    return status;
}

/* What can't be taken yet comes again: the heads don't name it. */
static void take_runs(struct sim_node *node, const struct ayni_bundle_runs *runs)
{
    struct ayni_sync_store store = { .descriptor = runs->descriptor,
                                     .from = runs->from.seq,
                                     .runs = runs->runs };
    enum ayni_status status = AYNI_OK;

    if (!sim_node_shares(node, &runs->descriptor.space, &node->id))
        return;
    for (int looks = 0; status == AYNI_OK && looks < LOOKS_MAX; looks++) {
        struct bundle_place place = find_place(node, runs);
        if (place.is == BUNDLE_PLACE_FORKS) {
            status = prove_fork(node, runs, &place);
        } else if (place.is == BUNDLE_PLACE_FOLLOWS) {
            store.feed = place.segment;
            status = sim_node_commit(node, AYNI_SYNC_STORE, &store);
        } else {
            return;
        }
    }
}

static void take_items(struct sim_node *node, const struct ayni_node *sender,
                       struct ayni_bytes items)
{
    struct ayni_bundle_item item;

    for (size_t used; items.size > 0; items.data += used, items.size -= used) {
        if (ayni_bundle_item_read(items, &used, &item) != AYNI_OK)
            abort();
        if (item.type == AYNI_BUNDLE_RUNS)
            take_runs(node, &item.runs);
        else if (item.type == AYNI_BUNDLE_HEADS)
            keep_heads(node, sender, &item.heads);
    }
}

/* What it brings may be what other runs in it wait for. */
enum ayni_status sim_bundle_import(struct sim_node *node, struct ayni_bytes volume,
                                   uint64_t *entries)
{
    struct ayni_space registry = ayni_registry_space(&node->root);
    uint64_t before = node->entries_stored, stored;
    SCOPED_BUFFER items = { 0 };
    struct ayni_node sender;

    enum ayni_status status = read_volume(node, volume, &sender, &items);
    if (status != AYNI_OK)
        return status;
    if (!sim_node_shares(node, &registry, &sender))
        return AYNI_E_RIGHT;
    do {
        stored = node->entries_stored;
        take_items(node, &sender, ayni_buffer_bytes(&items));
    } while (node->entries_stored > stored);
    sim_node_tell(node);
    *entries = node->entries_stored - before;
    return AYNI_OK;
}
