#ifndef AYNI_TESTS_SUPPORT_RANDOM_H
#define AYNI_TESTS_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Repeatable numbers from one seed (splitmix64): the same seed, the same run. */
struct test_random {
    uint64_t state;
};

uint64_t test_random_next(struct test_random *random);
/* 0 .. below-1; 0 where `below` is 0. */
uint64_t test_random_below(struct test_random *random, uint64_t below);
void test_random_fill(struct test_random *random, void *to, size_t size);

/* From now on ayni_random() gives what it gives in every run of this program, to one thread at a
 * time. */
void test_random_fix(void);

#endif
