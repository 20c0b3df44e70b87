#include "proto/crypto.h"

#include "tests/support/suite.h"

static struct ayni_signing_key secret;
static struct ayni_node node;

static void make_keys(void)
{
    const uint8_t seed[32] = { 1 };

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    ck_assert_int_eq(ayni_signing_key_of_seed(seed, &secret, &node), AYNI_OK);
}

/* RFC 7693 has vectors of BLAKE2b-512 alone; these were computed with Python's hashlib. */
START_TEST(the_hash_is_blake2b_256)
{
    char text[AYNI_HASH_TEXT_SIZE];
    struct ayni_hash hash = ayni_hash_of(TEST_BYTES("abc"));
    struct ayni_hash pieces = ayni_hash_of_two(TEST_BYTES("a"), TEST_BYTES("bc"));

    ayni_hex_text((struct ayni_bytes){ hash.bytes, sizeof(hash.bytes) }, text);
    ck_assert_str_eq(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    ck_assert(ayni_id_equal(&hash, &pieces));
}
END_TEST

/* RFC 8032, section 7.1, test 2. */
START_TEST(signatures_are_ed25519)
{
    static const char seed_hex[] =
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    static const char node_hex[] =
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    static const char signature_hex[] =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    uint8_t seed[32];
    struct ayni_node expected;
    struct ayni_signature signature, expected_signature;

    ck_assert_int_eq(ayni_hex_parse(ayni_bytes_of_text(seed_hex), seed, 32), AYNI_OK);
    ck_assert_int_eq(ayni_hex_parse(ayni_bytes_of_text(node_hex), expected.bytes, 32), AYNI_OK);
    ck_assert_int_eq(
        ayni_hex_parse(ayni_bytes_of_text(signature_hex), expected_signature.bytes, 64), AYNI_OK);
    ck_assert_int_eq(ayni_signing_key_of_seed(seed, &secret, &node), AYNI_OK);
    ck_assert(ayni_id_equal(&node, &expected));
    ayni_sign(&secret, TEST_BYTES("\x72"), &signature);
    ck_assert(ayni_id_equal(&signature, &expected_signature));
    ck_assert_int_eq(ayni_verify(&node, TEST_BYTES("\x72"), &signature), AYNI_OK);
    ck_assert_int_eq(ayni_verify(&node, TEST_BYTES("\x73"), &signature), AYNI_E_SIGNATURE);
}
END_TEST

START_TEST(a_changed_bit_breaks_a_signature)
{
    struct ayni_signature signature;

    ayni_sign(&secret, TEST_BYTES("message"), &signature);
    signature.bytes[_i / 8] ^= (uint8_t)(1 << _i % 8);
    ck_assert_int_eq(ayni_verify(&node, TEST_BYTES("message"), &signature), AYNI_E_SIGNATURE);
}
END_TEST

START_TEST(transport_keys_are_pairs)
{
    uint8_t public_key[32], secret_key[32], again[32];

    ayni_transport_key_make(public_key, secret_key);
    ayni_transport_key_public(secret_key, again);
    ck_assert_mem_eq(public_key, again, 32);
}
END_TEST

START_TEST(a_sealed_box_opens_for_its_node_alone)
{
    SCOPED_BUFFER box = { 0 };
    SCOPED_BUFFER plain = { 0 };
    struct ayni_signing_key other_secret;
    struct ayni_node other, none = { { 2 } };

    ck_assert_int_eq(ayni_signing_key_of_seed((const uint8_t[32]){ 3 }, &other_secret, &other),
                     AYNI_OK);
    ck_assert_int_eq(ayni_sealed_box_make(&node, TEST_BYTES("key"), &box), AYNI_OK);
    ck_assert_uint_eq(box.size, 3 + AYNI_SEALED_BOX_EXTRA);
    struct ayni_bytes whole = ayni_buffer_bytes(&box);
    ck_assert_int_eq(ayni_sealed_box_open(&other, &other_secret, whole, &plain), AYNI_E_SIGNATURE);
    ck_assert_uint_eq(plain.size, 0);
    ck_assert_int_eq(ayni_sealed_box_open(&node, &secret, whole, &plain), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&plain), TEST_BYTES("key")));
    for (size_t size = 0; size < box.size; size++)
        ck_assert_int_eq(
            ayni_sealed_box_open(&node, &secret, (struct ayni_bytes){ box.data, size }, &plain),
            AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_sealed_box_make(&none, TEST_BYTES("key"), &box), AYNI_E_INVALID);
}
END_TEST

START_TEST(what_is_encrypted_opens_with_the_same_key_nonce_and_data)
{
    uint8_t key[32] = { 1 }, nonce[24] = { 2 };
    SCOPED_BUFFER cipher = { 0 };
    SCOPED_BUFFER plain = { 0 };

    ck_assert_int_eq(ayni_aead_seal(key, nonce, TEST_BYTES("data"), TEST_BYTES("plain"), &cipher),
                     AYNI_OK);
    struct ayni_bytes whole = ayni_buffer_bytes(&cipher);
    ck_assert_int_eq(ayni_aead_open(key, nonce, TEST_BYTES("data"), whole, &plain), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&plain), TEST_BYTES("plain")));
    ck_assert_int_eq(ayni_aead_open(key, nonce, TEST_BYTES("dato"), whole, &plain),
                     AYNI_E_SIGNATURE);
    nonce[23] ^= 1;
    ck_assert_int_eq(ayni_aead_open(key, nonce, TEST_BYTES("data"), whole, &plain),
                     AYNI_E_SIGNATURE);
    nonce[23] ^= 1;
    key[0] ^= 1;
    ck_assert_int_eq(ayni_aead_open(key, nonce, TEST_BYTES("data"), whole, &plain),
                     AYNI_E_SIGNATURE);
    key[0] ^= 1;
    for (size_t size = 0; size < cipher.size; size++)
        ck_assert_int_eq(ayni_aead_open(key, nonce, TEST_BYTES("data"),
                                        (struct ayni_bytes){ cipher.data, size }, &plain),
                         AYNI_E_SIGNATURE);
    ck_assert_uint_eq(plain.size, 5);
}
END_TEST

START_TEST(secrets_have_memory_of_their_own)
{
    uint8_t *memory = ayni_secret_new(64);

    ck_assert_ptr_nonnull(memory);
    ayni_random(memory, 64);
    ayni_wipe(memory, 64);
    for (size_t i = 0; i < 64; i++)
        ck_assert_uint_eq(memory[i], 0);
    ayni_secret_free(memory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crypto");
    TCase *crypto = tcase_create("crypto");

    tcase_add_checked_fixture(crypto, make_keys, NULL);
    tcase_add_test(crypto, the_hash_is_blake2b_256);
    tcase_add_test(crypto, signatures_are_ed25519);
    tcase_add_loop_test(crypto, a_changed_bit_breaks_a_signature, 0, 512);
    tcase_add_test(crypto, transport_keys_are_pairs);
    tcase_add_test(crypto, a_sealed_box_opens_for_its_node_alone);
    tcase_add_test(crypto, what_is_encrypted_opens_with_the_same_key_nonce_and_data);
    tcase_add_test(crypto, secrets_have_memory_of_their_own);
    suite_add_tcase(suite, crypto);
    return test_run(suite);
}
