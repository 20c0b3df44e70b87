/* Records of one node, and of two that write apart: put, set, delete, and what they fold to. */
#include "daemon/records/walk.h"
#include "daemon/records/writing/settle.h"
#include "proto/cbor.h"
#include "tests/support/node_pair.h"

enum { SURNAME_1 = 1, SURNAME_2 = 2, STATE = 16 };

/* Ask for an edit that is refused, and get the words. */
static enum ayni_status refused(enum ayni_status (*edit)(struct records *,
                                                         const struct edit_request *,
                                                         struct edit_result *, struct complaint *),
                                struct edit_request request, const struct edit_assignment *pairs,
                                size_t count, struct complaint *complaint)
{
    struct edit_result result;

    *complaint = (struct complaint){ 0 };
    request.assignments = pairs;
    request.assignment_count = count;
    request.steward = "maria";
    return edit(&test_midis.records, &request, &result, complaint);
}

static struct edit_result set_field(struct test_node *node, const struct record_key *key,
                                    const char *name, const char *value)
{
    struct edit_assignment pair = { name, value };
    char id[AYNI_RECORD_TEXT_SIZE];
    struct edit_request request = {
        .id = id, .assignments = &pair, .assignment_count = 1, .steward = "rosa"
    };
    struct edit_result result;
    struct complaint complaint = { 0 };

    ayni_record_text(&key->record, id);
    test_must(edit_set(&node->records, &request, &result, &complaint), "set");
    return result;
}

static void delete_record(struct test_node *node, const struct record_key *key)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct edit_request request = { .id = id, .steward = "rosa", .reason = "twice" };
    struct edit_result result;
    struct complaint complaint = { 0 };

    ayni_record_text(&key->record, id);
    test_must(edit_delete(&node->records, &request, &result, &complaint), "delete");
}

static bool is_gone(struct test_node *node, const struct record_key *key)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_fold(reader, key, &state), "fold");
    return record_state_gone(&state);
}

/* --- one node --- */

START_TEST(a_put_is_read_back)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    char text[128];

    test_shown(&test_midis, &key, SURNAME_1, text);
    ck_assert_str_eq(text, "Rojas");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    ck_assert_uint_eq(test_problems(&test_midis), 0);
}
END_TEST

START_TEST(a_put_of_the_same_number_is_an_edit_of_the_same_record)
{
    struct record_key first = test_put_child(&test_midis, "99000001", "Rojas");
    struct record_key again = test_put_child(&test_midis, "99000001", "Rosas");
    char text[128];

    ck_assert_int_eq(record_key_compare(&first, &again), 0);
    test_shown(&test_midis, &first, SURNAME_1, text);
    ck_assert_str_eq(text, "Rosas");
    ck_assert_uint_eq(test_alternatives(&test_midis, &first, SURNAME_1), 1);
}
END_TEST

START_TEST(a_set_tells_what_differs_and_writes_nothing_where_nothing_does)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    struct edit_result result = set_field(&test_midis, &key, "surname_1", "Rosas");

    ck_assert_uint_eq(result.changed_count, 1);
    ck_assert_uint_eq(result.changed[0], SURNAME_1);
    result = set_field(&test_midis, &key, "surname_1", "Rosas");
    ck_assert_uint_eq(result.changed_count, 0);
}
END_TEST

START_TEST(a_deleted_record_is_gone_and_an_edit_brings_it_back)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    delete_record(&test_midis, &key);
    ck_assert(is_gone(&test_midis, &key));
    set_field(&test_midis, &key, "surname_2", "Diaz");
    ck_assert(!is_gone(&test_midis, &key));
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
}
END_TEST

START_TEST(the_number_is_a_record_of_its_own_that_names_its_holder)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Rojas");
    SCOPED_READER *reader = NULL;
    SCOPED_WALK walk = { 0 };
    struct record_key found;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    walk_subject(reader, &child.record, &walk);
    ck_assert(walk_next(&walk, &found));
    ck_assert_uint_eq(found.type, 102);
    ck_assert(!walk_next(&walk, &found));
}
END_TEST

START_TEST(a_second_number_finds_the_holder_of_the_first)
{
    struct record_key child =
        test_put(&test_midis, "visits", "child", "cnv=123456", "surname_1=Rojas", "given_names=Ana",
                 "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
    struct record_key same;

    test_set(&test_midis, &child, "dni=99000001", NULL);
    same = test_put(&test_midis, "visits", "child", "dni=99000001", "surname_2=Diaz", NULL);
    ck_assert_int_eq(record_key_compare(&child, &same), 0);
}
END_TEST

/* In one list a child's, in another her mother's: it is no way to find her. */
START_TEST(a_number_that_a_child_holds_finds_no_person)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Rojas");
    struct record_key person = test_put(&test_midis, "visits", "person", "dni=99000001",
                                        "surname_1=Diaz", "given_names=Rosa", NULL);

    ck_assert(!ayni_id_equal(&child.record, &person.record));
    ck_assert_uint_eq(test_alternatives(&test_midis, &child, SURNAME_1), 1);
}
END_TEST

/* Its id is one in all spaces, whomever the number was given to since. */
START_TEST(the_record_of_a_number_is_found_in_any_space)
{
    struct record_key first = test_put_child(&test_midis, "99000001", "Rojas"), there;
    struct record_key other = test_put_child(&test_midis, "99000002", "Diaz"), number;
    char holder[AYNI_RECORD_TEXT_SIZE + 8] = "holder=";

    {
        SCOPED_READER *reader = NULL;
        SCOPED_WALK walk = { 0 };
        test_must(reader_begin(&test_midis.records, &reader), "read");
        walk_subject(reader, &first.record, &walk);
        ck_assert(walk_next(&walk, &number));
    }
    ayni_record_text(&other.record, holder + strlen(holder));
    test_set(&test_midis, &number, holder, NULL);
    (void)test_node_space(&test_midis, "others", AYNI_CLASS_SENSITIVE);
    there = test_put(&test_midis, "others", "child", "dni=99000001", "surname_1=Rojas",
                     "given_names=Ana", "birth_date=2024-02-29", "sex=f", "ubigeo=160101",
                     "state=active", NULL);
    ck_assert(ayni_id_equal(&first.record, &there.record));
}
END_TEST

START_TEST(a_number_that_was_deleted_is_given_again)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Rojas");
    struct record_key number;

    {
        SCOPED_READER *reader = NULL;
        SCOPED_WALK walk = { 0 };
        test_must(reader_begin(&test_midis.records, &reader), "read");
        walk_subject(reader, &child.record, &walk);
        ck_assert(walk_next(&walk, &number));
    }
    delete_record(&test_midis, &number);
    ck_assert(is_gone(&test_midis, &number));
    test_set(&test_midis, &child, "dni=99000001", NULL);
    ck_assert(!is_gone(&test_midis, &number));
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
}
END_TEST

/* What must be refused: type, space, FIELD, VALUE, status, code. */
static const struct {
    const char *type, *space, *field, *value;
    enum ayni_status status;
} refusals[] = {
    { "chil", "visits", "sex", "f", AYNI_E_USAGE },
    { "child", "vists", "sex", "f", AYNI_E_USAGE },
    { "child", "visits", "sexo", "f", AYNI_E_USAGE },
    { "child", "visits", "sex", "female", AYNI_E_INVALID },
    { "child", "visits", "birth_date", "2024-02-30", AYNI_E_INVALID },
    { "child", "visits", "sex", "f", AYNI_E_INVALID }, /* the rest of it is missing */
    { "child", "visits", "dni", "1234", AYNI_E_INVALID },
    { "hb_test", "visits", "hb", "ten", AYNI_E_INVALID },
    { "hb_test", "visits", "subject", "nobody", AYNI_E_INVALID },
};

START_TEST(what_is_wrong_is_refused_in_words)
{
    struct edit_assignment pair = { refusals[_i].field, refusals[_i].value };
    struct edit_request request = { .type = refusals[_i].type, .space = refusals[_i].space };
    struct complaint complaint;

    ck_assert_int_eq(refused(edit_put, request, &pair, 1, &complaint), refusals[_i].status);
    ck_assert_ptr_nonnull(complaint.text);
}
END_TEST

START_TEST(a_field_given_twice_is_refused)
{
    struct edit_assignment pairs[] = { { "sex", "f" }, { "sex", "m" } };
    struct edit_request request = { .type = "child", .space = "visits" };
    struct complaint complaint;

    ck_assert_int_eq(refused(edit_put, request, pairs, 2, &complaint), AYNI_E_USAGE);
}
END_TEST

START_TEST(a_set_of_what_is_not_here_is_not_found)
{
    struct edit_assignment pair = { "sex", "f" };
    struct edit_request request = { .id = "dni:99000009" };
    struct complaint complaint;

    ck_assert_int_eq(refused(edit_set, request, &pair, 1, &complaint), AYNI_E_NOT_FOUND);
    ck_assert_str_eq(complaint.args[0], "dni:99000009");
}
END_TEST

START_TEST(a_record_in_two_spaces_needs_the_space_said)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    struct edit_assignment pair = { "sex", "m" };
    struct edit_request request = { .id = "dni:99000001" };
    struct complaint complaint;

    (void)test_node_space(&test_midis, "others", AYNI_CLASS_SENSITIVE);
    (void)test_put(&test_midis, "others", "child", "dni=99000001", "surname_1=Rojas",
                   "given_names=Ana", "birth_date=2024-02-29", "sex=f", "ubigeo=160101",
                   "state=active", NULL);
    ck_assert_int_eq(refused(edit_set, request, &pair, 1, &complaint), AYNI_E_USAGE);
    request.space = "visits";
    ck_assert_int_eq(refused(edit_set, request, &pair, 1, &complaint), AYNI_OK);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, 6), 1);
}
END_TEST

START_TEST(a_public_space_takes_nothing_personal)
{
    struct edit_assignment pairs[] = { { "surname_1", "Rojas" }, { "given_names", "Ana" } };
    struct edit_request request = { .type = "person", .space = "open" };
    struct complaint complaint;

    (void)test_node_space(&test_midis, "open", AYNI_CLASS_PUBLIC);
    ck_assert_int_eq(refused(edit_put, request, pairs, 2, &complaint), AYNI_E_RIGHT);
}
END_TEST

/* --- two nodes --- */

START_TEST(two_that_write_apart_have_a_conflict_and_the_same_answers)
{
    struct record_key a = test_put_child(&test_midis, "99000001", "Rojas");
    struct record_key b = test_put_child(&test_innova, "99000001", "Rosas");

    ck_assert_int_eq(record_key_compare(&a, &b), 0);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    ck_assert_uint_eq(test_alternatives(&test_innova, &a, SURNAME_1), 2);
}
END_TEST

START_TEST(an_edit_of_what_was_seen_is_no_conflict)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    test_node_exchange(&test_midis, &test_innova);
    set_field(&test_innova, &key, "surname_1", "Rosas");
    set_field(&test_midis, &key, "surname_2", "Diaz");
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
}
END_TEST

START_TEST(a_delete_beside_an_edit_is_contested_and_shown)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    test_node_exchange(&test_midis, &test_innova);
    set_field(&test_innova, &key, "surname_1", "Rosas");
    delete_record(&test_midis, &key);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
    ck_assert(!is_gone(&test_midis, &key));
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

/* Who goes on with a record has decided that it stays; who finds nothing to change has not. */
START_TEST(an_edit_beside_a_contested_deletion_ends_it)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    test_node_exchange(&test_midis, &test_innova);
    set_field(&test_innova, &key, "surname_1", "Rosas");
    delete_record(&test_midis, &key);
    test_node_exchange(&test_midis, &test_innova);
    set_field(&test_midis, &key, "surname_1", "Rosas");
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    set_field(&test_midis, &key, "surname_2", "Diaz");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    ck_assert(!is_gone(&test_midis, &key));
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

START_TEST(a_contested_deletion_is_settled_either_way)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    char id[AYNI_RECORD_TEXT_SIZE];
    struct settle_choice choice = { .field = "_deleted", .pick = _i == 0 ? 1 : 2 };
    struct settle_request request = {
        .id = id, .choices = &choice, .choice_count = 1, .steward = "maria"
    };
    struct edit_result result;
    struct complaint complaint = { 0 };

    ayni_record_text(&key.record, id);
    test_node_exchange(&test_midis, &test_innova);
    set_field(&test_innova, &key, "surname_1", "Rosas");
    delete_record(&test_midis, &key);
    test_node_exchange(&test_midis, &test_innova);
    test_must(settle_resolve(&test_midis.records, &request, &result, &complaint), "resolve");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    ck_assert_int_eq(is_gone(&test_midis, &key), _i == 1);
}
END_TEST

START_TEST(who_has_no_right_does_not_count_until_it_is_granted)
{
    struct ayni_space closed = test_node_space(&test_midis, "closed", AYNI_CLASS_SENSITIVE);
    struct record_key key;
    char text[128];

    (void)test_node_grant(&test_midis, &closed, &test_innova, AYNI_RIGHT_WRITER);
    test_node_exchange(&test_midis, &test_innova);
    key = test_put(&test_innova, "closed", "person", "surname_1=Rojas", "given_names=Ana", NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_shown(&test_midis, &key, SURNAME_1, text);
    ck_assert_str_eq(text, "Rojas");
}
END_TEST

START_TEST(a_reader_may_not_write)
{
    struct ayni_space closed = test_node_space(&test_midis, "closed", AYNI_CLASS_SENSITIVE);
    struct edit_assignment pairs[] = { { "surname_1", "Rojas" }, { "given_names", "Ana" } };
    struct edit_request request = { .type = "person",
                                    .space = "closed",
                                    .assignments = pairs,
                                    .assignment_count = 2,
                                    .steward = "maria" };
    struct edit_result result;
    struct complaint complaint = { 0 };

    (void)test_node_grant(&test_midis, &closed, &test_innova, AYNI_RIGHT_READER);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_int_eq(edit_put(&test_innova.records, &request, &result, &complaint), AYNI_E_RIGHT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("records");
    TCase *one = tcase_create("one node");
    TCase *two = tcase_create("two nodes");

    tcase_add_checked_fixture(one, test_one_open, test_one_close);
    tcase_add_test(one, a_put_is_read_back);
    tcase_add_test(one, a_put_of_the_same_number_is_an_edit_of_the_same_record);
    tcase_add_test(one, a_set_tells_what_differs_and_writes_nothing_where_nothing_does);
    tcase_add_test(one, a_deleted_record_is_gone_and_an_edit_brings_it_back);
    tcase_add_test(one, the_number_is_a_record_of_its_own_that_names_its_holder);
    tcase_add_test(one, a_second_number_finds_the_holder_of_the_first);
    tcase_add_test(one, a_number_that_a_child_holds_finds_no_person);
    tcase_add_test(one, the_record_of_a_number_is_found_in_any_space);
    tcase_add_test(one, a_number_that_was_deleted_is_given_again);
    tcase_add_loop_test(one, what_is_wrong_is_refused_in_words, 0,
                        sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(one, a_field_given_twice_is_refused);
    tcase_add_test(one, a_set_of_what_is_not_here_is_not_found);
    tcase_add_test(one, a_record_in_two_spaces_needs_the_space_said);
    tcase_add_test(one, a_public_space_takes_nothing_personal);
    suite_add_tcase(suite, one);
    tcase_add_checked_fixture(two, test_two_open, test_two_close);
    tcase_add_test(two, two_that_write_apart_have_a_conflict_and_the_same_answers);
    tcase_add_test(two, an_edit_of_what_was_seen_is_no_conflict);
    tcase_add_test(two, a_delete_beside_an_edit_is_contested_and_shown);
    tcase_add_test(two, an_edit_beside_a_contested_deletion_ends_it);
    tcase_add_loop_test(two, a_contested_deletion_is_settled_either_way, 0, 2);
    tcase_add_test(two, who_has_no_right_does_not_count_until_it_is_granted);
    tcase_add_test(two, a_reader_may_not_write);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
