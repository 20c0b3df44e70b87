#include "tests/support/mangle.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The first `size` of the good bytes and of zeros behind them, in memory of their own. */
static uint8_t *copy_of(struct ayni_bytes good, size_t size)
{
    uint8_t *copy = calloc(1, size == 0 ? 1 : size);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, good.data, size < good.size ? size : good.size);
    return copy;
}

void test_wrong_sizes_are_refused(test_decode *decode, void *context, struct ayni_bytes good)
{
    for (size_t size = 0; size <= good.size + 1; size++) {
        if (size == good.size)
            continue;
        uint8_t *copy = copy_of(good, size);
        enum ayni_status status = decode(context, (struct ayni_bytes){ copy, size });
        ck_assert_msg(status != AYNI_OK, "%zu of %zu bytes were accepted", size, good.size);
        free(copy);
    }
}

void test_bit_flips_are_refused(test_decode *decode, void *context, struct ayni_bytes good)
{
    uint8_t *copy = copy_of(good, good.size);

    for (size_t bit = 0; bit < 8 * good.size; bit++) {
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum ayni_status status = decode(context, (struct ayni_bytes){ copy, good.size });
        ck_assert_msg(status != AYNI_OK, "bit %zu of byte %zu flipped was accepted", bit % 8,
                      bit / 8);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    free(copy);
}
