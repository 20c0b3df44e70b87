/*
 * While views/ is made anew the old one is read and written on, and whatever
 * ends it leaves that as it was.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>

#include "tests/support/erasing.h"
#include "tests/support/node_all.h"
#include "tests/support/node_pair.h"

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

static pthread_t begin(struct store_listener *listener)
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

    test_node_all(&node, &before);
    pthread_t thread = begin(NULL);
    ck_assert(is_beside());
    test_node_same(&node, &before, 0, "it began");
    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_E_BUSY);
    let_go(AYNI_OK);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answer, AYNI_OK);
    ck_assert(!is_beside());
    test_node_same(&node, &before, 0, "it ended");
    (void)test_put_child(&node, "99000002", "Rosas");
    ayni_buffer_clear(&before);
    test_node_all(&node, &before);
    test_node_reopen(&node, false);
    test_node_same(&node, &before, 0, "a restart");
}
END_TEST

/* What is made may hold what is dropped meanwhile. */
START_TEST(nothing_is_said_to_be_scrubbed_meanwhile)
{
    pthread_t thread = begin(NULL);

    ck_assert_int_eq(test_try_scrub(&node), AYNI_E_CHANGED);
    let_go(AYNI_OK);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answer, AYNI_OK);
    test_scrub(&node);
}
END_TEST

START_TEST(one_that_fails_leaves_the_old_one)
{
    SCOPED_BUFFER before = { 0 };
    struct projector_progress progress;

    test_node_all(&node, &before);
    pthread_t thread = begin(NULL);
    let_go(AYNI_E_FULL);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answer, AYNI_E_FULL);
    ck_assert(!is_beside());
    test_node_same(&node, &before, 0, "it failed");
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
    struct store_listener listener = { &told, give_up };
    SCOPED_BUFFER before = { 0 };

    test_node_all(&node, &before);
    pthread_t thread = begin(&listener);
    pthread_join(thread, NULL);
    ck_assert(told);
    ck_assert_int_eq(answer, AYNI_E_STOPPED);
    ck_assert(!is_beside());
    test_node_same(&node, &before, 0, "it was interrupted");
    let_go(AYNI_OK);
    ck_assert_int_eq(projector_rebuild(node.records.projector, NULL), AYNI_OK);
    test_node_same(&node, &before, 0, "it was begun again");
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

static enum ayni_status go_ahead(void *context, struct views_txn *txn)
{
    (void)context;
    return views_set_position(txn, 1000000);
}

/* As after a log that was put back to where it had been. */
START_TEST(views_that_know_more_than_the_log_are_made_anew)
{
    SCOPED_BUFFER before = { 0 };

    gate.armed = false;
    (void)test_put_child(&node, "99000002", "Rosas");
    test_node_all(&node, &before);
    test_must(views_update(node.views, go_ahead, NULL), "go ahead");
    test_node_reopen(&node, false);
    test_node_same(&node, &before, 0, "views/ was ahead");
    (void)test_put_child(&node, "99000003", "Diaz");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rebuild");

    TEST_CASE(suite, "beside", open_gated, close_gated,
              the_old_one_is_read_until_the_new_one_takes_its_place,
              nothing_is_said_to_be_scrubbed_meanwhile, one_that_fails_leaves_the_old_one,
              it_can_be_interrupted_and_begun_again,
              what_a_dead_one_left_is_gone_after_the_next_start,
              views_that_know_more_than_the_log_are_made_anew);
    return test_run(suite);
}
