/* Peers: whom this node dials, and how it stands with them. */
#include "daemon/control/peer_item.h"

#include "daemon/control/commands.h"
#include "daemon/control/federation_words.h"
#include "daemon/daemon.h"

#include <stdlib.h>

static enum ayni_status handle_peer_add(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_ticket *ticket = federation_ticket(daemon->federation);
    const struct ayni_member *member;
    struct ayni_node node;
    const char *endpoint, *text;

    enum ayni_status status = call_text(call, "endpoint", &endpoint);
    if (status == AYNI_OK)
        status = call_text(call, "node", &text);
    if (status != AYNI_OK)
        return status;
    /* A whole node id serves before the registry knows it: the steering node of the ticket, or one
     * to come. */
    bool whole = ayni_node_parse(ayni_bytes_of_text(text), &node) == AYNI_OK;
    if (!whole && ticket != NULL &&
        ayni_bytes_equal(ticket->steering.name, ayni_bytes_of_text(text))) {
        node = ticket->steering.node;
    } else if (!whole) {
        status = federation_find_member(call, charter, text, &member);
        if (status != AYNI_OK)
            return status;
        node = member->node;
    }
    if (ayni_id_equal(&node, &daemon->identity.node))
        return call_fail(call, AYNI_E_INVALID, N_("this is the node itself"), NULL);
    status = net_add_peer(daemon->net, &node, endpoint);
    if (status == AYNI_E_USAGE || status == AYNI_E_LIMIT) {
        status = call_fail(call, AYNI_E_USAGE, N_("{} is no endpoint"), endpoint, NULL);
        call_hint(call, N_("an endpoint is tcp://HOST:PORT"), NULL);
    }
    return status == AYNI_OK ? call_send_done(call) : status;
}

static enum ayni_status handle_peer_remove(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    const struct ayni_member *member;
    struct ayni_node node;
    const char *text;

    enum ayni_status status = call_text(call, "node", &text);
    if (status != AYNI_OK)
        return status;
    if (ayni_node_parse(ayni_bytes_of_text(text), &node) != AYNI_OK) {
        status = federation_find_member(call, charter, text, &member);
        if (status != AYNI_OK)
            return status;
        node = member->node;
    }
    status = net_remove_peer(daemon->net, &node);
    if (status == AYNI_E_NOT_FOUND)
        return call_fail(call, status, N_("{} was not added by `peer add`"), text, NULL);
    return status == AYNI_OK ? call_send_done(call) : status;
}

static enum ayni_status handle_peer_list(struct daemon *daemon, struct control_call *call)
{
    SCOPED_CHARTER charter = standing_hold(daemon->records.standing);
    struct net_peer *peers;
    size_t count;

    enum ayni_status status = net_peers(daemon->net, &peers, &count);
    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; status == AYNI_OK && i < count; i++) {
        put_peer(call_item(call), charter, &peers[i]);
        status = call_send(call);
    }
    free(peers);
    return status;
}

const struct control_command control_peers_commands[] = {
    { "peer.add", handle_peer_add, CONTROL_NEED_TEND },
    { "peer.remove", handle_peer_remove, CONTROL_NEED_TEND },
    { "peer.list", handle_peer_list, CONTROL_NEED_LOOK },
    { NULL, NULL, CONTROL_NEED_NOTHING },
};
