/* What rules ask is answered from what is held here, and what they find is said. */
#include "daemon/records/writing/edit_check.h"

#include "tests/support/node.h"

static struct test_node node;
static struct edit_result result;
static struct complaint complaint;

static void set_up(void)
{
    test_node_open(&node, 1);
    test_node_found(&node);
    test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
    test_node_space(&node, "health", AYNI_CLASS_SENSITIVE);
    test_node_space(&node, "open", AYNI_CLASS_PUBLIC);
    test_put(&node, "visits", "child", "dni=99000001", "surname_1=Tapullima", "given_names=Ana",
             "birth_date=2025-05-27", "sex=f", "ubigeo=160101", "state=active", NULL);
}

static void tear_down(void)
{
    test_node_close(&node);
}

static enum ayni_status put(const char *space, const char *type,
                            const struct edit_assignment *assignments, size_t count, bool english)
{
    struct edit_request request = { .type = type,
                                    .space = space,
                                    .assignments = assignments,
                                    .assignment_count = count,
                                    .steward = "maria",
                                    .english = english };

    complaint = (struct complaint){ 0 };
    return edit_put(&node.records, &request, &result, &complaint);
}

#define PUT(space, type, english, ...)                                                             \
    put(space, type, (const struct edit_assignment[]){ __VA_ARGS__ },                              \
        sizeof((const struct edit_assignment[]){ __VA_ARGS__ }) / sizeof(struct edit_assignment),  \
        english)

START_TEST(an_event_before_the_birth_is_refused_in_the_language_asked_for)
{
    ck_assert_int_eq(PUT("health", "growth", false, { "subject", "dni:99000001" },
                         { "date", "2025-05-26" }, { "weight_g", "3000" }),
                     AYNI_E_INVALID);
    ck_assert_str_eq(complaint.code, "date_before_birth");
    ck_assert_str_eq(complaint.text, "{}");
    ck_assert_str_eq(complaint.args[0], "date_before_birth es");
    ck_assert_int_eq(PUT("health", "growth", true, { "subject", "dni:99000001" },
                         { "date", "2025-05-26" }, { "weight_g", "3000" }),
                     AYNI_E_INVALID);
    ck_assert_str_eq(complaint.args[0], "date_before_birth en");
}
END_TEST

START_TEST(an_event_of_the_day_of_birth_or_of_an_unknown_child_is_accepted)
{
    ck_assert_int_eq(PUT("health", "growth", false, { "subject", "dni:99000001" },
                         { "date", "2025-05-27" }, { "weight_g", "3000" }),
                     AYNI_OK);
    ck_assert_int_eq(PUT("health", "growth", false, { "subject", "dni:99000009" },
                         { "date", "1999-01-01" }, { "weight_g", "3000" }),
                     AYNI_OK);
}
END_TEST

START_TEST(a_birth_in_the_future_is_refused)
{
    ck_assert_int_eq(PUT("visits", "child", false, { "dni", "99000002" }, { "surname_1", "Vela" },
                         { "given_names", "Luis" }, { "birth_date", "2999-01-01" }, { "sex", "m" },
                         { "ubigeo", "160101" }, { "state", "active" }),
                     AYNI_E_INVALID);
    ck_assert_str_eq(complaint.code, "date_in_future");
    ck_assert_str_eq(complaint.hint_args[0], "birth_date");
}
END_TEST

START_TEST(a_lack_and_a_class_are_said_with_what_to_do)
{
    ck_assert_int_eq(PUT("visits", "child", false, { "surname_1", "Vela" }), AYNI_E_INVALID);
    ck_assert_str_eq(complaint.code, "missing");
    ck_assert_str_eq(complaint.args[0], "given_names");
    ck_assert_ptr_nonnull(complaint.hint);
    ck_assert_int_eq(PUT("open", "child", false, { "surname_1", "Vela" }), AYNI_E_RIGHT);
    ck_assert_str_eq(complaint.code, "stricter_than_space");
    ck_assert_str_eq(complaint.hint_args[0], "personal");
}
END_TEST

START_TEST(the_mothers_surname_is_found_by_the_link)
{
    ck_assert_int_eq(PUT("visits", "person", false, { "dni", "99800001" }, { "surname_1", "Vela" },
                         { "given_names", "Lesly" }),
                     AYNI_OK);
    ck_assert_int_eq(PUT("visits", "guardian_link", false, { "child", "dni:99000001" },
                         { "person", "dni:99800001" }, { "role", "mother" }),
                     AYNI_OK);
    ck_assert_int_eq(
        PUT("visits", "child", false, { "dni", "99000001" }, { "surname_2", "Quispe" }), AYNI_OK);
    ck_assert_uint_eq(result.warnings.count, 1);
    ck_assert_str_eq(result.warnings.list[0].code, "surname_2_not_mothers");
    ck_assert_int_eq(PUT("visits", "child", false, { "dni", "99000001" }, { "surname_2", "VELÁ" }),
                     AYNI_OK);
    ck_assert_uint_eq(result.warnings.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("edit_check");
    TCase *edits = tcase_create("edits");

    tcase_add_checked_fixture(edits, set_up, tear_down);
    tcase_add_test(edits, an_event_before_the_birth_is_refused_in_the_language_asked_for);
    tcase_add_test(edits, an_event_of_the_day_of_birth_or_of_an_unknown_child_is_accepted);
    tcase_add_test(edits, a_birth_in_the_future_is_refused);
    tcase_add_test(edits, a_lack_and_a_class_are_said_with_what_to_do);
    tcase_add_test(edits, the_mothers_surname_is_found_by_the_link);
    suite_add_tcase(suite, edits);
    return test_run(suite);
}
