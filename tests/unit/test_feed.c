#include "proto/feed.h"

#include "proto/crypto.h"
#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static const struct ayni_node root = { { 1 } };
static const struct ayni_feed_descriptor descriptor = {
    .node = { { 2 } },
    .space = { { 3 } },
    .lane = AYNI_LANE_BULK,
    .incarnation = { { 4 } },
};

static void start(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
}

/* Everything in the descriptor, and the root, makes another feed. */
START_TEST(a_feed_commits_to_all_of_its_descriptor)
{
    struct ayni_node other_root = root;
    struct ayni_feed_descriptor other = descriptor;
    struct ayni_feed feed = ayni_feed_of(&root, &descriptor);

    switch (_i) {
    case 0:
        other_root.bytes[31] ^= 1;
        break;
    case 1:
        other.node.bytes[31] ^= 1;
        break;
    case 2:
        other.space.bytes[15] ^= 1;
        break;
    case 3:
        other.lane = AYNI_LANE_CURRENT;
        break;
    default:
        other.incarnation.bytes[15] ^= 1;
        break;
    }
    struct ayni_feed another = ayni_feed_of(&other_root, &other);
    ck_assert(!ayni_id_equal(&feed, &another));
}
END_TEST

static enum ayni_status decode(void *context, struct ayni_bytes bytes)
{
    struct ayni_feed_descriptor read;

    (void)context;
    return ayni_feed_descriptor_decode(bytes, &read);
}

START_TEST(a_descriptor_reads_back)
{
    SCOPED_BUFFER to = { 0 };
    struct ayni_feed_descriptor read;

    ayni_feed_descriptor_encode(&descriptor, &to);
    ck_assert_int_eq(ayni_feed_descriptor_decode(ayni_buffer_bytes(&to), &read), AYNI_OK);
    ck_assert(ayni_id_equal(&read.node, &descriptor.node));
    ck_assert(ayni_id_equal(&read.space, &descriptor.space));
    ck_assert(ayni_id_equal(&read.incarnation, &descriptor.incarnation));
    ck_assert_uint_eq(read.lane, AYNI_LANE_BULK);
    test_wrong_sizes_are_refused(decode, NULL, ayni_buffer_bytes(&to));
}
END_TEST

/* [node, space, lane, incarnation] with a lane as it comes. */
START_TEST(lanes_that_nobody_knows_are_carried_up_to_255)
{
    SCOPED_BUFFER to = { 0 };
    struct ayni_feed_descriptor other = descriptor, read;

    other.lane = 255;
    ayni_feed_descriptor_encode(&other, &to);
    ck_assert_int_eq(ayni_feed_descriptor_decode(ayni_buffer_bytes(&to), &read), AYNI_OK);
    ck_assert_uint_eq(read.lane, 255);
    size_t lane = 1 + 34 + 17; /* where 18 ff stands */
    ck_assert_uint_eq(to.data[lane], 0x18);
    SCOPED_BUFFER wide = { 0 };
    ayni_buffer_append(&wide, to.data, lane);
    ayni_buffer_append(&wide, "\x19\x01\x00", 3);
    ayni_buffer_append(&wide, to.data + lane + 2, to.size - lane - 2);
    ck_assert_int_eq(decode(NULL, ayni_buffer_bytes(&wide)), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_segment_commits_to_where_it_begins)
{
    struct ayni_feed feed = ayni_feed_of(&root, &descriptor);
    struct ayni_hash chain = { { 5 } }, other_chain = { { 6 } };
    struct ayni_feed branch = ayni_feed_branch(&feed, 7, &chain);
    struct ayni_feed later = ayni_feed_branch(&feed, 8, &chain);
    struct ayni_feed beside = ayni_feed_branch(&feed, 7, &other_chain);

    ck_assert(!ayni_id_equal(&branch, &feed));
    ck_assert(!ayni_id_equal(&branch, &later));
    ck_assert(!ayni_id_equal(&branch, &beside));
    struct ayni_feed_prefix prefix = ayni_feed_prefix_of(&feed);
    ck_assert_mem_eq(prefix.bytes, feed.bytes, sizeof(prefix.bytes));
}
END_TEST

START_TEST(spaces_commit_to_root_creator_and_chance)
{
    static const uint8_t random[16] = { 1 }, other_random[16] = { 2 };
    struct ayni_node other_root = { { 9 } }, owner = { { 2 } }, other_owner = { { 3 } };
    struct ayni_space space = ayni_space_of(&root, &owner, random);
    struct ayni_space others[] = {
        ayni_space_of(&other_root, &owner, random), ayni_space_of(&root, &other_owner, random),
        ayni_space_of(&root, &owner, other_random), ayni_registry_space(&root),
        ayni_registry_space(&other_root),
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        ck_assert(!ayni_id_equal(&space, &others[i]));
    ck_assert(!ayni_id_equal(&others[3], &others[4]));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("feed");
    TCase *feed = tcase_create("feed");

    tcase_add_checked_fixture(feed, start, NULL);
    tcase_add_loop_test(feed, a_feed_commits_to_all_of_its_descriptor, 0, 5);
    tcase_add_test(feed, a_descriptor_reads_back);
    tcase_add_test(feed, lanes_that_nobody_knows_are_carried_up_to_255);
    tcase_add_test(feed, a_segment_commits_to_where_it_begins);
    tcase_add_test(feed, spaces_commit_to_root_creator_and_chance);
    suite_add_tcase(suite, feed);
    return test_run(suite);
}
