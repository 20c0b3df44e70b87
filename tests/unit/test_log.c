#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lmdb.h>

#include "daemon/report.h"
#include "daemon/store/log.h"
#include "tests/support/feed.h"
#include "tests/support/folder.h"
#include "tests/support/suite.h"

/* A log in a folder of its own, made in the child; one feed that a test writes. */
static struct test_folder folder;
static char path[512];
static struct log_options options;
static struct log_store *store;
static struct test_random random_numbers;
static struct test_feed feed;
static struct test_run run;
static char why[256];

static const struct ayni_instant now = { 1800000000000 };

static void open_log(void)
{
    enum ayni_status status = log_store_open(&options, &store, why, sizeof(why));
    ck_assert_msg(status == AYNI_OK, "%s", why);
}

static void setup(void)
{
    report_set_level(REPORT_ERROR);
    test_folder_make(&folder);
    test_folder_path(&folder, "log", path, sizeof(path));
    options = (struct log_options){ path, 64 * 1024 * 1024 };
    random_numbers = (struct test_random){ 1 };
    test_feed_init(&feed, AYNI_LANE_BULK, &random_numbers);
    open_log();
}

static void teardown(void)
{
    log_store_close(store);
    test_folder_remove(&folder);
}

static void reopen(void)
{
    log_store_close(store);
    open_log();
}

/* --- shorthands --- */

static enum ayni_status append_in(struct log_txn *txn, const struct test_feed *f,
                                  const struct test_run *r)
{
    struct log_feed stored;
    enum ayni_status status = log_txn_feed(txn, &f->id, &f->descriptor, &stored);

    return status != AYNI_OK
               ? status
               : log_txn_append(txn, stored.no, &r->before, &r->run, r->chains, &r->after, now);
}

static enum ayni_status append(const struct test_feed *f, const struct test_run *r)
{
    struct log_txn *txn = NULL;

    ck_assert_int_eq(log_txn_begin(store, &txn), AYNI_OK);
    enum ayni_status status = append_in(txn, f, r);
    if (status != AYNI_OK) {
        log_txn_abort(txn);
        return status;
    }
    return log_txn_commit(txn);
}

/* Make the next run of the feed and store it. */
static void write_run(size_t count, size_t payload_size)
{
    test_feed_next(&feed, count, payload_size, &random_numbers, &run);
    ck_assert_int_eq(append(&feed, &run), AYNI_OK);
}

static struct log_snapshot *begin(void)
{
    struct log_snapshot *snapshot = NULL;
    ck_assert_int_eq(log_snapshot_begin(store, &snapshot), AYNI_OK);
    return snapshot;
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
    reopen();
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    struct log_feed by_id = stored_feed(snapshot);
    struct log_feed by_no, by_prefix;
    struct ayni_feed_prefix prefix = ayni_feed_prefix_of(&feed.id);

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
    ck_assert_int_eq(log_find_feed_prefix(snapshot, &prefix, &by_prefix), AYNI_OK);
    ck_assert_uint_eq(by_prefix.no, 1);
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
    write_run(3, 100);
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    struct ayni_feed nobody = { { 1 } };
    struct ayni_feed_prefix prefix = ayni_feed_prefix_of(&feed.id);
    struct log_feed f;
    struct log_entry entry;
    struct ayni_hash chain;
    struct ayni_signature signature;
    uint64_t seq;
    SCOPED_BUFFER runs = { 0 };

    prefix.bytes[15] ^= 1;
    ck_assert_int_eq(log_get_feed(snapshot, 0, &f), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_feed(snapshot, 2, &f), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_find_feed(snapshot, &nobody, &f), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_find_feed_prefix(snapshot, &prefix, &f), AYNI_E_NOT_FOUND);
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
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    ck_assert_int_eq(log_each_feed(snapshot, count_feed, &count), AYNI_OK);
    ck_assert_uint_eq(count, 3); /* it said so */
}
END_TEST

/* --- entries and runs --- */

START_TEST(entries_read_back_as_they_were_written)
{
    write_run(200, 150);
    reopen();
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
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
    ck_assert_int_eq(append(&feed, &run), AYNI_OK);
}

START_TEST(every_form_of_an_entry_reads_back)
{
    struct log_entry entry;
    const struct ayni_entry *wrote = &run.entries[0];

    write_form((size_t)_i);
    reopen();
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
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
    reopen();
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
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
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
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
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    ck_assert_int_eq(log_read_runs(snapshot, 1, 1, 9, SIZE_MAX, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 1);
    ck_assert_uint_eq(runs.size, 0);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 1, 29, SIZE_MAX, &runs, &next), AYNI_OK);
    ck_assert_uint_eq(next, 21);
    ck_assert_int_eq(log_read_runs(snapshot, 1, 21, 30, SIZE_MAX, &runs, &next), AYNI_OK);
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
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
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
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
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

/* --- what may follow what --- */

START_TEST(a_run_that_is_held_exists_already)
{
    static struct test_run first;

    test_feed_next(&feed, 5, 10, &random_numbers, &first);
    ck_assert_int_eq(append(&feed, &first), AYNI_OK);
    ck_assert_int_eq(append(&feed, &first), AYNI_E_EXISTS);
    write_run(5, 10);
    ck_assert_int_eq(append(&feed, &first), AYNI_E_EXISTS);
    ck_assert_int_eq(append(&feed, &run), AYNI_E_EXISTS);
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    ck_assert_uint_eq(log_last_arrival(snapshot), 2);
}
END_TEST

START_TEST(a_run_after_another_head_is_refused)
{
    static struct test_run gap, other;
    struct test_feed liar = feed;

    test_feed_next(&liar, 5, 10, &random_numbers, &other); /* another history of the same feed */
    write_run(5, 10);
    ck_assert_int_eq(append(&feed, &other), AYNI_E_CHAIN);

    test_feed_next(&liar, 5, 10, &random_numbers, &other);
    ck_assert_int_eq(append(&feed, &other), AYNI_E_CHAIN);

    test_feed_next(&feed, 1, 10, &random_numbers, &gap);
    test_feed_next(&feed, 1, 10, &random_numbers, &run);
    ck_assert_int_eq(append(&feed, &run), AYNI_E_CHAIN);
    ck_assert_int_eq(append(&feed, &gap), AYNI_OK);
    ck_assert_int_eq(append(&feed, &run), AYNI_OK);
}
END_TEST

/* A run that begins below the head and ends above it: the caller asks from the head. */
START_TEST(a_run_that_overlaps_the_head_is_refused)
{
    static struct test_run longer;
    struct test_feed same = feed;
    struct test_random again = random_numbers;

    write_run(3, 10);
    test_feed_next(&same, 6, 10, &again, &longer);
    ck_assert_int_eq(append(&feed, &longer), AYNI_E_CHAIN);
}
END_TEST

struct fork_seen {
    unsigned count;
    uint64_t seqs[4];
};

static bool see_fork(void *context, const struct log_feed *f, uint64_t seq, struct ayni_bytes proof)
{
    struct fork_seen *seen = context;

    ck_assert(ayni_id_equal(&f->id, &feed.id));
    ck_assert(ayni_bytes_equal(proof, TEST_BYTES("proof")));
    seen->seqs[seen->count++] = seq;
    return true;
}

static enum ayni_status put_fork(feed_no no, struct ayni_head common)
{
    struct log_txn *txn;

    ck_assert_int_eq(log_txn_begin(store, &txn), AYNI_OK);
    enum ayni_status status = log_txn_put_fork(txn, no, &common, TEST_BYTES("proof"));
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    return status;
}

START_TEST(a_forked_feed_takes_nothing_past_its_first_fork)
{
    struct fork_seen seen = { 0 };
    struct test_feed ahead;

    write_run(5, 10);
    ahead = feed; /* two more entries are common, then the histories part */
    test_feed_next(&ahead, 2, 10, &random_numbers, &run);
    ck_assert_int_eq(put_fork(1, ahead.head), AYNI_OK);
    ck_assert_int_eq(put_fork(2, ahead.head), AYNI_E_NOT_FOUND);
    reopen();
    ck_assert_int_eq(append(&feed, &run), AYNI_OK);
    test_feed_next(&ahead, 1, 10, &random_numbers, &run);
    ck_assert_int_eq(append(&feed, &run), AYNI_E_FORK);

    /* An earlier fork point is found later: it counts; a later one doesn't. */
    ck_assert_int_eq(put_fork(1, feed.head), AYNI_OK);
    ck_assert_int_eq(put_fork(1, ahead.head), AYNI_OK);
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    struct log_feed stored = stored_feed(snapshot);
    ck_assert(stored.forked);
    ck_assert_uint_eq(stored.fork_seq, 5);
    ck_assert(ayni_id_equal(&stored.fork_chain, &feed.head.chain));
    ck_assert_uint_eq(stored.head.seq, 7); /* what is held is held */
    ck_assert_int_eq(log_each_fork(snapshot, see_fork, &seen), AYNI_OK);
    ck_assert_uint_eq(seen.count, 3);
    ck_assert_uint_eq(seen.seqs[0], 5);
    ck_assert_uint_eq(seen.seqs[2], 8);
}
END_TEST

/* --- transactions and snapshots --- */

START_TEST(an_aborted_transaction_leaves_nothing)
{
    struct log_txn *txn;
    struct log_space space;

    test_feed_next(&feed, 5, 10, &random_numbers, &run);
    ck_assert_int_eq(log_txn_begin(store, &txn), AYNI_OK);
    ck_assert_int_eq(append_in(txn, &feed, &run), AYNI_OK);
    ck_assert_uint_eq(log_last_arrival(log_txn_snapshot(txn)), 1);
    log_txn_abort(txn);
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    struct log_feed f;
    ck_assert_int_eq(log_find_feed(snapshot, &feed.id, &f), AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(log_last_arrival(snapshot), 0);
    ck_assert_int_eq(log_measure(store, &space), AYNI_OK);
    ck_assert_uint_eq(space.entries, 0);
}
END_TEST

START_TEST(a_snapshot_sees_one_state)
{
    struct log_entry entry;

    write_run(5, 100);
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    ck_assert_int_eq(log_get_entry(snapshot, 1, 5, &entry), AYNI_OK);
    uint8_t first = entry.entry.payload.data[0];
    for (unsigned i = 0; i < 50; i++)
        write_run(5, 100);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 6, &entry), AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(stored_feed(snapshot).head.seq, 5);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 5, &entry), AYNI_OK);
    ck_assert_uint_eq(entry.entry.payload.data[0], first);
}
END_TEST

START_TEST(settings_are_kept_and_replaced)
{
    SCOPED_BUFFER value = { 0 };
    struct log_txn *txn;

    ck_assert_int_eq(log_txn_begin(store, &txn), AYNI_OK);
    ck_assert_int_eq(log_txn_put_setting(txn, "name", TEST_BYTES("first")), AYNI_OK);
    ck_assert_int_eq(log_txn_put_setting(txn, "name", TEST_BYTES("second")), AYNI_OK);
    ck_assert_int_eq(log_txn_put_setting(txn, "", TEST_BYTES("x")), AYNI_E_LIMIT);
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    reopen();
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    ayni_buffer_append_text(&value, "what was there");
    ck_assert_int_eq(log_get_setting(snapshot, "name", &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&value), TEST_BYTES("second")));
    ck_assert_int_eq(log_get_setting(snapshot, "nam", &value), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_setting(snapshot, "", &value), AYNI_E_LIMIT);
}
END_TEST

/* --- the arrival journal --- */

struct arrivals {
    struct log_arrival seen[16];
    size_t count, stop_at;
};

static bool see_arrival(void *context, const struct log_arrival *arrival)
{
    struct arrivals *arrivals = context;

    arrivals->seen[arrivals->count++] = *arrival;
    return arrivals->count != arrivals->stop_at;
}

static struct arrivals arrivals_from(uint64_t from, size_t stop_at)
{
    struct arrivals arrivals = { .stop_at = stop_at };
    SCOPED_LOG_SNAPSHOT *snapshot = begin();

    ck_assert_int_eq(log_each_arrival(snapshot, from, see_arrival, &arrivals), AYNI_OK);
    return arrivals;
}

START_TEST(the_journal_tells_what_came_in_its_order)
{
    struct test_feed other;

    test_feed_init(&other, AYNI_LANE_CURRENT, &random_numbers);
    ck_assert_uint_eq(arrivals_from(0, 0).count, 0);
    write_run(5, 10);
    test_feed_next(&other, 2, 10, &random_numbers, &run);
    ck_assert_int_eq(append(&other, &run), AYNI_OK);
    write_run(1, 10);

    struct arrivals all = arrivals_from(0, 0);
    ck_assert_uint_eq(all.count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(all.seen[i].no, i + 1);
        ck_assert_uint_eq(all.seen[i].time.ms, now.ms);
    }
    ck_assert(all.seen[0].feed == 1 && all.seen[0].from == 1 && all.seen[0].to == 5);
    ck_assert(all.seen[1].feed == 2 && all.seen[1].from == 1 && all.seen[1].to == 2);
    ck_assert(all.seen[2].feed == 1 && all.seen[2].from == 6 && all.seen[2].to == 6);
    ck_assert_uint_eq(arrivals_from(3, 0).count, 1);
    ck_assert_uint_eq(arrivals_from(4, 0).count, 0);
    ck_assert_uint_eq(arrivals_from(1, 2).count, 2);
}
END_TEST

/* Runs of one feed that one transaction stores one after another come as one arrival. */
START_TEST(runs_that_come_together_are_one_arrival)
{
    struct log_txn *txn;

    for (unsigned group = 0; group < 2; group++) {
        ck_assert_int_eq(log_txn_begin(store, &txn), AYNI_OK);
        for (unsigned i = 0; i < 3; i++) {
            test_feed_next(&feed, 2, 10, &random_numbers, &run);
            ck_assert_int_eq(append_in(txn, &feed, &run), AYNI_OK);
        }
        ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    }
    struct arrivals all = arrivals_from(1, 0);
    ck_assert_uint_eq(all.count, 2);
    ck_assert(all.seen[0].from == 1 && all.seen[0].to == 6);
    ck_assert(all.seen[1].from == 7 && all.seen[1].to == 12);
    SCOPED_LOG_SNAPSHOT *snapshot = begin();
    ck_assert_uint_eq(stored_feed(snapshot).arrival, 2);
}
END_TEST

/* --- opening --- */

START_TEST(an_instance_is_drawn_once)
{
    struct ayni_incarnation first = log_instance(store);
    static const struct ayni_incarnation zero;
    struct ayni_incarnation again;

    reopen();
    again = log_instance(store);
    ck_assert(ayni_id_equal(&first, &again));
    ck_assert(!ayni_id_equal(&first, &zero));
}
END_TEST

START_TEST(a_second_open_is_busy)
{
    struct log_store *second = NULL;

    ck_assert_int_eq(log_store_open(&options, &second, why, sizeof(why)), AYNI_E_BUSY);
    ck_assert_ptr_nonnull(strstr(why, "in use by another daemon"));
    ck_assert_ptr_null(second);
}
END_TEST

START_TEST(a_file_that_is_not_ours_is_left_alone)
{
    static uint8_t garbage[64 * 1024];
    static uint8_t after[sizeof(garbage)];
    static const size_t sizes[] = { 1, 100, 4096, sizeof(garbage) };
    struct log_store *other = NULL;
    char file[600];

    log_store_close(store);
    store = NULL;
    test_random_fill(&random_numbers, garbage, sizeof(garbage));
    test_folder_write(&folder, "log/data.mdb", garbage, sizes[_i]);
    ck_assert_int_eq(log_store_open(&options, &other, why, sizeof(why)), AYNI_E_VERSION);
    ck_assert_ptr_nonnull(strstr(why, "not a store of ayni"));

    snprintf(file, sizeof(file), "%s/data.mdb", path);
    FILE *kept = fopen(file, "rb");
    ck_assert_uint_eq(fread(after, 1, sizeof(after), kept), sizes[_i]);
    ck_assert_mem_eq(after, garbage, sizes[_i]);
    fclose(kept);
}
END_TEST

/* An environment of LMDB with one table and one key: another program's, or another format's. */
static void make_environment(const char *table, const char *key, struct ayni_bytes value)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    union {
        const void *in;
        void *out;
    } k = { key }, v = { value.data };
    MDB_val name = { strlen(key), k.out };
    MDB_val data = { value.size, v.out };
    char file[600];

    snprintf(file, sizeof(file), "%s/data.mdb", path);
    ck_assert_int_eq(remove(file), 0);
    ck_assert_int_eq(mdb_env_create(&env), 0);
    ck_assert_int_eq(mdb_env_set_maxdbs(env, 2), 0);
    ck_assert_int_eq(mdb_env_open(env, path, 0, 0600), 0);
    ck_assert_int_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    ck_assert_int_eq(mdb_dbi_open(txn, table, MDB_CREATE, &dbi), 0);
    ck_assert_int_eq(mdb_put(txn, dbi, &name, &data, 0), 0);
    ck_assert_int_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static const struct {
    const char *table, *key;
    const char *value;
    size_t size;
    const char *says;
} strangers[] = {
    { "tracks", "a", "b", 1, "is not a log of ayni" },
    { "meta", "a", "b", 1, "is not a log of ayni" },
    { "meta", "format", "one", 3, "is not a log of ayni" },
    { "meta", "format", "\0\0\0\1", 4, "is not a log of ayni" }, /* no instance */
    { "meta", "format", "\0\0\0\2", 4, "use a newer ayni" },
};

START_TEST(another_programs_or_formats_environment_is_refused)
{
    struct log_store *other = NULL;

    log_store_close(store);
    store = NULL;
    make_environment(
        strangers[_i].table, strangers[_i].key,
        (struct ayni_bytes){ (const uint8_t *)strangers[_i].value, strangers[_i].size });
    ck_assert_int_eq(log_store_open(&options, &other, why, sizeof(why)), AYNI_E_VERSION);
    ck_assert_msg(strstr(why, strangers[_i].says) != NULL, "%s", why);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_a_sentence)
{
    struct log_store *other = NULL;
    struct log_options nowhere = { "/nowhere/at/all", 1024 * 1024 };

    ck_assert_int_eq(log_store_open(&nowhere, &other, why, sizeof(why)), AYNI_E_IO);
    ck_assert_ptr_nonnull(strstr(why, "/nowhere/at/all cannot be made"));
}
END_TEST

START_TEST(its_size_is_measured)
{
    struct log_space space;

    write_run(7, 100);
    ck_assert_int_eq(log_measure(store, &space), AYNI_OK);
    ck_assert_uint_ge(space.file_bytes, 4096);
    ck_assert_uint_gt(space.free_bytes, 0);
    ck_assert_uint_eq(space.entries, 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *reading = tcase_create("reading");
    TCase *writing = tcase_create("writing");
    TCase *opening = tcase_create("opening");

    tcase_add_checked_fixture(reading, setup, teardown);
    tcase_add_test(reading, a_feed_is_found_by_number_id_and_prefix);
    tcase_add_test(reading, what_is_not_there_is_not_found);
    tcase_add_test(reading, feeds_are_numbered_as_they_come_and_visited_in_that_order);
    tcase_add_test(reading, entries_read_back_as_they_were_written);
    tcase_add_loop_test(reading, every_form_of_an_entry_reads_back, 0,
                        (int)(sizeof(forms) / sizeof(forms[0])));
    tcase_add_test(reading, runs_come_out_byte_for_byte_as_they_went_in);
    tcase_add_test(reading, runs_are_read_up_to_a_size_but_at_least_one);
    tcase_add_test(reading, runs_are_read_up_to_a_seq);
    tcase_add_test(reading, the_rest_of_a_run_verifies_from_the_middle);
    tcase_add_test(reading, seals_and_chains_are_found_for_each_seq);
    suite_add_tcase(suite, reading);

    tcase_add_checked_fixture(writing, setup, teardown);
    tcase_add_test(writing, a_run_that_is_held_exists_already);
    tcase_add_test(writing, a_run_after_another_head_is_refused);
    tcase_add_test(writing, a_run_that_overlaps_the_head_is_refused);
    tcase_add_test(writing, a_forked_feed_takes_nothing_past_its_first_fork);
    tcase_add_test(writing, an_aborted_transaction_leaves_nothing);
    tcase_add_test(writing, a_snapshot_sees_one_state);
    tcase_add_test(writing, settings_are_kept_and_replaced);
    tcase_add_test(writing, the_journal_tells_what_came_in_its_order);
    tcase_add_test(writing, runs_that_come_together_are_one_arrival);
    suite_add_tcase(suite, writing);

    tcase_add_checked_fixture(opening, setup, teardown);
    tcase_add_test(opening, an_instance_is_drawn_once);
    tcase_add_test(opening, a_second_open_is_busy);
    tcase_add_loop_test(opening, a_file_that_is_not_ours_is_left_alone, 0, 4);
    tcase_add_loop_test(opening, another_programs_or_formats_environment_is_refused, 0,
                        (int)(sizeof(strangers) / sizeof(strangers[0])));
    tcase_add_test(opening, a_folder_that_cannot_be_made_is_a_sentence);
    tcase_add_test(opening, its_size_is_measured);
    suite_add_tcase(suite, opening);
    return test_run(suite);
}
