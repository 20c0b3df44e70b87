#include "daemon/bundle/known.h"

#include <stdlib.h>

#include "daemon/net/meets.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

enum { RUNS = 4, RUN_ENTRIES = 3 };

static struct test_log store;
static struct log_writer *writer;
static struct test_random random_numbers;
static struct test_feed feed;
static struct ayni_hash chains[RUNS + 1]; /* after each run */
static struct ayni_node node = { { 9 } };
static struct known_statement statement;

static void append_run(size_t index)
{
    struct test_run *run = malloc(sizeof(*run));

    ck_assert_ptr_nonnull(run);
    test_feed_next(&feed, RUN_ENTRIES, 40, &random_numbers, run);
    ck_assert_int_eq(test_log_append(&store, &feed, run), AYNI_OK);
    chains[index] = run->after.chain;
    free(run);
}

static void start(void)
{
    random_numbers = (struct test_random){ 3 };
    test_log_make(&store, 1 << 20);
    test_feed_init(&feed, 1, &random_numbers);
    for (size_t i = 1; i <= RUNS - 1; i++)
        append_run(i);
    ck_assert_int_eq(log_writer_start(store.store, NULL, &writer), AYNI_OK);
    statement = (struct known_statement){ .node = node, .bundle = { { 1 } }, .time = { 100 } };
}

static void finish(void)
{
    ayni_buffer_free(&statement.heads);
    log_writer_stop(writer);
    log_writer_free(writer);
    test_log_remove(&store);
}

static void say(const struct ayni_feed *id, uint64_t seq, const struct ayni_hash *chain)
{
    struct ayni_listed_head head = { ayni_feed_prefix_of(id), seq, ayni_chain_mark_of(chain) };
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_bundle_item item;
    size_t used;

    ayni_bundle_heads_put(&head, 1, &encoded);
    ck_assert_int_eq(ayni_bundle_item_read(ayni_buffer_bytes(&encoded), &used, &item), AYNI_OK);
    known_add(&statement, &item.heads);
}

static void keep(void)
{
    ck_assert_int_eq(known_keep(writer, &statement), AYNI_OK);
    ayni_buffer_clear(&statement.heads);
}

static uint64_t known_of(bool said_only)
{
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    struct known_options options = { log_instance(store.store), node, said_only };
    struct log_segment held;
    struct known *known;
    uint64_t seq = UINT64_MAX;

    ck_assert_int_eq(log_find_segment(snapshot, &feed.id, &held), AYNI_OK);
    ck_assert_int_eq(known_load(snapshot, &options, &known), AYNI_OK);
    ck_assert_int_eq(known_seq(known, snapshot, &held, &seq), AYNI_OK);
    known_free(known);
    return seq;
}

static uint64_t last_arrival(void)
{
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);

    return log_last_arrival(snapshot);
}

/* What was handed to the writer before is done before this. */
static enum ayni_status do_nothing(struct log_job *job, struct log_txn *txn)
{
    (void)job;
    (void)txn;
    return AYNI_OK;
}

static void meet(const struct ayni_space *space, uint64_t arrival)
{
    struct log_job last = { .run = do_nothing };
    struct ayni_incarnation instance = log_instance(store.store);
    struct meet met = { *space, arrival };

    ck_assert_int_eq(meets_keep(writer, &instance, &node, &met, 1), AYNI_OK);
    ck_assert_int_eq(log_writer_run(writer, &last), AYNI_OK);
}

START_TEST(of_whom_nothing_is_known_holds_nothing)
{
    ck_assert_uint_eq(known_of(false), 0);
    ck_assert_uint_eq(known_of(true), 0);
}
END_TEST

START_TEST(what_a_node_said_counts_where_it_is_of_the_history_held_here)
{
    struct ayni_hash another = { { 1 } };

    say(&feed.id, 2 * RUN_ENTRIES, &chains[2]);
    keep();
    ck_assert_uint_eq(known_of(true), 2 * RUN_ENTRIES);
    statement.bundle.bytes[0]++;
    say(&feed.id, 2 * RUN_ENTRIES, &another);
    keep();
    ck_assert_uint_eq(known_of(true), 0);
    statement.bundle.bytes[0]++;
    say(&feed.id, 1000, &another); /* more than is held here: there is nothing to bring */
    keep();
    ck_assert_uint_eq(known_of(true), (RUNS - 1) * RUN_ENTRIES);
}
END_TEST

START_TEST(volumes_of_one_bundle_add_to_each_other_and_the_newest_bundle_holds)
{
    struct ayni_feed other = { { 77 } };

    say(&feed.id, RUN_ENTRIES, &chains[1]);
    keep();
    say(&other, 5, &chains[1]);
    keep();
    ck_assert_uint_eq(known_of(true), RUN_ENTRIES);
    statement.bundle.bytes[0]++; /* older: it is left */
    statement.time.ms = 99;
    say(&feed.id, 2 * RUN_ENTRIES, &chains[2]);
    keep();
    ck_assert_uint_eq(known_of(true), RUN_ENTRIES);
    statement.time.ms = 101; /* newer, and without the feed: it isn't held any more */
    say(&other, 5, &chains[1]);
    keep();
    ck_assert_uint_eq(known_of(true), 0);
}
END_TEST

START_TEST(what_was_held_in_sync_counts_up_to_that_arrival)
{
    meet(&feed.descriptor.space, last_arrival());
    say(&feed.id, RUN_ENTRIES, &chains[1]);
    ck_assert_uint_eq(known_of(false), (RUNS - 1) * RUN_ENTRIES);
    ck_assert_uint_eq(known_of(true), 0);
    append_run(RUNS);
    ck_assert_uint_eq(known_of(false), (RUNS - 1) * RUN_ENTRIES);
    meet(&feed.descriptor.space, last_arrival());
    ck_assert_uint_eq(known_of(false), RUNS * RUN_ENTRIES);
    keep(); /* it says less: it was restored */
    ck_assert_uint_eq(known_of(false), RUN_ENTRIES);
}
END_TEST

START_TEST(what_was_held_of_one_space_says_nothing_of_another)
{
    struct ayni_space other = { { 200 } };

    meet(&other, last_arrival());
    ck_assert_uint_eq(known_of(false), 0);
    meet(&feed.descriptor.space, last_arrival());
    meet(&other, last_arrival());
    ck_assert_uint_eq(known_of(false), (RUNS - 1) * RUN_ENTRIES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("known");

    TEST_CASE(suite, "what another node holds", start, finish,
              of_whom_nothing_is_known_holds_nothing,
              what_a_node_said_counts_where_it_is_of_the_history_held_here,
              volumes_of_one_bundle_add_to_each_other_and_the_newest_bundle_holds,
              what_was_held_in_sync_counts_up_to_that_arrival,
              what_was_held_of_one_space_says_nothing_of_another);
    return test_run(suite);
}
