#include "tests/support/log.h"
#include "tests/support/suite.h"

/* A log made in the child, and one feed that a test writes. */
static struct test_log store;
static struct test_random random_numbers;
static struct test_feed feed;
static struct test_run run;

static void setup(void)
{
    random_numbers = (struct test_random){ 1 };
    test_feed_init(&feed, AYNI_LANE_BULK, &random_numbers);
    test_log_make(&store, 64 * 1024 * 1024);
}

static void teardown(void)
{
    test_log_remove(&store);
}

/* Make the next run of the feed and store it. */
static void write_run(size_t count, size_t payload_size)
{
    test_feed_next(&feed, count, payload_size, &random_numbers, &run);
    ck_assert_int_eq(test_log_append(&store, &feed, &run), AYNI_OK);
}

static struct log_feed stored_feed(struct log_snapshot *snapshot)
{
    struct log_feed stored = { 0 };
    ck_assert_int_eq(log_find_feed(snapshot, &feed.id, &stored), AYNI_OK);
    return stored;
}

/* --- feeds --- */

START_TEST(a_feed_is_found_by_number_id_and_prefix)
{
    write_run(3, 100);
    test_log_reopen(&store);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    struct log_feed by_id = stored_feed(snapshot);
    struct log_feed by_no;

    ck_assert_uint_eq(by_id.no, 1);
    ck_assert(ayni_id_equal(&by_id.id, &feed.id));
    ck_assert(ayni_id_equal(&by_id.descriptor.node, &feed.descriptor.node));
    ck_assert(ayni_id_equal(&by_id.descriptor.space, &feed.descriptor.space));
    ck_assert(ayni_id_equal(&by_id.descriptor.incarnation, &feed.descriptor.incarnation));
    ck_assert_uint_eq(by_id.descriptor.lane, AYNI_LANE_BULK);
    ck_assert_uint_eq(by_id.head.seq, 3);
    ck_assert(ayni_id_equal(&by_id.head.chain, &feed.head.chain));
    ck_assert_uint_eq(by_id.last_time.ms, feed.last_time.ms);
    ck_assert_uint_eq(by_id.arrival, 1);
    ck_assert(!by_id.forked);
    ck_assert_int_eq(log_get_feed(snapshot, 1, &by_no), AYNI_OK);
    ck_assert(ayni_id_equal(&by_no.id, &feed.id));
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
    write_run(3, 100);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    struct ayni_feed nobody = { { 1 } };
    struct log_feed f;
    struct log_entry entry;
    struct ayni_hash chain;
    struct ayni_signature signature;
    uint64_t seq;
    SCOPED_BUFFER runs = { 0 };

    ck_assert_int_eq(log_get_feed(snapshot, 0, &f), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_feed(snapshot, 2, &f), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_find_feed(snapshot, &nobody, &f), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 0, &entry), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 4, &entry), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_entry(snapshot, 2, 1, &entry), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_chain(snapshot, 1, 4, &chain), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_chain(snapshot, 2, 0, &chain), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_seal(snapshot, 1, 4, &seq, &signature), AYNI_E_NOT_FOUND);
    for (feed_no no = 1; no <= 2; no++)
        for (uint64_t from = no == 1 ? 4 : 0; from < 10; from++) {
            ck_assert_int_eq(log_read_runs(snapshot, no, from, UINT64_MAX, 1000, &runs, &seq),
                             AYNI_OK);
            ck_assert_uint_eq(seq, from);
            ck_assert_uint_eq(runs.size, 0);
        }
}
END_TEST

static bool count_feed(void *context, const struct log_feed *f)
{
    unsigned *count = context;
    ck_assert_uint_eq(f->no, *count + 1);
    return ++*count < 3;
}

START_TEST(feeds_are_numbered_as_they_come_and_visited_in_that_order)
{
    unsigned count = 0;

    for (unsigned i = 0; i < 5; i++) {
        test_feed_init(&feed, AYNI_LANE_CURRENT, &random_numbers);
        write_run(1, 10);
    }
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_each_feed(snapshot, count_feed, &count), AYNI_OK);
    ck_assert_uint_eq(count, 3); /* it said so */
}
END_TEST

/* --- entries and runs --- */

START_TEST(entries_read_back_as_they_were_written)
{
    write_run(200, 150);
    test_log_reopen(&store);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    for (uint64_t seq = 1; seq <= 200; seq++) {
        struct log_entry entry;
        ck_assert_int_eq(log_get_entry(snapshot, 1, seq, &entry), AYNI_OK);
        ck_assert_uint_eq(entry.entry.kind, AYNI_KIND_VERSION);
        ck_assert_uint_eq(entry.entry.hollow, AYNI_HOLLOW_NONE);
        ck_assert_uint_eq(entry.entry.time.ms, run.entries[seq - 1].time.ms);
        ck_assert_uint_eq(entry.entry.payload_size, 150);
        ck_assert(ayni_bytes_equal(entry.entry.payload, run.entries[seq - 1].payload));
        ck_assert(ayni_id_equal(&entry.chain, &run.chains[seq - 1]));
    }
}
END_TEST

/* Kinds that this program doesn't know, empty and largest payloads, hollow entries: all as they
 * came. */
static const struct {
    uint64_t kind;
    size_t payload_size;
    uint8_t hollow;
} forms[] = {
    { 1, 0, 0 },
    { 5, 1, 0 },
    { 0, 5, 0 },
    { 254, 100, 0 },
    { 255, 100, 0 },
    { 256, 100, 0 },
    { UINT64_MAX, 100, 0 },
    { UINT64_MAX, 0, 0 },
    { 1, 2100, 0 },
    { 1, 64 * 1024, 0 },
    { 1, 1234, AYNI_HOLLOW_ERASED },
    { 255, 0, AYNI_HOLLOW_WITHHELD },
    { 1, 64 * 1024, AYNI_HOLLOW_LOST },
};

static void write_form(size_t form)
{
    struct ayni_entry *entry = &run.entries[0];

    test_feed_next(&feed, 1, forms[form].payload_size, &random_numbers, &run);
    feed.head = run.before;
    entry->kind = forms[form].kind;
    ayni_entry_complete(entry);
    if (forms[form].hollow != AYNI_HOLLOW_NONE) {
        entry->hollow = forms[form].hollow;
        entry->payload = (struct ayni_bytes){ 0 };
    }
    ayni_run_seal(&run.run, &feed.id, &feed.secret, &run.before, &run.after, run.chains);
    feed.head = run.after;
    ck_assert_int_eq(test_log_append(&store, &feed, &run), AYNI_OK);
}

START_TEST(every_form_of_an_entry_reads_back)
{
    struct log_entry entry;
    const struct ayni_entry *wrote = &run.entries[0];

    write_form((size_t)_i);
    test_log_reopen(&store);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 1, &entry), AYNI_OK);
    ck_assert_uint_eq(entry.entry.kind, wrote->kind);
    ck_assert_uint_eq(entry.entry.hollow, wrote->hollow);
    ck_assert_uint_eq(entry.entry.payload_size, wrote->payload_size);
    ck_assert(ayni_bytes_equal(entry.entry.payload, wrote->payload));
    if (wrote->hollow != AYNI_HOLLOW_NONE)
        ck_assert(ayni_id_equal(&entry.entry.payload_hash, &wrote->payload_hash));
}
END_TEST

/* What log_read_runs gives must be the bytes of ayni_run_encode, and verify. */
START_TEST(runs_come_out_byte_for_byte_as_they_went_in)
{
    static const size_t counts[] = { 1, 256, 3, 1, 17, 64 };
    SCOPED_BUFFER wire = { 0 };
    SCOPED_BUFFER runs = { 0 };
    uint64_t next = 0;

    for (size_t i = 0; i < 6; i++) {
        write_run(counts[i], 100);
        ayni_run_encode(&run.run, &wire);
    }
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        write_form(i);
        ayni_run_encode(&run.run, &wire);
    }
    test_log_reopen(&store);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 1, UINT64_MAX, SIZE_MAX, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, feed.head.seq + 1);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&runs), ayni_buffer_bytes(&wire)));
}
END_TEST

START_TEST(runs_are_read_up_to_a_size_but_at_least_one)
{
    SCOPED_BUFFER runs = { 0 };
    uint64_t next = 0;

    for (size_t i = 0; i < 5; i++)
        write_run(10, 100);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 1, UINT64_MAX, 0, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 11);
    size_t one = runs.size;
    ck_assert_uint_gt(one, 10 * 100);

    ayni_buffer_clear(&runs);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 11, UINT64_MAX, 3 * one - 1, &runs, &next),
                     AYNI_OK);
    ck_assert_uint_eq(next, 31);
    ck_assert_uint_eq(runs.size, 2 * one);

    /* It appends, and counts its own bytes alone. */
    ck_assert_int_eq(log_read_runs(snapshot, 1, 31, UINT64_MAX, 2 * one, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 51);
    ck_assert_uint_eq(runs.size, 4 * one);
}
END_TEST

START_TEST(runs_are_read_up_to_a_seq)
{
    SCOPED_BUFFER runs = { 0 };
    uint64_t next = 0;

    for (size_t i = 0; i < 3; i++)
        write_run(10, 100);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 11, 10, SIZE_MAX, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 11);
    ck_assert_uint_eq(runs.size, 0);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 1, 20, SIZE_MAX, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 21);
    /* A run that begins before it is whole: its seal is at its end. */
    ck_assert_int_eq(log_read_runs(snapshot, 1, 21, 24, SIZE_MAX, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 31);
}
END_TEST

/* A peer whose head another seal covers may stand in the middle of a run of ours. */
START_TEST(the_rest_of_a_run_verifies_from_the_middle)
{
    static struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run rest = { .entries = entries };
    struct ayni_head middle = { .seq = 4 };
    struct ayni_head after;
    SCOPED_BUFFER runs = { 0 };
    uint64_t next = 0;
    size_t used;

    write_run(10, 100);
    middle.chain = run.chains[3];
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 5, UINT64_MAX, 0, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 11);
    ck_assert_int_eq(ayni_run_read(ayni_buffer_bytes(&runs), &used, &rest), AYNI_OK);
    ck_assert_uint_eq(rest.count, 6);
    ck_assert_int_eq(ayni_run_verify(&rest, &feed.id, &feed.descriptor.node, AYNI_LANE_BULK,
                                     &middle, run.entries[3].time, &after, NULL),
                     AYNI_OK);
    ck_assert(ayni_id_equal(&after.chain, &feed.head.chain));
}
END_TEST

START_TEST(seals_and_chains_are_found_for_each_seq)
{
    uint64_t ends[] = { 10, 11, 31 };
    struct ayni_hash chain;
    struct ayni_signature signature;
    uint64_t seq = 1;
    uint64_t sealed;

    write_run(10, 10);
    write_run(1, 10);
    write_run(20, 10);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    for (size_t i = 0; i < 3; i++)
        for (; seq <= ends[i]; seq++) {
            ck_assert_int_eq(log_get_seal(snapshot, 1, seq, &sealed, &signature), AYNI_OK);
            ck_assert_uint_eq(sealed, ends[i]);
        }
    ck_assert(ayni_id_equal(&signature, &run.run.signature));
    ck_assert_int_eq(log_get_chain(snapshot, 1, 31, &chain), AYNI_OK);
    ck_assert(ayni_id_equal(&chain, &feed.head.chain));
    ck_assert_int_eq(log_get_chain(snapshot, 1, 0, &chain), AYNI_OK);
    struct ayni_hash start = ayni_chain_start(&feed.id);
    ck_assert(ayni_id_equal(&chain, &start));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, a_feed_is_found_by_number_id_and_prefix);
    tcase_add_test(core, what_is_not_there_is_not_found);
    tcase_add_test(core, feeds_are_numbered_as_they_come_and_visited_in_that_order);
    tcase_add_test(core, entries_read_back_as_they_were_written);
    tcase_add_loop_test(core, every_form_of_an_entry_reads_back, 0,
                        (int)(sizeof(forms) / sizeof(forms[0])));
    tcase_add_test(core, runs_come_out_byte_for_byte_as_they_went_in);
    tcase_add_test(core, runs_are_read_up_to_a_size_but_at_least_one);
    tcase_add_test(core, runs_are_read_up_to_a_seq);
    tcase_add_test(core, the_rest_of_a_run_verifies_from_the_middle);
    tcase_add_test(core, seals_and_chains_are_found_for_each_seq);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
