/* The room on a disk: who may write when there is little, and how writing goes on by itself. */
#include "daemon/store/room.h"

#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/report.h"
#include "daemon/store/log_writer.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/small_disk.h"
#include "tests/support/suite.h"

enum {
    FILLER_SIZE = 2 * 1024 * 1024,
    MAP_SIZE = 64 * 1024 * 1024,
    BALLAST_SIZE = SMALL_DISK_SIZE / ROOM_BALLAST_PART
};

static struct test_folder folder;
static struct room_options options = { folder.path, 16 * 1024 * 1024 };
static struct room *room;
static struct log_store *store;
static struct log_writer *writer;
static struct test_feed ordinary_feed, urgent_feed;
static struct test_random random_numbers = { 1 };

static void open_all(void)
{
    char path[512], why[256];
    struct log_options log = { path, MAP_SIZE };

    test_folder_path(&folder, "log", path, sizeof(path));
    ck_assert_int_eq(log_store_open(&log, &store, why, sizeof(why)), AYNI_OK);
    ck_assert_int_eq(room_open(&options, &room), AYNI_OK);
    ck_assert_int_eq(log_writer_start(store, room, &writer), AYNI_OK);
}

static void setup(void)
{
    report_set_level(REPORT_ERROR + 1);
    small_disk_make(&folder);
    test_feed_init(&ordinary_feed, AYNI_LANE_BULK, &random_numbers);
    test_feed_init(&urgent_feed, AYNI_LANE_CONTROL, &random_numbers);
    open_all();
}

static void teardown(void)
{
    log_writer_free(writer);
    log_store_close(store);
    room_close(room);
    small_disk_remove(&folder);
}

/* --- writing --- */

struct append {
    struct log_job job;
    struct test_feed *feed;
    struct test_run run;
};

static enum ayni_status run_append(struct log_job *job, struct log_txn *txn)
{
    struct append *a = (struct append *)job;

    return test_log_append_in(txn, a->feed, &a->run, (struct ayni_instant){ 1 });
}

static void prepare(struct append *append, bool urgent, size_t entries)
{
    *append = (struct append){ .job = { .run = run_append, .urgent = urgent },
                               .feed = urgent ? &urgent_feed : &ordinary_feed };
    test_feed_next(append->feed, entries, 1000, &random_numbers, &append->run);
}

static enum ayni_status write_one(bool urgent, size_t entries)
{
    static struct append append;

    prepare(&append, urgent, entries);
    enum ayni_status status = log_writer_run(writer, &append.job);
    if (status != AYNI_OK)
        append.feed->head = append.run.before; /* it was never written */
    return status;
}

static void write_until_refused(void)
{
    enum ayni_status status = AYNI_OK;

    small_disk_fill(&folder, FILLER_SIZE);
    for (unsigned i = 0; status == AYNI_OK && i < 1000; i++)
        status = write_one(false, 30);
    ck_assert_int_eq(status, AYNI_E_FULL);
}

static uint64_t ballast_size(void)
{
    char path[512];
    struct stat is = { 0 };

    test_folder_path(&folder, "ballast", path, sizeof(path));
    return stat(path, &is) == 0 ? (uint64_t)is.st_blocks * 512 : 0;
}

static enum room_state state_now(void)
{
    struct room_measures measures;

    room_measure(room, &measures);
    ck_assert((measures.needed_bytes > measures.free_bytes) == (measures.state == ROOM_FULL));
    ck_assert((measures.needed_bytes == 0) == (measures.state != ROOM_FULL));
    return measures.state;
}

START_TEST(ordinary_writes_wait_for_room_and_erasures_do_not)
{
    ck_assert_uint_ge(ballast_size(), BALLAST_SIZE);
    ck_assert_int_eq(state_now(), ROOM_OK);
    write_until_refused();
    ck_assert_int_eq(state_now(), ROOM_FULL);
    uint64_t stored = ordinary_feed.head.seq;

    ck_assert_int_eq(write_one(true, 3), AYNI_OK);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(write_one(false, 1), AYNI_E_FULL);
    ck_assert_int_eq(write_one(true, 3), AYNI_OK);
    ck_assert_uint_eq(test_log_check(store), stored + 6);
    ck_assert_int_eq(state_now(), ROOM_FULL);
}
END_TEST

START_TEST(views_get_the_ballast_for_what_is_urgent_and_they_lack)
{
    ck_assert_int_eq(write_one(false, 3), AYNI_OK);
    ck_assert(!room_give_ballast_after(room, 0)); /* nothing is urgent */
    ck_assert_int_eq(write_one(true, 3), AYNI_OK);
    write_until_refused();
    ck_assert(!room_give_ballast_after(room, UINT64_MAX));
    ck_assert_uint_gt(ballast_size(), 0);

    ck_assert(room_give_ballast_after(room, 0));
    ck_assert_uint_eq(ballast_size(), 0);
    ck_assert(room_gave_ballast(room));
    ck_assert(!room_give_ballast_after(room, 0));
}
END_TEST

START_TEST(writing_goes_on_by_itself_and_the_ballast_is_back)
{
    write_until_refused();
    ck_assert_int_eq(write_one(true, 3), AYNI_OK);
    uint64_t stored = ordinary_feed.head.seq + urgent_feed.head.seq;

    small_disk_make_room(&folder);
    ck_assert_int_eq(write_one(false, 30), AYNI_OK);
    ck_assert_int_eq(state_now(), ROOM_OK);
    ck_assert_uint_ge(ballast_size(), BALLAST_SIZE);
    ck_assert_uint_eq(test_log_check(store), stored + 30);
}
END_TEST

START_TEST(that_there_is_room_again_is_seen_by_who_only_asks)
{
    write_until_refused();
    small_disk_make_room(&folder);
    ck_assert_int_eq(state_now(), ROOM_OK);
    ck_assert(room_enough(room));
}
END_TEST

START_TEST(even_erasures_are_refused_when_the_ballast_is_used_up)
{
    enum ayni_status status = AYNI_OK;
    unsigned written = 0;

    write_until_refused();
    uint64_t stored = ordinary_feed.head.seq;
    while (status == AYNI_OK && written < 1000) {
        status = write_one(true, 8);
        written += status == AYNI_OK;
    }
    ck_assert_int_eq(status, AYNI_E_FULL);
    ck_assert_uint_gt(written, 3);
    ck_assert_uint_eq(ballast_size(), 0);
    ck_assert_uint_eq(test_log_check(store), stored + 8 * (uint64_t)written);
}
END_TEST

/* --- both in one commit --- */

struct gate {
    struct log_job job;
    sem_t *entered, *open;
};

static enum ayni_status wait_at_gate(struct log_job *job, struct log_txn *txn)
{
    struct gate *gate = (struct gate *)job;

    (void)txn;
    sem_post(gate->entered);
    sem_wait(gate->open);
    return AYNI_E_NOT_FOUND; /* nothing was done */
}

static void note_done(struct log_job *job, enum ayni_status status)
{
    job->status = status;
}

/* While the writer waits at the gate, all that is submitted gathers into one group. */
START_TEST(of_a_group_that_finds_no_room_the_urgent_ones_are_written)
{
    static struct append ordinary, urgent;
    sem_t entered, open;
    struct gate gate = { { .run = wait_at_gate }, &entered, &open };
    struct room_measures measures;

    room_measure(room, &measures);
    small_disk_fill(&folder, measures.free_bytes - 32 * 1024);
    prepare(&ordinary, false, 30);
    prepare(&urgent, true, 3);
    ordinary.job.done = urgent.job.done = note_done;
    sem_init(&entered, 0, 0);
    sem_init(&open, 0, 0);
    ck_assert_int_eq(log_writer_submit(writer, &gate.job), AYNI_OK);
    sem_wait(&entered);
    ck_assert_int_eq(log_writer_submit(writer, &ordinary.job), AYNI_OK);
    ck_assert_int_eq(log_writer_submit(writer, &urgent.job), AYNI_OK);
    sem_post(&open);
    log_writer_stop(writer);
    ck_assert_int_eq(ordinary.job.status, AYNI_E_FULL);
    ck_assert_int_eq(urgent.job.status, AYNI_OK);
    ck_assert_uint_eq(test_log_check(store), 3);
}
END_TEST

/* --- the ballast --- */

START_TEST(a_ballast_that_found_no_room_is_made_later)
{
    char path[512];

    room_close(room);
    test_folder_path(&folder, "ballast", path, sizeof(path));
    ck_assert_int_eq(remove(path), 0);
    small_disk_fill(&folder, SMALL_DISK_SIZE - 320 * 1024);
    ck_assert_int_eq(room_open(&options, &room), AYNI_OK);
    ck_assert_uint_eq(ballast_size(), 0);
    ck_assert(!room_give_ballast(room));
    small_disk_make_room(&folder);
    ck_assert(room_enough(room));
    ck_assert_uint_ge(ballast_size(), BALLAST_SIZE);
}
END_TEST

START_TEST(a_ballast_is_found_again_and_given_once)
{
    room_close(room);
    ck_assert_int_eq(room_open(&options, &room), AYNI_OK);
    ck_assert_uint_ge(ballast_size(), BALLAST_SIZE);
    ck_assert(!room_gave_ballast(room));
    ck_assert(room_give_ballast(room));
    ck_assert(room_gave_ballast(room));
    ck_assert(!room_give_ballast(room));
}
END_TEST

/* --- a disk that fails --- */

START_TEST(a_failure_is_said_until_that_store_is_written_again)
{
    room_note(room, ROOM_VIEWS, AYNI_E_IO, 0);
    ck_assert_int_eq(state_now(), ROOM_FAILING);
    ck_assert(room_enough(room)); /* each write is tried */
    room_note(room, ROOM_LOG, AYNI_OK, 0);
    ck_assert_int_eq(state_now(), ROOM_FAILING);
    room_note(room, ROOM_VIEWS, AYNI_OK, 0);
    ck_assert_int_eq(state_now(), ROOM_OK);
}
END_TEST

/* A map that can't grow, a quota: there is room on the disk, and yet no write goes. */
START_TEST(no_room_on_a_disk_with_room_is_a_failure)
{
    room_note(room, ROOM_LOG, AYNI_E_FULL, 1000);
    ck_assert_int_eq(state_now(), ROOM_FAILING);
    ck_assert(room_enough(room));
}
END_TEST

START_TEST(without_anybody_who_watches_there_is_always_enough)
{
    struct room_measures measures;

    room_note(NULL, ROOM_LOG, AYNI_E_FULL, 1);
    ck_assert(room_enough(NULL));
    ck_assert(!room_give_ballast(NULL));
    ck_assert(!room_gave_ballast(NULL));
    room_measure(NULL, &measures);
    ck_assert_str_eq(room_state_name(measures.state), "ok");
    room_close(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("room");

    if (!small_disk_possible())
        return small_disk_skip(suite);

    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, ordinary_writes_wait_for_room_and_erasures_do_not);
    tcase_add_test(core, views_get_the_ballast_for_what_is_urgent_and_they_lack);
    tcase_add_test(core, writing_goes_on_by_itself_and_the_ballast_is_back);
    tcase_add_test(core, that_there_is_room_again_is_seen_by_who_only_asks);
    tcase_add_test(core, even_erasures_are_refused_when_the_ballast_is_used_up);
    tcase_add_test(core, of_a_group_that_finds_no_room_the_urgent_ones_are_written);
    tcase_add_test(core, a_ballast_that_found_no_room_is_made_later);
    tcase_add_test(core, a_ballast_is_found_again_and_given_once);
    tcase_add_test(core, a_failure_is_said_until_that_store_is_written_again);
    tcase_add_test(core, no_room_on_a_disk_with_room_is_a_failure);
    tcase_add_test(core, without_anybody_who_watches_there_is_always_enough);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
