#include "daemon/control/peer_item.h"

#include "proto/registry.h"

void put_peer(struct ayni_control_writer *item, const struct charter *charter,
              const struct net_peer *peer)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, &peer->node);

    ayni_control_open_object(item, NULL);
    ayni_control_put_node(item, "node", &peer->node);
    if (member != NULL)
        ayni_control_put_string(item, "name", member->name);
    else
        ayni_control_put_null(item, "name");
    ayni_control_put_text(item, "state", peer->state);
    ayni_control_put_int(item, "rtt_ms", (int64_t)peer->rtt_ms);
    ayni_control_put_int(item, "sent_bytes", (int64_t)peer->sent_bytes);
    ayni_control_put_int(item, "received_bytes", (int64_t)peer->received_bytes);
    ayni_control_put_int(item, "behind", (int64_t)peer->behind);
    if (peer->last_seen.ms > 0)
        ayni_control_put_instant(item, "last_seen", peer->last_seen);
    else
        ayni_control_put_null(item, "last_seen");
    ayni_control_close(item);
}

void put_peers(struct ayni_control_writer *item, const char *key, const struct charter *charter,
               const struct net_peer *peers, size_t count)
{
    ayni_control_open_array(item, key);
    for (size_t i = 0; i < count; i++)
        put_peer(item, charter, &peers[i]);
    ayni_control_close(item);
}
