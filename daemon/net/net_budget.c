/* What links have carried, and what they may carry now. */
#include "daemon/net/net_private.h"

#include "daemon/clock.h"
#include "daemon/config_peer.h"

/* Hours begin and end by the minute. */
enum { BUDGETS_EVERY_MS = 10 * 1000 };

/* NULL where there is no memory. */
static struct meter *meter_of(struct net *net, struct peer *peer)
{
    if (peer->meter == NULL)
        peer->meter = meters_of(&net->meters, &peer->node);
    return peer->meter;
}

void net_count(struct net *net, struct peer *peer, bool sent, size_t size)
{
    struct meter *meter = meter_of(net, peer);

    if (meter != NULL)
        meters_count(&net->meters, meter, sent, size, clock_ticks_ms());
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

static struct budget_now budget_now(struct net *net, struct peer *peer)
{
    struct config_budget budget = budget_of(net, peer);
    const struct meter *meter = meter_of(net, peer);
    struct ayni_instant now = clock_now();
    uint64_t used = meter == NULL ? 0 : meter_today(meter, clock_day_of(now));

    return budget_at(&budget, used, clock_ms_of_day(now));
}

void net_tell_budget(struct net *net, struct peer *peer)
{
    struct config_budget budget = budget_of(net, peer);

    if (net->driver == NULL || peer->route == NULL || !budget_is_bound(&budget))
        return;
    struct budget_now now = budget_now(net, peer);
    sync_driver_budget(net->driver, &peer->node, &now);
}

void net_tell_budgets(struct net *net)
{
    uint64_t now_ms = clock_ticks_ms();

    peer_settings_write(&net->meters, now_ms);
    if (now_ms < net->budgets_due_ms)
        return;
    net->budgets_due_ms = now_ms + BUDGETS_EVERY_MS;
    for (struct peer *peer = net->peers.list; peer != NULL; peer = peer->next)
        net_tell_budget(net, peer);
}

void net_describe_hold(struct net *net, struct peer *peer, struct net_peer *described)
{
    struct budget_now now = budget_now(net, peer);

    described->held = now.held != NULL ? now.held : "rate";
    if (now.held != NULL)
        described->held_until = (struct ayni_instant){ clock_now().ms + now.until_ms };
}

void net_describe_meter(struct net *net, struct peer *peer, struct net_peer *described)
{
    const struct meter *meter = meter_of(net, peer);

    if (meter == NULL)
        return;
    bool today = meter->day == clock_today();
    described->sent_bytes = meter->sent;
    described->received_bytes = meter->received;
    described->sent_today = today ? meter->sent_today : 0;
    described->received_today = today ? meter->received_today : 0;
    described->rate = peer->route == NULL ? 0 : meter_rate(meter, clock_ticks_ms());
}
