/* Whether two children are one: decided, superseded, taken back, and what follows of several. */
#include <stdio.h>

#include "daemon/records/erasure/erase.h"
#include "daemon/records/links/link_decide.h"
#include "tests/support/node_pair.h"

enum { CHILDREN = 5 };

static struct record_key children[CHILDREN];
static char ids[CHILDREN][AYNI_RECORD_TEXT_SIZE];

static void open_children(void)
{
    char dni[16];

    test_two_open();
    for (unsigned i = 0; i < CHILDREN; i++) {
        snprintf(dni, sizeof(dni), "9900000%u", i);
        children[i] = test_put_child(&test_midis, dni, "Rojas");
        ayni_record_text(&children[i].record, ids[i]);
    }
    test_node_exchange(&test_midis, &test_innova);
}

static enum ayni_status decide(struct test_node *node, size_t one, size_t other,
                               enum link_verdict verdict, struct link_result *result)
{
    struct complaint complaint = { 0 };
    struct link_request request = {
        .one = ids[one],
        .other = ids[other],
        .verdict = verdict,
        .reasons = verdict == LINK_SAME ? "same_names" : NULL,
        .steward = "rosa",
    };

    test_later();
    return link_decide(&node->records, &request, result, &complaint);
}

static void must_decide(struct test_node *node, size_t one, size_t other, enum link_verdict verdict)
{
    struct link_result result;

    test_must(decide(node, one, other, verdict, &result), link_verdict_word(verdict));
}

static void keep(struct test_node *node, size_t one, size_t other, size_t kept)
{
    struct complaint complaint = { 0 };
    struct link_result result;
    struct link_request request = { .one = ids[one],
                                    .other = ids[other],
                                    .verdict = LINK_SAME,
                                    .reasons = "document_seen",
                                    .keep = ids[kept],
                                    .steward = "rosa" };

    test_must(link_decide(&node->records, &request, &result, &complaint), "keep");
}

static struct link_component component_of(struct test_node *node, size_t child)
{
    SCOPED_READER *reader = NULL;
    struct link_component component;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(links_component(reader, &children[child].record, &component), "component");
    return component;
}

static size_t versions_of(struct test_node *node, const struct ayni_record *decision)
{
    struct record_key key = { test_visits, LINK_TYPE, *decision };
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_fold(reader, &key, &state), "fold");
    return state.count;
}

/* --- one pair --- */

START_TEST(two_that_are_linked_are_one_on_every_node)
{
    struct link_result result;

    ck_assert_uint_eq(component_of(&test_midis, 0).count, 1);
    test_must(decide(&test_midis, 1, 0, LINK_SAME, &result), "link");
    ck_assert_uint_eq(result.component.count, 2);
    ck_assert_int_eq(result.link.verdict, LINK_SAME);
    test_node_exchange(&test_midis, &test_innova);
    for (size_t i = 0; i < 2; i++) {
        struct link_component component = component_of(&test_innova, i);
        ck_assert_uint_eq(component.count, 2);
        ck_assert(link_component_has(&component, &children[1 - i].record));
        ck_assert(!component.contested);
        ck_assert(ayni_id_equal(&component.child, &component.members[0]));
    }
    ck_assert_uint_eq(component_of(&test_innova, 2).count, 1);
}
END_TEST

START_TEST(a_later_decision_supersedes_and_both_stay_readable)
{
    struct link_result result;

    must_decide(&test_midis, 0, 1, LINK_SAME);
    test_node_exchange(&test_midis, &test_innova);
    test_must(decide(&test_innova, 0, 1, LINK_TWINS, &result), "twins");
    test_node_exchange(&test_midis, &test_innova);
    struct link_component component = component_of(&test_midis, 0);
    ck_assert_uint_eq(component.count, 1);
    ck_assert(!component.contested);
    ck_assert_uint_eq(versions_of(&test_midis, &result.decision), 2);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
}
END_TEST

START_TEST(unlink_takes_any_decision_back)
{
    static const enum link_verdict verdicts[] = { LINK_SAME, LINK_DIFFERENT, LINK_TWINS };
    struct link_result result;

    must_decide(&test_midis, 0, 1, verdicts[_i]);
    test_must(decide(&test_midis, 1, 0, LINK_UNDECIDED, &result), "unlink");
    ck_assert_int_eq(result.link.verdict, LINK_UNDECIDED);
    ck_assert_uint_eq(component_of(&test_midis, 0).count, 1);
    ck_assert_int_eq(decide(&test_midis, 0, 1, LINK_UNDECIDED, &result), AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(the_same_decision_again_writes_nothing)
{
    struct link_result result;

    must_decide(&test_midis, 0, 1, LINK_SAME);
    test_must(decide(&test_midis, 1, 0, LINK_SAME, &result), "again");
    ck_assert_uint_eq(result.changed_count, 0);
    ck_assert_uint_eq(versions_of(&test_midis, &result.decision), 1);
}
END_TEST

START_TEST(two_stewards_who_disagree_leave_a_contested_link)
{
    must_decide(&test_midis, 0, 1, _i == 0 ? LINK_DIFFERENT : LINK_SAME);
    must_decide(&test_innova, 0, 1, _i == 0 ? LINK_SAME : LINK_DIFFERENT);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    for (int n = 0; n < 2; n++) {
        struct link_component component = component_of(n == 0 ? &test_midis : &test_innova, 0);
        ck_assert_uint_eq(component.count, _i == 0 ? 2 : 1); /* by the value that is shown */
        ck_assert(component.contested == (_i == 0));
    }
    must_decide(&test_midis, 0, 1, LINK_SAME);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    ck_assert(!component_of(&test_midis, 0).contested);
}
END_TEST

/* --- several --- */

START_TEST(a_different_inside_contests_and_parts_nobody)
{
    must_decide(&test_midis, 0, 1, LINK_SAME);
    must_decide(&test_midis, 1, 2, LINK_SAME);
    must_decide(&test_midis, 0, 2, _i == 0 ? LINK_DIFFERENT : LINK_TWINS);
    struct link_component component = component_of(&test_midis, 2);
    ck_assert_uint_eq(component.count, 3);
    ck_assert(component.contested);
    must_decide(&test_midis, 3, 0,
                LINK_DIFFERENT); /* with somebody outside: contests nothing more */
    ck_assert_uint_eq(component_of(&test_midis, 3).count, 1);
    ck_assert(!component_of(&test_midis, 3).contested);
    must_decide(&test_midis, 1, 2, LINK_UNDECIDED);
    ck_assert_uint_eq(component_of(&test_midis, 0).count, 2);
    ck_assert(!component_of(&test_midis, 0).contested);
    ck_assert_uint_eq(component_of(&test_midis, 2).count, 1);
}
END_TEST

static void goes_on(size_t member, size_t child)
{
    struct link_component component = component_of(&test_midis, member);

    ck_assert(ayni_id_equal(&component.child, &children[child].record));
}

START_TEST(the_id_that_is_kept_goes_on)
{
    keep(&test_midis, 0, 1, (size_t)_i);
    goes_on(0, (size_t)_i);
    keep(&test_midis, (size_t)_i, 2, 2);
    goes_on(0, 2);
    must_decide(&test_midis, (size_t)_i, 2, LINK_UNDECIDED);
    goes_on(1, (size_t)_i);
}
END_TEST

START_TEST(more_than_may_be_one_are_not_joined)
{
    struct link_component component;
    struct record_key first = children[0], last = first;
    struct ayni_field fields[3];
    SCOPED_READER *reader = NULL;

    for (unsigned i = 0; i < LINK_MEMBERS_MAX; i++) {
        struct ayni_record next = { { 200, (uint8_t)i } }, decision = { { 100, (uint8_t)i } };
        fields[0] = (struct ayni_field){ LINK_FIELD_A, test_id_value(&test_midis, &last.record) };
        fields[1] = (struct ayni_field){ LINK_FIELD_B, test_id_value(&test_midis, &next) };
        fields[2] = (struct ayni_field){ LINK_FIELD_VERDICT, test_text_value(&test_midis, "same") };
        struct author_change change = { .space = test_visits,
                                        .record = decision,
                                        .type = LINK_TYPE,
                                        .fields = fields,
                                        .field_count = 3,
                                        .steward = ayni_bytes_of_text("maria") };
        test_must(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CONTROL, NULL),
                  "chain");
        last.record = next;
        if (i + 2 == LINK_MEMBERS_MAX)
            ck_assert_uint_eq(component_of(&test_midis, 0).count, LINK_MEMBERS_MAX);
    }
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(links_component(reader, &first.record, &component), "component");
    ck_assert(component.too_many && component.contested);
    ck_assert_uint_eq(component.count, 1);
}
END_TEST

/* --- what is refused --- */

static const struct {
    const char *one, *other, *keep, *reasons;
    enum ayni_status status;
} refusals[] = {
    { "dni:99000000", "dni:99000000", NULL, "same_id", AYNI_E_INVALID },
    { "dni:99000000", "person:dni:88000000", NULL, "same_id", AYNI_E_INVALID },
    { "dni:99000000", "facility:renaes:00000001", NULL, "same_id", AYNI_E_INVALID },
    { "dni:99000000", "dni:97000000", NULL, "same_id", AYNI_E_NOT_FOUND },
    { "dni:99000000", "dni:99000004", NULL, "same_id", AYNI_E_NOT_FOUND }, /* erased below */
    { "dni:99000000", "dni:99000001", "dni:99000002", "same_id", AYNI_E_INVALID },
    { "dni:99000000", "dni:99000001", NULL, "same_name", AYNI_E_INVALID },
};

START_TEST(what_can_not_be_linked_is_refused)
{
    struct complaint complaint = { 0 };
    struct erase_result erased;
    struct link_result result;
    struct erase_request erase = { .id = ids[4], .reason = "asked", .steward = "rosa" };
    struct link_request request = { .one = refusals[_i].one,
                                    .other = refusals[_i].other,
                                    .verdict = LINK_SAME,
                                    .reasons = refusals[_i].reasons,
                                    .keep = refusals[_i].keep,
                                    .steward = "rosa" };

    (void)test_put(&test_midis, "visits", "person", "dni=88000000", "surname_1=Diaz",
                   "given_names=Eva", NULL);
    (void)test_put(&test_midis, "visits", "facility", "register=renaes", "code=00000001",
                   "name=Posta", NULL);
    test_must(erase_record(&test_midis.records, &erase, &erased, &complaint), "erase");
    ck_assert_int_eq(link_decide(&test_midis.records, &request, &result, &complaint),
                     refusals[_i].status);
    ck_assert_ptr_nonnull(complaint.text);
    ck_assert_uint_eq(component_of(&test_midis, 0).count, 1);
}
END_TEST

START_TEST(a_node_that_may_not_write_decides_nothing)
{
    struct link_result result;

    (void)test_node_ungrant(&test_midis, &test_visits_grant);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_int_eq(decide(&test_innova, 0, 1, LINK_SAME, &result), AYNI_E_RIGHT);
    ck_assert_uint_eq(component_of(&test_midis, 0).count, 1);
}
END_TEST

/* --- where it is written --- */

static size_t decisions_in(struct test_node *node, const struct ayni_space *space)
{
    SCOPED_READER *reader = NULL;
    uint64_t count;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(reader_count(reader, space, LINK_TYPE, &count), "count");
    return (size_t)count;
}

static void copy_child(const char *space, size_t child)
{
    char dni[32];

    snprintf(dni, sizeof(dni), "dni=9900000%zu", child);
    (void)test_put(&test_midis, space, "child", dni, "surname_1=Rojas", "given_names=Ana",
                   "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
}

START_TEST(it_is_written_where_both_are_held)
{
    struct ayni_space health = test_node_space(&test_midis, "health", AYNI_CLASS_SENSITIVE);

    test_node_settle(&test_midis);
    copy_child("health", 0);
    must_decide(&test_midis, 0, 1, LINK_SAME);
    ck_assert_uint_eq(decisions_in(&test_midis, &health), 0);
    copy_child("health", 2);
    must_decide(&test_midis, 0, 2, LINK_SAME);
    ck_assert_uint_eq(decisions_in(&test_midis, &health), 1);
    ck_assert_uint_eq(decisions_in(&test_midis, &test_visits), 2);
}
END_TEST

/* Who reads the laxer space alone hears of no record that isn't there. */
START_TEST(of_two_in_different_spaces_the_stricter_has_it)
{
    struct ayni_space lax = test_node_space(&test_midis, "register", AYNI_CLASS_PERSONAL);
    struct complaint complaint = { 0 };
    struct link_result result;

    test_node_settle(&test_midis);
    struct record_key there = test_put(
        &test_midis, "register", "child", "dni=97000001", "surname_1=Rojas", "given_names=Ana",
        "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
    struct link_request request = { .one = ids[0],
                                    .other = "dni:97000001",
                                    .verdict = LINK_SAME,
                                    .reasons = "visit",
                                    .steward = "rosa" };
    test_must(link_decide(&test_midis.records, &request, &result, &complaint), "link");
    ck_assert_uint_eq(decisions_in(&test_midis, &lax), 0);
    ck_assert_uint_eq(decisions_in(&test_midis, &test_visits), 1);
    struct link_component component = component_of(&test_midis, 0);
    ck_assert(link_component_has(&component, &there.record));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("links");
    TCase *two = tcase_create("two nodes");

    tcase_add_checked_fixture(two, open_children, test_two_close);
    tcase_add_test(two, two_that_are_linked_are_one_on_every_node);
    tcase_add_test(two, a_later_decision_supersedes_and_both_stay_readable);
    tcase_add_loop_test(two, unlink_takes_any_decision_back, 0, 3);
    tcase_add_test(two, the_same_decision_again_writes_nothing);
    tcase_add_loop_test(two, two_stewards_who_disagree_leave_a_contested_link, 0, 2);
    tcase_add_loop_test(two, a_different_inside_contests_and_parts_nobody, 0, 2);
    tcase_add_loop_test(two, the_id_that_is_kept_goes_on, 0, 2);
    tcase_add_test(two, more_than_may_be_one_are_not_joined);
    tcase_add_loop_test(two, what_can_not_be_linked_is_refused, 0,
                        sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(two, a_node_that_may_not_write_decides_nothing);
    tcase_add_test(two, it_is_written_where_both_are_held);
    tcase_add_test(two, of_two_in_different_spaces_the_stricter_has_it);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
