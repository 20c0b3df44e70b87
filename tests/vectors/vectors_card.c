#include "proto/card.h"

#include "tests/support/federation.h"
#include "tests/support/suite.h"
#include "tests/vectors/vector.h"

static void put_card(json_t *made, struct ayni_bytes cose)
{
    struct ayni_card card;
    SCOPED_BUFFER line = { 0 };

    vector_expect(ayni_card_decode(cose, &card), AYNI_OK, "card");
    ayni_card_text(cose, &line);
    vector_put_hex(made, "bytes", cose);
    vector_put_text(made, "line", ayni_buffer_bytes(&line));
    vector_put_number(made, "serial", card.serial);
    vector_put_text(made, "node_name", card.name);
    vector_put_id(made, "node", &card.node);
    vector_put_hex(made, "transport_key", (struct ayni_bytes){ card.transport_key, 32 });
    json_t *endpoints = vector_put_array(made, "endpoints");
    for (size_t i = 0; i < card.endpoint_count; i++)
        json_array_append_new(
            endpoints, json_stringn((const char *)card.endpoints[i].data, card.endpoints[i].size));
}

static void add_plain(json_t *cases)
{
    struct test_keys keys = test_keys(3);
    struct ayni_card card = { .serial = 70000,
                              .name = TEST_BYTES("Puesto de salud Ñ"),
                              .node = keys.node };
    SCOPED_BUFFER cose = { 0 };

    vector_expect(ayni_card_sign(&card, &keys.secret, &cose), AYNI_OK, "card");
    put_card(vector_case(cases, "a card of a node that only dials"), ayni_buffer_bytes(&cose));
}

static void add_changed(json_t *cases)
{
    SCOPED_BUFFER cose = { 0 };

    test_card(1, &cose);
    cose.data[cose.size - 1] ^= 1;
    vector_put_hex(vector_refused(cases, "a changed signature", AYNI_E_SIGNATURE), "bytes",
                   ayni_buffer_bytes(&cose));
}

json_t *vectors_card(void)
{
    json_t *cases = json_array();
    SCOPED_BUFFER cose = { 0 };

    test_card(1, &cose);
    put_card(vector_case(cases, "a card with endpoints"), ayni_buffer_bytes(&cose));
    add_plain(cases);
    add_changed(cases);
    return cases;
}
