/* Help: what is printed of the table of commands. */
#include "cli/help.h"

#include <stdlib.h>
#include <string.h>

#include "cli/language.h"
#include "cli/wrap.h"
#include "tests/support/suite.h"

/* What a function prints, to be freed. */
static char *printed_help(const struct command *command)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(to);
    if (command != NULL)
        help_print(command, to);
    else
        help_print_all(to);
    fclose(to);
    return text;
}

/* Examples stand on one line, to be copied, and an option beside its value; all else fits. */
static void check_lines(char *text)
{
    char *rest = NULL;

    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        ck_assert_msg(line[strlen(line) - 1] != ' ', "%s", line);
        ck_assert_msg(wrap_width(line, strlen(line)) <= WRAP_WIDTH ||
                          strncmp(line, "  ayni ", 7) == 0 || line[strspn(line, " ")] == '[',
                      "%s", line);
    }
}

START_TEST(help_fits_a_terminal)
{
    struct command_walk walk = { 0 };
    char *text;

    language_use(_i == 0 ? "es" : "en");
    for (const struct command *command; (command = command_next(&walk)) != NULL;) {
        text = printed_help(command);
        ck_assert_ptr_nonnull(strstr(text, command->example));
        check_lines(text);
        free(text);
    }
    text = printed_help(NULL);
    check_lines(text);
    free(text);
}
END_TEST

START_TEST(the_first_word_of_several_commands_lists_them)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    ck_assert(help_print_sisters("member", to));
    ck_assert(!help_print_sisters("memb", to));
    ck_assert(!help_print_sisters("", to));
    fclose(to);
    ck_assert_ptr_nonnull(strstr(text, "member revoke"));
    ck_assert_ptr_null(strstr(text, "space grant"));
    free(text);
}
END_TEST

/* --- lines --- */

static const struct {
    const char *text, *lines;
} texts[] = {
    { "", "\n" },
    { "one two", "one two\n" },
    { "1234567890123456789012345678901234567890 123456789012345678901234567 a b",
      "1234567890123456789012345678901234567890 123456789012345678901234567 a\n          b\n" },
    { "ñññññññññññññññññññññññññññññññññññññññññ ñññññññññññññññññññññññññññ a b",
      "ñññññññññññññññññññññññññññññññññññññññññ ñññññññññññññññññññññññññññ\n          a b\n" },
    { "12345678901234567890123456789012345678901234567890123456789012345678901234567890 a",
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890\n"
      "          a\n" },
};

START_TEST(lines_are_broken_at_spaces)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    wrap_print(texts[_i].text, 10, to);
    fclose(to);
    ck_assert_str_eq(text, texts[_i].lines);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_help");
    TCase *help = tcase_create("help");

    tcase_add_loop_test(help, help_fits_a_terminal, 0, 2);
    tcase_add_test(help, the_first_word_of_several_commands_lists_them);
    tcase_add_loop_test(help, lines_are_broken_at_spaces, 0, sizeof(texts) / sizeof(texts[0]));
    suite_add_tcase(suite, help);
    return test_run(suite);
}
