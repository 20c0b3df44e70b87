/* However a member links children, nobody works for ever: what is looked at grows with the
 * decisions, and what changes is told of those whom it reaches. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/records/links/link_component.h"
#include "tests/support/node_pair.h"
#include "tests/support/random.h"

enum { MANY = 1000, BATCH = 200 };

static struct ayni_record child(unsigned n)
{
    return (struct ayni_record){ { 200, 0, (uint8_t)(n >> 8), (uint8_t)n } };
}

static struct ayni_record decision(unsigned n)
{
    return (struct ayni_record){ { 100, 0, (uint8_t)(n >> 8), (uint8_t)n } };
}

/* A link as a hostile member may write it: of whom it likes, under any id. */
struct wish {
    unsigned number, a, b;
    const char *verdict;
};

static void write_all(const struct wish *wishes, size_t count)
{
    static struct ayni_field fields[BATCH][3];
    static struct author_change changes[BATCH];

    ck_assert_uint_le(count, BATCH);
    for (size_t i = 0; i < count; i++) {
        struct ayni_record a = child(wishes[i].a), b = child(wishes[i].b);
        fields[i][0] = (struct ayni_field){ LINK_FIELD_A, test_id_value(&test_midis, &a) };
        fields[i][1] = (struct ayni_field){ LINK_FIELD_B, test_id_value(&test_midis, &b) };
        fields[i][2] = (struct ayni_field){ LINK_FIELD_VERDICT,
                                            test_text_value(&test_midis, wishes[i].verdict) };
        changes[i] = (struct author_change){ .space = test_visits,
                                             .record = decision(wishes[i].number),
                                             .type = LINK_TYPE,
                                             .fields = fields[i],
                                             .field_count = 3,
                                             .steward = ayni_bytes_of_text("maria") };
    }
    test_must(author_write(test_midis.records.author, changes, count, AYNI_LANE_CONTROL, NULL),
              "links");
}

/* --- shapes --- */

static struct wish of_chain(unsigned n)
{
    return (struct wish){ n, n, n + 1, "same" };
}

static struct wish of_cycle(unsigned n)
{
    return (struct wish){ n, n, (n + 1) % MANY, "same" };
}

static struct wish of_star(unsigned n)
{
    return (struct wish){ n, 0, n + 1, "same" };
}

static struct wish of_tree(unsigned n)
{
    return (struct wish){ n, n / 40, n + 1, "same" };
}

static struct wish of_one_pair(unsigned n)
{
    return (struct wish){ n, 0, 1, n % 2 == 0 ? "same" : "different" };
}

static struct wish of_itself(unsigned n)
{
    return (struct wish){ n, n, n, "same" };
}

/* One whom many decisions say nothing of, among as many as may be one. */
static struct wish of_undecided(unsigned n)
{
    if (n < LINK_MEMBERS_MAX - 1)
        return of_star(n);
    return (struct wish){ n, 0, n + 1, "undecided" };
}

static const struct {
    struct wish (*of)(unsigned n);
    size_t count; /* of who is one with child 0; 1 where they would be too many */
    bool too_many;
} shapes[] = {
    { of_chain, 1, true },
    { of_cycle, 1, true },
    { of_star, 1, true },
    { of_tree, 1, true },
    { of_one_pair, 1, false },
    { of_itself, 1, false },
    { of_undecided, LINK_MEMBERS_MAX, false },
};

static void write_shape(struct wish (*of)(unsigned n))
{
    struct wish wishes[BATCH];

    for (unsigned n = 0; n < MANY; n += BATCH) {
        for (unsigned i = 0; i < BATCH; i++)
            wishes[i] = of(n + i);
        write_all(wishes, BATCH);
    }
    test_node_settle(&test_midis);
}

START_TEST(who_asks_for_all_looks_at_each_decision_a_few_times)
{
    struct link_component component;
    SCOPED_READER *reader = NULL;
    size_t looked_at = 0;

    write_shape(shapes[_i].of);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    for (unsigned n = 0; n <= MANY; n++) {
        struct ayni_record record = child(n);
        test_must(links_component(reader, &record, &component), "component");
        looked_at += component.looked_at;
        if (n > 0)
            continue;
        ck_assert(component.too_many == shapes[_i].too_many);
        if (shapes[_i].of != of_one_pair) /* that one is by which was written last */
            ck_assert_uint_eq(component.count, shapes[_i].count);
    }
    ck_assert_uint_le(looked_at, 6 * MANY);
}
END_TEST

START_TEST(what_has_changed_reaches_few)
{
    SCOPED_ID_SET reached = { 0 };
    SCOPED_READER *reader = NULL;
    struct ayni_record first = child(0), middle = child(MANY / 2);

    write_shape(shapes[_i].of);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(id_set_add(&reached, &first, NULL), "add");
    test_must(id_set_add(&reached, &middle, NULL), "add");
    test_must(links_reach(reader, &reached), "reach");
    ck_assert_uint_le(reached.count, 2 * LINK_MEMBERS_MAX);
}
END_TEST

/* --- whom a change reaches --- */

enum { CROWD = 3 * LINK_MEMBERS_MAX / 2, CHANGES = 30 };

/* What all children answer. */
struct answers {
    struct link_component of[CROWD];
};

static void ask_all(struct answers *answers)
{
    SCOPED_READER *reader = NULL;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    for (unsigned n = 0; n < CROWD; n++) {
        struct ayni_record record = child(n);
        test_must(links_component(reader, &record, &answers->of[n]), "component");
    }
}

static bool same_answer(const struct link_component *a, const struct link_component *b)
{
    return a->count == b->count && ayni_id_equal(&a->child, &b->child) &&
           a->contested == b->contested && a->too_many == b->too_many &&
           memcmp(a->members, b->members, a->count * sizeof(a->members[0])) == 0;
}

/* Neighbours and some far ones, joined and parted, so that they are as many as may be one, or more.
 */
static struct wish random_change(struct test_random *random)
{
    unsigned a = (unsigned)test_random_below(random, CROWD - 1);
    unsigned b =
        test_random_below(random, 4) == 0 ? (unsigned)test_random_below(random, CROWD) : a + 1;
    bool parts = test_random_below(random, 3) == 0;

    return (struct wish){ a * CROWD + b, a, b, parts ? "undecided" : "same" };
}

static void reach_from(const struct wish *wishes, size_t count, struct id_set *reached)
{
    SCOPED_READER *reader = NULL;

    for (size_t i = 0; i < count; i++) {
        struct ayni_record a = child(wishes[i].a), b = child(wishes[i].b);
        test_must(id_set_add(reached, &a, NULL), "add");
        test_must(id_set_add(reached, &b, NULL), "add");
    }
    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(links_reach(reader, reached), "reach");
}

START_TEST(a_change_reaches_all_who_answer_otherwise)
{
    static struct answers before, after;
    struct test_random random = { (uint64_t)_i };
    struct wish wishes[BATCH];

    for (unsigned n = 0; n + 1 < CROWD; n++)
        wishes[n] =
            (struct wish){ n * CROWD + n + 1, n, n + 1, n % 32 == 31 ? "undecided" : "same" };
    write_all(wishes, CROWD - 1);
    test_node_settle(&test_midis);
    ask_all(&before);
    for (unsigned change = 0; change < CHANGES; change++) {
        SCOPED_ID_SET reached = { 0 };
        size_t count = 1 + test_random_below(&random, 3);
        for (size_t i = 0; i < count; i++)
            wishes[i] = random_change(&random);
        write_all(wishes, count);
        test_node_settle(&test_midis);
        ask_all(&after);
        reach_from(wishes, count, &reached);
        for (unsigned n = 0; n < CROWD; n++) {
            struct ayni_record record = child(n);
            ck_assert_msg(same_answer(&before.of[n], &after.of[n]) || id_set_has(&reached, &record),
                          "seed %d, change %u: child %u answers otherwise", _i, change, n);
        }
        before = after;
    }
}
END_TEST

int main(void)
{
    const int shape_count = (int)(sizeof(shapes) / sizeof(shapes[0]));
    Suite *suite = suite_create("link_crowds");
    TCase *crowds = tcase_create("crowds");

    tcase_add_checked_fixture(crowds, test_one_open, test_one_close);
    tcase_add_loop_test(crowds, who_asks_for_all_looks_at_each_decision_a_few_times, 0,
                        shape_count);
    tcase_add_loop_test(crowds, what_has_changed_reaches_few, 0, shape_count);
    tcase_add_loop_test(crowds, a_change_reaches_all_who_answer_otherwise, 1, 4);
    suite_add_tcase(suite, crowds);
    return test_run(suite);
}
