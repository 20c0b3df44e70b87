/*
 * views/ made anew gives the same answers, byte for byte, whatever happened
 * before; while it is made the old one is read and written on, and whatever
 * ends it leaves that as it was.
 *
 *     AYNI_SEEDS=100   how many random histories
 *     AYNI_SEED=17     this one alone
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "daemon/records/conflict.h"
#include "daemon/records/settle.h"
#include "daemon/records/tables.h"
#include "daemon/view/counters.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"

enum { SEEDS = 12, SEEDS_MAX = 40, STEPS = 60, CHILDREN = 8, INDICATOR = 707, RULE_SET = 708 };

static unsigned long long seed;

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

/* --- two nodes, one with a view --- */

static void declare_indicator(struct test_node *node)
{
    struct ayni_record rules = { { 1 } }, indicator = { { 2 } };
    const char *definition = "{\"measure\":\"count\",\"subject\":\"child\",\"cohort\":{}}";

    test_node_register(node, RULE_SET, &rules,
                       (struct test_field[]){ { 1, test_text_value(node, "plain") },
                                              { 5, test_text_value(node, "{}") },
                                              { 0 } });
    test_node_register(node, INDICATOR, &indicator,
                       (struct test_field[]){ { 1, test_text_value(node, "all") },
                                              { 2, test_text_value(node, "Todos") },
                                              { 3, test_text_value(node, definition) },
                                              { 4, test_id_value(node, &rules) },
                                              { 7, test_uint_value(node, 0) },
                                              { 0 } });
}

static void open_two(void)
{
    test_two_open();
    test_midis.has_view = true;
    test_node_reopen(&test_midis, true);
    test_node_settle(&test_midis);
    declare_indicator(&test_midis);
}

/* --- a random history --- */

static struct test_random dice;

static const char *any_of(const char *const *texts, size_t count)
{
    return texts[test_random_below(&dice, count)];
}

/* What anybody could write, from a register or by hand. What the rules refuse isn't written. */
static void put_somebody(struct test_node *node)
{
    static const char *const surnames[] = { "Rojas", "Rosas", "Diaz", "Quispe" };
    static const char *const births[] = { "2024-02-29", "2025-01-31", "2023-12-01" };
    static const char *const places[] = { "160101", "160102", "250101" };
    static const char *const origins[] = { NULL, "padron", "his" };
    struct complaint complaint = { 0 };
    struct edit_result result;
    char dni[16];

    snprintf(dni, sizeof(dni), "9900000%u", (unsigned)test_random_below(&dice, CHILDREN));
    struct edit_assignment fields[] = { { "dni", dni },
                                        { "surname_1", any_of(surnames, 4) },
                                        { "given_names", "Ana" },
                                        { "birth_date", any_of(births, 3) },
                                        { "sex", test_random_below(&dice, 2) == 0 ? "f" : "m" },
                                        { "ubigeo", any_of(places, 3) },
                                        { "state", "active" } };
    struct edit_request request = { .type = "child",
                                    .space = "visits",
                                    .assignments = fields,
                                    .assignment_count = sizeof(fields) / sizeof(fields[0]),
                                    .steward = "maria",
                                    .origin = any_of(origins, 3) };
    test_must(edit_put(&node->records, &request, &result, &complaint), "put");
}

static void delete_somebody(struct test_node *node)
{
    struct complaint complaint = { 0 };
    struct edit_result result;
    char id[24];

    snprintf(id, sizeof(id), "dni:9900000%u", (unsigned)test_random_below(&dice, CHILDREN));
    struct edit_request request = { .id = id, .steward = "maria", .reason = "gone" };
    (void)!edit_delete(&node->records, &request, &result, &complaint); /* where there is one */
}

static bool keep_first(void *context, const struct conflict *conflict)
{
    *(struct record_key *)context = conflict->key;
    return false;
}

static void settle_something(struct test_node *node)
{
    static const char *const fields[] = { "surname_1", "birth_date", "sex", "ubigeo" };
    struct settle_choice choice = { any_of(fields, 4), NULL, 1 };
    struct complaint complaint = { 0 };
    struct record_key key = { .type = 0 };
    struct edit_result result;
    struct reader *reader;
    char id[AYNI_RECORD_TEXT_SIZE];

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(conflicts_each(reader, NULL, 0, keep_first, &key), "conflicts");
    reader_end(reader);
    ayni_record_text(&key.record, id);
    struct settle_request request = {
        .id = id, .choices = &choice, .choice_count = 1, .steward = "rosa"
    };
    if (key.type != 0 && test_random_below(&dice, 3) > 0)
        (void)!settle_resolve(&node->records, &request, &result, &complaint);
    else if (key.type != 0)
        (void)!settle_unresolve(&node->records, &request, &result, &complaint);
}

static void measure_somebody(struct test_node *node)
{
    char subject[32], source[16];

    snprintf(subject, sizeof(subject), "subject=dni:9900000%u",
             (unsigned)test_random_below(&dice, CHILDREN));
    snprintf(source, sizeof(source), "source_id=%u", (unsigned)test_random_below(&dice, 4));
    (void)test_put(node, "visits", "hb_test", "date=2026-01-01", "hb=10.5", "source=his", source,
                   subject, NULL);
}

static void happen(void)
{
    struct test_node *node = test_random_below(&dice, 2) == 0 ? &test_midis : &test_innova;
    struct test_node *other = node == &test_midis ? &test_innova : &test_midis;

    switch (test_random_below(&dice, 10)) {
    case 0:
        delete_somebody(node);
        break;
    case 1:
        settle_something(node);
        break;
    case 2:
        measure_somebody(node);
        break;
    case 3:
    case 4:
        test_node_hand(node, other, (size_t)test_random_below(&dice, 3),
                       test_random_below(&dice, 2) == 0);
        break;
    case 5:
        test_must(author_renew(node->records.author), "renew");
        break;
    default:
        put_somebody(node);
    }
}

/* --- all that is answered --- */

static void put_hex(struct ayni_buffer *text, struct ayni_bytes bytes)
{
    char hex[3];

    for (size_t i = 0; i < bytes.size; i++) {
        snprintf(hex, sizeof(hex), "%02x", bytes.data[i]);
        ayni_buffer_append_text(text, hex);
    }
    ayni_buffer_append_text(text, " ");
}

static void put_table(struct views_snapshot *views, size_t table, struct ayni_buffer *text)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;

    views_cursor_open(views, table, (struct ayni_bytes){ 0 }, &cursor);
    while (views_cursor_next(&cursor, &key, &value)) {
        put_hex(text, key);
        put_hex(text, value);
    }
    test_must(cursor.status, "cursor");
    ayni_buffer_append_text(text, "\n");
}

/* Of records and conflicts what is answered; of the view its tables, from which it answers. */
static void put_all(struct test_node *node, struct ayni_buffer *text)
{
    SCOPED_BUFFER answers = { 0 };
    SCOPED_VIEWS_SNAPSHOT *views = NULL;

    test_node_answers(node, &answers);
    ayni_buffer_append(text, answers.data, answers.size - 1);
    test_must(views_snapshot_begin(node->views, &views), "views");
    for (size_t i = VIEW_TABLE_PLAN; node->has_view && i < VIEW_TABLE_END; i++)
        put_table(views, i, text);
    put_table(views, RECORDS_TABLE_COUNTS, text);
    put_table(views, RECORDS_TABLE_FEEDS, text);
    ayni_buffer_append_byte(text, 0);
    test_must(ayni_buffer_status(text), "memory");
}

static void same(const struct ayni_buffer *before, struct test_node *node, const char *what)
{
    SCOPED_BUFFER after = { 0 };

    put_all(node, &after);
    ck_assert_msg(strcmp((char *)before->data, (char *)after.data) == 0,
                  "AYNI_SEED=%llu: other answers after %s", seed, what);
}

START_TEST(any_history_gives_the_same_anew)
{
    SCOPED_BUFFER grown = { 0 }, other = { 0 };

    seed = number_of("AYNI_SEED", 1) + (unsigned long long)_i;
    dice = (struct test_random){ seed };
    for (int i = 0; i < STEPS; i++)
        happen();
    put_all(&test_midis, &grown);
    put_all(&test_innova, &other);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    same(&grown, &test_midis, "a rebuild");
    test_node_reopen(&test_midis, true);
    same(&grown, &test_midis, "views/ were deleted");
    test_node_reopen(&test_innova, true);
    same(&other, &test_innova, "views/ were deleted");
    for (int i = 0; i < STEPS / 4; i++)
        happen();
    ayni_buffer_clear(&grown);
    put_all(&test_midis, &grown);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    same(&grown, &test_midis, "a rebuild of what had been rebuilt");
}
END_TEST

/* --- while it is made --- */

/* Held in its first batch until it is let go. */
static struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool armed, entered, open;
    enum ayni_status answer;
} gate = { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static enum ayni_status wait_at_gate(void *context, const struct projection_batch *batch)
{
    (void)context;
    if (!batch->empty_views)
        return AYNI_OK;
    pthread_mutex_lock(&gate.mutex);
    gate.entered = gate.armed;
    pthread_cond_broadcast(&gate.changed);
    while (gate.armed && !gate.open && !*batch->stop) {
        pthread_mutex_unlock(&gate.mutex);
        sched_yield();
        pthread_mutex_lock(&gate.mutex);
    }
    enum ayni_status status = gate.armed ? gate.answer : AYNI_OK;
    pthread_mutex_unlock(&gate.mutex);
    return *batch->stop ? AYNI_E_STOPPED : status;
}

static struct test_node node;

static void open_gated(void)
{
    memset(&node, 0, sizeof(node));
    gate.armed = gate.entered = gate.open = false;
    gate.answer = AYNI_OK;
    node.hooks[0] = (struct projection_hook){ .project = wait_at_gate, .derives = true };
    node.hook_count = 1;
    test_node_open(&node, 1);
    test_node_found(&node);
    (void)test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
    (void)test_put_child(&node, "99000001", "Rojas");
    gate.armed = true;
}

static void close_gated(void)
{
    test_node_close(&node);
}

static enum ayni_status answer;

static void *rebuild(void *listener)
{
    answer = projector_rebuild(node.records.projector, listener);
    return NULL;
}

static pthread_t begin(struct projector_listener *listener)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, rebuild, listener), 0);
    pthread_mutex_lock(&gate.mutex);
    while (!gate.entered)
        pthread_cond_wait(&gate.changed, &gate.mutex);
    pthread_mutex_unlock(&gate.mutex);
    return thread;
}

static void let_go(enum ayni_status status)
{
    pthread_mutex_lock(&gate.mutex);
    gate.open = true;
    gate.answer = status;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.mutex);
}

static bool is_beside(void)
{
    char path[512];
    struct stat is;

    test_folder_path(&node.folder, "views/beside", path, sizeof(path));
    return stat(path, &is) == 0;
}

START_TEST(the_old_one_is_read_until_the_new_one_takes_its_place)
{
    SCOPED_BUFFER before = { 0 };

    put_all(&node, &before);
    pthread_t thread = begin(NULL);
    ck_assert(is_beside());
    same(&before, &node, "it began");
    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_E_BUSY);
    let_go(AYNI_OK);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answer, AYNI_OK);
    ck_assert(!is_beside());
    same(&before, &node, "it ended");
    (void)test_put_child(&node, "99000002", "Rosas");
    ayni_buffer_clear(&before);
    put_all(&node, &before);
    test_node_reopen(&node, false);
    same(&before, &node, "a restart");
}
END_TEST

START_TEST(one_that_fails_leaves_the_old_one)
{
    SCOPED_BUFFER before = { 0 };
    struct projector_progress progress;

    put_all(&node, &before);
    pthread_t thread = begin(NULL);
    let_go(AYNI_E_FULL);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answer, AYNI_E_FULL);
    ck_assert(!is_beside());
    same(&before, &node, "it failed");
    projector_measure(node.records.projector, &progress);
    ck_assert_int_eq(progress.status, AYNI_OK);
    (void)test_put_child(&node, "99000002", "Rosas");
    let_go(AYNI_OK);
    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_OK);
}
END_TEST

static bool give_up(void *context, uint64_t done, uint64_t total)
{
    bool *told = context;

    ck_assert_uint_le(done, total);
    *told = true;
    return false;
}

START_TEST(it_can_be_interrupted_and_begun_again)
{
    bool told = false;
    struct projector_listener listener = { &told, give_up };
    SCOPED_BUFFER before = { 0 };

    put_all(&node, &before);
    pthread_t thread = begin(&listener);
    pthread_join(thread, NULL);
    ck_assert(told);
    ck_assert_int_eq(answer, AYNI_E_STOPPED);
    ck_assert(!is_beside());
    same(&before, &node, "it was interrupted");
    let_go(AYNI_OK);
    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_OK);
    same(&before, &node, "it was begun again");
}
END_TEST

START_TEST(what_a_dead_one_left_is_gone_after_the_next_start)
{
    char path[512];

    test_folder_path(&node.folder, "views/beside", path, sizeof(path));
    ck_assert_int_eq(mkdir(path, 0700), 0);
    test_folder_write(&node.folder, "views/beside/data.mdb", "x", 1);
    test_folder_write(&node.folder, "views/beside/lock.mdb", "x", 1);
    test_folder_write(&node.folder, "views/beside/lock", "x", 1);
    test_node_reopen(&node, false);
    ck_assert(!is_beside());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rebuild");
    TCase *histories = tcase_create("histories");
    uint64_t seeds = number_of("AYNI_SEEDS", SEEDS);

    tcase_add_checked_fixture(histories, open_two, test_two_close);
    tcase_set_timeout(histories, 60);
    if (getenv("AYNI_SEED") != NULL)
        seeds = 1;
    tcase_add_loop_test(histories, any_history_gives_the_same_anew, 0,
                        (int)(seeds < SEEDS_MAX ? seeds : SEEDS_MAX));
    suite_add_tcase(suite, histories);
    TEST_CASE(suite, "beside", open_gated, close_gated,
              the_old_one_is_read_until_the_new_one_takes_its_place,
              one_that_fails_leaves_the_old_one, it_can_be_interrupted_and_begun_again,
              what_a_dead_one_left_is_gone_after_the_next_start);
    return test_run(suite);
}
