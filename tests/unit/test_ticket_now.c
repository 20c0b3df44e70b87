#include "daemon/federation/ticket_now.h"

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

/* What a joiner was given at the founding, when node 0 steered. */
static struct ayni_buffer given, now;
static struct ayni_ticket kept;

static void found(void)
{
    struct ayni_ticket ticket = { .federation = TEST_BYTES("Primera Infancia") };
    uint64_t number;

    test_registry_begin_members();
    test_registry_rebuild();
    ticket.root = test_world.root;
    ticket.statements[0] = ayni_registry_root_statement(test_registry, &number);
    ticket.statement_count = 1;
    ticket.card = test_member(0)->card;
    ck_assert_int_eq(ayni_ticket_encode(&ticket, &given), AYNI_OK);
    ck_assert_int_eq(ayni_ticket_decode(ayni_buffer_bytes(&given), &kept), AYNI_OK);
}

static void end(void)
{
    ayni_ticket_free(&kept);
    ayni_buffer_free(&given);
    ayni_buffer_free(&now);
    test_registry_end();
}

/* As `node` hands it on, with that card of its own. */
static struct ayni_ticket handed_on(unsigned node, struct ayni_bytes own_card)
{
    struct ayni_ticket ticket = { 0 };

    test_registry_rebuild();
    ayni_buffer_clear(&now);
    ck_assert_int_eq(ticket_now(&kept, test_registry, &test_world.nodes[node].key, own_card, &now),
                     AYNI_OK);
    ck_assert_int_eq(ayni_ticket_decode(ayni_buffer_bytes(&now), &ticket), AYNI_OK);
    return ticket;
}

START_TEST(where_nothing_is_new_it_is_handed_on_as_it_came)
{
    struct ayni_ticket ticket = handed_on(2, (struct ayni_bytes){ 0 });

    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&now), ayni_buffer_bytes(&given)));
    ayni_ticket_free(&ticket);
}
END_TEST

START_TEST(the_newest_card_of_who_steers_goes_along)
{
    struct ayni_bytes newer = world_card_bytes(&test_world, 0, 7, "midis-new");
    struct ayni_ticket own = handed_on(0, newer);

    ck_assert_uint_eq(own.steering.serial, 7);
    ayni_ticket_free(&own);
    world_card(&test_world, 0, 0, 8, "midis-newer");
    struct ayni_ticket others = handed_on(2, newer);
    ck_assert_uint_eq(others.steering.serial, 8);
    ayni_ticket_free(&others);
}
END_TEST

START_TEST(whoever_steers_next_is_whom_a_joiner_dials)
{
    world_root_statement(&test_world, 2, 2, 1, NULL, 0);
    struct ayni_ticket ticket = handed_on(2, (struct ayni_bytes){ 0 });

    ck_assert_uint_eq(ticket.newest.number, 2);
    ck_assert(ayni_id_equal(&ticket.steering.node, &test_world.nodes[1].key));
    ayni_ticket_free(&ticket);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ticket_now");

    TEST_CASE(suite, "ticket", found, end, where_nothing_is_new_it_is_handed_on_as_it_came,
              the_newest_card_of_who_steers_goes_along, whoever_steers_next_is_whom_a_joiner_dials);
    return test_run(suite);
}
