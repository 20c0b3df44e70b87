/* What links have carried, and what they may carry now. */
#include "daemon/net/net_private.h"

#include "daemon/clock.h"
#include "daemon/config_peer.h"

/* Hours begin and end by the minute. */
enum { BUDGETS_EVERY_MS = 10 * 1000 };

void net_count(struct net *net, struct peer *peer, bool sent, size_t size)
{
    if (peer->meter == NULL)
        peer->meter = meters_of(&net->meters, &peer->node);
    if (peer->meter != NULL)
        meters_count(&net->meters, peer->meter, sent, size, clock_ticks_ms());
}

static struct config_budget budget_of(const struct net *net, const struct peer *peer)
{
    const char *endpoints[AYNI_CARD_ENDPOINTS_MAX];
    char node[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(&peer->node, node);
    for (size_t i = 0; i < peer->address.endpoint_count; i++)
        endpoints[i] = peer->address.endpoints[i];
    return config_budget_of(net->options.config, node, endpoints, peer->address.endpoint_count);
}

static struct budget_now budget_now(const struct net *net, const struct peer *peer)
{
    struct config_budget budget = budget_of(net, peer);
    struct ayni_instant now = clock_now();
    uint64_t used = peer->meter == NULL ? 0 : meter_today(peer->meter, clock_day_of(now));

    return budget_at(&budget, used, clock_ms_of_day(now));
}

void net_tell_budget(struct net *net, struct peer *peer)
{
    struct config_budget budget = budget_of(net, peer);

    if (net->driver == NULL || peer->route == NULL || !budget_is_bound(&budget))
        return;
    if (peer->meter == NULL)
        peer->meter = meters_of(&net->meters, &peer->node);
    struct budget_now now = budget_now(net, peer);
    sync_driver_budget(net->driver, &peer->node, &now);
}

void net_tell_budgets(struct net *net)
{
    uint64_t now_ms = clock_ticks_ms();

    meters_write(&net->meters, now_ms);
    if (now_ms < net->budgets_due_ms)
        return;
    net->budgets_due_ms = now_ms + BUDGETS_EVERY_MS;
    for (struct peer *peer = net->peers.list; peer != NULL; peer = peer->next)
        net_tell_budget(net, peer);
}

static void describe_hold(const struct net *net, const struct peer *peer,
                          struct net_peer *described)
{
    struct budget_now now = budget_now(net, peer);

    described->held = now.held != NULL ? now.held : "rate";
    if (now.held != NULL)
        described->held_until = (struct ayni_instant){ clock_now().ms + now.until_ms };
}

void net_describe_meter(const struct net *net, const struct peer *peer, bool held,
                        struct net_peer *described)
{
    const struct meter *meter = peer->meter;

    if (meter != NULL) {
        bool today = meter->day == clock_today();
        described->sent_bytes = meter->sent;
        described->received_bytes = meter->received;
        described->sent_today = today ? meter->sent_today : 0;
        described->received_today = today ? meter->received_today : 0;
        described->rate = peer->route == NULL ? 0 : meter_rate(meter, clock_ticks_ms());
    }
    if (held)
        describe_hold(net, peer, described);
}
