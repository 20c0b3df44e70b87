/* Queries that have a name: what their files say, and where they come from. */
#include "daemon/records/sql/saved_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "daemon/records/sql/shipped_queries.h"
#include "tests/support/folder.h"
#include "tests/support/suite.h"

static struct test_folder home;

static void open_home(void)
{
    char path[512];

    test_folder_make(&home);
    snprintf(path, sizeof(path), "%s/queries", home.path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void close_home(void)
{
    test_folder_remove(&home);
}

static void write_file(const char *name, const char *text, size_t size)
{
    char path[512];

    snprintf(path, sizeof(path), "queries/%s", name);
    test_folder_write(&home, path, text, size);
}

static enum ayni_status read_named(const char *name, struct saved_query *query,
                                   struct complaint *complaint)
{
    *complaint = (struct complaint){ 0 };
    return saved_query_read(home.path, name, query, complaint);
}

static const char late[] = "-- es: Tardías\r\n--en:Late ones  \n-- a comment\n-- :month = 2026-09\n"
                           "-- :territory =\n--\nSELECT :month, :territory\n-- :not = one\n";

START_TEST(its_first_lines_say_what_it_is)
{
    SCOPED_SAVED_QUERY query = { 0 };
    struct complaint complaint;

    write_file("mine.sql", late, sizeof(late) - 1);
    ck_assert_int_eq(read_named("mine", &query, &complaint), AYNI_OK);
    ck_assert_str_eq(query.name, "mine");
    ck_assert_str_eq(query.sql, late);
    ck_assert_str_eq(query.title_es, "Tardías");
    ck_assert_str_eq(query.title_en, "Late ones");
    ck_assert(query.of_home);
    ck_assert_uint_eq(query.default_count, 2);
    ck_assert_str_eq(query.defaults[0].name, "month");
    ck_assert_str_eq(query.defaults[0].value, "2026-09");
    ck_assert_str_eq(query.defaults[1].name, "territory");
    ck_assert_str_eq(query.defaults[1].value, "");
}
END_TEST

START_TEST(one_that_says_nothing_is_called_by_its_name)
{
    SCOPED_SAVED_QUERY query = { 0 };
    struct complaint complaint;

    write_file("plain.sql", "", 0);
    ck_assert_int_eq(read_named("plain", &query, &complaint), AYNI_OK);
    ck_assert_str_eq(query.title_es, "plain");
    ck_assert_uint_eq(query.default_count, 0);
}
END_TEST

START_TEST(what_is_given_stands_before_defaults)
{
    SCOPED_SAVED_QUERY query = { 0 };
    struct sql_parameter all[SQL_QUERY_PARAMETERS_MAX], given[SQL_QUERY_PARAMETERS_MAX];
    struct complaint complaint;
    size_t count;

    write_file("mine.sql", late, sizeof(late) - 1);
    ck_assert_int_eq(read_named("mine", &query, &complaint), AYNI_OK);
    given[0] = (struct sql_parameter){ "month", "2026-01" };
    ck_assert_int_eq(saved_query_parameters(&query, given, 1, all, &count, &complaint), AYNI_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(all[0].value, "2026-01");
    ck_assert_str_eq(all[1].name, "territory");
    for (size_t i = 0; i < SQL_QUERY_PARAMETERS_MAX; i++)
        given[i] = (struct sql_parameter){ "x", "y" };
    ck_assert_int_eq(
        saved_query_parameters(&query, given, SQL_QUERY_PARAMETERS_MAX, all, &count, &complaint),
        AYNI_E_LIMIT);
}
END_TEST

START_TEST(no_name_leads_out_of_the_folder)
{
    static const char *const names[] = { "",    "..",   "../mine", "/etc/passwd",
                                         "a/b", "Mine", "mine ",   "mine.sql",
                                         "a_b", "ñ",    "nobody",  "late-hb-test" };
    struct complaint complaint;
    struct saved_query query;

    write_file("mine.sql", late, sizeof(late) - 1);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ck_assert_int_eq(read_named(names[i], &query, &complaint), AYNI_E_USAGE);
        ck_assert_ptr_nonnull(complaint.text);
    }
    ck_assert_str_eq(complaint.hint_args[0], "late-hb-tests");
}
END_TEST

START_TEST(what_is_no_text_is_not_read)
{
    struct complaint complaint;
    struct saved_query query;
    char *large = calloc(1, SQL_QUERY_SIZE_MAX + 1);
    char path[512];

    ck_assert_ptr_nonnull(large);
    memset(large, ' ', SQL_QUERY_SIZE_MAX + 1);
    write_file("large.sql", large, SQL_QUERY_SIZE_MAX + 1);
    write_file("latin.sql", "SELECT '\xf1'", 11);
    snprintf(path, sizeof(path), "%s/queries/folder.sql", home.path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(read_named("large", &query, &complaint), AYNI_E_INVALID);
    ck_assert_int_eq(read_named("latin", &query, &complaint), AYNI_E_INVALID);
    ck_assert_int_eq(read_named("folder", &query, &complaint), AYNI_E_INVALID);
    ck_assert_str_eq(complaint.args[0], "folder");
    free(large);
}
END_TEST

static bool has(const char **names, size_t count, const char *name)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += strcmp(names[i], name) == 0;
    ck_assert_uint_le(found, 1);
    return found == 1;
}

START_TEST(the_home_adds_to_the_program_and_stands_before_it)
{
    SCOPED_ARENA memory = { 0 };
    SCOPED_SAVED_QUERY query = { 0 };
    struct complaint complaint;
    const char **names;
    size_t count;

    write_file("mine.sql", late, sizeof(late) - 1);
    write_file("contested.sql", late, sizeof(late) - 1);
    write_file("Not a name.sql", late, sizeof(late) - 1);
    write_file("notes.txt", late, sizeof(late) - 1);
    ck_assert_int_eq(saved_query_names(home.path, &memory, &names, &count), AYNI_OK);
    ck_assert(has(names, count, "mine") && has(names, count, "contested"));
    ck_assert(!has(names, count, "notes") && !has(names, count, "Not a name"));
    for (size_t i = 1; i < count; i++)
        ck_assert_int_lt(strcmp(names[i - 1], names[i]), 0);
    ck_assert_int_eq(read_named("contested", &query, &complaint), AYNI_OK);
    ck_assert(query.of_home);
}
END_TEST

START_TEST(those_of_the_program_have_titles_in_both_languages)
{
    for (size_t i = 0; shipped_query_name(i) != NULL; i++) {
        SCOPED_SAVED_QUERY query = { 0 };
        struct complaint complaint;

        ck_assert_int_eq(read_named(shipped_query_name(i), &query, &complaint), AYNI_OK);
        ck_assert(!query.of_home);
        ck_assert_str_ne(query.title_es, query.name);
        ck_assert_str_ne(query.title_en, query.name);
        ck_assert_str_ne(query.title_es, query.title_en);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("saved_query");

    TEST_CASE(suite, "files", open_home, close_home, its_first_lines_say_what_it_is,
              one_that_says_nothing_is_called_by_its_name, what_is_given_stands_before_defaults,
              no_name_leads_out_of_the_folder, what_is_no_text_is_not_read,
              the_home_adds_to_the_program_and_stands_before_it,
              those_of_the_program_have_titles_in_both_languages);
    return test_run(suite);
}
