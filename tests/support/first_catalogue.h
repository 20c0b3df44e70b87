#ifndef AYNI_TESTS_SUPPORT_FIRST_CATALOGUE_H
#define AYNI_TESTS_SUPPORT_FIRST_CATALOGUE_H

#include "proto/catalogue.h"

/* The edition that comes with the program, read once and kept; aborts where it can't be read. */
const struct ayni_catalogue *first_catalogue(void);

#endif
