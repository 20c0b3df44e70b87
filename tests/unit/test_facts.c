/* What rules ask about other records, wherever those are. */
#include "daemon/records/facts.h"

#include <stdio.h>

#include "tests/support/node_pair.h"

/* More spaces than a record is looked for in. */
enum { SPACES = 20 };

static struct ayni_space spaces[SPACES];
static struct record_key child;

/* In one of them a boy, in all others a girl. */
static void put_in_all(size_t boy_in)
{
    for (size_t i = 0; i < SPACES; i++) {
        char name[16];
        snprintf(name, sizeof(name), "space-%zu", i);
        spaces[i] = test_node_space(&test_midis, name, AYNI_CLASS_SENSITIVE);
        child = test_put(&test_midis, name, "child", "dni=99000001", "surname_1=Rojas",
                         "given_names=Ana", "birth_date=2024-02-29",
                         i == boy_in ? "sex=m" : "sex=f", "ubigeo=160101", "state=active", NULL);
    }
}

static void says(const struct ayni_space *space, const char *sex)
{
    SCOPED_READER *reader = NULL;
    SCOPED_FACTS facts = { 0 };
    struct sql_value value = { .type = SQL_NULL };

    test_must(reader_begin(&test_midis.records, &reader), "read");
    facts_begin(&facts, reader, space);
    facts_answer(&facts, CHECK_SUBJECT_SEX, &child.record, &value);
    ck_assert_int_eq(value.type, SQL_TEXT);
    ck_assert(ayni_bytes_equal(value.bytes, ayni_bytes_of_text(sex)));
}

START_TEST(the_own_space_is_asked_first_however_many_there_are)
{
    put_in_all((size_t)_i);
    for (size_t i = 0; i < SPACES; i++)
        says(&spaces[i], i == (size_t)_i ? "m" : "f");
}
END_TEST

START_TEST(where_the_own_space_has_nothing_another_one_answers)
{
    put_in_all(SPACES);
    says(&test_visits, "f");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("facts");
    TCase *one = tcase_create("one node");

    tcase_add_checked_fixture(one, test_one_open, test_one_close);
    tcase_add_loop_test(one, the_own_space_is_asked_first_however_many_there_are, 0, 3);
    tcase_add_test(one, where_the_own_space_has_nothing_another_one_answers);
    suite_add_tcase(suite, one);
    return test_run(suite);
}
