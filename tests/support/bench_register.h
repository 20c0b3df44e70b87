#ifndef AYNI_TESTS_SUPPORT_BENCH_REGISTER_H
#define AYNI_TESTS_SUPPORT_BENCH_REGISTER_H

#include "tests/support/bench_node.h"

/*
 * The register that benches write: haemoglobin tests (type hb_test) as a health
 * facility's monthly export has them, about 250 bytes of payload each. Row n is the same in
 * every run. Children come in no order and return about eight times in a million
 * rows; facilities are 300; notes are eight words of 64.
 */
enum { BENCH_REGISTER_FIELDS = 11 };

extern const char *const bench_register_fields[BENCH_REGISTER_FIELDS];

struct bench_row {
    char values[BENCH_REGISTER_FIELDS][128];
};
void bench_register_row(uint64_t number, struct bench_row *row);

/* Import rows 0 to count-1. */
void bench_register_import(struct bench_node *node, const char *space, uint64_t count);
/* Put a row as a person would; answered when it can be read. */
void bench_register_put(struct bench_node *node, const char *space, uint64_t number,
                        struct ayni_record *id);
/* Whether `get` shows that record. */
bool bench_register_get(struct bench_node *node, const struct ayni_record *id);
/* Ids of up to `max` rows as `list` has them; how many there were. */
size_t bench_register_list(struct bench_node *node, const char *space, struct ayni_record *ids,
                           size_t max);

#endif
