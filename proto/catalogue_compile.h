#ifndef AYNI_PROTO_CATALOGUE_COMPILE_H
#define AYNI_PROTO_CATALOGUE_COMPILE_H

#include "proto/catalogue.h"

/*
 * From rows to the catalogue that is looked up in: the second half of
 * ayni_catalogue_build(). `rows` are valid, one for each name, sorted by kind and
 * then by what names them, and their texts are in the catalogue's memory with
 * a NUL after each. Where memory fails the arena remembers it.
 */
void ayni_catalogue_compile(const struct ayni_catalogue_row *rows, size_t count,
                            struct ayni_catalogue *catalogue);

#endif
