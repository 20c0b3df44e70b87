/* Orders and cuts whose payload got lost on the way: wanted, and all is as if it had been there
 * when it comes. */
#include "daemon/federation/cuts.h"
#include "tests/support/erasing.h"
#include "tests/support/refill.h"

/* midis owns the space, innova writes in it, care hands on to innova what midis wrote, but for what
 * it has lost. */
static void setup(void)
{
    test_three_open();
    test_node_exchange(&test_midis, &test_innova);
}

static void lose_on_the_way(uint64_t kind)
{
    test_node_hand(&test_midis, &test_care, SIZE_MAX, false);
    test_lose_payload(&test_care, &test_visits, kind);
    test_node_hand(&test_care, &test_innova, SIZE_MAX, false);
    ck_assert_uint_eq(test_missing(&test_innova), 1);
}

static void fill(void)
{
    test_fill_missing(&test_midis, &test_innova);
    ck_assert_uint_eq(test_missing(&test_innova), 0);
}

START_TEST(an_order_that_comes_late_erases)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &child, NULL);
    lose_on_the_way(AYNI_KIND_ERASE);
    ck_assert(test_is_here(&test_innova, &child));
    fill();
    ck_assert(!test_is_here(&test_innova, &child));
    ck_assert(!test_log_holds(&test_innova, "Quispe"));
    test_same_after_rebuild(&test_innova);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* What was written meanwhile had not seen it, and is erased as it is on arrival elsewhere. */
START_TEST(an_order_that_comes_late_reaches_what_was_written_meanwhile)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &child, NULL);
    lose_on_the_way(AYNI_KIND_ERASE);
    test_set(&test_innova, &child, "surname_1=Condori", NULL);
    fill();
    ck_assert(!test_is_here(&test_innova, &child));
    ck_assert(!test_log_holds(&test_innova, "Condori"));
    test_same_after_rebuild(&test_innova);
    test_name_late(&test_innova);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

START_TEST(a_cut_that_comes_late_cuts)
{
    struct record_key child = test_put_child(&test_innova, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    test_set(&test_innova, &child, "given_names=Rosa", NULL); /* past the cut */
    (void)test_node_ungrant(&test_midis, &test_visits_grant);
    test_must(cuts_give(&test_midis.records), "cut");
    lose_on_the_way(AYNI_KIND_CUT);
    fill();
    ck_assert_uint_ge(test_problems(&test_innova), 1);
    test_same_after_rebuild(&test_innova);
    test_node_exchange(&test_midis, &test_innova);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* Once more where views/ is made anew while it is missing. */
START_TEST(what_is_missing_is_wanted_after_a_rebuild_too)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &child, NULL);
    lose_on_the_way(AYNI_KIND_ERASE);
    test_same_after_rebuild(&test_innova);
    ck_assert_uint_eq(test_missing(&test_innova), 1);
    fill();
    ck_assert(!test_is_here(&test_innova, &child));
    test_same_after_rebuild(&test_innova);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("control_holes");

    TEST_CASE(suite, "all", setup, test_three_close, an_order_that_comes_late_erases,
              an_order_that_comes_late_reaches_what_was_written_meanwhile,
              a_cut_that_comes_late_cuts, what_is_missing_is_wanted_after_a_rebuild_too);
    return test_run(suite);
}
