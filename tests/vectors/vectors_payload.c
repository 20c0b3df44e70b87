#include "proto/payload.h"

#include "tests/support/suite.h"
#include "tests/vectors/vector.h"

static void put_seen(json_t *made, const struct ayni_version *version)
{
    json_t *context = vector_put_array(made, "context");

    for (size_t i = 0; i < version->seen_count; i++) {
        json_t *pair = json_object();
        if (version->seen[i].own)
            json_object_set_new(pair, "feed", json_integer(0));
        else
            vector_put_id(pair, "feed", &version->seen[i].feed);
        vector_put_number(pair, "seq", version->seen[i].seq);
        vector_put_id(pair, "chain", &version->seen[i].chain);
        json_array_append_new(context, pair);
    }
}

static void put_fields(json_t *made, const struct ayni_version *version)
{
    json_t *fields = vector_put_array(made, "fields");

    for (size_t i = 0; i < version->field_count; i++) {
        json_t *field = json_object();
        vector_put_number(field, "number", version->fields[i].number);
        vector_put_hex(field, "value", version->fields[i].value);
        json_array_append_new(fields, field);
    }
}

static void put_meta(json_t *made, const struct ayni_version *version)
{
    json_t *meta = vector_put_object(made, "meta");

    if (version->steward.size > 0)
        vector_put_text(meta, "steward", version->steward);
    if (version->origin.size > 0) {
        vector_put_text(meta, "organisation", version->origin_organisation);
        vector_put_text(meta, "origin", version->origin);
    }
    if (version->reason.size > 0)
        vector_put_text(meta, "reason", version->reason);
    if (version->act != AYNI_ACT_EDIT)
        vector_put_number(meta, "act", version->act);
    if (version->has_source_day)
        json_object_set_new(meta, "source_day", json_integer(version->source_day));
    if (version->has_withdraws) {
        json_t *withdraws = vector_put_object(meta, "withdraws");
        vector_put_id(withdraws, "feed", &version->withdraws.feed);
        vector_put_number(withdraws, "seq", version->withdraws.seq);
        vector_put_id(withdraws, "chain", &version->withdraws.chain);
    }
    for (size_t i = 0; i < version->erases_seen_count; i++) {
        json_t *erases =
            i == 0 ? vector_put_array(meta, "erases_seen") : json_object_get(meta, "erases_seen");
        char hex[17];
        ayni_hex_text((struct ayni_bytes){ version->erases_seen[i].bytes, 8 }, hex);
        json_array_append_new(erases, json_string(hex));
    }
    if (version->unknown_meta_count > 0)
        vector_put_hex(meta, "unknown", version->unknown_meta);
}

static void add_version(json_t *cases, const char *name, const struct ayni_version *version)
{
    SCOPED_BUFFER bytes = { 0 };
    struct ayni_version back;
    json_t *made = vector_case(cases, name);

    ayni_version_encode(version, &bytes);
    vector_expect(ayni_version_decode(ayni_buffer_bytes(&bytes), &back), AYNI_OK, name);
    ayni_version_free(&back);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    vector_put_hex(made, "salt", (struct ayni_bytes){ version->salt, sizeof(version->salt) });
    vector_put_id(made, "record", &version->record);
    vector_put_number(made, "type", version->type);
    put_seen(made, version);
    put_fields(made, version);
    put_meta(made, version);
}

/* One bad part between good ones. */
static void add_refused(json_t *cases, const char *name, struct ayni_bytes context,
                        struct ayni_bytes fields, struct ayni_bytes meta)
{
    static const uint8_t ids[16] = { 7 };
    SCOPED_BUFFER bytes = { 0 };
    struct ayni_version version;

    ayni_buffer_append(&bytes, "\x86\x50", 2);
    ayni_buffer_append(&bytes, ids, sizeof(ids));
    ayni_buffer_append(&bytes, "\x50", 1);
    ayni_buffer_append(&bytes, ids, sizeof(ids));
    ayni_buffer_append(&bytes, "\x18\x65", 2);
    ayni_buffer_append(&bytes, context.data, context.size);
    ayni_buffer_append(&bytes, fields.data, fields.size);
    ayni_buffer_append(&bytes, meta.data, meta.size);
    vector_expect(ayni_version_decode(ayni_buffer_bytes(&bytes), &version), AYNI_E_MALFORMED, name);
    vector_put_hex(vector_refused(cases, name, AYNI_E_MALFORMED), "bytes",
                   ayni_buffer_bytes(&bytes));
}

#define EMPTY TEST_BYTES("\xa0")
#define PREFIX "\x48\x01\x01\x01\x01\x01\x01\x01\x01"
#define WITHDRAWS                                                                                  \
    "\x06\x83\x58\x20"                                                                             \
    "fedcba98765432100123456789abcdef"                                                             \
    "\x05" PREFIX

static void add_all_refused(json_t *cases)
{
    add_refused(cases, "half a pair", TEST_BYTES("\xa1\x00\x81\x05"), EMPTY, EMPTY);
    add_refused(cases, "seq 0", TEST_BYTES("\xa1\x00\x82\x00" PREFIX), EMPTY, EMPTY);
    add_refused(cases, "one pair twice", TEST_BYTES("\xa1\x00\x84\x05" PREFIX "\x05" PREFIX), EMPTY,
                EMPTY);
    add_refused(cases, "pairs that fall", TEST_BYTES("\xa1\x00\x84\x06" PREFIX "\x05" PREFIX),
                EMPTY, EMPTY);
    add_refused(cases, "another number than 0 for a feed", TEST_BYTES("\xa1\x01\x82\x05" PREFIX),
                EMPTY, EMPTY);
    add_refused(cases, "a field twice", EMPTY, TEST_BYTES("\xa2\x01\x01\x01\x02"), EMPTY);
    add_refused(cases, "fields that fall", EMPTY, TEST_BYTES("\xa2\x02\x01\x01\x02"), EMPTY);
    add_refused(cases, "a float", EMPTY, TEST_BYTES("\xa1\x01\xf9\x3c\x00"), EMPTY);
    add_refused(cases, "a number that is not in its shortest form", EMPTY,
                TEST_BYTES("\xa1\x01\x18\x05"), EMPTY);
    add_refused(cases, "false in field 0", EMPTY, TEST_BYTES("\xa1\x00\xf4"), EMPTY);
    add_refused(cases, "an empty steward", EMPTY, EMPTY, TEST_BYTES("\xa1\x01\x60"));
    add_refused(cases, "an origin without a name", EMPTY, EMPTY,
                TEST_BYTES("\xa1\x02\x82\x61\x41\x60"));
    add_refused(cases, "act 0", EMPTY, EMPTY, TEST_BYTES("\xa1\x04\x00"));
    add_refused(cases, "an edit that withdraws", EMPTY, EMPTY, TEST_BYTES("\xa1" WITHDRAWS));
    add_refused(cases, "a withdrawal of nothing", EMPTY, EMPTY, TEST_BYTES("\xa1\x04\x02"));
    add_refused(cases, "a withdrawal that sets a field", EMPTY, TEST_BYTES("\xa1\x01\x01"),
                TEST_BYTES("\xa2\x04\x02" WITHDRAWS));
    add_refused(cases, "erases that fall", EMPTY, EMPTY, TEST_BYTES("\xa1\x07\x82" PREFIX PREFIX));
    add_refused(cases, "meta 0", EMPTY, EMPTY, TEST_BYTES("\xa1\x00\x01"));
    add_refused(cases, "something after the end", EMPTY, EMPTY, TEST_BYTES("\xa0\x00"));
}

json_t *vectors_payload(void)
{
    struct ayni_field fields[] = { { 1, TEST_BYTES("\x66\x51\x75\x69\x73\x70\x65") },
                                   { 4, TEST_BYTES("\x19\x4d\x58") },
                                   { 15, TEST_BYTES("\x82\x63sis\x65other") },
                                   { 300, TEST_BYTES("\x38\xff") } };
    struct ayni_field delete = { 0, TEST_BYTES("\xf5") };
    struct ayni_seen seen[] = { { .own = true, .seq = 5, .chain = { { 1 } } },
                                { .feed = { { 2 } }, .seq = 3, .chain = { { 3 } } },
                                { .feed = { { 2 } }, .seq = 3, .chain = { { 4 } } },
                                { .feed = { { 5 } }, .seq = 70000, .chain = { { 6 } } } };
    struct ayni_chain_prefix erases[] = { { { 7 } }, { { 8 } } };
    struct ayni_version version = { .salt = { 1, 2, 3 }, .record = { { 9, 10 } }, .type = 101 };
    json_t *cases = json_array();

    add_version(cases, "the smallest", &version);
    version.steward = TEST_BYTES("rosa");
    version.fields = fields;
    version.field_count = 4;
    add_version(cases, "a first version", &version);
    version.origin_organisation = TEST_BYTES("DIRESA-LOR");
    version.origin = TEST_BYTES("padron");
    version.has_source_day = true;
    version.source_day = -3;
    add_version(cases, "an import", &version);
    version.seen = seen;
    version.seen_count = 4;
    version.act = AYNI_ACT_RESOLUTION;
    version.reason = TEST_BYTES("visto el DNI");
    version.erases_seen = erases;
    version.erases_seen_count = 2;
    version.unknown_meta = TEST_BYTES("\x08\xf6\x18\x64\xa1\x01\x02");
    version.unknown_meta_count = 2;
    add_version(cases, "a resolution with all there is, and two meta numbers to come", &version);
    version = (struct ayni_version){ .type = 101,
                                     .steward = TEST_BYTES("rosa"),
                                     .act = AYNI_ACT_WITHDRAWAL,
                                     .has_withdraws = true,
                                     .withdraws = { { { 11 } }, 12, { { 13 } } } };
    add_version(cases, "a withdrawal", &version);
    version = (struct ayni_version){ .type = 101,
                                     .fields = &delete,
                                     .field_count = 1,
                                     .seen = seen,
                                     .seen_count = 1,
                                     .reason = TEST_BYTES("duplicado") };
    add_version(cases, "a delete", &version);
    add_all_refused(cases);
    return cases;
}
