#include "proto/seal.h"

#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static struct test_keys keys;
static struct ayni_buffer cose;

static void sign(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    keys = test_keys(1);
    ayni_cose_sign(TEST_BYTES("payload"), &keys.secret, &cose);
    ck_assert_int_eq(ayni_buffer_status(&cose), AYNI_OK);
}

static void free_cose(void)
{
    ayni_buffer_free(&cose);
}

static enum ayni_status verify(void *context, struct ayni_bytes bytes)
{
    struct ayni_bytes payload;
    struct ayni_signature signature;
    enum ayni_status status = ayni_cose_decode(bytes, &payload, &signature);

    (void)context;
    return status == AYNI_OK ? ayni_cose_verify(payload, &signature, &keys.node) : status;
}

/* The bytes that any COSE library makes and signs. */
START_TEST(a_statement_is_cose_sign1)
{
    SCOPED_BUFFER message = { 0 };
    struct ayni_signature signature;

    ck_assert_mem_eq(cose.data, "\xd2\x84\x43\xa1\x01\x27\xa0\x47payload\x58\x40", 17);
    ck_assert_uint_eq(cose.size, 17 + 64);
    ayni_cose_to_sign(TEST_BYTES("payload"), &message);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&message),
                               TEST_BYTES("\x84\x6aSignature1\x43\xa1\x01\x27\x40\x47payload")));
    memcpy(signature.bytes, cose.data + 17, 64);
    ck_assert_int_eq(ayni_verify(&keys.node, ayni_buffer_bytes(&message), &signature), AYNI_OK);
}
END_TEST

START_TEST(every_part_and_bit_of_a_statement_counts)
{
    ck_assert_int_eq(verify(NULL, ayni_buffer_bytes(&cose)), AYNI_OK);
    test_wrong_sizes_are_refused(verify, NULL, ayni_buffer_bytes(&cose));
    test_bit_flips_are_refused(verify, NULL, ayni_buffer_bytes(&cose));
}
END_TEST

/* COSE that others may write and that is none of ours: hex before the signature. */
static const char *const foreign[] = {
    "8443a10127a0477061796c6f61645840",         /* no tag */
    "d28443a10126a0477061796c6f61645840",       /* ES256 */
    "d28440a10127477061796c6f61645840",         /* alg unprotected */
    "d28443a10127a1044161477061796c6f61645840", /* a key id */
    "d28443a10127a0f65840",                     /* detached */
    "d28544a1012700a0477061796c6f61645840",     /* five parts */
};

START_TEST(another_cose_is_malformed)
{
    SCOPED_BUFFER bytes = { 0 };
    uint8_t head[64];
    size_t size = strlen(foreign[_i]) / 2;

    ck_assert_int_eq(ayni_hex_parse(ayni_bytes_of_text(foreign[_i]), head, size), AYNI_OK);
    ayni_buffer_append(&bytes, head, size);
    ayni_buffer_append(&bytes, cose.data + 17, 64);
    ck_assert_int_eq(verify(NULL, ayni_buffer_bytes(&bytes)), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(a_seal_says_feed_seq_and_chain)
{
    struct ayni_feed feed = { { 1 } };
    struct ayni_hash chain = { { 2 } };
    SCOPED_BUFFER payload = { 0 };

    ayni_seal_payload(&feed, 300, &chain, &payload);
    ck_assert_uint_eq(payload.size, 1 + 12 + 34 + 3 + 34);
    ck_assert_mem_eq(payload.data,
                     "\x84\x6b"
                     "ayni-seal-1\x58\x20\x01",
                     16);
    ck_assert_mem_eq(payload.data + 1 + 12 + 34, "\x19\x01\x2c\x58\x20\x02", 6);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("seal");
    TCase *seal = tcase_create("seal");

    tcase_add_checked_fixture(seal, sign, free_cose);
    tcase_add_test(seal, a_statement_is_cose_sign1);
    tcase_add_test(seal, every_part_and_bit_of_a_statement_counts);
    tcase_add_loop_test(seal, another_cose_is_malformed, 0, sizeof(foreign) / sizeof(foreign[0]));
    tcase_add_test(seal, a_seal_says_feed_seq_and_chain);
    suite_add_tcase(suite, seal);
    return test_run(suite);
}
