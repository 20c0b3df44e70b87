#include <stdlib.h>

#include <check.h>

#include "proto/limits.h"
#include "proto/payload.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

/*
 * Payloads are put together from hexadecimal parts: what stands before the
 * context is the same in all of them.
 */
#define SALT "000102030405060708090a0b0c0d0e0f"
#define RECORD "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
#define FEED_A "11111111111111111111111111111111"
#define FEED_B "22222222222222222222222222222222"
#define WITHDRAWS                                                                                  \
    "06835820" FEED_A FEED_A "0548"                                                                \
    "c1c2c3c4c5c6c7c8"

static const char head[] = "8650" SALT "50" RECORD "1865";

static void append_hex(struct ayni_buffer *to, const char *hex)
{
    size_t size = strlen(hex) / 2;
    uint8_t *room = size == 0 ? NULL : ayni_buffer_extend(to, size);

    if (size > 0)
        ck_assert_int_eq(ayni_hex_parse(ayni_bytes_of_text(hex), room, size), AYNI_OK);
}

static void make(struct ayni_buffer *payload, const char *context, const char *fields,
                 const char *meta)
{
    append_hex(payload, head);
    append_hex(payload, context);
    append_hex(payload, fields);
    append_hex(payload, meta);
}

/* Everything that a version can have. */
static void make_full(struct ayni_buffer *payload)
{
    make(payload,
         "a3"
         "00"
         "82"
         "05"
         "48"
         "0101010101010101"
         "50" FEED_A "84"
         "03"
         "48"
         "0202020202020202"
         "03"
         "48"
         "0303030303030303"
         "50" FEED_B "82"
         "1903e8"
         "48"
         "0404040404040404",
         "a4"
         "00f6"
         "0163414243"
         "0238ff"
         "190100820102",
         "a9"
         "01"
         "6561"
         "6e616e61"
         "02"
         "82"
         "634e474f"
         "66706164726f6e"
         "03"
         "63"
         "776879"
         "04"
         "07"
         "05"
         "3863" WITHDRAWS "07"
         "82"
         "48"
         "0a00000000000000"
         "48"
         "0b00000000000000"
         "0c"
         "a10102"
         "1864f5");
}

static enum ayni_status decode(const struct ayni_buffer *payload, struct ayni_version *version)
{
    return ayni_version_decode(ayni_buffer_bytes(payload), version);
}

static bool text_is(struct ayni_bytes text, const char *expected)
{
    return ayni_bytes_equal(text, ayni_bytes_of_text(expected));
}

START_TEST(a_full_payload_decodes_to_all_its_parts)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_version v;

    make_full(&payload);
    ck_assert_int_eq(decode(&payload, &v), AYNI_OK);
    ck_assert_uint_eq(v.salt[15], 15);
    ck_assert_uint_eq(v.record.bytes[0], 0xa0);
    ck_assert_uint_eq(v.type, 101);
    ck_assert_uint_eq(v.seen_count, 4);
    ck_assert(v.seen[0].own && !v.seen[1].own);
    ck_assert_uint_eq(v.seen[0].seq, 5);
    ck_assert_uint_eq(v.seen[2].seq, 3);
    ck_assert_uint_eq(v.seen[2].chain.bytes[0], 3);
    ck_assert_uint_eq(v.seen[3].seq, 1000);
    ck_assert_uint_eq(v.field_count, 4);
    ck_assert_uint_eq(v.fields[3].number, 256);
    ck_assert_uint_eq(v.fields[3].value.size, 3);
    ck_assert(text_is(v.steward, "anana"));
    ck_assert(text_is(v.origin_organisation, "NGO") && text_is(v.origin, "padron"));
    ck_assert(text_is(v.reason, "why"));
    ck_assert_uint_eq(v.act, 7);
    ck_assert(v.has_source_day && v.source_day == -100);
    ck_assert(v.has_withdraws && v.withdraws.seq == 5);
    ck_assert_uint_eq(v.withdraws.chain.bytes[7], 0xc8);
    ck_assert_uint_eq(v.erases_seen_count, 2);
    ck_assert_uint_eq(v.erases_seen[1].bytes[0], 0x0b);
    ck_assert_uint_eq(v.unknown_meta_count, 2);
    ck_assert_uint_eq(v.unknown_meta.size, 7);
    ayni_version_free(&v);
}
END_TEST

static void assert_encodes_to(const struct ayni_version *version, struct ayni_bytes expected)
{
    SCOPED_BUFFER again = { 0 };

    ayni_version_encode(version, &again);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), expected));
}

START_TEST(what_decodes_encodes_to_the_same_bytes)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_version v;

    make_full(&payload);
    ck_assert_int_eq(decode(&payload, &v), AYNI_OK);
    assert_encodes_to(&v, ayni_buffer_bytes(&payload));
    ayni_version_free(&v);
}
END_TEST

START_TEST(the_smallest_payload_has_three_empty_maps)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_version v;

    make(&payload, "a0", "a0", "a0");
    ck_assert_int_eq(decode(&payload, &v), AYNI_OK);
    ck_assert_uint_eq(v.seen_count + v.field_count + v.unknown_meta_count, 0);
    ck_assert_uint_eq(v.act, AYNI_ACT_EDIT);
    assert_encodes_to(&v, ayni_buffer_bytes(&payload));
    ayni_version_free(&v);
}
END_TEST

/* --- the bad side --- */

static const struct {
    const char *context, *fields, *meta;
    enum ayni_status status;
} parts[] = {
    /* contexts */
    { "80", "a0", "a0", AYNI_E_MALFORMED },                         /* no map */
    { "a10080", "a0", "a0", AYNI_E_MALFORMED },                     /* no pair */
    { "a1008105", "a0", "a0", AYNI_E_MALFORMED },                   /* half a pair */
    { "a1008200480101010101010101", "a0", "a0", AYNI_E_MALFORMED }, /* seq 0 */
    { "a10082054701010101010101", "a0", "a0", AYNI_E_MALFORMED },   /* 7 bytes */
    { "a1018205480101010101010101", "a0", "a0", AYNI_E_MALFORMED }, /* key 1 */
    { "a1208205480101010101010101", "a0", "a0", AYNI_E_MALFORMED }, /* key -1 */
    { "a14411111111820548010101010101"
      "0101",
      "a0", "a0", AYNI_E_MALFORMED }, /* a short feed */
    { "a1008405480101010101010101"
      "05480101010101010101",
      "a0", "a0", AYNI_E_MALFORMED }, /* a pair twice */
    { "a1008405480101010101010101"
      "04480101010101010101",
      "a0", "a0", AYNI_E_MALFORMED }, /* pairs fall */
    { "a250" FEED_B "8205480101010101010101"
      "50" FEED_A "8205480101010101010101",
      "a0", "a0", AYNI_E_MALFORMED }, /* feeds fall */
    { "a250" FEED_A "8205480101010101010101"
      "50" FEED_A "8206480101010101010101",
      "a0", "a0", AYNI_E_MALFORMED }, /* a feed twice */
    { "a250" FEED_A "8205480101010101010101"
      "008206480101010101010101",
      "a0", "a0", AYNI_E_MALFORMED }, /* own last */
    { "a2008205480101010101010101"
      "008206480101010101010101",
      "a0", "a0", AYNI_E_MALFORMED }, /* own twice */
    /* fields */
    { "a0", "80", "a0", AYNI_E_MALFORMED },                     /* no map */
    { "a0", "a2010102", "a0", AYNI_E_MALFORMED },               /* half a field */
    { "a0", "a201010101", "a0", AYNI_E_MALFORMED },             /* a number twice */
    { "a0", "a202010101", "a0", AYNI_E_MALFORMED },             /* numbers fall */
    { "a0", "a1616101", "a0", AYNI_E_MALFORMED },               /* a text for a number */
    { "a0", "a12001", "a0", AYNI_E_MALFORMED },                 /* -1 */
    { "a0", "a11b000000010000000001", "a0", AYNI_E_MALFORMED }, /* over 32 bits */
    { "a0", "a101fb3ff0000000000000", "a0", AYNI_E_MALFORMED }, /* a float */
    { "a0", "a1011801", "a0", AYNI_E_MALFORMED },               /* not the shortest form */
    { "a0", "a100f4", "a0", AYNI_E_MALFORMED }, /* deletion marks but true and null */
    { "a0", "a10001", "a0", AYNI_E_MALFORMED },
    { "a0", "a1006101", "a0", AYNI_E_MALFORMED },
    /* meta */
    { "a0", "a0", "80", AYNI_E_MALFORMED },
    { "a0", "a0", "a10001", AYNI_E_MALFORMED }, /* number 0 */
    { "a0", "a0",
      "a2080108"
      "01",
      AYNI_E_MALFORMED }, /* twice */
    { "a0", "a0",
      "a203616101"
      "6161",
      AYNI_E_MALFORMED }, /* falls */
    { "a0", "a0",
      "a20781480101010101010101"
      "0781480101010101010101",
      AYNI_E_MALFORMED },                       /* twice, and one with memory of its own */
    { "a0", "a0", "a10160", AYNI_E_MALFORMED }, /* empty steward */
    { "a0", "a0",
      "a10141"
      "61",
      AYNI_E_MALFORMED }, /* steward in bytes */
    { "a0", "a0",
      "a10282"
      "6141"
      "60",
      AYNI_E_MALFORMED }, /* origin without a name */
    { "a0", "a0",
      "a10281"
      "6141",
      AYNI_E_MALFORMED },
    { "a0", "a0", "a10360", AYNI_E_MALFORMED },               /* empty reason */
    { "a0", "a0", "a10400", AYNI_E_MALFORMED },               /* the act that is said by nothing */
    { "a0", "a0", "a105f6", AYNI_E_MALFORMED },               /* no day */
    { "a0", "a0", "a1" WITHDRAWS, AYNI_E_MALFORMED },         /* an edit that withdraws */
    { "a0", "a0", "a20401" WITHDRAWS, AYNI_E_MALFORMED },     /* a resolution that withdraws */
    { "a0", "a0", "a10402", AYNI_E_MALFORMED },               /* a withdrawal of nothing */
    { "a0", "a10101", "a20402" WITHDRAWS, AYNI_E_MALFORMED }, /* and one that sets a field */
    { "a0", "a0", "a10780", AYNI_E_MALFORMED },               /* no erases */
    { "a0", "a0", "a10782480101010101010101480101010101010101",
      AYNI_E_MALFORMED },                               /* an erase twice */
    { "a0", "a0", "a1079affffffff", AYNI_E_MALFORMED }, /* more than there can be */
    /* around */
    { "a0", "a0", "a000", AYNI_E_MALFORMED }, /* something after the end */
    { "a0", "a0", "", AYNI_E_MALFORMED },
    /* and what is right beside them */
    { "a0", "a100f5", "a0", AYNI_OK },
    { "a0", "a100f6", "a0", AYNI_OK },
    { "a0", "a11affffffff01", "a0", AYNI_OK },
    { "a0", "a0", "a10282606161", AYNI_OK }, /* an origin of no organisation */
    { "a0", "a0", "a20402" WITHDRAWS, AYNI_OK },
    { "a0", "a10101", "a20403" WITHDRAWS, AYNI_OK }, /* acts to come are kept */
    { "a0", "a0", "a1041bffffffffffffffff", AYNI_OK },
    { "a0", "a0", "a11bffffffffffffffff01", AYNI_OK }, /* and any meta */
    { "a1008405480101010101010101"
      "05480101010101010102",
      "a0", "a0", AYNI_OK }, /* two branches at one seq */
};

START_TEST(each_part_is_strict)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_version v;

    make(&payload, parts[_i].context, parts[_i].fields, parts[_i].meta);
    ck_assert_int_eq(decode(&payload, &v), parts[_i].status);
    if (parts[_i].status != AYNI_OK)
        return;
    assert_encodes_to(&v, ayni_buffer_bytes(&payload));
    ayni_version_free(&v);
}
END_TEST

static enum ayni_status decode_bytes(void *context, struct ayni_bytes bytes)
{
    struct ayni_version v;
    enum ayni_status status = ayni_version_decode(bytes, &v);

    (void)context;
    if (status == AYNI_OK)
        ayni_version_free(&v);
    return status;
}

START_TEST(every_prefix_is_refused)
{
    SCOPED_BUFFER payload = { 0 };

    make_full(&payload);
    test_wrong_sizes_are_refused(decode_bytes, NULL, ayni_buffer_bytes(&payload));
}
END_TEST

START_TEST(a_flipped_bit_is_refused_or_kept)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_version v;

    make_full(&payload);
    for (size_t bit = 0; bit < 8 * payload.size; bit++) {
        payload.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (decode(&payload, &v) == AYNI_OK) {
            assert_encodes_to(&v, ayni_buffer_bytes(&payload));
            ayni_version_free(&v);
        }
        payload.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

static void make_many_fields(struct ayni_buffer *payload, size_t count)
{
    append_hex(payload, head);
    append_hex(payload, "a0");
    ayni_cbor_put_map(payload, count);
    for (size_t i = 0; i < count; i++) {
        ayni_cbor_put_uint(payload, i + 1);
        ayni_cbor_put_null(payload);
    }
    append_hex(payload, "a0");
}

START_TEST(a_version_sets_at_most_256_fields)
{
    SCOPED_BUFFER most = { 0 };
    SCOPED_BUFFER more = { 0 };
    struct ayni_version v;

    make_many_fields(&most, AYNI_FIELDS_MAX);
    make_many_fields(&more, AYNI_FIELDS_MAX + 1);
    ck_assert_int_eq(decode(&most, &v), AYNI_OK);
    ayni_version_free(&v);
    ck_assert_int_eq(decode(&more, &v), AYNI_E_LIMIT);
}
END_TEST

static void make_many_seen(struct ayni_buffer *payload, size_t count)
{
    append_hex(payload, head);
    append_hex(payload, "a1");
    append_hex(payload, "00");
    ayni_cbor_put_array(payload, 2 * count);
    for (size_t i = 0; i < count; i++) {
        ayni_cbor_put_uint(payload, i + 1);
        append_hex(payload, "480101010101010101");
    }
    append_hex(payload, "a0a0");
}

START_TEST(a_context_has_at_most_1024_pairs)
{
    SCOPED_BUFFER most = { 0 };
    SCOPED_BUFFER more = { 0 };
    struct ayni_version v;

    make_many_seen(&most, AYNI_CONTEXT_PAIRS_MAX);
    make_many_seen(&more, AYNI_CONTEXT_PAIRS_MAX + 1);
    ck_assert_int_eq(decode(&most, &v), AYNI_OK);
    ck_assert_uint_eq(v.seen_count, AYNI_CONTEXT_PAIRS_MAX);
    assert_encodes_to(&v, ayni_buffer_bytes(&most));
    ayni_version_free(&v);
    ck_assert_int_eq(decode(&more, &v), AYNI_E_LIMIT);
}
END_TEST

static void make_of_size(struct ayni_buffer *payload, size_t size)
{
    append_hex(payload, head);
    append_hex(payload, "a0a101");
    size_t content = size - payload->size - 5 - 1;
    uint8_t string_head[5] = { 0x5a };
    ayni_put_u32(string_head + 1, (uint32_t)content);
    ayni_buffer_append(payload, string_head, sizeof(string_head));
    memset(ayni_buffer_extend(payload, content), 0, content);
    append_hex(payload, "a0");
    ck_assert_uint_eq(payload->size, size);
}

START_TEST(a_payload_has_at_most_64_kib)
{
    SCOPED_BUFFER more = { 0 };
    struct ayni_version v;
    struct ayni_record record;
    uint32_t type;

    make_of_size(&more, AYNI_PAYLOAD_SIZE_MAX + 1);
    ck_assert_int_eq(decode(&more, &v), AYNI_E_LIMIT);
    ck_assert_int_eq(ayni_version_peek(ayni_buffer_bytes(&more), &record, &type), AYNI_E_LIMIT);
}
END_TEST

START_TEST(a_failure_writes_nothing)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_version v = { .type = 7 };

    make(&payload, "a1008205480101010101010101", "a10101", "a10400");
    ck_assert_int_eq(decode(&payload, &v), AYNI_E_MALFORMED);
    ck_assert_uint_eq(v.type, 7);
    ck_assert_ptr_null(v.fields);
}
END_TEST

/* --- peek, origins --- */

START_TEST(peek_tells_record_and_type_without_the_rest)
{
    SCOPED_BUFFER payload = { 0 };
    struct ayni_record record;
    uint32_t type;

    append_hex(&payload, head);
    ck_assert_int_eq(ayni_version_peek(ayni_buffer_bytes(&payload), &record, &type), AYNI_OK);
    ck_assert_uint_eq(type, 101);
    ck_assert_uint_eq(record.bytes[15], 0xaf);
    for (size_t size = 0; size < payload.size; size++)
        ck_assert_int_eq(
            ayni_version_peek((struct ayni_bytes){ payload.data, size }, &record, &type),
            AYNI_E_MALFORMED);
}
END_TEST

/* One after the other, in the same memory. */
START_TEST(skim_tells_what_decode_tells_of_a_version_that_is_known)
{
    SCOPED_BUFFER full = { 0 }, small = { 0 };
    struct ayni_version_skim skim = { 0 };

    make_full(&full);
    make(&small, "a0", "a1014131", "a0");
    ck_assert_int_eq(ayni_version_skim(ayni_buffer_bytes(&full), &skim), AYNI_OK);
    const struct ayni_field *fields = (const struct ayni_field *)skim.fields.data;
    ck_assert_uint_eq(skim.type, 101);
    ck_assert_uint_eq(skim.record.bytes[15], 0xaf);
    ck_assert_uint_eq(skim.act, 7);
    ck_assert(text_is(skim.steward, "anana") && skim.fields.size == 4 * sizeof(*fields));
    ck_assert_uint_eq(fields[3].number, 256);
    ck_assert_uint_eq(fields[1].value.size, 4);
    ck_assert_int_eq(ayni_version_skim(ayni_buffer_bytes(&small), &skim), AYNI_OK);
    fields = (const struct ayni_field *)skim.fields.data;
    ck_assert_uint_eq(skim.act, AYNI_ACT_EDIT);
    ck_assert(skim.steward.size == 0 && skim.fields.size == sizeof(*fields));
    ck_assert_uint_eq(fields[0].number, 1);
    ayni_version_skim_free(&skim);
}
END_TEST

START_TEST(skim_refuses_what_ends_early_and_too_many_fields)
{
    SCOPED_BUFFER payload = { 0 }, many = { 0 };
    struct ayni_version_skim skim = { 0 };

    make_full(&payload);
    for (size_t size = 0; size < payload.size; size++)
        ck_assert_int_eq(ayni_version_skim((struct ayni_bytes){ payload.data, size }, &skim),
                         AYNI_E_MALFORMED);
    make_many_fields(&many, AYNI_FIELDS_MAX + 1);
    ck_assert_int_eq(ayni_version_skim(ayni_buffer_bytes(&many), &skim), AYNI_E_LIMIT);
    ayni_version_skim_free(&skim);
}
END_TEST

static struct ayni_version of_origin(const char *organisation, const char *name)
{
    return (struct ayni_version){ .origin_organisation = ayni_bytes_of_text(organisation),
                                  .origin = ayni_bytes_of_text(name) };
}

START_TEST(no_origin_and_one_named_manual_are_a_persons_own)
{
    struct ayni_version padron = of_origin("A", "padron");
    struct ayni_version manual = of_origin("A", "manual");
    struct ayni_version none = { 0 };

    ck_assert(ayni_version_is_manual(&manual) && ayni_version_is_manual(&none));
    ck_assert(!ayni_version_is_manual(&padron));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("payload");
    TCase *form = tcase_create("form");
    TCase *limits = tcase_create("limits");

    tcase_add_test(form, a_full_payload_decodes_to_all_its_parts);
    tcase_add_test(form, what_decodes_encodes_to_the_same_bytes);
    tcase_add_test(form, the_smallest_payload_has_three_empty_maps);
    tcase_add_loop_test(form, each_part_is_strict, 0, (int)(sizeof(parts) / sizeof(parts[0])));
    tcase_add_test(form, every_prefix_is_refused);
    tcase_add_test(form, a_flipped_bit_is_refused_or_kept);
    tcase_add_test(form, a_failure_writes_nothing);
    tcase_add_test(form, peek_tells_record_and_type_without_the_rest);
    tcase_add_test(form, skim_tells_what_decode_tells_of_a_version_that_is_known);
    tcase_add_test(form, skim_refuses_what_ends_early_and_too_many_fields);
    tcase_add_test(form, no_origin_and_one_named_manual_are_a_persons_own);
    suite_add_tcase(suite, form);
    tcase_add_test(limits, a_version_sets_at_most_256_fields);
    tcase_add_test(limits, a_context_has_at_most_1024_pairs);
    tcase_add_test(limits, a_payload_has_at_most_64_kib);
    suite_add_tcase(suite, limits);
    return test_run(suite);
}
