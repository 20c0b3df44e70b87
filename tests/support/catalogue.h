#ifndef AYNI_TESTS_SUPPORT_CATALOGUE_H
#define AYNI_TESTS_SUPPORT_CATALOGUE_H

#include "proto/catalogue_row.h"

/* A small catalogue: a few types of the first edition, by the same numbers and names. */
extern const struct ayni_catalogue_row test_catalogue_rows[];
extern const size_t test_catalogue_row_count;

#endif
