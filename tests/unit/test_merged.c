/* What rules of the catalogue settled by themselves: listed, and another value set over it. */
#include "daemon/records/conflict.h"
#include "daemon/records/writing/settle.h"
#include "proto/value_text.h"
#include "tests/support/node_pair.h"

enum { CHILD_UBIGEO = 11, CHILD_ADDRESS = 13, CHILD_INSURANCE = 15 };

static struct record_key child;
static char child_id[AYNI_RECORD_TEXT_SIZE];

/* A child that both hold. */
static void open_child(void)
{
    test_two_open();
    child = test_put_child(&test_midis, "99000001", "Rojas");
    ayni_record_text(&child.record, child_id);
    test_node_exchange(&test_midis, &test_innova);
}

/* Both set a field of the child apart; innova's is the later one. */
static void set_apart(const char *midis, const char *innova)
{
    test_set(&test_midis, &child, midis, NULL);
    test_later();
    test_set(&test_innova, &child, innova, NULL);
    test_node_exchange(&test_midis, &test_innova);
}

struct listed {
    struct conflict last;
    size_t count;
};

static bool keep(void *context, const struct conflict *conflict)
{
    struct listed *listed = context;

    listed->last = *conflict;
    listed->count++;
    return true;
}

static struct listed list(struct test_node *node, struct conflict_filter filter)
{
    SCOPED_READER *reader = NULL;
    struct conflict_cursor from = { 0 };
    struct listed listed = { .count = 0 };
    uint64_t count;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(conflicts_each(reader, &filter, &from, keep, &listed), "list");
    ck_assert(from.done);
    if (filter.space == NULL && filter.type == 0 && filter.since.ms == 0) {
        test_must(conflicts_count(reader, filter.kind, &count), "count");
        ck_assert_uint_eq(count, listed.count);
    }
    return listed;
}

static struct listed merged(struct test_node *node)
{
    return list(node, (struct conflict_filter){ .kind = CONFLICT_MERGED });
}

static enum ayni_status resolve(struct test_node *node, const char *field, const char *value,
                                size_t pick)
{
    struct settle_choice choice = { field, value, pick };
    struct settle_request request = {
        .id = child_id, .choices = &choice, .choice_count = 1, .steward = "maria"
    };
    struct complaint complaint = { 0 };
    struct edit_result result;

    return settle_resolve(&node->records, &request, &result, &complaint);
}

static enum ayni_status unresolve(struct test_node *node)
{
    struct settle_request request = { .id = child_id, .steward = "maria" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    return settle_unresolve(&node->records, &request, &result, &complaint);
}

static void shows(struct test_node *node, uint32_t field, const char *value)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER text = { 0 };

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_fold(reader, &child, &state), "fold");
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(reader)->catalogue, child.type);
    test_must(ayni_value_text(ayni_catalogue_field(type, field), record_state_value(&state, field),
                              &text),
              "text");
    ayni_buffer_append_byte(&text, '\0');
    ck_assert_str_eq((const char *)text.data, value);
}

START_TEST(what_a_rule_settled_is_listed_and_is_no_conflict)
{
    set_apart("address=Jr 1", "address=Jr 2");
    struct listed listed = merged(&test_midis);
    ck_assert_uint_eq(listed.count, 1);
    ck_assert_uint_eq(listed.last.field_count, 1);
    ck_assert_uint_eq(listed.last.fields[0], CHILD_ADDRESS);
    ck_assert_uint_eq(listed.last.node_count, 2);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

START_TEST(equal_values_and_values_that_were_seen_are_no_merge)
{
    set_apart("address=Jr 1", "address=Jr 1");
    ck_assert_uint_eq(merged(&test_midis).count, 0);
    test_set(&test_midis, &child, "address=Jr 3", NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_set(&test_innova, &child, "address=Jr 4", NULL);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(merged(&test_innova).count, 0);
}
END_TEST

/* With each rule: the loser is set over it, and taken back. */
static const struct {
    const char *midis, *innova, *field;
    uint32_t number;
    const char *before, *after;
} reversed[] = {
    { "address=Jr 1", "address=Jr 2", "address", CHILD_ADDRESS, "Jr 2", "Jr 1" },
    { "insurance=sis", "insurance=private", "insurance", CHILD_INSURANCE, "private,sis", "sis" },
};

START_TEST(another_value_is_set_over_it_and_taken_back)
{
    set_apart(reversed[_i].midis, reversed[_i].innova);
    shows(&test_innova, reversed[_i].number, reversed[_i].before);
    test_must(resolve(&test_midis, reversed[_i].field, NULL, 2), "resolve");
    test_node_exchange(&test_midis, &test_innova);
    shows(&test_innova, reversed[_i].number, reversed[_i].after);
    ck_assert_uint_eq(merged(&test_innova).count, 0);
    test_must(unresolve(&test_innova), "unresolve");
    test_node_exchange(&test_midis, &test_innova);
    shows(&test_midis, reversed[_i].number, reversed[_i].before);
    ck_assert_uint_eq(merged(&test_midis).count, 1);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* innova has the role municipality, midis hasn't. */
START_TEST(what_an_authority_says_is_set_over_by_that_role_alone)
{
    set_apart("ubigeo=160102", "ubigeo=160103");
    shows(&test_midis, CHILD_UBIGEO, "160103");
    ck_assert_uint_eq(merged(&test_midis).count, 1);
    ck_assert_int_eq(resolve(&test_midis, "ubigeo", NULL, 2), AYNI_E_RIGHT);
    shows(&test_midis, CHILD_UBIGEO, "160103");
    test_must(resolve(&test_innova, "ubigeo", NULL, 2), "resolve");
    shows(&test_innova, CHILD_UBIGEO, "160102");
}
END_TEST

START_TEST(filters_say_which_are_listed)
{
    const struct ayni_space other = { { 9 } };

    set_apart("address=Jr 1", "address=Jr 2");
    struct conflict_filter filter = { .kind = CONFLICT_MERGED, .type = child.type };
    ck_assert_uint_eq(list(&test_midis, filter).count, 1);
    filter.type++;
    ck_assert_uint_eq(list(&test_midis, filter).count, 0);
    filter = (struct conflict_filter){ .kind = CONFLICT_MERGED, .space = &other };
    ck_assert_uint_eq(list(&test_midis, filter).count, 0);
    filter.space = &test_visits;
    struct listed listed = list(&test_midis, filter);
    ck_assert_uint_eq(listed.count, 1);
    filter.since = listed.last.since;
    ck_assert_uint_eq(list(&test_midis, filter).count, 1);
    filter.since.ms++;
    ck_assert_uint_eq(list(&test_midis, filter).count, 0);
}
END_TEST

/* A field that is merged later is found by who looks from then on. */
START_TEST(a_record_was_merged_when_its_last_field_was)
{
    set_apart("address=Jr 1", "address=Jr 2");
    struct listed first = merged(&test_midis);
    test_later();
    set_apart("insurance=sis", "insurance=private");
    struct listed second = merged(&test_midis);
    ck_assert_uint_eq(second.last.field_count, 2);
    ck_assert_uint_gt(second.last.since.ms, first.last.since.ms);
}
END_TEST

static void delete_child(struct test_node *node)
{
    const struct edit_request request = { .id = child_id, .steward = "rosa", .reason = "twice" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    test_must(edit_delete(&node->records, &request, &result, &complaint), "delete");
}

START_TEST(what_is_deleted_is_listed_no_more)
{
    set_apart("address=Jr 1", "address=Jr 2");
    delete_child(&test_midis);
    ck_assert_uint_eq(merged(&test_midis).count, 0);
}
END_TEST

/* Neither the resolution that was taken back nor the withdrawal is a side of it. */
START_TEST(a_contested_deletion_comes_back_with_its_authors)
{
    const struct conflict_filter open = { .kind = CONFLICT_OPEN };

    test_set(&test_innova, &child, "surname_2=Diaz", NULL);
    test_later();
    delete_child(&test_midis);
    test_node_exchange(&test_midis, &test_innova);
    struct listed before = list(&test_midis, open);
    ck_assert_uint_eq(before.count, 1);
    ck_assert_uint_eq(before.last.node_count, 2);
    test_later();
    test_must(resolve(&test_midis, "_deleted", NULL, 1), "resolve");
    ck_assert_uint_eq(list(&test_midis, open).count, 0);
    test_later();
    test_must(unresolve(&test_midis), "unresolve");
    struct listed after = list(&test_midis, open);
    ck_assert_uint_eq(after.count, 1);
    ck_assert_uint_eq(after.last.since.ms, before.last.since.ms);
    ck_assert_uint_eq(after.last.node_count, 2);
    ck_assert_mem_eq(after.last.nodes, before.last.nodes, 2 * sizeof(before.last.nodes[0]));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merged");
    TCase *two = tcase_create("two");

    tcase_add_checked_fixture(two, open_child, test_two_close);
    tcase_add_test(two, what_a_rule_settled_is_listed_and_is_no_conflict);
    tcase_add_test(two, equal_values_and_values_that_were_seen_are_no_merge);
    tcase_add_loop_test(two, another_value_is_set_over_it_and_taken_back, 0,
                        sizeof(reversed) / sizeof(reversed[0]));
    tcase_add_test(two, what_an_authority_says_is_set_over_by_that_role_alone);
    tcase_add_test(two, filters_say_which_are_listed);
    tcase_add_test(two, a_record_was_merged_when_its_last_field_was);
    tcase_add_test(two, what_is_deleted_is_listed_no_more);
    tcase_add_test(two, a_contested_deletion_comes_back_with_its_authors);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
