/* Streams that are read ahead. */
#include "cli/inflow.h"

#include <string.h>
#include <unistd.h>

#include "tests/support/memory_file.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

enum { LONG_SIZE = 300000 };

static int ends[2];

static void open_pipe(void)
{
    ck_assert_int_eq(pipe(ends), 0);
}

static void close_pipe(void)
{
    close(ends[0]);
}

static void put(const char *text)
{
    ck_assert_int_eq(write(ends[1], text, strlen(text)), (int)strlen(text));
}

/* What is asked for comes in whole, wherever the pieces part that were read ahead. */
START_TEST(bytes_are_read_as_they_were_written_whatever_is_asked_at_a_time)
{
    static uint8_t written[LONG_SIZE], got[LONG_SIZE];
    struct test_random random = { (uint64_t)_i + 1 };
    SCOPED_MEMORY_FILE file;

    for (size_t i = 0; i < LONG_SIZE; i++)
        written[i] = (uint8_t)test_random_next(&random);
    memory_file_make(&file);
    memory_file_write(&file, (struct ayni_bytes){ written, LONG_SIZE });
    struct inflow inflow = { .fd = file.descriptor };
    for (size_t at = 0, size; at < LONG_SIZE; at += size) {
        size = 1 + test_random_below(&random, _i % 2 == 0 ? 40 : 200000);
        if (size > LONG_SIZE - at)
            size = LONG_SIZE - at;
        ck_assert(inflow_read(&inflow, got + at, size));
    }
    ck_assert_mem_eq(got, written, LONG_SIZE);
    ck_assert(!inflow_read(&inflow, got, 1));
    inflow_free(&inflow);
}
END_TEST

START_TEST(a_stream_that_ends_inside_what_is_asked_is_a_failure)
{
    struct inflow inflow = { .fd = ends[0] };
    uint8_t got[8];

    put("abc");
    close(ends[1]);
    ck_assert(!inflow_read(&inflow, got, 4));
    inflow_free(&inflow);
}
END_TEST

START_TEST(what_was_read_ahead_is_ready_and_nothing_is_not)
{
    struct inflow inflow = { .fd = ends[0] };
    uint8_t got[8];

    ck_assert(!inflow_is_ready(&inflow, 0));
    put("abc");
    ck_assert(inflow_is_ready(&inflow, 0));
    ck_assert(inflow_read(&inflow, got, 2));
    ck_assert(inflow_is_ready(&inflow, 0)); /* the pipe itself is empty by now */
    ck_assert(inflow_read(&inflow, got, 1));
    ck_assert_int_eq(got[0], 'c');
    ck_assert(!inflow_is_ready(&inflow, 0));
    close(ends[1]);
    ck_assert(inflow_is_ready(&inflow, 0)); /* for its end */
    inflow_free(&inflow);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_inflow");
    TCase *files = tcase_create("files");

    tcase_add_loop_test(files, bytes_are_read_as_they_were_written_whatever_is_asked_at_a_time, 0,
                        4);
    suite_add_tcase(suite, files);
    TEST_CASE(suite, "pipes", open_pipe, close_pipe,
              a_stream_that_ends_inside_what_is_asked_is_a_failure,
              what_was_read_ahead_is_ready_and_nothing_is_not);
    return test_run(suite);
}
