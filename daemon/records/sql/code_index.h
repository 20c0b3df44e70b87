#ifndef AYNI_DAEMON_RECORDS_CODE_INDEX_H
#define AYNI_DAEMON_RECORDS_CODE_INDEX_H

#include "proto/catalogue.h"

/* The words of a whole catalogue, each once: of equal ones that of the lowest type and field.
 * Borrows from the catalogue. */
struct code_index;

/* NULL where there is no memory. */
struct code_index *code_index_new(const struct ayni_catalogue *catalogue);
void code_index_free(struct code_index *index); /* NULL is fine */
/* NULL where it is no word of it. */
const struct ayni_catalogue_code *code_index_find(const struct code_index *index,
                                                  struct ayni_bytes word);

#endif
