#ifndef AYNI_PROTO_CATALOGUE_BUILDER_H
#define AYNI_PROTO_CATALOGUE_BUILDER_H

#include "proto/catalogue.h"

/*
 * Rows in, a catalogue out. Rows may come in any order of types and fields.
 * Of several rows of one name the first decides what never changes (number,
 * name, kind, unit and merge rule of a field, number and name of a type) and
 * the last all else: so whoever rebuilds it from the registry adds for each
 * record its first valid version, then its folded state.
 */
struct ayni_catalogue_builder;

struct ayni_catalogue_builder *ayni_catalogue_builder_new(void); /* NULL: no memory */
void ayni_catalogue_builder_free(struct ayni_catalogue_builder *builder);
#define SCOPED_CATALOGUE_BUILDER                                                                   \
    __attribute__((cleanup(ayni_catalogue_builder_cleanup))) struct ayni_catalogue_builder *
void ayni_catalogue_builder_cleanup(struct ayni_catalogue_builder **builder);
/*
 * Copies what it needs of the row. A row that is refused leaves no trace.
 *
 *   AYNI_E_INVALID  a kind, merge rule, class, key or name that is none
 *   AYNI_E_LIMIT    more than AYNI_CATALOGUE_ROWS_MAX
 */
AYNI_CHECKED enum ayni_status ayni_catalogue_builder_add(struct ayni_catalogue_builder *builder,
                                                         const struct ayni_catalogue_row *row);
/* Once for a builder. Fields, codes and rules of types that nobody added are left out.
 * AYNI_E_MEMORY is the only failure. */
AYNI_CHECKED enum ayni_status ayni_catalogue_build(struct ayni_catalogue_builder *builder,
                                                   struct ayni_catalogue **catalogue);

#endif
