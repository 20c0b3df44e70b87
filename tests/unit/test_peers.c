#include "daemon/clock.h"
#include "daemon/net/peers.h"
#include "proto/crypto.h"
#include "tests/support/suite.h"

/*
 * When to dial, whom to shun, which of two connections stays. Links are real
 * ones of a transport that dials where nobody listens: nothing is sent.
 */
static struct peers peers;
static struct transport *transport;
static uint8_t public_key[32], secret_key[32];
static const char nowhere[] = "tcp://127.0.0.1:1";

static void no_up(void *context, struct link *link)
{
    (void)context;
    (void)link;
}
static void no_down(void *context, struct link *link, const char *why)
{
    (void)context;
    (void)link;
    (void)why;
}
static void no_message(void *context, struct link *link, struct ayni_bytes message)
{
    (void)context;
    (void)link;
    (void)message;
}
static enum zap_who nobody(void *context, const uint8_t key[32], struct ayni_node *node)
{
    (void)context;
    (void)key;
    (void)node;
    return ZAP_NOBODY;
}

static void setup(void)
{
    char why[256];

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    ayni_transport_key_make(public_key, secret_key);
    struct transport_options options = {
        .public_key = public_key,
        .secret_key = secret_key,
        .peer_timeout_ms = 5000,
        .events = { no_up, no_down, no_message, nobody, NULL },
    };
    ck_assert_int_eq(transport_open(&options, &transport, why, sizeof(why)), AYNI_OK);
    peers = (struct peers){ .interval_min_ms = 2000, .interval_max_ms = 60000 };
    memset(peers.self.bytes, 0x80, sizeof(peers.self.bytes));
}

static void teardown(void)
{
    peers_free(&peers);
    transport_close(transport);
}

static struct ayni_node node_of(uint8_t first)
{
    struct ayni_node node = { { first } };

    return node;
}

static struct peer *target(uint8_t first)
{
    struct peer_address address = { .node = node_of(first) };

    peer_address_add(&address, ayni_bytes_of_text(nowhere));
    memcpy(address.transport_key, public_key, sizeof(public_key));
    peers_set_targets(&peers, &address, 1);
    return peers_find(&peers, &address.node);
}

static struct link *new_link(const struct peer *peer)
{
    struct link *link;

    ck_assert_int_eq(transport_dial(transport, &peer->node, public_key, nowhere, false, &link),
                     AYNI_OK);
    return link;
}

/* The times, in ms since the first, at which a peer that never answers is dialled until `until`. */
static size_t dial_until(struct peer *peer, uint64_t until, uint64_t *times, size_t room)
{
    uint64_t now = 1000;
    size_t count = 0;

    while (now < until && count < room) {
        peers_dial(&peers, transport, now);
        ck_assert_ptr_nonnull(peer->outgoing);
        times[count++] = now;
        struct link *link = peer->outgoing;
        ck_assert(!peers_link_down(&peers, peer, link, "unreachable", now));
        transport_hang_up(link);
        transport_handle(transport);
        now += peers_timeout(&peers, now, UINT64_MAX);
    }
    return count;
}

START_TEST(who_never_answers_is_dialled_evenly_for_five_minutes_and_then_less_and_less)
{
    uint64_t times[1000];
    size_t count = dial_until(target(1), 20 * 60 * 1000, times, 1000);

    ck_assert_uint_lt(count, 1000);
    for (size_t i = 1; i < count; i++) {
        uint64_t gap = times[i] - times[i - 1];
        ck_assert_uint_le(gap, 60000);
        ck_assert_uint_ge(gap, 1500); /* the jitter takes up to a quarter off */
        if (times[i] < 5 * 60 * 1000)
            ck_assert_uint_le(gap, 2000);
        if (times[i] > 10 * 60 * 1000)
            ck_assert_uint_ge(gap, 45000);
    }
}
END_TEST

START_TEST(an_answer_makes_it_even_again)
{
    uint64_t times[1000];
    struct peer *peer = target(1);

    (void)dial_until(peer, 20 * 60 * 1000, times, 1000);
    ck_assert_uint_eq(peer->interval_ms, 60000);
    peers_dial(&peers, transport, UINT64_MAX / 2);
    ck_assert(peers_link_up(&peers, peer, peer->outgoing, 1));
    ck_assert_str_eq(peer_state(peer), "connected");
    ck_assert_uint_eq(peer->interval_ms, 2000);
    ck_assert_uint_eq(peer->failing_since_ms, 0);
}
END_TEST

START_TEST(two_nodes_do_not_dial_in_step)
{
    uint64_t times[20];
    bool differ = false;

    size_t count = dial_until(target(1), 30000, times, 20);
    for (size_t i = 2; i < count; i++)
        differ = differ || times[i] - times[i - 1] != times[1] - times[0];
    ck_assert(differ);
}
END_TEST

/* Of two connections the one that the smaller key dialled stays: loop over who is smaller and which
 * came first. An outgoing link stands for the incoming one, which only a server can make. */
START_TEST(of_two_connections_the_one_of_the_smaller_key_stays)
{
    bool ours_is_smaller = (_i & 1) != 0, ours_first = (_i & 2) != 0;
    struct peer *peer = target(ours_is_smaller ? 0xf0 : 0x10);

    peers_dial(&peers, transport, 1);
    struct link *own = peer->outgoing, *other = new_link(peer);
    ck_assert_ptr_nonnull(own);
    if (ours_first)
        ck_assert(peers_link_up(&peers, peer, own, 1));
    peer->incoming = other;
    (void)peers_link_up(&peers, peer, own, 1);
    if (ours_is_smaller) {
        ck_assert_ptr_eq(peer->route, own);
        ck_assert_ptr_eq(peer->outgoing, own);
    } else {
        ck_assert_ptr_eq(peer->route, other);
        ck_assert_ptr_null(peer->outgoing);
    }
}
END_TEST

START_TEST(the_other_connection_takes_over_when_one_ends)
{
    struct peer *peer = target(0xf0);

    peers_dial(&peers, transport, 1);
    struct link *own = peer->outgoing, *other = new_link(peer);
    peer->incoming = other;
    ck_assert(peers_link_up(&peers, peer, own, 1));
    ck_assert(peers_link_down(&peers, peer, own, "disconnected", 5));
    ck_assert_ptr_eq(peer->route, other);
    ck_assert(peers_link_down(&peers, peer, other, "disconnected", 6));
    ck_assert_ptr_null(peer->route);
    ck_assert_str_eq(peer_state(peer), "waiting");
}
END_TEST

START_TEST(a_link_that_was_replaced_ends_without_notice)
{
    struct peer *peer = target(0x10);
    struct link *old = new_link(peer), *new = new_link(peer);

    peer->incoming = peer->route = new;
    ck_assert(!peers_link_down(&peers, peer, old, "came_again", 5));
    ck_assert_ptr_eq(peer->route, new);
}
END_TEST

/* A node that has two links hangs up one of them itself: who goes on speaking is another. */
START_TEST(a_copy_that_dials_in_has_its_turn)
{
    struct peer *peer = target(0xf0);

    peers_dial(&peers, transport, 1);
    struct link *own = peer->outgoing, *other = new_link(peer);
    ck_assert(peers_link_up(&peers, peer, own, 1));
    peer->incoming = other;
    peer->incoming_at_ms = 1000;
    ck_assert(!peers_incoming_spoke(&peers, peer, 1100)); /* it hasn't decided yet */
    ck_assert_ptr_eq(peer->route, own);
    ck_assert(peers_incoming_spoke(&peers, peer, 30000));
    ck_assert_ptr_eq(peer->route, other);
    ck_assert_ptr_null(peer->outgoing);
    ck_assert(!peers_incoming_spoke(&peers, peer, 30001));
}
END_TEST

/* Copies of a node end each other's links: each dials again, and not all the time. */
START_TEST(links_that_live_short_are_dialled_less_often_and_not_seldom)
{
    struct peer *peer = target(1);
    uint64_t now = 1000;

    for (int i = 0; i < 8; i++) {
        peers_dial(&peers, transport, now);
        ck_assert_ptr_nonnull(peer->outgoing);
        ck_assert(peers_link_up(&peers, peer, peer->outgoing, now));
        now += 500;
        ck_assert(peers_link_down(&peers, peer, peer->outgoing, "disconnected", now));
        ck_assert_uint_le(peer->dial_at_ms - now, 10000);
        now = peer->dial_at_ms;
    }
    ck_assert_uint_ge(peer->interval_ms, 8000);
    peers_dial(&peers, transport, now);
    ck_assert(peers_link_up(&peers, peer, peer->outgoing, now));
    now += 60000;
    ck_assert(peers_link_down(&peers, peer, peer->outgoing, "disconnected", now));
    ck_assert_uint_eq(peer->interval_ms, 2000);
}
END_TEST

/* On a line that is cut every minute each second counts; where nobody is there any more it is
 * dialled as ever. */
START_TEST(a_link_that_lived_is_dialled_again_at_once_and_then_evenly)
{
    struct peer *peer = target(1);
    uint64_t now = 1000;

    peers_dial(&peers, transport, now);
    ck_assert(peers_link_up(&peers, peer, peer->outgoing, now));
    now += 60000;
    ck_assert(peers_link_down(&peers, peer, peer->outgoing, "disconnected", now));
    ck_assert_uint_lt(peer->dial_at_ms - now, 256);
    now += 256;
    peers_dial(&peers, transport, now);
    ck_assert_ptr_nonnull(peer->outgoing);
    (void)peers_link_down(&peers, peer, peer->outgoing, "unreachable", now);
    ck_assert_uint_ge(peer->dial_at_ms - now, 1500);
}
END_TEST

START_TEST(who_is_connected_is_not_dialled)
{
    struct peer *peer = target(0x10);

    peer->incoming = peer->route = new_link(peer);
    peers_dial(&peers, transport, 1);
    ck_assert_ptr_null(peer->outgoing);
    ck_assert_uint_eq(peers_timeout(&peers, 1, 700), 700);
}
END_TEST

START_TEST(who_was_dropped_is_shunned_for_the_pause_and_no_longer)
{
    struct peer *peer = target(0x10);

    peers_dial(&peers, transport, 1);
    ck_assert(peers_link_up(&peers, peer, peer->outgoing, 1));
    peers_drop(&peers, peer, "malformed", 60000, 1000);
    ck_assert_ptr_null(peer->route);
    ck_assert_ptr_null(peer->outgoing);
    peers_retry_now(&peers); /* a hasty operator doesn't lift it */
    peers_dial(&peers, transport, 60999);
    ck_assert_ptr_null(peer->outgoing);
    ck_assert(peer_is_shunned(peer, 60999));
    ck_assert(!peer_is_shunned(peer, 61000));
    ck_assert_uint_eq(peers_timeout(&peers, 60000, 5000), 1000);
    peers_dial(&peers, transport, 61000);
    ck_assert_ptr_nonnull(peer->outgoing);
}
END_TEST

START_TEST(what_waits_may_be_dialled_at_once)
{
    struct peer *peer = target(0x10);

    peers_dial(&peers, transport, 1000);
    struct link *link = peer->outgoing;
    (void)peers_link_down(&peers, peer, link, "unreachable", 1000);
    transport_hang_up(link);
    ck_assert_uint_gt(peers_timeout(&peers, 1000, 100000), 0);
    peers_retry_now(&peers);
    ck_assert_uint_eq(peers_timeout(&peers, 1000, 100000), 0);
}
END_TEST

START_TEST(who_moved_is_dialled_anew_and_who_is_no_target_is_hung_up)
{
    struct peer *peer = target(0x10);
    struct peer_address moved = peer->address;

    peers_dial(&peers, transport, 1);
    ck_assert_ptr_nonnull(peer->outgoing);
    peers_set_targets(&peers, &moved, 1); /* the same: the dial goes on */
    ck_assert_ptr_nonnull(peer->outgoing);
    moved.endpoints[0][strlen(moved.endpoints[0]) - 1] = '2';
    peers_set_targets(&peers, &moved, 1);
    ck_assert_ptr_null(peer->outgoing);
    peers_dial(&peers, transport, 1);
    ck_assert_ptr_nonnull(peer->outgoing);
    peers_set_targets(&peers, NULL, 0);
    ck_assert_ptr_null(peer->outgoing);
    ck_assert_str_eq(peer_state(peer), "heard");
}
END_TEST

START_TEST(an_endpoint_that_cannot_be_dialled_waits)
{
    struct peer *peer = target(0x10);

    snprintf(peer->address.endpoints[0], sizeof(peer->address.endpoints[0]), "ipc:///tmp/x");
    peers_dial(&peers, transport, 1000);
    ck_assert_ptr_null(peer->outgoing);
    ck_assert_str_eq(peer_state(peer), "waiting");
    ck_assert_uint_ge(peers_timeout(&peers, 1000, 100000), 1500);
}
END_TEST

/* The outgoing link is up, or has ended, at that time. */
static void end_dial(struct peer *peer, bool was_up, uint64_t now)
{
    struct link *link = peer->outgoing;

    ck_assert_ptr_nonnull(link);
    if (was_up)
        (void)peers_link_up(&peers, peer, link, now);
    (void)peers_link_down(&peers, peer, link, "unreachable", now);
    transport_hang_up(link);
    transport_handle(transport);
}

START_TEST(endpoints_are_dialled_in_turn_and_then_there_is_a_pause)
{
    struct peer_address address = target(0x10)->address;
    struct peer *peer;

    peer_address_add(&address, TEST_BYTES("tcp://127.0.0.1:2"));
    peer_address_add(&address, TEST_BYTES("tcp://127.0.0.1:3"));
    peer_address_add(&address, TEST_BYTES("tcp://127.0.0.1:2"));
    ck_assert_uint_eq(address.endpoint_count, 3);
    peers_set_targets(&peers, &address, 1);
    peer = peers_find(&peers, &address.node);
    for (uint64_t now = 1000; now < 60000; now += 10000) {
        for (size_t i = 0; i < address.endpoint_count; i++) {
            ck_assert_uint_eq(peers_timeout(&peers, now, 100000), 0);
            ck_assert_uint_eq(peer->endpoint_index, i);
            peers_dial(&peers, transport, now);
            end_dial(peer, false, now);
        }
        ck_assert_uint_ge(peers_timeout(&peers, now, 100000), 1500);
    }
    /* Where it was found it is looked for first. */
    peers_retry_now(&peers);
    peers_dial(&peers, transport, 61000);
    end_dial(peer, false, 61000);
    peers_dial(&peers, transport, 61000);
    end_dial(peer, true, 61000);
    ck_assert_uint_eq(peer->endpoint_index, 1);
    ck_assert_uint_ge(peers_timeout(&peers, 61000, 100000), 1500);
    /* And anew from the first where its card says otherwise. */
    address.endpoint_count = 1;
    peers_set_targets(&peers, &address, 1);
    ck_assert_uint_eq(peer->endpoint_index, 0);
}
END_TEST

/* A name may have an address of either kind; what a proxy looks up is dialled once. */
START_TEST(a_name_is_dialled_by_ipv4_and_then_by_ipv6)
{
    const bool by_ipv6[][3] = { { false, false, false }, { false, true, false } };
    const size_t at[][3] = { { 0, 1, 0 }, { 0, 0, 1 } };
    struct peer_address address = { .node = node_of(0x10) };

    peers.looks_up = _i == 1;
    memcpy(address.transport_key, public_key, sizeof(public_key));
    peer_address_add(&address, TEST_BYTES("tcp://localhost:1"));
    peer_address_add(&address, TEST_BYTES("tcp://127.0.0.1:1"));
    peers_set_targets(&peers, &address, 1);
    struct peer *peer = peers_find(&peers, &address.node);
    for (uint64_t now = 1000; now < 60000; now += 10000) {
        for (int i = 0; i < (_i == 1 ? 3 : 2); i++) {
            ck_assert_uint_eq(peers_timeout(&peers, now, 100000), 0);
            ck_assert_uint_eq(peer->endpoint_index, at[_i][i]);
            ck_assert(peer->by_ipv6 == by_ipv6[_i][i]);
            peers_dial(&peers, transport, now);
            end_dial(peer, false, now);
        }
        ck_assert_uint_ge(peers_timeout(&peers, now, 100000), 1500);
    }
}
END_TEST

START_TEST(a_refusal_is_seen)
{
    struct peer *peer = target(0x10);

    ck_assert_str_eq(peer_state(peer), "dialling");
    peers_dial(&peers, transport, 1000);
    struct link *link = peer->outgoing;
    (void)peers_link_down(&peers, peer, link, "refused", 1000);
    transport_hang_up(link);
    ck_assert_str_eq(peer_state(peer), "refused");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("peers");
    TCase *peers_case = tcase_create("peers");

    tcase_add_checked_fixture(peers_case, setup, teardown);
    tcase_add_test(peers_case,
                   who_never_answers_is_dialled_evenly_for_five_minutes_and_then_less_and_less);
    tcase_add_test(peers_case, an_answer_makes_it_even_again);
    tcase_add_test(peers_case, two_nodes_do_not_dial_in_step);
    tcase_add_loop_test(peers_case, of_two_connections_the_one_of_the_smaller_key_stays, 0, 4);
    tcase_add_test(peers_case, the_other_connection_takes_over_when_one_ends);
    tcase_add_test(peers_case, a_link_that_was_replaced_ends_without_notice);
    tcase_add_test(peers_case, a_copy_that_dials_in_has_its_turn);
    tcase_add_test(peers_case, links_that_live_short_are_dialled_less_often_and_not_seldom);
    tcase_add_test(peers_case, a_link_that_lived_is_dialled_again_at_once_and_then_evenly);
    tcase_add_test(peers_case, who_is_connected_is_not_dialled);
    tcase_add_test(peers_case, who_was_dropped_is_shunned_for_the_pause_and_no_longer);
    tcase_add_test(peers_case, what_waits_may_be_dialled_at_once);
    tcase_add_test(peers_case, who_moved_is_dialled_anew_and_who_is_no_target_is_hung_up);
    tcase_add_test(peers_case, an_endpoint_that_cannot_be_dialled_waits);
    tcase_add_test(peers_case, endpoints_are_dialled_in_turn_and_then_there_is_a_pause);
    tcase_add_loop_test(peers_case, a_name_is_dialled_by_ipv4_and_then_by_ipv6, 0, 2);
    tcase_add_test(peers_case, a_refusal_is_seen);
    suite_add_tcase(suite, peers_case);
    return test_run(suite);
}
