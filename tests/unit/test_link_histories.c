/*
 * Random histories of linking, parting, editing and erasing, against a slow model that knows
 * nothing of the daemon's code: who is one with whom, who is counted where, and what is left when
 * all are parted again. Every answer is the same on both nodes, and after a rebuild.
 *
 *     AYNI_SEEDS=100   a tenth as many seeds: one takes half a second
 *     AYNI_SEED=17     this one alone, which a failure prints
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/erasure/erase.h"
#include "daemon/records/links/link_decide.h"
#include "daemon/view/view_query.h"
#include "proto/instant.h"
#include "tests/support/link_model.h"
#include "tests/support/node_all.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"

enum { SEEDS = 6, STEPS = 40, MONTHS = 3 };

static const char *const births[] = { "2024-02-29", "2025-01-31", "2023-12-01" };
static const char *const places[] = { "160101", "160102", "250101" };
static const char *const sexes[] = { "f", "m" };

static unsigned long long seed;
static struct test_random dice;
static struct link_model model;
static char ids[LINK_MODEL_CHILDREN][AYNI_RECORD_TEXT_SIZE];

static size_t below(size_t count)
{
    return (size_t)test_random_below(&dice, count);
}

static struct test_node *any_node(void)
{
    return below(2) == 0 ? &test_midis : &test_innova;
}

/* --- what happens, here and in the model --- */

static void put_child(void)
{
    size_t child = below(LINK_MODEL_CHILDREN), birth = below(3), place = below(3), sex = below(2);
    char dni[16];

    snprintf(dni, sizeof(dni), "9900000%zu", child);
    struct edit_assignment fields[] = {
        { "dni", dni },           { "surname_1", "Rojas" },
        { "given_names", "Ana" }, { "birth_date", births[birth] },
        { "sex", sexes[sex] },    { "ubigeo", places[place] },
        { "state", "active" },
    };
    struct edit_request request = { .type = "child",
                                    .space = "visits",
                                    .assignments = fields,
                                    .assignment_count = sizeof(fields) / sizeof(fields[0]),
                                    .steward = "maria" };
    struct complaint complaint = { 0 };
    struct edit_result result;
    /* Midis, whose word on places counts before others'. */
    test_must(edit_put(&test_midis.records, &request, &result, &complaint), "put");
    ayni_record_text(&result.key.record, ids[child]);
    link_model_put(&model, child, &result.key.record,
                   (const unsigned[]){ (unsigned)birth, (unsigned)place, (unsigned)sex });
}

static void delete_child(void)
{
    size_t child = below(LINK_MODEL_CHILDREN);
    struct edit_request request = { .id = ids[child], .steward = "maria", .reason = "gone" };
    struct complaint complaint = { 0 };
    struct edit_result result;

    if (!model.children[child].here)
        return;
    test_must(edit_delete(&any_node()->records, &request, &result, &complaint), "delete");
    link_model_delete(&model, child);
}

static void decide(void)
{
    static const enum link_verdict verdicts[] = { LINK_SAME,      LINK_SAME,  LINK_SAME,
                                                  LINK_DIFFERENT, LINK_TWINS, LINK_UNDECIDED };
    size_t one = below(LINK_MODEL_CHILDREN), other = below(LINK_MODEL_CHILDREN);
    enum link_verdict verdict = verdicts[below(6)];
    size_t keep = verdict != LINK_SAME || below(2) == 0 ? LINK_MODEL_NOBODY
                  : below(2) == 0                       ? one
                                                        : other;
    struct link_request request = {
        .one = ids[one],
        .other = ids[other],
        .verdict = verdict,
        .reasons = verdict == LINK_SAME ? "visit" : NULL,
        .keep = keep == LINK_MODEL_NOBODY ? NULL : ids[keep],
        .steward = "rosa",
    };
    struct complaint complaint = { 0 };
    struct link_result result;

    if (ids[one][0] == '\0' || ids[other][0] == '\0')
        return;
    bool done = link_decide(&any_node()->records, &request, &result, &complaint) == AYNI_OK;
    ck_assert_msg(done == link_model_decide(&model, one, other, verdict, keep),
                  "AYNI_SEED=%llu: %s %zu %zu %s", seed, link_verdict_word(verdict), one, other,
                  done ? "was done" : complaint.text);
}

static void erase_child(void)
{
    size_t child = below(LINK_MODEL_CHILDREN);
    struct erase_request request = {
        .id = ids[child], .reason = "asked", .steward = "rosa", .alone = below(4) == 0
    };
    struct complaint complaint = { 0 };
    struct erase_result result;

    if (!model.children[child].here)
        return;
    bool done = erase_record(&test_midis.records, &request, &result, &complaint) == AYNI_OK;
    ck_assert_msg(done == link_model_erase(&model, child, request.alone),
                  "AYNI_SEED=%llu: erase %zu %s", seed, child, done ? "was done" : complaint.text);
}

static void happen(void)
{
    size_t what = below(20);

    test_later();
    if (what < 6)
        put_child();
    else if (what < 7)
        delete_child();
    else if (what < 19)
        decide();
    else
        erase_child();
    test_node_exchange(&test_midis, &test_innova);
}

/* --- what must be so --- */

static void check_components(struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    struct link_component component;

    test_must(reader_begin(&node->records, &reader), "read");
    for (size_t i = 0; i < LINK_MODEL_CHILDREN; i++) {
        struct link_model_component expected = link_model_component(&model, i);
        if (ids[i][0] == '\0')
            continue;
        test_must(links_component(reader, &model.children[i].id, &component), "component");
        ck_assert_msg(component.count == expected.count &&
                          component.contested == expected.contested &&
                          ayni_id_equal(&component.child, &model.children[expected.child].id),
                      "AYNI_SEED=%llu: %zu is one of %zu, not of %zu", seed, i, component.count,
                      expected.count);
        for (size_t j = 0; j < LINK_MODEL_CHILDREN; j++)
            ck_assert_msg(!expected.members[j] ||
                              link_component_has(&component, &model.children[j].id),
                          "AYNI_SEED=%llu: %zu is not one with %zu", seed, j, i);
    }
}

/* Of one month, place and sex, what the counters say and what the model does. */
static void check_month(struct reader *reader, const struct plan *plan, size_t birth)
{
    int64_t day;
    test_must(ayni_day_parse(ayni_bytes_of_text(births[birth]), &day), "day");
    struct view_request request = {
        .territory = "", .level = VIEW_DISTRICT, .month = month_of_day(day), .by_sex = true
    };
    struct view_row *rows;
    size_t count, seen = 0;

    request.edition = plan_edition(plan, "all", NULL, month_last_day(request.month));
    test_must(view_ask(reader, plan, &request, &rows, &count), "ask");
    for (size_t place = 0; place < 3; place++)
        for (size_t sex = 0; sex < 2; sex++) {
            struct link_model_count expected =
                link_model_count(&model, births, birth, (unsigned)place, (unsigned)sex);
            struct counts counts = { 0 };
            for (size_t i = 0; i < count; i++)
                if (strcmp(rows[i].place, places[place]) == 0 &&
                    strcmp(rows[i].sex, sexes[sex]) == 0)
                    counts_add(&counts, &rows[i].counts, 1);
            ck_assert_msg(counts.denominator == (int64_t)expected.children &&
                              counts.contested == (int64_t)expected.contested,
                          "AYNI_SEED=%llu: %d children in %s, %s, month of %s, not %zu", seed,
                          (int)counts.denominator, places[place], sexes[sex], births[birth],
                          expected.children);
            seen += expected.children > 0;
        }
    ck_assert_msg(seen == count, "AYNI_SEED=%llu: %zu rows, not %zu", seed, count, seen);
    free(rows);
}

static void check_view(struct test_node *node)
{
    SCOPED_READER *reader = NULL;
    struct plan *plan;

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(plan_load(reader, &plan), "plan");
    for (size_t birth = 0; birth < MONTHS; birth++)
        check_month(reader, plan, birth);
    plan_free(plan);
}

static void part_all(void)
{
    for (size_t i = 0; i < LINK_MODEL_CHILDREN; i++)
        for (size_t j = i + 1; j < LINK_MODEL_CHILDREN; j++) {
            struct link_request request = {
                .one = ids[i], .other = ids[j], .verdict = LINK_UNDECIDED, .steward = "rosa"
            };
            struct complaint complaint = { 0 };
            struct link_result result;
            if (model.verdicts[i][j] == LINK_UNDECIDED)
                continue;
            test_must(link_decide(&any_node()->records, &request, &result, &complaint), "unlink");
            (void)link_model_decide(&model, i, j, LINK_UNDECIDED, LINK_MODEL_NOBODY);
            test_node_exchange(&test_midis, &test_innova);
        }
}

static void rebuild_and_compare(struct test_node *node)
{
    SCOPED_BUFFER before = { 0 };

    test_node_all(node, &before);
    test_node_reopen(node, true);
    test_node_settle(node);
    test_node_same(node, &before, seed, "a rebuild");
}

static void open_with_view(void)
{
    test_two_open();
    test_midis.has_view = true;
    test_node_reopen(&test_midis, true);
    test_node_settle(&test_midis);
    test_node_indicator(&test_midis);
    test_node_settle(&test_midis);
}

START_TEST(whatever_is_linked_and_parted_the_model_says_the_same)
{
    const char *one = getenv("AYNI_SEED");

    seed = one == NULL ? (unsigned long long)_i + 1 : strtoull(one, NULL, 10);
    dice = (struct test_random){ seed };
    memset(&model, 0, sizeof(model));
    memset(ids, 0, sizeof(ids));
    for (int step = 0; step < STEPS; step++) {
        happen();
        check_components(any_node());
        check_view(&test_midis);
    }
    test_same_answers(&test_midis, &test_innova);
    rebuild_and_compare(&test_midis);
    part_all();
    check_components(&test_innova);
    check_view(&test_midis);
    rebuild_and_compare(&test_midis);
}
END_TEST

int main(void)
{
    const char *many = getenv("AYNI_SEEDS");
    int seeds = getenv("AYNI_SEED") != NULL ? 1
                : many == NULL              ? SEEDS
                                            : 1 + (int)(strtoull(many, NULL, 10) / 10);
    Suite *suite = suite_create("link histories");
    TCase *two = tcase_create("two nodes");

    tcase_add_checked_fixture(two, open_with_view, test_two_close);
    tcase_add_loop_test(two, whatever_is_linked_and_parted_the_model_says_the_same, 0, seeds);
    tcase_set_timeout(two, 300);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
