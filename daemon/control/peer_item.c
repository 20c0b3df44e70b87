#include "daemon/control/peer_item.h"

#include <stdio.h>

#include "daemon/control/error.h"
#include "proto/registry.h"

/* --- what it was refused --- */

static const struct {
    const char *text, *hint; /* {}: how often */
} breaches[] = {
    [AYNI_SYNC_DROP_VERSION] = { N_("it speaks another version of the protocol ({} times)"),
                                 N_("install the same version of ayni on both") },
    [AYNI_SYNC_DROP_FEDERATION] = { N_("it is of another federation ({} times)"),
                                    N_("have its operator find out whose home that is") },
    [AYNI_SYNC_DROP_MALFORMED] = { N_("it said what is no message ({} times)"),
                                   N_("have its operator find out which program runs there") },
    [AYNI_SYNC_DROP_LIMIT] = { N_("it said more at once than is taken ({} times)"),
                               N_("have its operator find out which program runs there") },
    [AYNI_SYNC_DROP_SEAL] = { N_("it sent records that don't verify ({} times)"),
                              N_("have its operator find out which program runs there; if "
                                 "nobody knows, revoke the node") },
    [AYNI_SYNC_DROP_FLOOD] = { N_("it said far too many things ({} times)"),
                               N_("have its operator find out which program runs there; if "
                                  "nobody knows, revoke the node") },
};

/* What it broke, else what it doesn't give. */
static void complain_of(const struct ayni_sync_refusals *refused, struct complaint *said)
{
    char count[24];

    if (refused->drops > 0) {
        snprintf(count, sizeof(count), "%llu", (unsigned long long)refused->drops);
        complain_hint(said, breaches[refused->last_drop].hint, NULL);
        (void)complain(said, AYNI_OK, breaches[refused->last_drop].text, count, NULL);
    } else if (refused->withheld > 0) {
        snprintf(count, sizeof(count), "%llu", (unsigned long long)refused->withheld);
        complain_hint(said, N_("nothing: others are asked for them"), NULL);
        (void)complain(said, AYNI_OK,
                       N_("it said that it has entries, and never gave them ({} times)"), count,
                       NULL);
    }
}

static const char *reason_of(const struct net_peer *peer)
{
    return peer->refused.drops > 0 ? ayni_sync_drop_name(peer->refused.last_drop) : peer->why;
}

static void put_refused(struct ayni_control_writer *item, const struct net_peer *peer)
{
    const char *reason = reason_of(peer);

    ayni_control_put_int(item, "refused", (int64_t)peer->refused.drops);
    ayni_control_put_int(item, "withheld", (int64_t)peer->refused.withheld);
    ayni_control_put_int(item, "ignored", (int64_t)peer->refused.ignored);
    if (reason != NULL)
        ayni_control_put_text(item, "reason", reason);
    else
        ayni_control_put_null(item, "reason");
}

/* --- a peer --- */

/* What the link has carried, and what a budget holds back. */
static void put_meter(struct ayni_control_writer *item, const struct net_peer *peer)
{
    ayni_control_put_int(item, "sent_today", (int64_t)peer->sent_today);
    ayni_control_put_int(item, "received_today", (int64_t)peer->received_today);
    ayni_control_put_int(item, "rate", (int64_t)peer->rate);
    if (peer->held != NULL)
        ayni_control_put_text(item, "held_by", peer->held);
    else
        ayni_control_put_null(item, "held_by");
    if (peer->held_until.ms > 0)
        ayni_control_put_instant(item, "held_until", peer->held_until);
    else
        ayni_control_put_null(item, "held_until");
}

/* Of who isn't here nothing is known now. */
static void put_lag(struct ayni_control_writer *item, const struct net_peer *peer)
{
    ayni_control_put_int(item, "behind", (int64_t)net_peer_behind(peer));
    if (strcmp(peer->state, "connected") == 0) {
        ayni_control_put_int(item, "missing_here", (int64_t)peer->missing_here);
        ayni_control_put_int(item, "missing_there", (int64_t)peer->missing_there);
    } else {
        ayni_control_put_null(item, "missing_here");
        ayni_control_put_null(item, "missing_there");
    }
    ayni_control_put_bool(item, "in_sync", peer->in_sync);
}

static void put_members(struct ayni_control_writer *item, const struct charter *charter,
                        const struct net_peer *peer)
{
    const struct ayni_member *member = ayni_registry_member(charter->registry, &peer->node);

    ayni_control_put_node(item, "node", &peer->node);
    if (member != NULL)
        ayni_control_put_string(item, "name", member->name);
    else
        ayni_control_put_null(item, "name");
    ayni_control_put_text(item, "state", peer->state);
    ayni_control_put_int(item, "rtt_ms", (int64_t)peer->rtt_ms);
    ayni_control_put_int(item, "sent_bytes", (int64_t)peer->sent_bytes);
    ayni_control_put_int(item, "received_bytes", (int64_t)peer->received_bytes);
    put_meter(item, peer);
    put_lag(item, peer);
    if (peer->last_seen.ms > 0)
        ayni_control_put_instant(item, "last_seen", peer->last_seen);
    else
        ayni_control_put_null(item, "last_seen");
    put_refused(item, peer);
}

void put_peer(struct ayni_control_writer *item, const struct charter *charter,
              const struct net_peer *peer)
{
    struct complaint said = { 0 };

    complain_of(&peer->refused, &said);
    ayni_control_open_object(item, NULL);
    put_members(item, charter, peer);
    if (said.text != NULL)
        control_words_put(item, &said);
    ayni_control_close(item);
}

void put_peers(struct ayni_control_writer *item, const char *key, const struct charter *charter,
               const struct net_peer *peers, size_t count)
{
    ayni_control_open_array(item, key);
    for (size_t i = 0; i < count; i++) {
        ayni_control_open_object(item, NULL);
        put_members(item, charter, &peers[i]);
        ayni_control_close(item);
    }
    ayni_control_close(item);
}
