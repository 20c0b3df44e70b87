#include "proto/armor.h"
#include "proto/ids.h"
#include "proto/text.h"
#include "tests/support/federation.h"
#include "tests/support/suite.h"
#include "tests/vectors/vector.h"

static void add_node(json_t *cases)
{
    struct test_keys keys = test_keys(1);
    char text[AYNI_NODE_TEXT_SIZE];
    json_t *node = vector_case(cases, "a node");

    ayni_node_text(&keys.node, text);
    vector_put_id(node, "node", &keys.node);
    vector_put_text(node, "text", ayni_bytes_of_text(text));
}

static void add_record(json_t *cases, const char *name, struct ayni_record record)
{
    char text[AYNI_RECORD_TEXT_SIZE];
    json_t *made = vector_case(cases, name);

    ayni_record_text(&record, text);
    vector_put_id(made, "record", &record);
    vector_put_text(made, "text", ayni_bytes_of_text(text));
}

/* Texts and what keys are made of: NFC, trimmed, single spaces. */
static const char *const texts[] = {
    "",
    "  Ana  Mar\u00eda\t",
    "Mari\u0301a",
    "\u00a0Jos\u00e9\u2003\u3000Luis\xc2\x85",
    "\u1112\u1161\u11ab",
    "A\u030a \u212b",
    "case Is Kept",
};

static void add_text_key(json_t *cases, const char *text)
{
    SCOPED_BUFFER key = { 0 };
    json_t *made = vector_case(cases, "a text and its key");

    vector_expect(ayni_text_key(ayni_bytes_of_text(text), &key), AYNI_OK, text);
    vector_put_text(made, "text", ayni_bytes_of_text(text));
    vector_put_text(made, "key", ayni_buffer_bytes(&key));
}

static void add_armor(json_t *cases)
{
    SCOPED_BUFFER text = { 0 };
    json_t *made = vector_case(cases, "bytes as a line of text");

    ayni_armor_append(&text, "ayni-card-1", TEST_BYTES("\x00\xff\x10 five"));
    vector_put_hex(made, "bytes", TEST_BYTES("\x00\xff\x10 five"));
    vector_put_text(made, "prefix", ayni_bytes_of_text("ayni-card-1"));
    vector_put_text(made, "line", ayni_buffer_bytes(&text));
}

json_t *vectors_ids(void)
{
    static const uint8_t random[10] = { 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    static const uint8_t hash[16] = { 0xde, 0xad, 0xbe, 0xef, 1, 2, 0xff, 3, 0xff, 4 };
    json_t *cases = json_array();

    add_node(cases);
    add_record(cases, "a version 7 UUID", ayni_record_v7(1795317165678, random));
    add_record(cases, "a version 8 UUID", ayni_record_v8(hash));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        add_text_key(cases, texts[i]);
    add_armor(cases);
    return cases;
}
