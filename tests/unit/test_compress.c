#include "proto/compress.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "tests/support/mangle.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

enum { SIZE_MAX_HERE = 4 * 1024 * 1024 };

static const size_t sizes[] = { 0, 1, 100, 65536, 1024 * 1024, SIZE_MAX_HERE };

START_TEST(what_is_compressed_reads_back)
{
    SCOPED_BUFFER frame = { 0 };
    SCOPED_BUFFER back = { 0 };
    uint8_t *plain = calloc(1, sizes[_i] + 1);
    struct test_random random = { 3 };

    for (size_t i = 0; i < sizes[_i]; i++)
        plain[i] = (uint8_t)(test_random_next(&random) & 15);
    struct ayni_bytes whole = { plain, sizes[_i] };
    ck_assert_int_eq(ayni_compress(whole, &frame), AYNI_OK);
    ck_assert_int_eq(ayni_decompress(ayni_buffer_bytes(&frame), SIZE_MAX_HERE, &back), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&back), whole));
    if (sizes[_i] > 0)
        ck_assert_int_eq(ayni_decompress(ayni_buffer_bytes(&frame), sizes[_i] - 1, &back),
                         AYNI_E_LIMIT);
    ck_assert_uint_eq(back.size, sizes[_i]);
    free(plain);
}
END_TEST

static enum ayni_status decompress(void *context, struct ayni_bytes frame)
{
    SCOPED_BUFFER back = { 0 };

    (void)context;
    return ayni_decompress(frame, SIZE_MAX_HERE, &back);
}

START_TEST(a_part_of_a_frame_is_refused)
{
    SCOPED_BUFFER frame = { 0 };

    ck_assert_int_eq(ayni_compress(TEST_BYTES("ayni ayni ayni ayni ayni ayni"), &frame), AYNI_OK);
    test_wrong_sizes_are_refused(decompress, NULL, ayni_buffer_bytes(&frame));
}
END_TEST

START_TEST(two_frames_are_refused)
{
    SCOPED_BUFFER frames = { 0 };

    ck_assert_int_eq(ayni_compress(TEST_BYTES("one"), &frames), AYNI_OK);
    ck_assert_int_eq(ayni_compress(TEST_BYTES("two"), &frames), AYNI_OK);
    ck_assert_int_eq(decompress(NULL, ayni_buffer_bytes(&frames)), AYNI_E_MALFORMED);
}
END_TEST

/* A frame of the streaming interface, with or without its size, and with a window as asked for. */
static size_t stream(uint8_t *to, size_t room, struct ayni_bytes plain, bool declared, int window)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_inBuffer in = { plain.data, plain.size, 0 };
    ZSTD_outBuffer out = { to, room, 0 };

    ck_assert_ptr_nonnull(context);
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window);
    if (declared)
        ZSTD_CCtx_setPledgedSrcSize(context, plain.size);
    while (in.pos < in.size)
        ck_assert(!ZSTD_isError(ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue)));
    ck_assert_uint_eq(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0);
    ZSTD_freeCCtx(context);
    return out.pos;
}

START_TEST(a_frame_without_a_size_is_refused)
{
    uint8_t to[1024];
    size_t size = stream(to, sizeof(to), TEST_BYTES("no size is declared"), false, 17);

    ck_assert_int_eq(decompress(NULL, (struct ayni_bytes){ to, size }), AYNI_E_MALFORMED);
}
END_TEST

/* All of a frame is there, and its content is none. */
START_TEST(a_frame_of_garbage_is_refused)
{
    static uint8_t plain[1000];
    SCOPED_BUFFER frame = { 0 };
    SCOPED_BUFFER back = { 0 };

    memset(plain, 'a', sizeof(plain));
    ck_assert_int_eq(ayni_compress((struct ayni_bytes){ plain, sizeof(plain) }, &frame), AYNI_OK);
    memset(frame.data + frame.size - 4, 0xff, 4);
    ck_assert_int_eq(ayni_decompress(ayni_buffer_bytes(&frame), SIZE_MAX_HERE, &back),
                     AYNI_E_MALFORMED);
    ck_assert_uint_eq(back.size, 0);
}
END_TEST

/* Another writer's window is its own affair: the size that it declares bounds the memory. */
START_TEST(a_frame_with_a_larger_window_reads)
{
    static uint8_t plain[3 * 1024 * 1024], to[64 * 1024];
    struct ayni_bytes whole = { plain, sizeof(plain) };
    size_t size = stream(to, sizeof(to), whole, true, 22);

    ck_assert_int_eq(decompress(NULL, (struct ayni_bytes){ to, size }), AYNI_OK);
}
END_TEST

/* Few bytes that declare many: refused by what they declare, before there is memory for it. */
START_TEST(a_bomb_is_refused)
{
    size_t plain_size = 64u << 20;
    uint8_t *plain = calloc(1, plain_size);
    SCOPED_BUFFER frame = { 0 };
    SCOPED_BUFFER back = { 0 };

    ck_assert_ptr_nonnull(plain);
    ck_assert_int_eq(ayni_compress((struct ayni_bytes){ plain, plain_size }, &frame), AYNI_OK);
    ck_assert_uint_lt(frame.size, 8192);
    ck_assert_int_eq(ayni_decompress(ayni_buffer_bytes(&frame), SIZE_MAX_HERE, &back),
                     AYNI_E_LIMIT);
    ck_assert_uint_eq(back.capacity, 0);
    free(plain);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compress");
    TCase *compress = tcase_create("compress");

    tcase_add_loop_test(compress, what_is_compressed_reads_back, 0,
                        sizeof(sizes) / sizeof(sizes[0]));
    tcase_add_test(compress, a_part_of_a_frame_is_refused);
    tcase_add_test(compress, two_frames_are_refused);
    tcase_add_test(compress, a_frame_without_a_size_is_refused);
    tcase_add_test(compress, a_frame_with_a_larger_window_reads);
    tcase_add_test(compress, a_frame_of_garbage_is_refused);
    tcase_add_test(compress, a_bomb_is_refused);
    suite_add_tcase(suite, compress);
    return test_run(suite);
}
