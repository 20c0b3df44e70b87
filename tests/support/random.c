#include "tests/support/random.h"

#include <sodium.h>

uint64_t test_random_next(struct test_random *random)
{
    uint64_t z = (random->state += 0x9E3779B97F4A7C15ULL);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

uint64_t test_random_below(struct test_random *random, uint64_t below)
{
    return below == 0 ? 0 : test_random_next(random) % below;
}

void test_random_fill(struct test_random *random, void *to, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)to)[i] = (uint8_t)(test_random_next(random) >> 32);
}

/* --- what the programs draw --- */

static struct test_random fixed;

static const char *fixed_name(void)
{
    return "fixed";
}

static uint32_t fixed_number(void)
{
    return (uint32_t)test_random_next(&fixed);
}

static void fixed_fill(void *const to, const size_t size)
{
    test_random_fill(&fixed, to, size);
}

void test_random_fix(void)
{
    static struct randombytes_implementation implementation = { .implementation_name = fixed_name,
                                                                .random = fixed_number,
                                                                .buf = fixed_fill };

    fixed.state = 1;
    (void)!randombytes_set_implementation(&implementation);
}
