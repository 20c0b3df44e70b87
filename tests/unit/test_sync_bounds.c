#include "proto/limits.h"
#include "tests/support/federation.h"
#include "tests/support/sim_engine.h"
#include "tests/support/suite.h"

static struct sim_engine e;

static void begin(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    sim_engine_start(&e, 5);
}

static void end(void)
{
    sim_engine_stop(&e);
}

/* --- bounds --- */

static void many_heads(uint8_t peer, uint16_t first, uint16_t count, uint8_t space)
{
    SCOPED_BUFFER heads = { 0 }, message = { 0 };

    for (uint16_t i = 0; i < count; i++) {
        struct ayni_feed_descriptor feed = sim_engine_feed(7, space, AYNI_LANE_CURRENT, 0);
        ayni_put_u16(feed.incarnation.bytes, (uint16_t)(first + i));
        feed.node.bytes[0] = (uint8_t)(i / 500); /* of several authors */
        struct ayni_feed id = sim_engine_feed_id(&feed);
        struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&id),
                                        .seq = 5,
                                        .has_mark = true,
                                        .has_descriptor = true,
                                        .descriptor = feed };
        ayni_noted_head_encode(&head, &heads);
    }
    ayni_note_encode(10, 11, count, ayni_buffer_bytes(&heads), &message);
    sim_engine_say(&e, peer, &message);
}

START_TEST(a_peer_that_claims_without_end_costs_no_more_than_its_share)
{
    struct ayni_sync_peer_status status;
    struct ayni_node peer = sim_engine_peer(2);

    sim_engine_meet(&e, 2);
    for (uint16_t i = 0; i < 20; i++) {
        many_heads(2, (uint16_t)(i * 1000), 1000, (uint8_t)(1 + i % 2));
        sim_engine_time(&e, 100);
        ck_assert_int_eq(ayni_sync_get_peer(e.sync, &peer, &status), AYNI_OK);
        ck_assert_uint_le(status.memory, AYNI_SYNC_PEER_MEMORY_MAX);
    }
}
END_TEST

START_TEST(a_flood_ends_the_connection_and_costs_others_nothing)
{
    SCOPED_BUFFER hello = { 0 };
    struct ayni_hello h = { .major = AYNI_PROTOCOL_MAJOR, .root = test_root().node };

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    ayni_hello_encode(&h, &hello);
    for (size_t i = 0; i < 100000 && sim_engine_is_up(&e, 2); i++) {
        sim_engine_say(&e, 2, &hello);
        if (sim_engine_find(&e, AYNI_SYNC_DROP, 2) == NULL)
            sim_engine_forget(&e);
    }
    ck_assert_int_eq(sim_engine_dropped(&e, 2), AYNI_SYNC_DROP_FLOOD);
    ck_assert(sim_engine_is_up(&e, 3));
    ck_assert(sim_engine_lag(&e, 3).in_sync);
}
END_TEST

/* The author's feeds in space 1 and lane 1 are as many as are taken. */
static void fill_quota(struct ayni_feed_descriptor *feed)
{
    *feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 0);
    for (uint16_t i = 0; i < AYNI_FEEDS_PER_AUTHOR_MAX; i++) {
        ayni_put_u16(feed->incarnation.bytes, i);
        sim_engine_head(&e, feed, 2, 1 + i);
    }
    sim_engine_meet(&e, 2);
    ck_assert(sim_engine_lag(&e, 2).in_sync);
}

START_TEST(a_flood_of_batches_that_nobody_asked_for_is_one)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_node peer = sim_engine_peer(2);

    sim_engine_meet(&e, 2);
    sim_engine_head(&e, &feed, 3, 1);
    for (unsigned i = 0; i < 400000 && sim_engine_is_up(&e, 2); i++) {
        sim_engine_batch(&e, 2, &feed, 0, 3);
        if (sim_engine_is_up(&e, 2))
            sim_engine_forget(&e);
    }
    ck_assert_int_eq(sim_engine_dropped(&e, 2), AYNI_SYNC_DROP_FLOOD);
    struct ayni_sync_refusals refused = ayni_sync_get_refusals(e.sync, &peer);
    ck_assert_uint_eq(refused.drops, 1);
    ck_assert_uint_gt(refused.ignored, 20000);
}
END_TEST

START_TEST(an_author_has_so_many_feeds_and_no_more)
{
    struct ayni_feed_descriptor feed;

    fill_quota(&feed);
    ayni_put_u16(feed.incarnation.bytes, AYNI_FEEDS_PER_AUTHOR_MAX);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->refused_heads, 1);
}
END_TEST

/* It is looked at again, and as long as the peer holds what isn't taken it stays so. */
START_TEST(beyond_a_quota_nobody_says_in_sync)
{
    struct ayni_feed_descriptor feed;

    fill_quota(&feed);
    ayni_put_u16(feed.incarnation.bytes, AYNI_FEEDS_PER_AUTHOR_MAX);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).untaken, 5);
    sim_engine_note(&e, 2, &feed, 7, 11, 12); /* the same feed, which has grown */
    ck_assert_uint_eq(sim_engine_lag(&e, 2).untaken, 7);
    sim_engine_time(&e, 60000);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
    sim_engine_hello(&e, 2, false, true);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
    ck_assert(sim_engine_is_up(&e, 2));
}
END_TEST

START_TEST(what_is_not_taken_is_counted_until_both_hold_the_same)
{
    struct ayni_feed_descriptor feed;

    fill_quota(&feed);
    for (uint16_t i = 0; i < 2; i++) {
        ayni_put_u16(feed.incarnation.bytes, (uint16_t)(AYNI_FEEDS_PER_AUTHOR_MAX + i));
        sim_engine_note(&e, 2, &feed, 5, 10u + i, 11u + i);
    }
    struct ayni_sync_lag lag = sim_engine_lag(&e, 2);
    ck_assert_uint_eq(lag.behind, 0);
    ck_assert_uint_eq(lag.untaken, 10);
    sim_engine_time(&e, 60000);
    sim_engine_hello(&e, 2, false, false); /* it doesn't hold them any more */
    lag = sim_engine_lag(&e, 2);
    ck_assert(lag.in_sync);
    ck_assert_uint_eq(lag.untaken, 0);
}
END_TEST

/* Others' feeds are taken as before, and its own in other lanes and spaces. */
START_TEST(a_quota_is_one_authors_in_one_space_and_lane)
{
    const struct ayni_feed_descriptor others[] = {
        sim_engine_feed(6, 1, AYNI_LANE_CURRENT, 1),
        sim_engine_feed(7, 1, AYNI_LANE_BULK, 1),
        sim_engine_feed(7, 2, AYNI_LANE_CURRENT, 1),
    };
    struct ayni_feed_descriptor feed;
    struct ayni_feed id = sim_engine_feed_id(&others[_i]);
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&id);

    fill_quota(&feed);
    sim_engine_note(&e, 2, &others[_i], 5, 10, 11);
    struct ayni_want want = sim_engine_wanted(&e, 2);
    ck_assert(ayni_id_equal(&want.feed, &name));
}
END_TEST

/* Another history of a feed would be a segment more. */
START_TEST(a_fork_beyond_the_quota_is_not_looked_for)
{
    struct ayni_feed_descriptor feed;
    struct ayni_noted_head head = { .seq = 2, .has_mark = true };
    SCOPED_BUFFER heads = { 0 }, note = { 0 };

    fill_quota(&feed);
    struct ayni_feed id = sim_engine_feed_id(&feed);
    head.feed = ayni_feed_prefix_of(&id);
    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(10, 11, 1, ayni_buffer_bytes(&heads), &note);
    sim_engine_say(&e, 2, &note);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_TRACE, 2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->refused_heads, 1);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
}
END_TEST

/* What it is nobody knows, until somebody says. */
START_TEST(a_head_of_an_unknown_feed_is_out_of_sync)
{
    struct ayni_noted_head head = { .feed = { { 99 } }, .seq = 2, .has_mark = true };
    SCOPED_BUFFER heads = { 0 }, note = { 0 };

    sim_engine_meet(&e, 2);
    ck_assert(sim_engine_lag(&e, 2).in_sync);
    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(10, 11, 1, ayni_buffer_bytes(&heads), &note);
    sim_engine_say(&e, 2, &note);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
}
END_TEST

/* A head whose descriptor hashes to another name is not taken. */
START_TEST(a_descriptor_proves_its_name)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_noted_head head = { .seq = 3, .has_mark = true, .has_descriptor = true };
    SCOPED_BUFFER heads = { 0 }, message = { 0 };

    sim_engine_meet(&e, 2);
    head.descriptor = feed;
    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(10, 11, 1, ayni_buffer_bytes(&heads), &message);
    sim_engine_say(&e, 2, &message);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->refused_heads, 1);
}
END_TEST

/* --- the machine --- */

/* Whatever is told, in whatever order: the same again gives the same again, and the seed changes no
 * byte. */
static void tell_story(struct sim_engine *engine)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_feed_descriptor own = sim_engine_feed(1, 2, AYNI_LANE_BULK, 1);

    sim_engine_stored(engine, 77, AYNI_OK);
    sim_engine_down(engine, 3);
    sim_engine_up(engine, 2, true);
    sim_engine_up(engine, 3, false);
    sim_engine_hello(engine, 2, false, true);
    sim_engine_hello(engine, 3, true, true);
    for (uint8_t i = 0; i < 40; i++) {
        struct ayni_feed_descriptor other = sim_engine_feed(6, 1, AYNI_LANE_CURRENT, i);
        sim_engine_head(engine, &other, 1 + i % 5, 1 + i);
    }
    sim_engine_note(engine, 2, &feed, 7, 10, 12);
    sim_engine_head(engine, &own, 3, 50);
    sim_engine_batch(engine, 2, &feed, 0, 7);
    sim_engine_time(engine, 30000);
    sim_engine_up(engine, 2, true); /* a new connection, without an end of the old one */
    sim_engine_time(engine, 30000);
}

START_TEST(the_same_events_give_the_same_actions)
{
    static struct sim_engine other;

    sim_engine_start(&other, 999);
    tell_story(&e);
    tell_story(&other);
    ck_assert_uint_eq(e.action_count, other.action_count);
    ck_assert_uint_gt(e.action_count, 20);
    for (size_t i = 0; i < e.action_count; i++) {
        ck_assert_int_eq(e.actions[i].action.type, other.actions[i].action.type);
        ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&e.actions[i].bytes),
                                   ayni_buffer_bytes(&other.actions[i].bytes)));
    }
    sim_engine_stop(&other);
}
END_TEST

START_TEST(answers_that_nobody_asked_for_change_nothing)
{
    static const enum ayni_sync_event_type types[] = { AYNI_SYNC_RUNS, AYNI_SYNC_CHAINS,
                                                       AYNI_SYNC_COMPARED, AYNI_SYNC_STORED,
                                                       AYNI_SYNC_REFUSED };
    struct ayni_sync_event event = { .type = types[_i] };

    sim_engine_tell(&e, &event);
    sim_engine_meet(&e, 2);
    sim_engine_tell(&e, &event);
    ck_assert_uint_eq(e.action_count, 0);
    ck_assert(sim_engine_is_up(&e, 2));
}
END_TEST

START_TEST(every_reason_has_a_name)
{
    for (int i = AYNI_SYNC_DROP_VERSION; i <= AYNI_SYNC_DROP_FLOOD; i++)
        ck_assert_str_ne(ayni_sync_drop_name((enum ayni_sync_drop)i), "unknown");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_bounds");
    TCase *tcase = tcase_create("sync_bounds");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_peer_that_claims_without_end_costs_no_more_than_its_share);
    tcase_add_test(tcase, a_flood_ends_the_connection_and_costs_others_nothing);
    tcase_add_test(tcase, a_flood_of_batches_that_nobody_asked_for_is_one);
    tcase_add_test(tcase, an_author_has_so_many_feeds_and_no_more);
    tcase_add_test(tcase, beyond_a_quota_nobody_says_in_sync);
    tcase_add_test(tcase, what_is_not_taken_is_counted_until_both_hold_the_same);
    tcase_add_loop_test(tcase, a_quota_is_one_authors_in_one_space_and_lane, 0, 3);
    tcase_add_test(tcase, a_fork_beyond_the_quota_is_not_looked_for);
    tcase_add_test(tcase, a_head_of_an_unknown_feed_is_out_of_sync);
    tcase_add_test(tcase, a_descriptor_proves_its_name);
    tcase_add_test(tcase, the_same_events_give_the_same_actions);
    tcase_add_loop_test(tcase, answers_that_nobody_asked_for_change_nothing, 0, 5);
    tcase_add_test(tcase, every_reason_has_a_name);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
