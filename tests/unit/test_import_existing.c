/* Maps whose rows are about somebody on file, and rows of several kinds in one file. */
#include "daemon/records/import/import.h"

#include "daemon/records/writing/edit.h"
#include "tests/support/import_child.h"
#include "tests/support/node_pair.h"

#define EVENTS_MAP(more)                                                                           \
    "{\"name\":\"m\",\"origin\":\"events\",\"source_id\":{\"columns\":[\"page\",\"row\"],"         \
    "\"join\":\"-\"},\"shared\":{\"event\":{\"fields\":{\"subject\":{\"record\":\"child\"},"       \
    "\"date\":\"day\",\"source\":{\"constant\":\"his\"},"                                          \
    "\"source_id\":{\"columns\":[\"page\",\"row\"],\"join\":\"-\"}}}},\"records\":["               \
    "{\"name\":\"child\",\"type\":\"child\",\"existing\":true,"                                    \
    "\"reasons\":{\"missing\":\"bad_document\"},"                                                  \
    "\"identifiers\":{\"dni\":{\"column\":\"number\",\"when\":{\"kind\":\"1\"}},"                  \
    "\"cnv\":{\"column\":\"number\",\"when\":{\"kind\":\"6\"}}},"                                  \
    "\"fields\":{\"sex\":{\"column\":\"sex\",\"unless_shown\":true}}},"                            \
    "{\"name\":\"growth\",\"type\":\"growth\",\"main\":true,\"when\":{\"what\":[\"W\",\"L*\"]},"   \
    "\"shared\":\"event\",\"fields\":{\"weight_g\":[{\"column\":\"value\",\"times\":1000,"         \
    "\"when\":{\"what\":\"W\"},\"reasons\":{\"bad_number\":\"weight_not_a_number\"}},"             \
    "{\"constant\":\"5000\"}]}" more "}]}"
#define RULES                                                                                      \
    ",\"rules\":[{\"name\":\"typed_r\",\"level\":\"reject\",\"expression\":\"\\\"sort\\\" <> "     \
    "'R'\",\"es\":\"No\",\"en\":\"No\"},{\"name\":\"heavy\",\"level\":\"warn\","                   \
    "\"expression\":\"weight_g < 9000 and coalesce(\\\"lost\\\", '') = ''\","                      \
    "\"es\":\"Pesa\",\"en\":\"Heavy\"}]"
#define HEADER "page;row;kind;number;sex;day;what;value;sort\n"

static void load(const char *rows)
{
    test_must(test_load_as(&test_midis, EVENTS_MAP(RULES), rows), "import");
}

START_TEST(who_is_not_on_file_is_no_subject)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    load(HEADER "1;1;1;99000001;;2025-06-01;W;5.1;D\n1;2;1;99000002;;2025-06-01;W;5.1;D\n"
                "1;3;1;99 0002;;2025-06-01;W;5.1;D\n1;4;1;;;2025-06-01;W;5.1;D\n"
                "1;5;9;99000001;;2025-06-01;W;5.1;D\n1;6;6;99000001;;2025-06-01;W;5.1;D\n");
    ck_assert_str_eq(test_loaded.findings, "3 number unknown_subject/4 number unknown_subject/"
                                           "5 number bad_document/6 number bad_document/"
                                           "7 number unknown_subject/");
    test_import_counts(1, 0, 0, 5);
}
END_TEST

/* It has nothing to say of her then. */
START_TEST(a_child_that_was_deleted_is_no_subject)
{
    struct edit_request request = { .id = "dni:99000001", .steward = "maria", .reason = "twice" };
    struct edit_result result;

    (void)test_put_child(&test_midis, "99000001", "Vela");
    test_must(edit_delete(&test_midis.records, &request, &result, &test_load_complaint), "delete");
    load(HEADER "1;1;1;99000001;f;2025-06-01;W;5.1;D\n");
    ck_assert_str_eq(test_loaded.findings, "2 number unknown_subject/");
}
END_TEST

START_TEST(the_row_says_what_it_becomes)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    load(HEADER "1;1;1;99000001;;2025-06-01;W;5.1;D\n1;2;1;99000001;;2025-06-01;Lx;;D\n"
                "1;3;1;99000001;;2025-06-01;X;5.1;D\n");
    test_import_counts(2, 0, 1, 0);
    load(HEADER "1;1;1;99000001;;2025-06-01;W;5.1;D\n1;2;1;99000001;;2025-06-01;Lx;;D\n");
    test_import_counts(0, 0, 2, 0);
}
END_TEST

START_TEST(a_failure_is_called_as_the_map_says)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    load(HEADER "1;1;1;99000001;;2025-06-01;W;x;D\n1;2;1;99000001;;2025-06-01;W;5,,1;D\n"
                "1;3;1;99000001;;2025-06-01;W;5,1;R\n1;4;1;99000001;;2025-06-01;W;12,3;D\n"
                "1;4;1;99000001;;2025-06-01;W;12,3;D\n");
    ck_assert_str_eq(test_loaded.findings,
                     "2 value weight_not_a_number/3 value weight_not_a_number/"
                     "4 sort typed_r/!5 value heavy/6 page duplicate_source_id/");
    test_import_counts(1, 0, 0, 4);
}
END_TEST

START_TEST(what_is_shown_is_not_said_again_and_what_differs_is_a_conflict)
{
    uint64_t before;

    (void)test_put_child(&test_midis, "99000001", "Vela");
    before = test_import_written(&test_midis);
    load(HEADER "1;1;1;99000001;f;2025-06-01;W;5.1;D\n");
    ck_assert_uint_eq(test_import_written(&test_midis), before + 1);
    ck_assert_uint_eq(test_loaded.counts.conflicts, 0);
    load(HEADER "1;2;1;99000001;m;2025-06-01;W;5.1;D\n");
    ck_assert_uint_eq(test_loaded.counts.conflicts, 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

#define RULE(expression)                                                                           \
    EVENTS_MAP(",\"rules\":[{\"name\":\"a\",\"level\":\"warn\",\"expression\":\"" expression       \
               "\",\"es\":\"b\",\"en\":\"c\"}]")

static const char *const no_rules[] = { RULE("weight_g <"), RULE("(select 1)"),
                                        RULE("weigth_g > 1"), RULE("\\\"lost") };

START_TEST(a_rule_that_is_none_is_told_before_the_first_row)
{
    ck_assert_int_eq(test_load_as(&test_midis, no_rules[_i], HEADER), AYNI_E_INVALID);
    ck_assert_ptr_nonnull(test_load_complaint.text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import_existing");
    TCase *existing = tcase_create("existing");

    tcase_add_checked_fixture(existing, test_two_open, test_two_close);
    tcase_add_test(existing, who_is_not_on_file_is_no_subject);
    tcase_add_test(existing, a_child_that_was_deleted_is_no_subject);
    tcase_add_test(existing, the_row_says_what_it_becomes);
    tcase_add_test(existing, a_failure_is_called_as_the_map_says);
    tcase_add_test(existing, what_is_shown_is_not_said_again_and_what_differs_is_a_conflict);
    tcase_add_loop_test(existing, a_rule_that_is_none_is_told_before_the_first_row, 0,
                        sizeof(no_rules) / sizeof(no_rules[0]));
    suite_add_tcase(suite, existing);
    return test_run(suite);
}
