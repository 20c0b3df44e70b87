/* Which window holds on which day, and what rule sets may say of components and instruments. */
#include "daemon/records/rules/schedule.h"

#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "proto/crypto.h"
#include "tests/support/suite.h"

static const uint8_t root_key[32] = { 7 };
static struct catalogue_file file;
static struct schedule schedule;

static void set_up(void)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    ck_assert_int_eq(catalogue_file_read(catalogue_file_first_edition(), root_key, &file, error),
                     AYNI_OK);
}

static void tear_down(void)
{
    schedule_free(&schedule);
    catalogue_file_free(&file);
}

static enum ayni_status read_words(const char *text)
{
    return schedule_read_words(ayni_bytes_of_text(text), file.catalogue, &schedule.memory,
                               &schedule.words);
}

/* --- windows --- */

/* Two editions; the newer one has fewer doses, and has ended. */
static struct schedule_window windows[] = {
    { .component = "a", .dose = 1, .valid_from = 100, .valid_to = INT64_MAX },
    { .component = "a", .dose = 2, .valid_from = 100, .valid_to = INT64_MAX },
    { .component = "a", .dose = 1, .valid_from = 200, .valid_to = 299 },
    { .component = "b", .dose = 1, .valid_from = 200, .valid_to = 299 },
};
static const struct {
    const char *component;
    int64_t dose, day;
    int found; /* index; -1: none */
} asked[] = {
    { "a", 1, 99, -1 },  { "a", 1, 100, 0 },  { "a", 1, 199, 0 },  { "a", 1, 200, 2 },
    { "a", 1, 299, 2 },  { "a", 1, 300, 0 },  { "a", 2, 150, 1 },  { "a", 2, 250, -1 },
    { "a", 2, 300, 1 },  { "a", 3, 150, -1 }, { "b", 1, 150, -1 }, { "b", 1, 250, 3 },
    { "c", 1, 250, -1 },
};

/* The same whatever order they stand in. */
START_TEST(the_newest_rule_set_that_holds_that_day_says_it)
{
    struct schedule_window turned[4];

    for (size_t i = 0; i < 4; i++)
        turned[i] = windows[3 - i];
    for (int pass = 0; pass < 2; pass++) {
        struct schedule_window *all = pass == 0 ? windows : turned;
        const struct schedule of = { .windows = all, .window_count = 4 };
        const struct schedule_window *found =
            schedule_window(&of, asked[_i].component, asked[_i].dose, asked[_i].day);
        int index = found == NULL ? -1 : (int)(found - all);
        ck_assert_int_eq(index >= 0 && pass == 1 ? 3 - index : index, asked[_i].found);
    }
}
END_TEST

/* --- words --- */

START_TEST(words_name_components_and_instruments)
{
    ck_assert_int_eq(
        read_words("{\"components\": [{\"component\": \"cred\", \"type\": \"newborn_check\"},"
                   " {\"component\": \"polio\", \"type\": \"vaccine\", \"codes\": [\"ipv\", "
                   "\"opv\"]}, {\"component\": \"x\", \"type\": \"of_a_later_edition\"}],"
                   " \"instruments\": [{\"code\": \"eedp\", \"months\": [0, 24]}]}"),
        AYNI_OK);
    ck_assert_uint_eq(schedule.words.component_count, 3); /* two codes of one, and one without */
    ck_assert_str_eq(schedule_component(&schedule, 202, (struct ayni_bytes){ 0 }), "cred");
    ck_assert_str_eq(schedule_component(&schedule, 206, ayni_bytes_of_text("opv")), "polio");
    ck_assert_ptr_null(schedule_component(&schedule, 206, ayni_bytes_of_text("pcv")));
    ck_assert_ptr_null(schedule_component(&schedule, 204, ayni_bytes_of_text("opv")));
    const struct schedule_instrument *eedp =
        schedule_instrument(&schedule, ayni_bytes_of_text("eedp"));
    ck_assert_int_eq(eedp->months_min, 0);
    ck_assert_int_eq(eedp->months_max, 24);
    ck_assert_ptr_null(schedule_instrument(&schedule, ayni_bytes_of_text("tepsi")));
}
END_TEST

static const struct {
    const char *text;
    enum ayni_status status;
} wrong[] = {
    { "", AYNI_E_INVALID },
    { "[]", AYNI_E_INVALID },
    { "{}", AYNI_E_NOT_FOUND },
    { "{\"outliers\": {}}", AYNI_E_NOT_FOUND },
    { "{\"components\": 1}", AYNI_E_INVALID },
    { "{\"components\": [{\"type\": \"vaccine\"}]}", AYNI_E_INVALID },
    { "{\"components\": [{\"component\": \"a\"}]}", AYNI_E_INVALID },
    { "{\"components\": [{\"component\": \"a\", \"type\": \"vaccine\", \"codes\": [1]}]}",
      AYNI_E_INVALID },
    { "{\"components\": [{\"component\": \"a\", \"type\": \"vaccine\", \"code\": \"ipv\"}]}",
      AYNI_E_INVALID },
    { "{\"instruments\": [{\"code\": \"eedp\"}]}", AYNI_E_INVALID },
    { "{\"instruments\": [{\"code\": \"eedp\", \"months\": [0]}]}", AYNI_E_INVALID },
    { "{\"instruments\": [{\"code\": \"eedp\", \"months\": [0, 1, 2]}]}", AYNI_E_INVALID },
    { "{\"instruments\": [{\"code\": \"eedp\", \"months\": [3, 2]}]}", AYNI_E_INVALID },
    { "{\"instruments\": [{\"code\": \"eedp\", \"months\": [-1, 2]}]}", AYNI_E_INVALID },
};

START_TEST(what_is_not_of_the_form_changes_nothing)
{
    ck_assert_int_eq(read_words("{\"instruments\": [{\"code\": \"eedp\", \"months\": [0, 24]}]}"),
                     AYNI_OK);
    ck_assert_int_eq(read_words(wrong[_i].text), wrong[_i].status);
    ck_assert_ptr_nonnull(schedule_instrument(&schedule, ayni_bytes_of_text("eedp")));
}
END_TEST

START_TEST(there_is_an_end_to_what_one_says)
{
    SCOPED_BUFFER text = { 0 };

    ayni_buffer_append_text(&text, "{\"components\": [");
    for (int i = 0; i < SCHEDULE_WORDS_MAX + _i; i++)
        ayni_buffer_append_text(&text, i == 0 ? "{\"component\": \"a\", \"type\": \"vaccine\"}"
                                              : ", {\"component\": \"a\", \"type\": \"vaccine\"}");
    ayni_buffer_append(&text, "]}", 3);
    ck_assert_int_eq(read_words((const char *)text.data), _i == 0 ? AYNI_OK : AYNI_E_INVALID);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("schedule");
    TCase *one = tcase_create("one");

    tcase_add_checked_fixture(one, set_up, tear_down);
    tcase_add_loop_test(one, the_newest_rule_set_that_holds_that_day_says_it, 0,
                        sizeof(asked) / sizeof(asked[0]));
    tcase_add_test(one, words_name_components_and_instruments);
    tcase_add_loop_test(one, what_is_not_of_the_form_changes_nothing, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_loop_test(one, there_is_an_end_to_what_one_says, 0, 2);
    suite_add_tcase(suite, one);
    return test_run(suite);
}
