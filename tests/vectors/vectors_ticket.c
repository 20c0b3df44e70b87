#include "proto/ticket.h"

#include "tests/support/federation.h"
#include "tests/support/suite.h"
#include "tests/vectors/vector.h"

json_t *vectors_ticket(void)
{
    struct test_keys root = test_root();
    struct ayni_root_statement statement = { .number = 1, .steering = test_keys(1).node };
    struct ayni_ticket ticket = { .federation = TEST_BYTES("Primera Infancia Perú"),
                                  .root = root.node,
                                  .statement_count = 1 };
    json_t *cases = json_array(), *made = vector_case(cases, "a ticket");
    SCOPED_BUFFER card = { 0 };
    SCOPED_BUFFER signed_statement = { 0 };
    SCOPED_BUFFER bytes = { 0 };
    SCOPED_BUFFER line = { 0 };

    test_card(1, &card);
    vector_expect(ayni_root_statement_sign(&statement, &root.secret, &signed_statement), AYNI_OK,
                  "root statement");
    ticket.statements[0] = ayni_buffer_bytes(&signed_statement);
    ticket.card = ayni_buffer_bytes(&card);
    vector_expect(ayni_ticket_encode(&ticket, &bytes), AYNI_OK, "ticket");
    ayni_ticket_text(ayni_buffer_bytes(&bytes), &line);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    vector_put_text(made, "line", ayni_buffer_bytes(&line));
    vector_put_text(made, "federation", ticket.federation);
    vector_put_id(made, "root", &root.node);
    vector_put_number(made, "number", 1);
    vector_put_id(made, "steering", &statement.steering);

    made = vector_refused(cases, "another root key", AYNI_E_SIGNATURE);
    size_t at = 1 + 14 + 1 + ticket.federation.size + 2; /* where the root key stands */
    bytes.data[at] ^= 1;
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    return cases;
}
