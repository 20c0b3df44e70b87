/* What a simulated node writes, and the feeds that it writes into. */
#include <assert.h>

#include "proto/limits.h"
#include "tests/support/sim_node.h"

struct sim_feed *sim_node_feed(struct sim_node *node, const struct ayni_space *space, uint8_t lane,
                               const struct ayni_incarnation *incarnation)
{
    struct ayni_feed_descriptor descriptor = { .node = node->id, .space = *space, .lane = lane };

    descriptor.incarnation = incarnation != NULL ? *incarnation : node->incarnation;
    struct ayni_feed id = ayni_feed_of(&node->root, &descriptor);
    struct sim_feed *feed = sim_log_add(&node->log, &id, &descriptor);
    if (feed->tree == NULL || incarnation != NULL || node->hostile)
        return feed;
    sim_node_renew(node); /* it was written elsewhere, too */
    return sim_node_feed(node, space, lane, NULL);
}

void sim_node_put_changes(struct sim_node *node)
{
    for (size_t i = 0; node->store != NULL && i < node->log.change_count; i++)
        sim_store_change(node->store, &node->log.changes[i]);
    node->log.change_count = 0;
}

void sim_node_lose(struct sim_node *node, struct sim_feed *feed, size_t run, uint64_t which)
{
    sim_log_lose(&node->log, feed, run, which);
    sim_node_put_changes(node);
    sim_node_tell(node);
}

struct ayni_instant sim_node_clock(const struct sim_node *node)
{
    const uint64_t epoch = 1795000000000; /* November 2026 */

    return (struct ayni_instant){ (uint64_t)((int64_t)(epoch + node->now) + node->clock_off) };
}

void sim_node_seal(struct sim_node *node, const struct ayni_signing_key *secret,
                   struct sim_feed *feed, struct ayni_entry *entries, size_t count)
{
    sim_log_write(&node->log, feed, secret, entries, count);
    if (node->store == NULL)
        return;
    sim_store_write(node->store, feed);
    sim_store_check_feed(node->store, feed);
}

void sim_node_preload(struct sim_node *node, const struct sim_feed *of)
{
    struct sim_feed *feed = sim_log_add(&node->log, &of->id, &of->descriptor);

    for (size_t i = 0; i < of->run_count; i++) {
        sim_log_append(&node->log, feed, of->runs[i]);
        if (node->store != NULL)
            sim_store_write(node->store, feed);
    }
    sim_node_tell(node);
}

static void write_run(struct sim_node *node, const struct ayni_signing_key *secret,
                      struct sim_feed *feed, struct test_random *random, uint64_t kind,
                      size_t count, size_t size_max)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    uint8_t payloads[AYNI_RUN_ENTRIES_MAX][256];

    assert(count <= AYNI_RUN_ENTRIES_MAX && size_max <= sizeof(payloads[0]));
    for (size_t i = 0; i < count; i++) {
        size_t size = 1 + test_random_below(random, size_max);
        test_random_fill(random, payloads[i], size);
        entries[i] = (struct ayni_entry){ .kind = kind,
                                          .time = sim_node_clock(node),
                                          .payload = { payloads[i], size } };
    }
    sim_node_seal(node, secret, feed, entries, count);
    sim_node_tell(node);
}

void sim_node_write_as(struct sim_node *node, const struct ayni_signing_key *secret,
                       struct sim_feed *feed, struct test_random *random, size_t count,
                       size_t size_max)
{
    write_run(node, secret, feed, random, AYNI_KIND_VERSION, count, size_max);
}

void sim_node_write_kind(struct sim_node *node, struct sim_feed *feed, struct test_random *random,
                         uint64_t kind, size_t count, size_t size_max)
{
    write_run(node, &node->secret, feed, random, kind, count, size_max);
}

void sim_node_write(struct sim_node *node, struct sim_feed *feed, struct test_random *random,
                    size_t count, size_t size_max)
{
    sim_node_write_as(node, &node->secret, feed, random, count, size_max);
}
