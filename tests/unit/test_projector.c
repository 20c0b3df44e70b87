/* views/: the same set of entries gives the same answers, however and whenever they came. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/records/problem.h"
#include "daemon/records/tables.h"
#include "proto/cbor.h"
#include "tests/support/catalogue.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"

enum { SURNAME_1 = 1, CHILDREN = 4, STEPS = 30, SEEDS = 6, RUNS = 60 };

/* --- random histories --- */

static void random_edit(struct test_node *node, struct test_random *random)
{
    static const char *const surnames[] = { "Rojas", "Rosas", "Diaz", "Quispe" };
    char dni[16];
    struct record_key key;

    snprintf(dni, sizeof(dni), "9900000%u", (unsigned)test_random_below(random, CHILDREN));
    key = test_put_child(node, dni, surnames[test_random_below(random, 4)]);
    if (test_random_below(random, 3) == 0)
        (void)test_put(node, "visits", "hb_test", "date=2026-01-01", "hb=10.5", "source=his",
                       test_random_below(random, 2) == 0 ? "source_id=a" : "source_id=b",
                       "subject=dni:99000001", NULL);
    if (test_random_below(random, 4) == 0)
        test_set(node, &key, "surname_2=Perez", NULL);
}

static void random_step(struct test_node *a, struct test_node *b, struct test_random *random)
{
    struct test_node *node = test_random_below(random, 2) == 0 ? a : b;
    struct test_node *other = node == a ? b : a;

    if (test_random_below(random, 3) > 0)
        random_edit(node, random);
    else
        test_node_hand(node, other, (size_t)test_random_below(random, 3),
                       test_random_below(random, 2) == 0);
}

START_TEST(two_nodes_agree_and_so_do_their_views_made_anew)
{
    struct test_random random = { .state = (uint64_t)_i };
    SCOPED_BUFFER grown = { 0 }, anew = { 0 }, reopened = { 0 };

    for (int i = 0; i < STEPS; i++)
        random_step(&test_midis, &test_innova, &random);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);

    test_node_answers(&test_midis, &grown);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    test_node_answers(&test_midis, &anew);
    ck_assert_str_eq((char *)grown.data, (char *)anew.data);
    test_node_reopen(&test_innova, true);
    test_node_answers(&test_innova, &reopened);
    ck_assert_str_eq((char *)grown.data, (char *)reopened.data);
}
END_TEST

/* A third node gets everything at once, feeds last to first: registry after records. */
START_TEST(what_comes_before_its_right_counts_once_the_right_is_here)
{
    struct test_random random = { .state = 100 + (uint64_t)_i };
    struct test_node late = { 0 };
    struct ayni_node root = test_root().node;

    for (int i = 0; i < STEPS; i++)
        random_step(&test_midis, &test_innova, &random);
    test_node_exchange(&test_midis, &test_innova);
    test_node_open(&late, 3);
    late.in_federation = true;
    test_must(projector_set_root(late.records.projector, &root), "root");
    for (int i = 0; i < 40; i++) /* a run of each feed at a time */
        test_node_hand(&test_midis, &late, 1, true);
    test_node_hand(&test_midis, &late, SIZE_MAX, true);
    test_same_answers(&test_midis, &late);
    test_node_close(&late);
}
END_TEST

/* --- single cases --- */

START_TEST(a_context_that_names_what_is_not_here_covers_it_when_it_comes)
{
    struct record_key key;

    /* innova edits in two feeds what it has of midis; the second names what the first brought. */
    key = test_put_child(&test_midis, "99000001", "Rojas");
    test_node_exchange(&test_midis, &test_innova);
    test_set(&test_innova, &key, "surname_1=Rosas", NULL);
    test_node_renew(&test_innova);
    test_set(&test_innova, &key, "surname_1=Quispe", NULL);
    test_node_hand(&test_innova, &test_midis, 0, true);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, SURNAME_1), 1);
    test_node_hand(&test_innova, &test_midis, SIZE_MAX, true);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, SURNAME_1), 1);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* Both counts of how far views/ is move at once: who asks by either sees the same. */
START_TEST(who_has_caught_up_finds_it_followed)
{
    struct projector *projector = test_midis.records.projector;
    struct projector_progress progress;

    for (int i = 0; i < RUNS; i++)
        (void)test_put_child(&test_innova, "99000001", i % 2 == 0 ? "Rojas" : "Rosas");
    for (int i = 0; i < RUNS; i++) {
        test_node_hand(&test_innova, &test_midis, 1, false); /* until it has caught up */
        projector_measure(projector, &progress);
        ck_assert_uint_eq(follow_reached(projector_follow(projector)), progress.position);
    }
}
END_TEST

START_TEST(a_restart_goes_on_where_it_was)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    SCOPED_BUFFER before = { 0 }, after = { 0 };

    test_node_answers(&test_midis, &before);
    test_node_reopen(&test_midis, false);
    test_node_answers(&test_midis, &after);
    ck_assert_str_eq((char *)before.data, (char *)after.data);
    test_set(&test_midis, &key, "surname_1=Rosas", NULL);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, SURNAME_1), 1);
}
END_TEST

/* The last of a test catalogue's rows, anew: a field that nobody declared until now. */
static void declare_field(const char *name, uint32_t number, const char *merge)
{
    const struct ayni_catalogue_row row = {
        .kind = AYNI_ROW_FIELD,
        .field = { .type = 101,
                   .number = number,
                   .name = ayni_bytes_of_text(name),
                   .kind = TEST_BYTES("text 40"),
                   .merge = ayni_bytes_of_text(merge),
                   .read = TEST_BYTES("personal") },
    };

    test_node_declare(&test_midis, &row);
}

static void write_raw(struct test_node *node, const struct record_key *key, uint32_t field,
                      const char *text)
{
    struct ayni_field raw = { field, test_text_value(node, text) };
    struct author_change change = { .space = key->space,
                                    .record = key->record,
                                    .type = key->type,
                                    .fields = &raw,
                                    .field_count = 1,
                                    .steward = TEST_BYTES("maria") };

    test_must(author_write(node->records.author, &change, 1, AYNI_LANE_CURRENT, NULL), "raw");
}

START_TEST(a_field_declared_later_gets_its_rule_then)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    test_node_exchange(&test_midis, &test_innova);
    write_raw(&test_midis, &key, 40, "a");
    write_raw(&test_innova, &key, 40, "b");
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    declare_field("nickname", 40, "latest");
    test_node_exchange(&test_midis, &test_innova);
    test_node_settle(&test_midis);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    ck_assert_uint_eq(test_conflicts(&test_innova), 0);
}
END_TEST

START_TEST(values_against_the_catalogue_are_listed_and_count)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    char text[128];

    write_raw(&test_midis, &key, 6, "x");
    test_shown(&test_midis, &key, 6, text);
    ck_assert_str_eq(text, "x");
    ck_assert_uint_eq(test_problems(&test_midis), 1);
    test_set(&test_midis, &key, "sex=m", NULL);
    ck_assert_uint_eq(test_problems(&test_midis), 0);
}
END_TEST

/* Rights that end: what came before there is a cut counts, and is marked. */
START_TEST(what_was_written_under_a_right_that_ended_is_marked)
{
    struct ayni_space space = test_node_space(&test_midis, "other", AYNI_CLASS_SENSITIVE);
    struct ayni_record grant =
        test_node_grant(&test_midis, &space, &test_innova, AYNI_RIGHT_WRITER);

    test_node_exchange(&test_midis, &test_innova);
    (void)test_put(&test_innova, "other", "person", "surname_1=Rojas", "given_names=Ana", NULL);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_problems(&test_midis), 0);
    (void)test_node_ungrant(&test_midis, &grant);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_problems(&test_midis), 1);
    ck_assert_uint_eq(test_problems(&test_innova), 1);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* --- ended in the middle --- */

/* Children with numbers from `from` on, as one change each, answered for before views/ has them. */
static void append_people(struct test_node *node, const struct ayni_space *space, uint16_t from,
                          uint16_t count)
{
    for (uint16_t i = from; i < from + count; i++) {
        struct ayni_field surname = { SURNAME_1, TEST_BYTES("\x65Rojas") };
        struct author_change change = { .space = *space,
                                        .record = { { 1, (uint8_t)(i >> 8), (uint8_t)i } },
                                        .type = 103,
                                        .fields = &surname,
                                        .field_count = 1,
                                        .steward = TEST_BYTES("maria") };
        test_must(author_append(node->records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
                  "append");
    }
}

/* What a node does until it is killed: `pipe` hears of each acknowledged record. */
static void write_until_killed(const struct test_folder *folder, int out)
{
    static struct test_node node;
    struct ayni_space space;
    uint8_t count = 0;

    memset(&node, 0, sizeof(node));
    test_node_open_in(&node, 1, folder);
    test_node_found(&node);
    space = test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
    for (;; count++) {
        append_people(&node, &space, count, 1);
        if (write(out, &count, 1) != 1)
            _exit(1);
    }
}

START_TEST(a_kill_loses_nothing_that_was_acknowledged)
{
    struct test_folder folder;
    struct test_node node = { 0 };
    SCOPED_BUFFER grown = { 0 }, anew = { 0 };
    SCOPED_READER *reader = NULL;
    uint64_t records;
    uint8_t acknowledged = 0;
    int ends[2];
    pid_t child;

    test_folder_make(&folder);
    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0)
        write_until_killed(&folder, ends[1]);
    close(ends[1]);
    while (acknowledged < 20 + 13 * _i && read(ends[0], &acknowledged, 1) == 1)
        ;
    kill(child, SIGKILL);
    while (read(ends[0], &acknowledged, 1) == 1)
        ;
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    close(ends[0]);

    test_node_open_in(&node, 1, &folder);
    test_node_answers(&node, &grown);
    test_must(reader_begin(&node.records, &reader), "read");
    ck_assert_uint_ge(acknowledged, 20);
    test_must(views_count(reader_views(reader), RECORDS_TABLE_RECORDS, &records), "count");
    ck_assert_uint_ge(records, acknowledged);
    reader_end(reader);
    reader = NULL;
    test_must(projector_rebuild(node.records.projector, NULL), "rebuild");
    test_node_answers(&node, &anew);
    ck_assert_str_eq((char *)grown.data, (char *)anew.data);
    test_node_close(&node);
}
END_TEST

START_TEST(a_stop_before_views_caught_up_is_made_good_at_the_start)
{
    SCOPED_BUFFER grown = { 0 }, anew = { 0 };

    append_people(&test_midis, &test_visits, 0, 300);
    test_node_reopen(&test_midis, false);
    test_node_answers(&test_midis, &grown);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    test_node_answers(&test_midis, &anew);
    ck_assert_str_eq((char *)grown.data, (char *)anew.data);
}
END_TEST

/* --- a hook --- */

struct hooked {
    size_t batches;
    uint64_t position;
    struct record_key last;
};

static enum ayni_status count_batch(void *context, const struct projection_batch *batch)
{
    struct hooked *hooked = context;

    for (size_t i = 0; i < batch->key_count; i++) {
        SCOPED_STATE state = { 0 };
        if (i > 0)
            ck_assert_int_lt(record_key_compare(&batch->keys[i - 1], &batch->keys[i]), 0);
        test_must(reader_fold(batch->reader, &batch->keys[i], &state), "fold in a hook");
        hooked->last = batch->keys[i];
    }
    for (size_t i = 1; i < batch->subject_count; i++)
        ck_assert_int_lt(ayni_id_compare(&batch->subjects[i - 1], &batch->subjects[i]), 0);
    hooked->batches++;
    return AYNI_OK;
}

static void note_commit(void *context, uint64_t position)
{
    ((struct hooked *)context)->position = position;
}

START_TEST(a_hook_sees_each_batch_with_what_it_touched)
{
    struct test_node node = { 0 };
    struct hooked hooked = { 0 };
    struct record_key key;

    node.hooks[0] = (struct projection_hook){ .project = count_batch,
                                              .committed = note_commit,
                                              .context = &hooked };
    node.hook_count = 1;
    test_node_open(&node, 1);
    test_node_found(&node);
    (void)test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
    test_node_settle(&node); /* so that the next batch has the person alone */
    key = test_put(&node, "visits", "person", "surname_1=Rojas", "given_names=Ana", NULL);
    test_node_settle(&node);
    ck_assert_uint_gt(hooked.batches, 0);
    ck_assert_int_eq(record_key_compare(&hooked.last, &key), 0);
    ck_assert_uint_eq(hooked.position, follow_reached(projector_follow(node.records.projector)));
    test_node_close(&node);
}
END_TEST

/* Batches wait for more to come; whoever waits for them, and a stop, end that. */
START_TEST(what_is_written_in_bulk_is_still_answered_and_followed)
{
    struct record_key key;

    projector_bulk_begin(test_midis.records.projector);
    for (int i = 0; i < 20; i++)
        key = test_put(&test_midis, "visits", "person", "surname_1=Rojas", "given_names=Ana", NULL);
    test_set(&test_midis, &key, "surname_1=Vela", NULL);
    test_node_settle(&test_midis);
    ck_assert(projector_is_caught_up(test_midis.records.projector));
    projector_bulk_end(test_midis.records.projector);
    test_set(&test_midis, &key, "surname_1=Luna", NULL);
    projector_bulk_begin(test_midis.records.projector);
    test_node_reopen(&test_midis, false);
}
END_TEST

/* How often records that aren't the registry's were touched. */
static enum ayni_status count_records(void *context, const struct projection_batch *batch)
{
    uint64_t *count = context;

    for (size_t i = 0; i < batch->key_count; i++)
        *count += batch->keys[i].type >= 100 && batch->keys[i].type < 700;
    return AYNI_OK;
}

START_TEST(a_space_or_grant_folds_no_records_of_other_spaces_again)
{
    struct test_node node = { 0 }, other = { 0 };
    struct ayni_space visits;
    uint64_t touched = 0;

    node.hooks[0] = (struct projection_hook){ .project = count_records, .context = &touched };
    node.hook_count = 1;
    test_node_open(&node, 1);
    test_node_found(&node);
    test_node_open(&other, 2);
    test_node_join(&other, &node, "innova");
    visits = test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
    (void)test_put(&node, "visits", "person", "surname_1=Rojas", "given_names=Ana", NULL);
    test_node_settle(&node);
    ck_assert_uint_eq(touched, 1);
    (void)test_node_space(&node, "other", AYNI_CLASS_SENSITIVE);
    (void)test_node_grant(&node, &visits, &other, AYNI_RIGHT_WRITER);
    test_node_settle(&node);
    ck_assert_uint_eq(touched, 1);
    test_node_close(&other);
    test_node_close(&node);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("projector");
    TCase *one = tcase_create("one node");
    TCase *two = tcase_create("two nodes");
    TCase *own = tcase_create("a node of its own");

    tcase_add_checked_fixture(one, test_one_open, test_one_close);
    tcase_add_test(one, a_restart_goes_on_where_it_was);
    tcase_add_test(one, what_is_written_in_bulk_is_still_answered_and_followed);
    tcase_add_test(one, a_stop_before_views_caught_up_is_made_good_at_the_start);
    tcase_add_test(one, values_against_the_catalogue_are_listed_and_count);
    suite_add_tcase(suite, one);
    tcase_add_checked_fixture(two, test_two_open, test_two_close);
    tcase_add_loop_test(two, two_nodes_agree_and_so_do_their_views_made_anew, 0, SEEDS);
    tcase_add_loop_test(two, what_comes_before_its_right_counts_once_the_right_is_here, 0, SEEDS);
    tcase_add_test(two, who_has_caught_up_finds_it_followed);
    tcase_add_test(two, a_context_that_names_what_is_not_here_covers_it_when_it_comes);
    tcase_add_test(two, a_field_declared_later_gets_its_rule_then);
    tcase_add_test(two, what_was_written_under_a_right_that_ended_is_marked);
    suite_add_tcase(suite, two);
    tcase_add_loop_test(own, a_kill_loses_nothing_that_was_acknowledged, 0, 5);
    tcase_add_test(own, a_hook_sees_each_batch_with_what_it_touched);
    tcase_add_test(own, a_space_or_grant_folds_no_records_of_other_spaces_again);
    suite_add_tcase(suite, own);
    return test_run(suite);
}
