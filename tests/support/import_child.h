#ifndef AYNI_TESTS_SUPPORT_IMPORT_CHILD_H
#define AYNI_TESTS_SUPPORT_IMPORT_CHILD_H

#include "tests/support/import_file.h"
#include "tests/support/node_pair.h"

/* Files of children, imported into one of two nodes that share the space `visits`. */
enum { TEST_SURNAME_1 = 1, TEST_SURNAME_2 = 2, TEST_STATE = 16 };

/* Of the small catalogue of tests: a child, her numbers, the mother and the link. */
#define TEST_CHILD_MAP(origin)                                                                     \
    "{\"name\":\"m\",\"origin\":\"" origin "\",\"source_id\":\"row\",\"records\":["                \
    "{\"name\":\"child\",\"type\":\"child\","                                                      \
    "\"identifiers\":{\"dni\":\"dni\",\"cnv\":\"cnv\"},\"fields\":{"                               \
    "\"surname_1\":\"surname\",\"surname_2\":\"second\",\"given_names\":\"names\","                \
    "\"birth_date\":\"born\",\"sex\":{\"column\":\"sex\",\"values\":{\"F\":\"f\",\"M\":\"m\"}},"   \
    "\"ubigeo\":{\"constant\":\"160101\"},\"state\":{\"initial\":\"active\"}}},"                   \
    "{\"name\":\"mother\",\"type\":\"person\",\"when\":\"mdni\",\"identifiers\":{\"dni\":"         \
    "\"mdni\"},\"fields\":{\"surname_1\":\"msurname\",\"given_names\":\"mnames\"}},"               \
    "{\"name\":\"link\",\"type\":\"guardian_link\",\"when\":\"mdni\",\"fields\":{"                 \
    "\"child\":{\"record\":\"child\"},\"person\":{\"record\":\"mother\"},"                         \
    "\"role\":{\"constant\":\"mother\"}}}]}"
#define TEST_CHILD_HEADER "row;dni;cnv;surname;second;names;born;sex;mdni;msurname;mnames\n"
#define TEST_ANA TEST_CHILD_HEADER "1;99000001;;Vela;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n"

/* What the last import did. */
extern struct test_imported test_loaded;
extern struct complaint test_load_complaint;

/* By the program whose map that is; or, as is usual, MIDIS with the origin `padron`. */
enum ayni_status test_load_as(struct test_node *node, const char *map, const char *text);
#define TEST_LOAD(text)                                                                            \
    test_must(test_load_as(&test_midis, TEST_CHILD_MAP("padron"), text), "import")
/* The last import counted this many. */
void test_import_counts(uint64_t created, uint64_t updated, uint64_t unchanged, uint64_t rejected);
/* How many entries the node wrote. */
uint64_t test_import_written(struct test_node *node);
struct record_key test_key_of(struct test_node *node, const char *type, const char *scheme,
                              const char *value);
/* The node shows that value in the record with this DNI. */
void test_shows(struct test_node *node, const char *type, const char *dni, uint32_t field,
                const char *expected);

#endif
