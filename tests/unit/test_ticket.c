#include "proto/ticket.h"

#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static struct ayni_buffer card, statements[3], bytes;
static struct ayni_ticket made;
static struct ayni_cut_point points[2] = {
    { { { 1 } }, 7, { { 2 } } },
    { { { 3 } }, 9, { { 4 } } },
};

/* Statement 1 names node 1; 2 and 3 name node 2 and cut what node 1 wrote. */
static void make_ticket(void)
{
    struct test_keys root;

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    root = test_root();
    test_card(2, &card);
    for (size_t i = 0; i < 3; i++) {
        struct ayni_root_statement statement = {
            .number = i + 1,
            .steering = test_keys(i == 0 ? 1 : 2).node,
            .has_cut = i > 0,
            .points = points,
            .point_count = i > 1 ? 2 : 0,
        };
        ck_assert_int_eq(ayni_root_statement_sign(&statement, &root.secret, &statements[i]),
                         AYNI_OK);
    }
    made = (struct ayni_ticket){ .federation = TEST_BYTES("Primera Infancia"),
                                 .root = root.node,
                                 .statement_count = 3,
                                 .card = ayni_buffer_bytes(&card) };
    for (size_t i = 0; i < 3; i++)
        made.statements[i] = ayni_buffer_bytes(&statements[i]);
    ck_assert_int_eq(ayni_ticket_encode(&made, &bytes), AYNI_OK);
}

static void free_ticket(void)
{
    ayni_buffer_free(&card);
    ayni_buffer_free(&bytes);
    for (size_t i = 0; i < 3; i++)
        ayni_buffer_free(&statements[i]);
}

static enum ayni_status decode(void *context, struct ayni_bytes from)
{
    struct ayni_ticket ticket;
    enum ayni_status status = ayni_ticket_decode(from, &ticket);

    (void)context;
    if (status == AYNI_OK)
        ayni_ticket_free(&ticket);
    return status;
}

START_TEST(a_ticket_reads_back_through_its_text)
{
    SCOPED_BUFFER text = { 0 };
    SCOPED_BUFFER back = { 0 };
    struct ayni_ticket ticket;

    ayni_ticket_text(ayni_buffer_bytes(&bytes), &text);
    ck_assert_int_eq(ayni_ticket_parse(ayni_buffer_bytes(&text), &back), AYNI_OK);
    ck_assert_int_eq(ayni_ticket_decode(ayni_buffer_bytes(&back), &ticket), AYNI_OK);
    ck_assert(ayni_bytes_equal(ticket.federation, TEST_BYTES("Primera Infancia")));
    ck_assert(ayni_id_equal(&ticket.root, &made.root));
    ck_assert_uint_eq(ticket.statement_count, 3);
    ck_assert_uint_eq(ticket.newest.number, 3);
    ck_assert_uint_eq(ticket.newest.point_count, 2);
    ck_assert_uint_eq(ticket.newest.points[1].seq, 9);
    ck_assert(ayni_id_equal(&ticket.newest.steering, &ticket.steering.node));
    ayni_ticket_free(&ticket);
}
END_TEST

/* The name is nobody's claim, all else is signed or bound to what is. */
START_TEST(every_part_of_a_ticket_counts_and_every_bit_that_is_signed)
{
    size_t unsigned_size = 1 + 14 + 1 + 16; /* array, domain string, name */

    test_wrong_sizes_are_refused(decode, NULL, ayni_buffer_bytes(&bytes));
    for (size_t bit = 8 * unsigned_size; bit < 8 * bytes.size; bit++) {
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_ne(decode(NULL, ayni_buffer_bytes(&bytes)), AYNI_OK);
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}
END_TEST

START_TEST(what_no_joiner_would_accept_is_not_encoded)
{
    SCOPED_BUFFER to = { 0 };
    struct ayni_ticket bad = made;
    SCOPED_BUFFER other_card = { 0 };
    test_card(1, &other_card);

    switch (_i) {
    case 0:
        bad.statement_count = 0;
        break;
    case 1:
        bad.statement_count = 1; /* names node 1, the card is node 2's */
        break;
    case 2:
        bad.statements[1] = made.statements[0];
        break;
    case 3:
        bad.card = ayni_buffer_bytes(&other_card);
        break;
    case 4:
        bad.root = test_keys(7).node;
        break;
    case 5:
        bad.federation = TEST_BYTES("");
        break;
    default:
        bad.card = made.statements[0];
        break;
    }
    ck_assert_int_eq(ayni_ticket_encode(&bad, &to), AYNI_E_INVALID);
    ck_assert_uint_eq(to.size, 0);
}
END_TEST

START_TEST(a_ticket_is_bounded)
{
    static const uint8_t large[AYNI_TICKET_SIZE_MAX + 1];
    struct ayni_ticket many = made;
    SCOPED_BUFFER to = { 0 };

    ck_assert_int_eq(decode(NULL, (struct ayni_bytes){ large, sizeof(large) }), AYNI_E_LIMIT);
    many.statement_count = AYNI_TICKET_STATEMENTS_MAX + 1;
    ck_assert_int_eq(ayni_ticket_encode(&many, &to), AYNI_E_LIMIT);
    /* [domain, name, root, [3 statements, ...: the head of their list, made one over the limit */
    size_t head = 1 + 14 + 1 + 16 + 2 + 32;
    ck_assert_uint_eq(bytes.data[head], 0x83);
    bytes.data[head] = 0x80 + AYNI_TICKET_STATEMENTS_MAX + 1;
    ck_assert_int_eq(decode(NULL, ayni_buffer_bytes(&bytes)), AYNI_E_LIMIT);
}
END_TEST

START_TEST(a_statement_says_all_or_is_refused)
{
    struct ayni_root_statement statement, none = { 0 };
    struct test_keys root = test_root();
    SCOPED_BUFFER to = { 0 };

    ck_assert_int_eq(ayni_root_statement_decode(made.statements[0], &root.node, &statement),
                     AYNI_OK);
    ck_assert(!statement.has_cut && statement.point_count == 0);
    ayni_root_statement_free(&statement);
    ck_assert_int_eq(ayni_root_statement_decode(made.statements[1], &root.node, &statement),
                     AYNI_OK);
    ck_assert(statement.has_cut && statement.point_count == 0);
    ayni_root_statement_free(&statement);
    ck_assert_int_eq(
        ayni_root_statement_decode(made.statements[1], &made.newest.steering, &statement),
        AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_root_statement_sign(&none, &root.secret, &to), AYNI_E_INVALID);
}
END_TEST

static enum ayni_status decode_statement(void *context, struct ayni_bytes from)
{
    struct ayni_root_statement statement;
    enum ayni_status status = ayni_root_statement_decode(from, context, &statement);

    if (status == AYNI_OK)
        ayni_root_statement_free(&statement);
    return status;
}

START_TEST(every_part_and_bit_of_a_statement_counts)
{
    test_wrong_sizes_are_refused(decode_statement, &made.root, made.statements[2]);
    test_bit_flips_are_refused(decode_statement, &made.root, made.statements[2]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ticket");
    TCase *ticket = tcase_create("ticket");

    tcase_add_checked_fixture(ticket, make_ticket, free_ticket);
    tcase_add_test(ticket, a_ticket_reads_back_through_its_text);
    tcase_add_test(ticket, every_part_of_a_ticket_counts_and_every_bit_that_is_signed);
    tcase_add_loop_test(ticket, what_no_joiner_would_accept_is_not_encoded, 0, 7);
    tcase_add_test(ticket, a_ticket_is_bounded);
    tcase_add_test(ticket, a_statement_says_all_or_is_refused);
    tcase_add_test(ticket, every_part_and_bit_of_a_statement_counts);
    suite_add_tcase(suite, ticket);
    return test_run(suite);
}
