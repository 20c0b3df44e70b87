/* Progress: what a terminal is shown of it, and what it isn't. */
#include "cli/progress.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/language.h"
#include "tests/support/suite.h"

/* One end of a pseudo-terminal, whose other end is standard error meanwhile. */
static int terminal = -1, theirs = -1, error_before = -1;

static void setup(void)
{
    terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_ge(terminal, 0);
    ck_assert_int_eq(grantpt(terminal), 0);
    ck_assert_int_eq(unlockpt(terminal), 0);
    theirs = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_ge(theirs, 0);
    error_before = dup(STDERR_FILENO);
    dup2(theirs, STDERR_FILENO);
    setenv("TERM", "xterm", 1);
    language_use("en");
}

static void teardown(void)
{
    dup2(error_before, STDERR_FILENO);
    close(error_before);
    close(theirs);
    close(terminal);
}

/* What it has got by now, and nothing more. A terminal hands on what was written a little later,
 * but in its order: all that was there is read when a mark written after it is. */
static const char *seen(void)
{
    static const char mark = '\v';
    static char text[1024];
    size_t size = 0;

    ck_assert_int_eq((int)write(theirs, &mark, 1), 1);
    while (size == 0 || text[size - 1] != mark) {
        ssize_t got = read(terminal, text + size, sizeof(text) - size);
        ck_assert_int_gt((int)got, 0);
        size += (size_t)got;
        ck_assert_uint_lt(size, sizeof(text));
    }
    text[size - 1] = '\0';
    return text;
}

/* One that began when the machine did. */
static struct progress long_since(void)
{
    return (struct progress){ .begun = true };
}

START_TEST(what_takes_no_second_is_not_shown)
{
    struct progress progress = { 0 };

    progress_show(&progress, 1, 2);
    progress_end(&progress);
    ck_assert_str_eq(seen(), "");
}
END_TEST

START_TEST(a_bar_says_how_much_is_done_and_is_wiped_out)
{
    struct progress progress = long_since();

    progress_show(&progress, 25, 100);
    ck_assert_str_eq(seen(), "\r[##########..............................]  25 %  25/100 ");
    progress.drawn_at_ms += 3600000;   /* on a machine that doesn't pause in between */
    progress_show(&progress, 26, 100); /* sooner than anybody reads */
    ck_assert_str_eq(seen(), "");
    progress_end(&progress);
    ck_assert_str_eq(seen(), "\r\033[K");
    progress_end(&progress);
    ck_assert_str_eq(seen(), "");
}
END_TEST

START_TEST(what_cannot_be_known_is_not_made_up)
{
    struct progress progress = long_since();

    progress_show(&progress, 1024, 0);
    ck_assert_str_eq(seen(), "\r1024 ");
    progress = long_since();
    progress_show(&progress, 7, 3);
    ck_assert_ptr_nonnull(strstr(seen(), "100 %"));
}
END_TEST

START_TEST(that_it_takes_its_time_is_said_until_there_is_more_to_say)
{
    struct progress progress = long_since();

    progress_show(&progress, 0, 0);
    ck_assert_ptr_nonnull(strstr(seen(), "still at work: "));
    progress.drawn_at_ms = 0;
    progress_show(&progress, 1, 2);
    ck_assert_ptr_nonnull(strstr(seen(), "50 %"));
    progress.drawn_at_ms = 0;
    progress_show(&progress, 0, 0);
    ck_assert_str_eq(seen(), "");
}
END_TEST

/* Nothing that goes back over what was said: a line, and the next one ten seconds later. */
START_TEST(a_terminal_that_only_writes_lines_gets_lines)
{
    struct progress progress = long_since();

    setenv("TERM", "dumb", 1);
    progress_show(&progress, 25, 100);
    ck_assert_str_eq(seen(), " 25 %  25/100 \r\n");
    progress.drawn_at_ms += 3600000;
    progress_show(&progress, 50, 100);
    progress_end(&progress);
    ck_assert_str_eq(seen(), "");
}
END_TEST

START_TEST(a_file_gets_nothing)
{
    struct progress progress = long_since();
    int ends[2];
    char byte;

    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    progress_show(&progress, 1, 2);
    progress_show(&progress, 0, 0);
    progress_end(&progress);
    dup2(theirs, STDERR_FILENO);
    ck_assert_int_eq((int)read(ends[0], &byte, 1), 0);
    close(ends[0]);
}
END_TEST

int main(void)
{
    int probe = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (probe < 0) {
        printf("SKIP: this system gives no pseudo-terminal\n");
        return 77;
    }
    close(probe);
    Suite *suite = suite_create("cli_progress");
    TCase *shown = tcase_create("shown");
    tcase_add_checked_fixture(shown, setup, teardown);
    tcase_add_test(shown, what_takes_no_second_is_not_shown);
    tcase_add_test(shown, a_bar_says_how_much_is_done_and_is_wiped_out);
    tcase_add_test(shown, what_cannot_be_known_is_not_made_up);
    tcase_add_test(shown, that_it_takes_its_time_is_said_until_there_is_more_to_say);
    tcase_add_test(shown, a_terminal_that_only_writes_lines_gets_lines);
    tcase_add_test(shown, a_file_gets_nothing);
    suite_add_tcase(suite, shown);
    return test_run(suite);
}
