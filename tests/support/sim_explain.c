/* What keeps the nodes of a world from agreeing, for who looks at a seed that failed. */
#include <stdio.h>

#include "tests/support/sim_world.h"

static void print_segments(const struct sim_feed *root)
{
    static struct sim_segment segments[SIM_SEGMENTS_MAX];
    size_t count = root == NULL ? 0 : sim_segments(root, segments);

    for (size_t i = 0; i < count; i++)
        printf("  segment %02x%02x: %llu to %llu%s%s\n", segments[i].id.bytes[0],
               segments[i].id.bytes[1], (unsigned long long)segments[i].start.seq,
               (unsigned long long)segments[i].head.seq, segments[i].held ? "" : ", not held",
               segments[i].ended ? ", ended" : "");
}

/* What the first node that lacks something lacks of another's. */
static bool print_lack(const struct sim_world *world, uint32_t node, uint32_t other,
                       const struct sim_feed *feed)
{
    const struct sim_node *n = &world->nodes[node];
    const struct sim_feed *held = sim_log_find(&n->log, &feed->id);

    if (feed->parent != NULL || sim_holds(n, feed))
        return false;
    printf("node %u has %llu of %llu entries that node %u has of a feed of node %02x%02x in lane "
           "%u%s%s\n",
           node, (unsigned long long)(held == NULL ? 0 : held->head.seq),
           (unsigned long long)feed->head.seq, other, feed->descriptor.node.bytes[0],
           feed->descriptor.node.bytes[1], feed->descriptor.lane,
           feed->tree != NULL ? ", which forked" : "", n->hearing ? "; it hears nobody" : "");
    print_segments(held);
    printf("  the other:\n");
    print_segments(feed);
    return true;
}

/* How the lines of a node are, over which it could come. */
static void print_lines(const struct sim_world *world, uint32_t node)
{
    for (size_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        uint32_t other = link->a == node ? link->b : link->a;
        struct ayni_sync_peer_status status = { 0 };
        if ((link->a != node && link->b != node) || world->nodes[node].sync == NULL)
            continue;
        (void)!ayni_sync_get_peer(world->nodes[node].sync, &world->nodes[other].id, &status);
        printf("  line to %u (malice %d): up %d %d, parted %d, closed %d; greeted %d, in sync %d, "
               "behind %llu, ahead %llu\n",
               other, (int)world->malice[other], link->up_a, link->up_b, link->parted, link->closed,
               status.greeted, status.lag.in_sync, (unsigned long long)status.lag.behind,
               (unsigned long long)status.lag.ahead);
    }
}

void sim_world_explain(const struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        const struct sim_node *node = &world->nodes[i];
        if (sim_counts(world, i) && !sim_is_whole(world, node)) {
            printf("node %u lacks %llu payloads\n", i, (unsigned long long)node->log.lost);
            print_lines(world, i);
        }
        for (uint32_t j = 0; j < world->plan.node_count && sim_counts(world, i); j++)
            for (size_t k = 0; sim_counts(world, j) && k < world->nodes[j].log.feed_count; k++) {
                const struct sim_feed *feed = world->nodes[j].log.feeds[k];
                if (sim_node_shares(node, &feed->descriptor.space, &node->id) &&
                    sim_node_shares(node, &feed->descriptor.space, &world->nodes[j].id) &&
                    print_lack(world, i, j, feed)) {
                    print_lines(world, i);
                    return;
                }
            }
    }
    for (size_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if (!sim_counts(world, link->a) || !sim_counts(world, link->b) ||
            sim_is_in_sync(world, link))
            continue;
        printf("node %u and node %u:\n", link->a, link->b);
        print_lines(world, link->a);
        print_lines(world, link->b);
        return;
    }
}
