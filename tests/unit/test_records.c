#include <stdio.h>

#include "daemon/records/conflict.h"
#include "daemon/records/walk.h"
#include "tests/support/node.h"
#include "tests/support/suite.h"

static struct test_node midis, innova;
static struct ayni_space visits;

static void open_one(void)
{
    memset(&midis, 0, sizeof(midis));
    test_node_open(&midis, 1);
    test_node_found(&midis);
    visits = test_node_space(&midis, "visits", AYNI_CLASS_SENSITIVE);
}

static void close_one(void)
{
    test_node_close(&midis);
}

static void open_two(void)
{
    open_one();
    memset(&innova, 0, sizeof(innova));
    test_node_open(&innova, 2);
    test_node_join(&innova, &midis, "innova");
    test_node_grant(&midis, &visits, &innova, AYNI_RIGHT_WRITER);
    test_node_exchange(&midis, &innova);
}

static void close_two(void)
{
    close_one();
    test_node_close(&innova);
}

static struct record_key put_child(struct test_node *node, const char *dni, const char *surname)
{
    char dni_pair[64], surname_pair[64];

    snprintf(dni_pair, sizeof(dni_pair), "dni=%s", dni);
    snprintf(surname_pair, sizeof(surname_pair), "surname_1=%s", surname);
    return test_put(node, "visits", "child", dni_pair, surname_pair, "given_names=Ana",
                    "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
}

START_TEST(a_put_is_read_back)
{
    struct record_key key = put_child(&midis, "99000001", "Rojas");
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct ayni_bytes value;

    test_must(reader_begin(&midis.records, &reader), "read");
    test_must(reader_fold(reader, &key, &state), "fold");
    ck_assert_uint_eq(state.count, 1);
    ck_assert(!record_state_gone(&state));
    value = record_state_value(&state, 1);
    ck_assert(ayni_bytes_equal(value, TEST_BYTES("\x65Rojas")));
}
END_TEST

START_TEST(two_nodes_that_write_apart_have_a_conflict_and_the_same_answers)
{
    struct record_key a = put_child(&midis, "99000001", "Rojas");
    struct record_key b = put_child(&innova, "99000001", "Rosas");
    SCOPED_BUFFER left = { 0 }, right = { 0 };
    SCOPED_READER *reader = NULL;
    uint64_t conflicts;

    ck_assert_int_eq(record_key_compare(&a, &b), 0);
    test_node_exchange(&midis, &innova);
    test_node_answers(&midis, &left);
    test_node_answers(&innova, &right);
    ck_assert_str_eq((char *)left.data, (char *)right.data);
    test_must(reader_begin(&midis.records, &reader), "read");
    test_must(conflicts_count(reader, &conflicts), "count");
    ck_assert_uint_eq(conflicts, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("records");
    TCase *one = tcase_create("one node");
    TCase *two = tcase_create("two nodes");

    tcase_add_checked_fixture(one, open_one, close_one);
    tcase_add_test(one, a_put_is_read_back);
    suite_add_tcase(suite, one);
    tcase_add_checked_fixture(two, open_two, close_two);
    tcase_add_test(two, two_nodes_that_write_apart_have_a_conflict_and_the_same_answers);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
