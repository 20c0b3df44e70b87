#ifndef AYNI_TESTS_SUPPORT_ONE_FIELD_H
#define AYNI_TESTS_SUPPORT_ONE_FIELD_H

#include "proto/catalogue.h"

/* A catalogue with one type, `thing` (1000), that has one field, `it` (1): for tests of values. */
struct test_field {
    const char *kind;
    const char *codes;   /* NULL: none */
    const char *targets; /* NULL: any */
    const char *pattern; /* NULL: none */
    bool ranged;         /* minimum and maximum hold */
    int64_t minimum;
    int64_t maximum;
};

/* Aborts where it can't be built. The caller frees it. */
struct ayni_catalogue *test_one_field(const struct test_field *field);
/* Its one field. */
const struct ayni_catalogue_field *test_the_field(const struct ayni_catalogue *catalogue);

#endif
