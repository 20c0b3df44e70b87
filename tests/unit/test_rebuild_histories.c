/*
 * views/ made anew gives the same answers, byte for byte, whatever happened before.
 *
 *     AYNI_SEEDS=100   how many random histories
 *     AYNI_SEED=17     this one alone
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/conflict.h"
#include "daemon/records/links/link_decide.h"
#include "daemon/records/links/split.h"
#include "daemon/records/writing/settle.h"
#include "tests/support/node_all.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"

enum { SEEDS = 12, SEEDS_MAX = 40, STEPS = 60, CHILDREN = 8, INDICATOR = 707, RULE_SET = 708 };

static unsigned long long seed;

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

/* --- two nodes, one with a view --- */

static void declare_indicator(struct test_node *node)
{
    struct ayni_record rules = { { 1 } }, indicator = { { 2 } };
    const char *definition = "{\"measure\":\"count\",\"subject\":\"child\",\"cohort\":{}}";

    test_node_register(node, RULE_SET, &rules,
                       (struct test_field[]){ { 1, test_text_value(node, "plain") },
                                              { 5, test_text_value(node, "{}") },
                                              { 0 } });
    test_node_register(node, INDICATOR, &indicator,
                       (struct test_field[]){ { 1, test_text_value(node, "all") },
                                              { 2, test_text_value(node, "Todos") },
                                              { 3, test_text_value(node, definition) },
                                              { 4, test_id_value(node, &rules) },
                                              { 7, test_uint_value(node, 0) },
                                              { 0 } });
}

static void open_two(void)
{
    test_two_open();
    test_midis.has_view = true;
    test_node_reopen(&test_midis, true);
    test_node_settle(&test_midis);
    declare_indicator(&test_midis);
}

/* --- a random history --- */

static struct test_random dice;

static const char *any_of(const char *const *texts, size_t count)
{
    return texts[test_random_below(&dice, count)];
}

/* What anybody could write, from a register or by hand. What the rules refuse isn't written. */
static void put_somebody(struct test_node *node)
{
    static const char *const surnames[] = { "Rojas", "Rosas", "Diaz", "Quispe" };
    static const char *const births[] = { "2024-02-29", "2025-01-31", "2023-12-01" };
    static const char *const places[] = { "160101", "160102", "250101" };
    static const char *const origins[] = { NULL, "padron", "his" };
    struct complaint complaint = { 0 };
    struct edit_result result;
    char dni[16];

    snprintf(dni, sizeof(dni), "9900000%u", (unsigned)test_random_below(&dice, CHILDREN));
    struct edit_assignment fields[] = { { "dni", dni },
                                        { "surname_1", any_of(surnames, 4) },
                                        { "given_names", "Ana" },
                                        { "birth_date", any_of(births, 3) },
                                        { "sex", test_random_below(&dice, 2) == 0 ? "f" : "m" },
                                        { "ubigeo", any_of(places, 3) },
                                        { "state", "active" } };
    struct edit_request request = { .type = "child",
                                    .space = "visits",
                                    .assignments = fields,
                                    .assignment_count = sizeof(fields) / sizeof(fields[0]),
                                    .steward = "maria",
                                    .origin = any_of(origins, 3) };
    test_must(edit_put(&node->records, &request, &result, &complaint), "put");
}

static void delete_somebody(struct test_node *node)
{
    struct complaint complaint = { 0 };
    struct edit_result result;
    char id[24];

    snprintf(id, sizeof(id), "dni:9900000%u", (unsigned)test_random_below(&dice, CHILDREN));
    struct edit_request request = { .id = id, .steward = "maria", .reason = "gone" };
    (void)!edit_delete(&node->records, &request, &result, &complaint); /* where there is one */
}

static bool keep_first(void *context, const struct conflict *conflict)
{
    *(struct record_key *)context = conflict->key;
    return false;
}

static void settle_something(struct test_node *node)
{
    static const char *const fields[] = { "surname_1", "birth_date", "sex", "ubigeo" };
    struct settle_choice choice = { any_of(fields, 4), NULL, 1 };
    struct complaint complaint = { 0 };
    struct record_key key = { .type = 0 };
    const struct conflict_filter open = { .kind = CONFLICT_OPEN };
    struct conflict_cursor from = { 0 };
    struct edit_result result;
    struct reader *reader;
    char id[AYNI_RECORD_TEXT_SIZE];

    test_must(reader_begin(&node->records, &reader), "read");
    test_must(conflicts_each(reader, &open, &from, keep_first, &key), "conflicts");
    reader_end(reader);
    ayni_record_text(&key.record, id);
    struct settle_request request = {
        .id = id, .choices = &choice, .choice_count = 1, .steward = "rosa"
    };
    if (key.type != 0 && test_random_below(&dice, 3) > 0)
        (void)!settle_resolve(&node->records, &request, &result, &complaint);
    else if (key.type != 0)
        (void)!settle_unresolve(&node->records, &request, &result, &complaint);
}

static void measure_somebody(struct test_node *node)
{
    char subject[32], source[16];

    snprintf(subject, sizeof(subject), "subject=dni:9900000%u",
             (unsigned)test_random_below(&dice, CHILDREN));
    snprintf(source, sizeof(source), "source_id=%u", (unsigned)test_random_below(&dice, 4));
    (void)test_put(node, "visits", "hb_test", "date=2026-01-01", "hb=10.5", "source=his", source,
                   subject, NULL);
}

/* Of two who may not be here; both nodes decide, whatever the other has. */
static void decide_on_two(struct test_node *node)
{
    static const enum link_verdict verdicts[] = { LINK_SAME, LINK_SAME, LINK_TWINS,
                                                  LINK_UNDECIDED };
    struct complaint complaint = { 0 };
    struct link_result result;
    char one[24], other[24];

    snprintf(one, sizeof(one), "dni:9900000%u", (unsigned)test_random_below(&dice, CHILDREN));
    snprintf(other, sizeof(other), "dni:9900000%u", (unsigned)test_random_below(&dice, CHILDREN));
    struct link_request request = { .one = one,
                                    .other = other,
                                    .verdict = verdicts[test_random_below(&dice, 4)],
                                    .keep = test_random_below(&dice, 3) == 0 ? one : NULL,
                                    .steward = "rosa" };
    (void)!link_decide(&node->records, &request, &result, &complaint);
}

static void split_somebody(struct test_node *node)
{
    struct complaint complaint = { 0 };
    struct split_result result;
    char id[24], name[AYNI_NODE_TEXT_SIZE];
    const char *const nodes[] = { name };

    snprintf(id, sizeof(id), "dni:9900000%u", (unsigned)test_random_below(&dice, CHILDREN));
    ayni_node_text(&test_innova.records.node, name);
    struct split_request request = { .id = id, .nodes = nodes, .node_count = 1, .steward = "rosa" };
    (void)!split_record(&node->records, &request, &result, &complaint);
}

static void happen(void)
{
    struct test_node *node = test_random_below(&dice, 2) == 0 ? &test_midis : &test_innova;
    struct test_node *other = node == &test_midis ? &test_innova : &test_midis;

    switch (test_random_below(&dice, 12)) {
    case 0:
        delete_somebody(node);
        break;
    case 1:
        settle_something(node);
        break;
    case 2:
        measure_somebody(node);
        break;
    case 3:
    case 4:
        test_node_hand(node, other, (size_t)test_random_below(&dice, 3),
                       test_random_below(&dice, 2) == 0);
        break;
    case 5:
        test_node_renew(node);
        break;
    case 6:
        decide_on_two(node);
        break;
    case 7:
        if (test_random_below(&dice, 3) == 0)
            split_somebody(node);
        else
            decide_on_two(node);
        break;
    default:
        put_somebody(node);
    }
}

START_TEST(any_history_gives_the_same_anew)
{
    SCOPED_BUFFER grown = { 0 }, other = { 0 };

    seed = number_of("AYNI_SEED", 1) + (unsigned long long)_i;
    dice = (struct test_random){ seed };
    for (int i = 0; i < STEPS; i++)
        happen();
    test_node_all(&test_midis, &grown);
    test_node_all(&test_innova, &other);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    test_node_same(&test_midis, &grown, seed, "a rebuild");
    test_node_reopen(&test_midis, true);
    test_node_same(&test_midis, &grown, seed, "views/ were deleted");
    test_node_reopen(&test_innova, true);
    test_node_same(&test_innova, &other, seed, "views/ were deleted");
    for (int i = 0; i < STEPS / 4; i++)
        happen();
    ayni_buffer_clear(&grown);
    test_node_all(&test_midis, &grown);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    test_node_same(&test_midis, &grown, seed, "a rebuild of what had been rebuilt");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rebuild_histories");
    TCase *histories = tcase_create("histories");
    uint64_t seeds = number_of("AYNI_SEEDS", SEEDS);

    tcase_add_checked_fixture(histories, open_two, test_two_close);
    tcase_set_timeout(histories, 60);
    if (getenv("AYNI_SEED") != NULL)
        seeds = 1;
    tcase_add_loop_test(histories, any_history_gives_the_same_anew, 0,
                        (int)(seeds < SEEDS_MAX ? seeds : SEEDS_MAX));
    suite_add_tcase(suite, histories);
    return test_run(suite);
}
