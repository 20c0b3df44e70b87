#ifndef AYNI_TESTS_SUPPORT_BENCH_REGISTER_H
#define AYNI_TESTS_SUPPORT_BENCH_REGISTER_H

#include "tests/support/bench_node.h"

/* What benches write: rows that are the same in every run, numbered from 0. */
enum { BENCH_COLUMNS_MAX = 20, BENCH_CELL_SIZE = 128 };

struct bench_row {
    char cells[BENCH_COLUMNS_MAX][BENCH_CELL_SIZE];
};

struct bench_register {
    const char *map;  /* NULL: the columns are fields of `type` */
    const char *type; /* NULL with a map */
    size_t column_count;
    const char *columns[BENCH_COLUMNS_MAX];
    void (*row)(uint64_t number, struct bench_row *row);
};

/*
 * Haemoglobin tests (type hb_test) as a health facility's monthly export has
 * them, about 250 bytes of payload each. Children come in no order and return about
 * eight times in a million rows; facilities are 300; notes are eight words of 64.
 */
extern const struct bench_register bench_tests;
/*
 * Children as a municipality registers them (map padron): six to seven records a
 * row, with a child, its numbers, its mother and hers.
 */
extern const struct bench_register bench_padron;
/* The same children by their DNI, with other surnames and addresses. */
extern const struct bench_register bench_padron_elsewhere;
/*
 * Items of visits as HIS has them (map his), two rows for each: a check, then a
 * haemoglobin test, a delivery of iron or a home visit, and one measurement of
 * growth. They are about the first children of bench_padron, each of them again and again.
 */
enum { BENCH_HIS_CHILDREN = 5000 };
extern const struct bench_register bench_his;

/* Import the first rows. */
void bench_register_import(struct bench_node *node, const struct bench_register *of,
                           const char *space, uint64_t count);

/* The same where each of them says otherwise than what another origin wrote: a conflict. */
void bench_register_contest(struct bench_node *node, const struct bench_register *of,
                            const char *space, uint64_t count);

/* Put a row of bench_tests as a person would; answered when it can be read. */
void bench_register_put(struct bench_node *node, const char *space, uint64_t number,
                        struct ayni_record *id);
/* Whether `get` shows that record. */
bool bench_register_get(struct bench_node *node, const struct ayni_record *id);
/* Ids of up to `max` rows of bench_tests as `list` has them; how many there were. */
size_t bench_register_list(struct bench_node *node, const char *space, struct ayni_record *ids,
                           size_t max);

#endif
