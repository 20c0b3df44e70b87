#include "proto/entry.h"

#include "proto/limits.h"
#include "proto/seal.h"
#include "tests/support/mangle.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

enum { COUNT = 5 };

/* A node, its feed, and one sealed run of COUNT entries in it. */
static struct ayni_signing_key secret;
static struct ayni_node node;
static struct ayni_feed feed;
static struct ayni_entry entries[COUNT];
static struct ayni_run run = { .entries = entries, .count = COUNT };
static struct ayni_head start, end;
static struct ayni_hash chains[COUNT];
static uint8_t payloads[COUNT][40];
static struct ayni_buffer wire;
static struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];

static void make_run(void)
{
    static const uint8_t seed[32] = { 7 };
    struct test_random random = { 1 };
    struct ayni_node root = { { 1 } };

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    ck_assert_int_eq(ayni_signing_key_of_seed(seed, &secret, &node), AYNI_OK);
    struct ayni_feed_descriptor descriptor = { .node = node, .lane = AYNI_LANE_CURRENT };
    feed = ayni_feed_of(&root, &descriptor);
    start = (struct ayni_head){ 0, ayni_chain_start(&feed) };
    for (size_t i = 0; i < COUNT; i++) {
        test_random_fill(&random, payloads[i], sizeof(payloads[i]));
        entries[i] = (struct ayni_entry){ .kind = AYNI_KIND_VERSION,
                                          .time = { 1000 + i / 2 },
                                          .payload = { payloads[i], sizeof(payloads[i]) - i } };
    }
    ayni_run_seal(&run, &feed, &secret, &start, &end, chains);
    ayni_run_encode(&run, &wire);
}

static void free_run(void)
{
    ayni_buffer_free(&wire);
}

static enum ayni_status verify(const struct ayni_run *read, struct ayni_head *after)
{
    return ayni_run_verify(read, &feed, &node, AYNI_LANE_CURRENT, &start,
                           (struct ayni_instant){ 0 }, after, NULL);
}

START_TEST(a_run_reads_back_and_verifies)
{
    struct ayni_run read = { .entries = room };
    struct ayni_head after;
    struct ayni_hash seen[COUNT];
    size_t used = 0;

    ck_assert_int_eq(ayni_run_read(ayni_buffer_bytes(&wire), &used, &read), AYNI_OK);
    ck_assert_uint_eq(used, wire.size);
    ck_assert_int_eq(ayni_run_verify(&read, &feed, &node, AYNI_LANE_CURRENT, &start,
                                     (struct ayni_instant){ 1000 }, &after, seen),
                     AYNI_OK);
    ck_assert_uint_eq(after.seq, COUNT);
    ck_assert(ayni_id_equal(&after.chain, &end.chain));
    ck_assert_mem_eq(seen, chains, sizeof(seen));
    SCOPED_BUFFER again = { 0 };
    ayni_run_encode(&read, &again);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&wire)));
}
END_TEST

static enum ayni_status read_and_verify(void *context, struct ayni_bytes bytes)
{
    struct ayni_run read = { .entries = room };
    struct ayni_head after;
    size_t used;

    (void)context;
    enum ayni_status status = ayni_run_read(bytes, &used, &read);
    if (status == AYNI_OK && used != bytes.size)
        status = AYNI_E_MALFORMED; /* more than a run */
    return status == AYNI_OK ? verify(&read, &after) : status;
}

START_TEST(every_part_and_bit_of_a_run_counts)
{
    test_wrong_sizes_are_refused(read_and_verify, NULL, ayni_buffer_bytes(&wire));
    test_bit_flips_are_refused(read_and_verify, NULL, ayni_buffer_bytes(&wire));
}
END_TEST

/* Whatever is hollow, chain and seal are the same. */
START_TEST(a_hollow_entry_verifies_like_a_whole_one)
{
    struct ayni_run read = { .entries = room };
    struct ayni_head after;
    size_t used;
    SCOPED_BUFFER hollow = { 0 };

    entries[_i % COUNT].hollow = (uint8_t)(AYNI_HOLLOW_ERASED + _i % 3);
    entries[_i % COUNT].payload = (struct ayni_bytes){ NULL, 0 };
    ayni_run_encode(&run, &hollow);
    ck_assert_int_eq(ayni_run_read(ayni_buffer_bytes(&hollow), &used, &read), AYNI_OK);
    ck_assert_int_eq(read.entries[_i % COUNT].hollow, entries[_i % COUNT].hollow);
    ck_assert_uint_eq(read.entries[_i % COUNT].payload_size,
                      sizeof(payloads[0]) - (size_t)(_i % COUNT));
    ck_assert_int_eq(verify(&read, &after), AYNI_OK);
    ck_assert(ayni_id_equal(&after.chain, &end.chain));
}
END_TEST

START_TEST(a_run_belongs_to_one_place)
{
    struct ayni_head after = { 0 }, elsewhere = start;
    struct ayni_feed other_feed = feed;
    struct ayni_node other_node = node;
    struct ayni_instant later = { 1001 };

    other_feed.bytes[0] ^= 1;
    other_node.bytes[0] ^= 1;
    elsewhere.seq = 1;
    ck_assert_int_eq(ayni_run_verify(&run, &other_feed, &node, 1, &start,
                                     (struct ayni_instant){ 0 }, &after, NULL),
                     AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_run_verify(&run, &feed, &other_node, 1, &start,
                                     (struct ayni_instant){ 0 }, &after, NULL),
                     AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_run_verify(&run, &feed, &node, 1, &elsewhere, (struct ayni_instant){ 0 },
                                     &after, NULL),
                     AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_run_verify(&run, &feed, &node, 1, &start, later, &after, NULL),
                     AYNI_E_INVALID);
    elsewhere.seq = UINT64_MAX - COUNT + 1;
    ck_assert_int_eq(ayni_run_verify(&run, &feed, &node, 1, &elsewhere, (struct ayni_instant){ 0 },
                                     &after, NULL),
                     AYNI_E_LIMIT);
    ck_assert_uint_eq(after.seq, 0);
}
END_TEST

START_TEST(time_never_falls_within_a_run)
{
    struct ayni_head after;

    entries[2].time.ms = 1;
    ayni_run_seal(&run, &feed, &secret, &start, &after, NULL);
    ck_assert_int_eq(verify(&run, &after), AYNI_E_INVALID);
}
END_TEST

/* Sizes of payloads, how many of them, the lane, and what is to be answered. */
static const struct {
    size_t size, count;
    uint8_t lane;
    enum ayni_status reads, verifies;
} sizes[] = {
    { 0, 1, 1, AYNI_OK, AYNI_OK },
    { 8 * 1024, 1, 1, AYNI_OK, AYNI_OK },
    { 4 * 1024, 2, 1, AYNI_OK, AYNI_OK },
    { 4 * 1024 + 1, 2, 0, AYNI_OK, AYNI_E_LIMIT },
    { 4 * 1024 + 1, 2, 2, AYNI_OK, AYNI_OK },
    { 16 * 1024, 2, 2, AYNI_OK, AYNI_OK },
    { 16 * 1024 + 1, 2, 2, AYNI_E_LIMIT, AYNI_E_LIMIT },
    { 64 * 1024, 1, 0, AYNI_OK, AYNI_OK },
    { 64 * 1024, 1, 2, AYNI_OK, AYNI_OK },
    { 64 * 1024 + 1, 1, 2, AYNI_E_LIMIT, AYNI_E_LIMIT },
    { 1, 256, 1, AYNI_OK, AYNI_OK },
    { 1, 257, 2, AYNI_E_LIMIT, AYNI_E_LIMIT },
};

START_TEST(a_run_has_limits)
{
    static uint8_t large[64 * 1024 + 1];
    static struct ayni_entry many[AYNI_RUN_ENTRIES_MAX + 1];
    struct ayni_run sized = { many, sizes[_i].count, { { 0 } } }, read = { .entries = room };
    struct ayni_head after;
    size_t used;
    SCOPED_BUFFER to = { 0 };

    for (size_t i = 0; i < sized.count; i++)
        many[i] = (struct ayni_entry){ .kind = 1, .payload = { large, sizes[_i].size } };
    ayni_run_seal(&sized, &feed, &secret, &start, &after, NULL);
    ayni_run_encode(&sized, &to);
    ck_assert_int_eq(ayni_run_read(ayni_buffer_bytes(&to), &used, &read), sizes[_i].reads);
    ck_assert_int_eq(ayni_run_verify(&sized, &feed, &node, sizes[_i].lane, &start,
                                     (struct ayni_instant){ 0 }, &after, NULL),
                     sizes[_i].verifies);
}
END_TEST

START_TEST(an_empty_run_is_malformed)
{
    struct ayni_run empty = { .entries = room }, read = { .entries = room };
    size_t used;
    SCOPED_BUFFER to = { 0 };

    ayni_run_encode(&empty, &to);
    ck_assert_int_eq(ayni_run_read(ayni_buffer_bytes(&to), &used, &read), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_header_reads_back)
{
    SCOPED_BUFFER to = { 0 };
    struct ayni_entry back;

    ayni_header_encode(&entries[1], &to);
    ck_assert_int_eq(ayni_header_decode(ayni_buffer_bytes(&to), &back), AYNI_OK);
    ck_assert(back.kind == entries[1].kind && back.time.ms == entries[1].time.ms);
    ck_assert(back.payload_size == entries[1].payload_size && back.hollow == AYNI_HOLLOW_LOST);
    struct ayni_hash next = ayni_chain_next(&chains[0], &back);
    ck_assert(ayni_id_equal(&next, &chains[1]));
    for (size_t size = 0; size < to.size; size++)
        ck_assert_int_eq(ayni_header_decode((struct ayni_bytes){ to.data, size }, &back),
                         AYNI_E_MALFORMED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("entry");
    TCase *entry = tcase_create("entry");

    tcase_add_checked_fixture(entry, make_run, free_run);
    tcase_add_test(entry, a_run_reads_back_and_verifies);
    tcase_add_test(entry, every_part_and_bit_of_a_run_counts);
    tcase_add_loop_test(entry, a_hollow_entry_verifies_like_a_whole_one, 0, 3 * COUNT);
    tcase_add_test(entry, a_run_belongs_to_one_place);
    tcase_add_test(entry, time_never_falls_within_a_run);
    tcase_add_loop_test(entry, a_run_has_limits, 0, sizeof(sizes) / sizeof(sizes[0]));
    tcase_add_test(entry, an_empty_run_is_malformed);
    tcase_add_test(entry, a_header_reads_back);
    suite_add_tcase(suite, entry);
    return test_run(suite);
}
