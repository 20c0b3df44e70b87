#include "proto/bundle_volume.h"

#include <stdlib.h>

#include "proto/compress.h"
#include "proto/limits.h"
#include "tests/support/federation.h"
#include "tests/support/mangle.h"
#include "tests/support/suite.h"
#include "tests/support/volume.h"

static struct test_volume made;
static struct ayni_buffer items;

static void make_volume(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_items(&items);
    test_volume_begin(&made, 2);
    test_volume_chunk(&made, ayni_buffer_bytes(&items));
    test_volume_chunk(&made, TEST_BYTES("\x81\x03"));
    test_volume_end(&made, 3);
}

static void free_volume(void)
{
    test_volume_free(&made);
    ayni_buffer_free(&items);
}

/* Read as node `number` to its end, where all bytes must have been taken. */
static enum ayni_status read_as(uint8_t number, struct ayni_bytes bytes)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct test_memory memory = { bytes, 0 };
    struct ayni_bundle_source source = test_memory_source(&memory);
    struct test_keys keys = test_keys(number);

    enum ayni_status status = ayni_bundle_volume_begin(&volume, &source, &keys.node, &keys.secret);
    if (status == AYNI_E_NOT_FOUND)
        return AYNI_E_TRUNCATED;
    while (status == AYNI_OK)
        status = ayni_bundle_volume_next(&volume);
    if (status != AYNI_E_NOT_FOUND)
        return status;
    return memory.position == bytes.size ? AYNI_OK : AYNI_E_MALFORMED;
}

static enum ayni_status decode(void *context, struct ayni_bytes bytes)
{
    const uint8_t *number = context;

    return read_as(*number, bytes);
}

START_TEST(a_volume_reads_back_as_it_was_made)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct test_memory memory = { ayni_buffer_bytes(&made.bytes), 0 };
    struct ayni_bundle_source source = test_memory_source(&memory);
    struct test_keys receiver = test_keys(2);

    ck_assert_int_eq(ayni_bundle_volume_begin(&volume, &source, &receiver.node, &receiver.secret),
                     AYNI_OK);
    ck_assert(volume.readable);
    ck_assert(ayni_id_equal(&volume.head.sender, &made.head.sender));
    ck_assert(ayni_id_equal(&volume.head.bundle, &made.head.bundle));
    ck_assert_uint_eq(volume.head.time.ms, made.head.time.ms);
    ck_assert_uint_eq(volume.head.volume, 2);
    ck_assert_int_eq(ayni_bundle_volume_next(&volume), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&volume.plain), ayni_buffer_bytes(&items)));
    ck_assert_int_eq(ayni_bundle_volume_next(&volume), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&volume.plain), TEST_BYTES("\x81\x03")));
    ck_assert_int_eq(ayni_bundle_volume_next(&volume), AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(volume.volumes, 3);
    ck_assert_uint_eq(volume.size, made.bytes.size);
}
END_TEST

START_TEST(who_isnt_the_receiver_sees_the_head_and_that_it_is_whole)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct test_memory memory = { ayni_buffer_bytes(&made.bytes), 0 };
    struct ayni_bundle_source source = test_memory_source(&memory);
    struct test_keys other = test_keys(3);

    ck_assert_int_eq(ayni_bundle_volume_begin(&volume, &source, &other.node, &other.secret),
                     AYNI_OK);
    ck_assert(!volume.readable);
    while (ayni_bundle_volume_next(&volume) == AYNI_OK)
        ck_assert_uint_eq(volume.plain.size, 0);
    ck_assert_uint_eq(volume.volumes, 3);
}
END_TEST

START_TEST(a_second_volume_may_follow_the_first)
{
    SCOPED_BUFFER two = { 0 };
    struct test_memory memory;
    struct ayni_bundle_source source = test_memory_source(&memory);
    struct test_keys receiver = test_keys(2);
    int count = 0;

    for (int i = 0; i < 2; i++)
        ayni_buffer_append(&two, made.bytes.data, made.bytes.size);
    memory = (struct test_memory){ ayni_buffer_bytes(&two), 0 };
    for (;; count++) {
        SCOPED_BUNDLE_VOLUME volume = { 0 };
        enum ayni_status status =
            ayni_bundle_volume_begin(&volume, &source, &receiver.node, &receiver.secret);
        if (status == AYNI_E_NOT_FOUND)
            break;
        while (status == AYNI_OK)
            status = ayni_bundle_volume_next(&volume);
        ck_assert_int_eq(status, AYNI_E_NOT_FOUND);
    }
    ck_assert_int_eq(count, 2);
}
END_TEST

/* Read by its receiver and by somebody else. */
START_TEST(a_volume_that_was_cut_off_or_grew_is_refused)
{
    uint8_t number = (uint8_t)_i;
    test_wrong_sizes_are_refused(decode, &number, ayni_buffer_bytes(&made.bytes));
}
END_TEST

START_TEST(every_bit_of_a_volume_counts)
{
    uint8_t number = (uint8_t)_i;
    test_bit_flips_are_refused(decode, &number, ayni_buffer_bytes(&made.bytes));
}
END_TEST

START_TEST(chunks_of_another_volume_are_refused)
{
    SCOPED_TEST_VOLUME other = { 0 };
    SCOPED_BUFFER chunk = { 0 };
    SCOPED_BUFFER plain = { 0 };
    SCOPED_BUFFER packed = { 0 };

    test_stored_frame(TEST_BYTES("\x81\x03"), &packed);
    test_volume_begin(&other, 1);
    ck_assert_int_eq(ayni_bundle_chunk_seal(&made.key, ayni_buffer_bytes(&made.head_bytes), 1,
                                            ayni_buffer_bytes(&packed), &chunk),
                     AYNI_OK);
    ck_assert_int_eq(ayni_bundle_chunk_open(&made.key, ayni_buffer_bytes(&made.head_bytes), 2,
                                            ayni_buffer_bytes(&chunk), &plain),
                     AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_bundle_chunk_open(&made.key, ayni_buffer_bytes(&other.head_bytes), 1,
                                            ayni_buffer_bytes(&chunk), &plain),
                     AYNI_E_SIGNATURE);
    ck_assert_int_eq(ayni_bundle_chunk_open(&made.key, ayni_buffer_bytes(&made.head_bytes), 1,
                                            ayni_buffer_bytes(&chunk), &plain),
                     AYNI_OK);
}
END_TEST

/* 1 MiB of zeros is 40 bytes: what a chunk becomes is bounded, not what it is. */
START_TEST(a_chunk_that_would_become_too_large_is_refused_before_it_does)
{
    SCOPED_TEST_VOLUME volume = { 0 };
    SCOPED_BUFFER zeros = { 0 };
    SCOPED_BUFFER packed = { 0 };
    size_t size = AYNI_BUNDLE_CHUNK_MAX + (size_t)_i;

    ck_assert_ptr_nonnull(memset(ayni_buffer_extend(&zeros, size), 0, size));
    ck_assert_int_eq(ayni_compress(ayni_buffer_bytes(&zeros), &packed), AYNI_OK);
    test_volume_begin(&volume, 1);
    test_volume_packed(&volume, ayni_buffer_bytes(&packed));
    test_volume_end(&volume, 1);
    ck_assert_int_eq(read_as(2, ayni_buffer_bytes(&volume.bytes)),
                     _i == 0 ? AYNI_OK : AYNI_E_LIMIT);
}
END_TEST

START_TEST(a_frame_over_its_maximum_is_refused_before_it_is_read)
{
    uint8_t size[4];
    size_t at = AYNI_BUNDLE_MAGIC_SIZE;

    ayni_put_u32(size, AYNI_BUNDLE_FRAME_MAX + 1);
    memcpy(made.bytes.data + at, size, sizeof(size));
    ck_assert_int_eq(read_as(2, ayni_buffer_bytes(&made.bytes)), AYNI_E_LIMIT);
    ayni_put_u32(size, AYNI_BUNDLE_FRAME_MAX);
    memcpy(made.bytes.data + at, size, sizeof(size));
    ck_assert_int_eq(read_as(2, ayni_buffer_bytes(&made.bytes)), AYNI_E_TRUNCATED);
}
END_TEST

START_TEST(an_end_is_of_these_bytes_this_sender_and_this_volume)
{
    struct test_keys sender = test_keys(1), other = test_keys(3);
    struct ayni_hash another = { { 1 } };
    const struct {
        const struct ayni_signing_key *secret;
        const struct ayni_hash *sum;
        uint32_t volumes;
        enum ayni_status status;
    } ends[] = {
        { &sender.secret, &made.sum, 2, AYNI_OK },
        { &sender.secret, &made.sum, 1, AYNI_E_MALFORMED },
        { &sender.secret, &made.sum, AYNI_BUNDLE_VOLUMES_MAX + 1, AYNI_E_MALFORMED },
        { &sender.secret, &another, 2, AYNI_E_CHAIN },
        { &other.secret, &made.sum, 2, AYNI_E_SIGNATURE },
    };
    uint32_t volumes = 7;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        SCOPED_BUFFER end = { 0 };
        ayni_bundle_end_encode(ends[i].secret, ends[i].sum, ends[i].volumes, &end);
        ck_assert_int_eq(
            ayni_bundle_end_decode(ayni_buffer_bytes(&end), &made.head, &made.sum, &volumes),
            ends[i].status);
    }
    ck_assert_uint_eq(volumes, 2);
}
END_TEST

START_TEST(a_key_opens_for_the_receiver_alone)
{
    struct test_keys receiver = test_keys(2), other = test_keys(3);
    struct ayni_bundle_head head = made.head;
    struct ayni_bundle_key key, opened;
    SCOPED_BUFFER box = { 0 };

    ck_assert_int_eq(ayni_bundle_key_make(&receiver.node, &key, &box), AYNI_OK);
    head.box = ayni_buffer_bytes(&box);
    ck_assert_int_eq(ayni_bundle_key_open(&head, &receiver.secret, &opened), AYNI_OK);
    ck_assert_mem_eq(key.bytes, opened.bytes, sizeof(key.bytes));
    head.receiver = other.node;
    ck_assert_int_eq(ayni_bundle_key_open(&head, &other.secret, &opened), AYNI_E_SIGNATURE);
}
END_TEST

static enum ayni_status decode_head(void *context, struct ayni_bytes bytes)
{
    struct ayni_bundle_head head;

    (void)context;
    return ayni_bundle_head_decode(bytes, &head);
}

START_TEST(a_head_of_another_form_is_refused)
{
    struct ayni_bundle_head head = made.head;
    SCOPED_BUFFER bytes = { 0 };

    test_wrong_sizes_are_refused(decode_head, NULL, ayni_buffer_bytes(&made.head_bytes));
    head.volume = _i == 0 ? 0 : AYNI_BUNDLE_VOLUMES_MAX + 1;
    ayni_bundle_head_encode(&head, &bytes);
    ck_assert_int_eq(decode_head(NULL, ayni_buffer_bytes(&bytes)), AYNI_E_MALFORMED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle");
    TCase *both = tcase_create("read by its receiver and by another node");
    TCase *bounds = tcase_create("at a bound and past it");

    TEST_CASE(suite, "volumes", make_volume, free_volume, a_volume_reads_back_as_it_was_made,
              who_isnt_the_receiver_sees_the_head_and_that_it_is_whole,
              a_second_volume_may_follow_the_first, chunks_of_another_volume_are_refused,
              a_frame_over_its_maximum_is_refused_before_it_is_read,
              an_end_is_of_these_bytes_this_sender_and_this_volume,
              a_key_opens_for_the_receiver_alone);
    tcase_add_checked_fixture(both, make_volume, free_volume);
    tcase_add_loop_test(both, a_volume_that_was_cut_off_or_grew_is_refused, 2, 4);
    tcase_add_loop_test(both, every_bit_of_a_volume_counts, 2, 4);
    suite_add_tcase(suite, both);
    tcase_add_checked_fixture(bounds, make_volume, free_volume);
    tcase_add_loop_test(bounds, a_chunk_that_would_become_too_large_is_refused_before_it_does, 0,
                        2);
    tcase_add_loop_test(bounds, a_head_of_another_form_is_refused, 0, 2);
    suite_add_tcase(suite, bounds);
    return test_run(suite);
}
