/* Completion: what the command knows without asking is what the daemon has. */
#include "cli/complete_values.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/records/import/import_maps.h"
#include "daemon/view/quality.h"
#include "tests/support/suite.h"

enum { OFFERED_SIZE = 1024 };

/* What is printed for a parameter whose value help calls so: a word a line. */
static void offer(const char *value, char offered[OFFERED_SIZE])
{
    const struct completing completing = { .current = "" };
    const struct parameter parameter = { .name = "x", .value = value };
    FILE *file = tmpfile();
    int output = dup(STDOUT_FILENO);

    ck_assert_ptr_nonnull(file);
    fflush(stdout);
    dup2(fileno(file), STDOUT_FILENO);
    complete_values(&completing, &parameter, "");
    fflush(stdout);
    dup2(output, STDOUT_FILENO);
    close(output);
    rewind(file);
    size_t size = fread(offered, 1, OFFERED_SIZE - 1, file);
    offered[size] = '\0';
    fclose(file);
}

static size_t lines_of(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static bool has_line(const char *text, const char *line)
{
    size_t size = strlen(line);

    for (; text != NULL && *text != '\0'; text = strchr(text, '\n') + 1)
        if (strncmp(text, line, size) == 0 && text[size] == '\n')
            return true;
    return false;
}

START_TEST(all_maps_that_come_with_the_program_are_offered_and_no_others)
{
    char offered[OFFERED_SIZE];
    size_t count = 0;

    offer("NAME|FILE", offered);
    for (size_t i = 0; import_map_names[i] != NULL; i++) {
        bool of_records = strcmp(import_map_names[i], "ubigeo") != 0; /* that is a table's */
        ck_assert_msg(has_line(offered, import_map_names[i]) == of_records, "%s",
                      import_map_names[i]);
        count += of_records;
    }
    ck_assert_uint_eq(lines_of(offered), count);
}
END_TEST

START_TEST(all_words_of_quality_are_offered_and_no_others)
{
    char offered[OFFERED_SIZE];
    size_t count = 0;

    offer("WORD", offered);
    for (int i = 0; i < QUALITY_FIGURES; i++) {
        const char *word = quality_word((enum quality_figure)i);
        bool again = i > 0 && strcmp(word, quality_word((enum quality_figure)(i - 1))) == 0;
        ck_assert_msg(has_line(offered, word), "%s", word);
        count += !again; /* figures of a word follow one another */
    }
    ck_assert_uint_eq(lines_of(offered), count);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_complete");
    TCase *words = tcase_create("words");

    tcase_add_test(words, all_maps_that_come_with_the_program_are_offered_and_no_others);
    tcase_add_test(words, all_words_of_quality_are_offered_and_no_others);
    suite_add_tcase(suite, words);
    return test_run(suite);
}
