#include "proto/confidential.h"

#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"

static const uint8_t key[32] = { 1 };
static const uint8_t nonce[24] = { 2 };
static const struct ayni_epoch epoch = { { 3 } };
static const struct ayni_confidential_place place = { { { 4 } }, { { 5 } }, 1 };
static uint8_t plain[256];

static void start(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
}

static enum ayni_status open_payload(void *context, struct ayni_bytes payload)
{
    SCOPED_BUFFER back = { 0 };
    enum ayni_status status = ayni_confidential_open(key, &place, payload, &back);

    (void)context;
    if (status != AYNI_OK)
        ck_assert_uint_eq(back.size, 0);
    return status;
}

/* Each size up to some blocks, also where the last byte looks like padding. */
START_TEST(a_payload_opens_again_and_shows_its_size_by_64)
{
    SCOPED_BUFFER payload = { 0 };
    SCOPED_BUFFER back = { 0 };
    struct ayni_epoch seen;
    struct ayni_bytes whole = { plain, (size_t)_i };

    plain[_i] = 0x80;
    if (_i > 0)
        plain[_i - 1] = _i % 2 ? 0x80 : 0;
    ck_assert_int_eq(ayni_confidential_seal(key, &epoch, &place, nonce, whole, &payload), AYNI_OK);
    ck_assert_uint_eq(payload.size,
                      1 + 17 + 26 + 2 + (size_t)(_i / 64 + 1) * 64 + 16 + (_i >= 192));
    ck_assert_int_eq(ayni_confidential_epoch(ayni_buffer_bytes(&payload), &seen), AYNI_OK);
    ck_assert(ayni_id_equal(&seen, &epoch));
    ayni_buffer_append_text(&back, "before");
    ck_assert_int_eq(ayni_confidential_open(key, &place, ayni_buffer_bytes(&payload), &back),
                     AYNI_OK);
    ck_assert(ayni_bytes_equal(whole, (struct ayni_bytes){ back.data + 6, back.size - 6 }));
}
END_TEST

START_TEST(every_part_and_bit_of_a_payload_counts)
{
    SCOPED_BUFFER payload = { 0 };

    ck_assert_int_eq(
        ayni_confidential_seal(key, &epoch, &place, nonce, TEST_BYTES("payload"), &payload),
        AYNI_OK);
    test_wrong_sizes_are_refused(open_payload, NULL, ayni_buffer_bytes(&payload));
    test_bit_flips_are_refused(open_payload, NULL, ayni_buffer_bytes(&payload));
}
END_TEST

START_TEST(a_payload_belongs_to_its_place)
{
    SCOPED_BUFFER payload = { 0 };
    SCOPED_BUFFER back = { 0 };
    struct ayni_confidential_place elsewhere = place;
    uint8_t other_key[32] = { 1 };

    ck_assert_int_eq(
        ayni_confidential_seal(key, &epoch, &place, nonce, TEST_BYTES("payload"), &payload),
        AYNI_OK);
    if (_i == 0)
        elsewhere.space.bytes[15] = 1;
    else if (_i == 1)
        elsewhere.feed.bytes[31] = 1;
    else if (_i == 2)
        elsewhere.kind = 2;
    else
        other_key[31] = 1;
    ck_assert_int_eq(
        ayni_confidential_open(other_key, &elsewhere, ayni_buffer_bytes(&payload), &back),
        AYNI_E_SIGNATURE);
    ck_assert_uint_eq(back.size, 0);
}
END_TEST

START_TEST(a_payload_fits_an_entry)
{
    static uint8_t large[AYNI_PAYLOAD_SIZE_MAX];
    SCOPED_BUFFER payload = { 0 };
    size_t most = AYNI_PAYLOAD_SIZE_MAX - 64 - 64 - 1; /* of envelope, of padding */

    ck_assert_int_eq(ayni_confidential_seal(key, &epoch, &place, nonce,
                                            (struct ayni_bytes){ large, most }, &payload),
                     AYNI_OK);
    ayni_buffer_clear(&payload);
    ck_assert_int_eq(ayni_confidential_seal(key, &epoch, &place, nonce,
                                            (struct ayni_bytes){ large, sizeof(large) }, &payload),
                     AYNI_E_LIMIT);
    ck_assert_uint_eq(payload.size, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("confidential");
    TCase *confidential = tcase_create("confidential");

    tcase_add_checked_fixture(confidential, start, NULL);
    tcase_add_loop_test(confidential, a_payload_opens_again_and_shows_its_size_by_64, 0, 200);
    tcase_add_test(confidential, every_part_and_bit_of_a_payload_counts);
    tcase_add_loop_test(confidential, a_payload_belongs_to_its_place, 0, 4);
    tcase_add_test(confidential, a_payload_fits_an_entry);
    suite_add_tcase(suite, confidential);
    return test_run(suite);
}
