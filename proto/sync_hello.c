#include "proto/sync_parts.h"

static const struct ayni_incarnation nobody;

static bool knows_our_log(const struct ayni_sync *sync, const struct ayni_hello *hello)
{
    return ayni_id_equal(&hello->ack_instance, &sync->instance) &&
           hello->ack_arrival <= sync->arrival;
}

/* --- saying it --- */

static void encode_hello(struct ayni_sync *sync, struct sync_peer *peer, bool asks)
{
    bool acked = peer->stored > 0;
    struct ayni_hello hello = {
        .major = AYNI_PROTOCOL_MAJOR,
        .minor = AYNI_PROTOCOL_MINOR,
        .asks = asks,
        .hears = sync->hearing,
        .alone = sync->peer_count == 1,
        .root = sync->root,
        .instance = sync->instance,
        .arrival = sync->arrival,
        .ack_instance = acked ? peer->instance : nobody,
        .ack_arrival = peer->stored,
        .registry = sync_print_space(sync, sync->registry),
        .shared = sync_print_shared(sync, peer),
        .lacks = sync_refill_wants(sync, peer),
        .later_s = sync_is_held(peer) ? sync_later_s(sync, peer) : 0,
    };

    peer->told_alone = hello.alone;
    peer->told_lacks = hello.lacks;
    ayni_buffer_clear(&sync->out);
    ayni_hello_encode(&hello, &sync->out);
}

void sync_encode_farewell(struct ayni_sync *sync)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR,
                                .minor = AYNI_PROTOCOL_MINOR,
                                .root = sync->root,
                                .instance = sync->instance };

    ayni_buffer_clear(&sync->out);
    ayni_hello_encode(&hello, &sync->out);
}

bool sync_hello_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action)
{
    sync_check_when_quiet(sync, peer);
    if (peer->answer_due) {
        peer->answer_due = false;
        encode_hello(sync, peer, false);
        return sync_send(sync, peer, action);
    }
    if (sync->now < peer->hello_at)
        return false;
    peer->asked = true;
    peer->hello_at = sync_after(sync, peer->hello_delay);
    peer->hello_delay = sync_min(2 * peer->hello_delay, SYNC_RETRY_MAX);
    sync->counters.checks++;
    encode_hello(sync, peer, true);
    return sync_send(sync, peer, action);
}

/* --- hearing it --- */

/* The first on this connection, or of another log than before. */
static void greet(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_hello *hello)
{
    bool back = !peer->greeted && peer->stored > hello->arrival;

    if (!ayni_id_equal(&peer->instance, &hello->instance) || back) {
        peer->instance = hello->instance;
        peer->heard = peer->stored = peer->kept = 0;
    }
    if (peer->stored == 0)
        peer->gap = true;
    if (peer->greeted)
        return;
    peer->greeted = true;
    peer->met_arrival = sync->arrival;
    bool known = knows_our_log(sync, hello);
    peer->looked = peer->noted = known ? hello->ack_arrival : sync->arrival;
    peer->peer_heard = peer->peer_stored = known ? hello->ack_arrival : 0;
}

static void agree(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_hello *hello)
{
    peer->agreed = true;
    peer->agreed_at = sync->generation;
    sync_check_agreed(peer);
    sync_forget_untaken(peer, NULL);
    /* Payloads came while the last HELLO was on its way. */
    if (!peer->answer_due && peer->told_lacks != sync_refill_wants(sync, peer))
        sync_check_soon(sync, peer);
    peer->gap = false;
    sync_owe_nothing(peer);
    peer->heard = sync_max(peer->heard, hello->arrival);
    peer->stored = sync_max(peer->stored, hello->arrival);
    peer->looked = sync->arrival;
    peer->peer_stored = sync->arrival;
    /* Who asked tells by its next HELLO; who answered has told by the answer. */
    peer->told_heard = peer->heard;
    peer->told_stored = peer->stored;
    peer->keep_at = sync->now;
}

/* The registry first; the others in turn with it where it goes on differing. */
static void compare_ranges(struct ayni_sync *sync, struct sync_peer *peer, bool registry,
                           bool shared)
{
    if (registry)
        sync_start_registry_ranges(sync, peer);
    if (shared && (!registry || peer->unequal % 2 == 0))
        sync_start_shared_ranges(sync, peer, !registry);
}

/* `ours`: it is this node that begins to compare ranges. */
static void disagree(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_hello *hello,
                     const struct sync_prints *own, bool ours)
{
    const struct sync_prints theirs = { hello->registry, hello->shared };
    bool known = knows_our_log(sync, hello);

    peer->agreed = false;
    sync_forget_told(peer);
    sync_check_differed(sync, peer, own, &theirs);
    if (known && peer->note_count == 0 && hello->ack_arrival < peer->noted)
        peer->looked = peer->noted = hello->ack_arrival; /* notes were lost, or it forgot */
    if (ours && (peer->gap || !known || peer->unequal > 1))
        compare_ranges(sync, peer, !ayni_id_equal(&own->registry, &theirs.registry),
                       !ayni_id_equal(&own->shared, &theirs.shared));
}

void sync_receive_hello(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_hello *hello)
{
    bool asked = peer->asked;

    if (!ayni_id_equal(&hello->root, &sync->root)) {
        sync_drop_peer(sync, peer, AYNI_SYNC_DROP_FEDERATION);
        return;
    }
    greet(sync, peer, hello);
    peer->asked = false;
    peer->hears = hello->hears;
    peer->alone = hello->alone;
    peer->lacks = hello->lacks;
    sync_hear_later(sync, peer, hello->later_s);
    peer->hello_at = SYNC_NEVER;
    peer->hello_delay = SYNC_RETRY;
    peer->answer_due = hello->asks && !asked;
    const struct sync_prints own = { sync_print_space(sync, sync->registry),
                                     sync_print_shared(sync, peer) };
    /* Who answers starts; where two questions cross, the one with the lower key. */
    bool ours = hello->asks && (!asked || ayni_id_compare(&sync->own, &peer->node) < 0);
    if (ayni_id_equal(&own.registry, &hello->registry) &&
        ayni_id_equal(&own.shared, &hello->shared))
        agree(sync, peer, hello);
    else
        disagree(sync, peer, hello, &own, ours);
    sync_hearing_check(sync, peer);
    peer->dirty = true;
}

/* --- what the driver keeps for the next time --- */

bool sync_acked_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action)
{
    if (!peer->greeted || peer->stored == peer->kept || sync->now < peer->keep_at)
        return false;
    peer->kept = peer->stored;
    peer->keep_at = sync_after(sync, SYNC_ACKED_EVERY);
    action->type = AYNI_SYNC_ACKED;
    action->peer = peer->node;
    action->acked = (struct ayni_sync_acked){ peer->instance, peer->stored };
    return true;
}
